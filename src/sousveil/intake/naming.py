"""Names of tables and columns: the dump's own, made unique. They are data, and never part of SQL or a path."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Sequence

_ENDINGS = frozenset(
    "csv tsv tab txt text log dat data out asc psv json ndjson jsonl geojson sql dump db db3 sqlite sqlite3 "
    "xls xlsx xlsm xlsb ods parquet bak gz gzip bz2 xz lzma zst zip tar tgz tbz2 txz utf8 gbk gb18030".split()
)
LONGEST = 500
"""Characters of a name that are kept."""


def stem(untrusted_name: str) -> str:
    """A file's name without its endings: `export.ndjson.gz` → `export`, `calls.2018.csv` → `calls.2018`."""
    name = untrusted_name.rsplit("/", 1)[-1]
    last = True
    while True:
        rest, dot, ending = name.rpartition(".")
        known = ending.lower() in _ENDINGS
        if not dot or not rest or not (known or (last and re.fullmatch(r"[A-Za-z]\w{0,7}", ending))):
            return name
        name, last = rest, False


def clean(untrusted_name: str) -> str:
    """A name without control characters and outer blanks, at most `LONGEST` characters."""
    kept = "".join(c for c in untrusted_name if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return kept.strip()[:LONGEST]


def unique(name: str, taken: Container[str]) -> str:
    """The name, or the name with `_2`, `_3` … where it is taken (upper and lower case are one)."""
    made, number = name, 1
    while made.casefold() in taken:
        number += 1
        made = f"{name}_{number}"
    return made


def column_names(untrusted_names: Sequence[str], before: Sequence[str] = ()) -> list[str]:
    """Names for columns: unique, none empty (`column_3`); `before` are those that the table has already."""
    taken = {name.casefold() for name in before}
    said = {clean(name).casefold() for name in untrusted_names}
    names: list[str] = []
    for place, untrusted in enumerate(untrusted_names, len(before) + 1):
        name = clean(untrusted)
        # An invented name must not take one that a later column has by right.
        name = unique(name, taken) if name else unique(f"column_{place}", taken | said)
        taken.add(name.casefold())
        names.append(name)
    return names
