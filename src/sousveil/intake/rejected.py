"""The records that could not be read, as shapes: what went wrong can be seen, what they say cannot."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from sousveil.case import Case
from sousveil.intake.items import find

EACH = 5
"""Records that are shown for each table and reason."""
LONGEST = 160
"""Characters of a shape."""
_SIGNS = {"\n": "␊", "\r": "␍", "\t": "␉", "\0": "␀"}
_LONG_RUN = re.compile(r"([9axX字])\1{11,}")


def rejected(case: Case, untrusted_named: str) -> dict[str, Any]:
    """The rejects of an item: how many there are of each kind, and the shapes of the first of them.

    `{"item", "rejects", "reasons": [{"table", "reason", "records", "shapes": [{"row", "bytes", "shape"}]}]}`.
    Raises `UnknownItem`.
    """
    item = find(case, untrusted_named)
    engine = case.vault.engine
    names = {table.tid: case.name_of(table) for table in case.vault.tables()}
    kinds = engine.rows(
        "SELECT tid, reason, count(*) FROM raw.rejects WHERE item = ? "
        "GROUP BY ALL ORDER BY tid, count(*) DESC, reason",
        [item.item],
    )
    reasons = []
    for tid, reason, count in kinds:
        rows = engine.rows(
            "SELECT _row, raw FROM raw.rejects WHERE item = ? AND tid = ? AND reason = ? "
            "ORDER BY _row LIMIT ?",
            [item.item, tid, reason, EACH],
        )
        shapes = [
            {"row": row, "bytes": len(raw), "shape": shape(bytes(raw), item.encoding)} for row, raw in rows
        ]
        reasons.append({"table": names[tid], "reason": reason, "records": count, "shapes": shapes})
    total = sum(int(one["records"]) for one in reasons)
    return {"item": item.shown, "rejects": total, "reasons": reasons}


def shape(untrusted_raw: bytes, encoding: str | None) -> str:
    """A record with every letter and digit masked: signs stay, since they are what a dialect is made of.

    Digits become `9`, letters `x`, characters of other scripts `字`; twelve and more of a kind are drawn
    together, since a length can be as telling as a value.
    """
    name = encoding if encoding and not encoding.startswith(("utf-16", "utf-32")) else "utf-8"
    try:
        text = untrusted_raw[: 4 * LONGEST].decode(name, "replace")
    except LookupError:
        text = untrusted_raw[: 4 * LONGEST].decode("utf-8", "replace")
    masked = _LONG_RUN.sub(r"\1…", "".join(map(_masked, text)))
    return masked if len(masked) <= LONGEST else masked[:LONGEST] + "…"


def _masked(character: str) -> str:
    if character in _SIGNS:
        return _SIGNS[character]
    kind = unicodedata.category(character)
    if kind[0] == "N":
        return "9"
    if kind[0] in "LM":
        return "x" if unicodedata.name(character, "").startswith(("LATIN", "CYRILLIC", "GREEK")) else "字"
    if character.isascii() and character.isprintable():
        return character
    return "·"
