"""Names of the dump on their way to a person's eyes: without control characters, without identifying values.

A path, a table or a column may be named after a person (`990102199001011234.csv`). Such a name is replaced by
an item's number wherever it is shown. What looks like an identifier is veiled at once; names that prove to be
values of an identifying column are veiled after the survey (`Case.veiled`).
"""

from __future__ import annotations

import re
import unicodedata

_IDENTIFIER = re.compile(
    r"[0-9]{15}[0-9Xx]|(?<![0-9])[0-9]{7}(?![0-9])|(?<![0-9])[0-9]{9,}|[^@\s/]+@[^@\s/]+\.[a-z]|"
    r"[\u4e00-\u9fff][A-Z][·.]?[A-Z0-9]{5,6}(?![A-Za-z0-9])|(?<![A-Za-z0-9])[A-Z]{1,2}[0-9]{7,8}(?![0-9])",
)


def plain(untrusted: str) -> str:
    """The text without control, format and surrogate characters."""
    return "".join(c if unicodedata.category(c)[0] != "C" else "\N{REPLACEMENT CHARACTER}" for c in untrusted)


def printable(untrusted: str) -> str:
    """The text without control, format and surrogate characters, at most 200 characters long."""
    shown = plain(untrusted)
    return shown if len(shown) <= 200 else shown[:199] + "…"


def is_identifying(untrusted: str) -> bool:
    """Whether a name looks as if it held an identifier: long digits (not 8, a date), an address, a plate."""
    return bool(_IDENTIFIER.search(unicodedata.normalize("NFKC", untrusted)))


def shown(untrusted: str, otherwise: str, veiled: frozenset[str] = frozenset()) -> str:
    """The name as it may be shown, or `otherwise` (`table-3`) where it is identifying."""
    if is_identifying(untrusted) or untrusted in veiled:
        return otherwise
    return printable(untrusted)


def shown_path(untrusted: str, item: int, veiled: frozenset[str] = frozenset()) -> str:
    """A path as it may be shown: each identifying part becomes `item-N`, its ending kept."""
    parts = untrusted.split("/")
    for place, part in enumerate(parts):
        stem, dot, ending = part.partition(".")
        if is_identifying(part) or part in veiled or stem in veiled:
            safe = dot + ending if re.fullmatch(r"[A-Za-z0-9]{1,8}(\.[A-Za-z0-9]{1,8})?", ending) else ""
            parts[place] = f"item-{item}{'' if is_identifying(safe) else safe}"
        else:
            parts[place] = printable(part)
    return "/".join(parts)
