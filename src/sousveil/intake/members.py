"""Objects of JSON that name a member twice: readers keep the last and say nothing; here each value is kept.

RFC 8259, 4 leaves it open what such an object means. The second `a` becomes `a_2`, unless it says the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import orjson

Object = dict[str, Any]
_COLON = re.compile(rb'"[ \t\r\n]+:')


def kept_apart(objects: list[Any], raws: Sequence[bytes]) -> tuple[list[Any], int]:
    """The values that `raws` were parsed to, with both values of members named twice, and how many had any.

    Whether there may be some is told by counting `":` in what was read, and members in what came of it (or
    `":` in that when written anew), which costs a fraction of reading; only where the counts differ are
    values looked at one by one.
    """
    members = _members(b"".join(raws))
    if members == _counted(objects) or members == _written(objects):
        return objects, 0
    found = 0
    for place, raw in enumerate(raws):
        if _members(raw) == _written(objects[place]):
            continue
        made, repeated = _read(raw)
        if repeated:
            objects[place] = made
            found += 1
    return objects, found


def _members(raw: bytes) -> int:
    """How many members a text has, some within strings counted too."""
    return raw.count(b'":') + (
        len(_COLON.findall(raw)) if b'" ' in raw or b'"\n' in raw or b'"\t' in raw else 0
    )


def _counted(objects: Sequence[Any]) -> int:
    """Members of the objects, and of the objects that the first of them holds: never more than there are."""
    if set(map(type, objects)) != {dict}:
        return -1
    count = sum(map(len, objects))
    for name, value in objects[0].items():
        if type(value) is dict:
            inner = [one.get(name) for one in objects]
            count += sum(len(one) for one in inner if type(one) is dict)
    return count


def _written(value: Any) -> int:
    try:
        return orjson.dumps(value).count(b'":')
    except orjson.JSONEncodeError:
        return -1


def _read(raw: bytes) -> tuple[Any, bool]:
    """A value read with both values of members named twice, and whether there were any."""
    repeated = False

    def made(pairs: list[tuple[str, Any]]) -> Object:
        nonlocal repeated
        kept: Object = {}
        for name, value in pairs:
            if name in kept and kept[name] != value:
                repeated = True
                name = _free(name, kept)
            kept[name] = value
        return kept

    try:
        return json.loads(raw, object_pairs_hook=made), repeated
    except (ValueError, RecursionError):
        return None, False


def _free(name: str, taken: Object) -> str:
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"
