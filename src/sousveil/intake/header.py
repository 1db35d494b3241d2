"""Whether a row names the columns below it, and whether a line only underlines such a row."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SPACED = re.compile(rb"^[-=+ \t,;|]*-[-=+ \t,;|]*$")
_NUMBER = re.compile(r"[-+]?[0-9]+(?:[.,:/-][0-9]+)*%?")
_IDENTIFIER = re.compile(
    r"[^@\s]+@[^@\s]+\.[a-zA-Z]+|[0-9]{4}[-/年.][0-9]{1,2}[-/月.][0-9]{1,2}.*|.*[0-9]{6}.*"
)


def is_header(first: Sequence[str], rows: Sequence[Sequence[str]], *, strictly: bool = False) -> bool:
    """Whether the first row names the columns: each column votes on how it differs from the rows below.

    `strictly` asks for a vote in favour; else it is enough that none is against.
    """
    names = [name for name in first if name]
    if not names or len(names) < 0.5 * len(first) or len(set(names)) < 0.5 * len(names):
        return False
    if any(_NUMBER.fullmatch(name) or _IDENTIFIER.fullmatch(name) or len(name) > 100 for name in names):
        return False
    votes = 0
    # Where files were put one behind the other, the header stands again below.
    rows = [row for row in rows[:200] if list(row) != list(first)]
    for place, name in enumerate(first):
        below = [row[place] for row in rows if place < len(row) and row[place]]
        if name and below:
            votes += _vote(name, below)
    return votes >= strictly


def _vote(name: str, below: Sequence[str]) -> int:
    """+1 where the name is of another kind than the values below it, -2 where it is one of them."""
    if name in below:
        return -2
    digits = sum(any(c.isdigit() for c in value) for value in below) / len(below)
    if digits > 0.9 and not any(c.isdigit() for c in name):
        return 1
    lengths = {len(value) for value in below}
    return int(len(below) > 5 and len(lengths) <= 2 and len(name) not in lengths)


def is_ruler(record: bytes) -> bool:
    """Whether a record only underlines the header (`-----,----`), as command-line clients print it."""
    return bool(_SPACED.fullmatch(record)) and b"--" in record
