"""Whether two names may be one person's: enough to doubt an identifier that two people seem to share.

It is no matcher of people: it only says when two names that stand with one identifier clearly differ. Names
in different scripts can't be compared here, and count as compatible.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_FILL = re.compile(r"[\W_]+")
_LATIN_SHARE = 0.7
_HAN_SHARE = 0.5

MANY = 4
"""So many names under one identifier, no two of them compatible, make it nobody's."""


def compatible(one: str, other: str) -> bool:
    """Whether two canonical names (`normalise.names`) may be spellings of one name.

    Letters are compared as a bag, since exports put the family name first or last: half of the characters of
    a Han name, seven in ten of another, must be shared; or one name holds the whole other one.
    """
    if one == other:
        return True
    one, other = _FILL.sub("", one), _FILL.sub("", other)
    if not one or not other or one in other or other in one:
        return True
    if _is_han(one) != _is_han(other) or one.isascii() != other.isascii():
        return True
    shared = (Counter(one) & Counter(other)).total()
    return shared >= (_HAN_SHARE if _is_han(one) else _LATIN_SHARE) * max(len(one), len(other))


def different(names: Iterable[str]) -> int:
    """How many of the names are clearly different from each other, up to `MANY`."""
    apart: list[str] = []
    for name in names:
        if not any(compatible(name, known) for known in apart):
            apart.append(name)
            if len(apart) == MANY:
                break
    return len(apart)


def _is_han(name: str) -> bool:
    return any("\u3400" <= character <= "\u9fff" or character >= "\U00020000" for character in name)
