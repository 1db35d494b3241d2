"""Names of tables and columns: the dump's own, made unique. They are data, never part of SQL or of a path."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Sequence

_ENDING = re.compile(
    r"csv|tsv|tab|psv|txt|text|asc|log|dat|data|out|utf8|gbk|gb18030|json|ndjson|jsonl|geojson|sql|dump|db3?"
    r"|sqlite3?|parquet|feather|arrow|xls[xmb]?|ods|bson|dbf|bak|gz|gzip|bz2|xz|lzma|zst|lz4|zip|tar|tgz|tbz2|txz|7z|rar",
    re.IGNORECASE,
)
LONGEST = 500
"""Characters of a name that are kept."""


def stem(untrusted_name: str) -> str:
    """A file's name without its endings: `export.ndjson.gz` → `export`, `calls.2018.csv` → `calls.2018`."""
    name = untrusted_name.rsplit("/", 1)[-1]
    last = True
    while True:
        rest, dot, ending = name.rpartition(".")
        known = _ENDING.fullmatch(ending) is not None
        if not dot or not rest or not (known or (last and re.fullmatch(r"[A-Za-z]\w{0,7}", ending))):
            return name
        name, last = rest, False


def member_name(untrusted: bytes) -> str:
    """An archive member's name from its bytes: UTF-8, else GB18030, else zip's first code page (437)."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return untrusted.decode(encoding)
        except UnicodeDecodeError:
            continue
    return untrusted.decode("cp437")


def clean(untrusted_name: str) -> str:
    """A name without control characters and outer blanks, at most `LONGEST` characters."""
    kept = "".join(c for c in untrusted_name if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return kept.strip()[:LONGEST]


def unique(name: str, taken: Container[str]) -> str:
    """The name, or the name with `_2`, `_3` … where it is taken (`XM` and `xm` are two names)."""
    made, number = name, 1
    while made in taken:
        number += 1
        made = f"{name}_{number}"
    return made


def column_names(untrusted_names: Sequence[str], before: Sequence[str] = ()) -> list[str]:
    """Names for columns: unique, none empty (`column_3`); `before` are those that the table has already."""
    taken = set(before)
    said = {clean(name) for name in untrusted_names}
    names: list[str] = []
    for place, untrusted in enumerate(untrusted_names, len(before) + 1):
        name = clean(untrusted)
        # An invented name must not take one that a later column has by right.
        name = unique(name, taken) if name else unique(f"column_{place}", taken | said)
        taken.add(name)
        names.append(name)
    return names
