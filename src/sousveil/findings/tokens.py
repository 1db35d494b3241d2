"""The tokens of a `where` or `by`, and the values of its literals.

The tokens are sqlglot's (dialect duckdb), sorted into five kinds; every other kind of token is `odd`, and the
grammar has no place for it. No message quotes the text, which may hold a value of the dump.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from typing import Any

from sousveil.errors import BadQuestion, UnsafeWhere

MAX_LENGTH = 10_000
"""The longest text read, in characters; a list of every country is some 1,500."""


@dataclass(frozen=True)
class Token:
    """One token: its kind (`word`, `name` in double quotes, `text`, `number`, `sign`), text and place."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """The token as a keyword; empty if it is none."""
        return self.text.upper() if self.kind == "word" else ""

    @property
    def sign(self) -> str:
        """The token as a sign; empty if it is none."""
        return self.text if self.kind == "sign" else ""


def tokens(untrusted: str) -> list[Token]:
    """The tokens of a text. Raises `UnsafeWhere` for a comment, a NUL and too long a text, `BadQuestion`."""
    from sqlglot import tokenize
    from sqlglot.errors import SqlglotError

    if len(untrusted) > MAX_LENGTH:
        raise UnsafeWhere(f"the text is longer than {MAX_LENGTH:,} characters")
    if "\0" in untrusted:
        raise UnsafeWhere("a NUL character can't stand here")
    try:
        found = tokenize(untrusted, dialect="duckdb")
    except SqlglotError:
        raise BadQuestion("a quote is opened and not closed, or a character can't be read") from None
    kinds = {"STRING": "text", "NUMBER": "number", "IDENTIFIER": "name"}
    made = []
    for token in found:
        if token.comments:
            raise UnsafeWhere("a comment can't stand here")
        kind = kinds.get(token.token_type.name)
        if kind is None:
            kind = _kind(untrusted[token.start : token.end + 1])
        made.append(Token(kind, token.text, token.start, token.end + 1))
    return made


def _kind(source: str) -> str:
    if "'" in source or source.count("$") > 1:
        return "odd"  # e'…', N'…', $$…$$: what it says is not what it holds
    return "word" if re.match(r"[^\W\d]", source) else "sign"


def literal_number(written: str) -> int | float:
    """A number; whole ones as `int`, so that `1` and `1.0` are the same. Raises `BadQuestion`."""
    try:
        number: Any = int(written) if written.isdigit() else float(written)
    except ValueError:
        raise BadQuestion("a number can't be read") from None
    if abs(number) >= 1e300 or not math.isfinite(number):
        raise BadQuestion("a number is too large")
    return int(number) if abs(number) <= 2**53 and number == int(number) else float(number)


def literal_day(written: str) -> dt.date:
    """A day written `YYYY-MM-DD`. Raises `BadQuestion`."""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
            return dt.date.fromisoformat(written)
    except ValueError:
        pass
    raise BadQuestion("a date is not a day of the calendar, written 'YYYY-MM-DD'")


def literal_moment(written: str) -> dt.datetime:
    """A moment written `YYYY-MM-DD HH:MM:SS`, the seconds or the whole time left out if zero.

    Raises `BadQuestion`.
    """
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}(:[0-9]{2})?)?", written):
            return dt.datetime.fromisoformat(written)
    except ValueError:
        pass
    raise BadQuestion("a timestamp is not a moment of the calendar, written 'YYYY-MM-DD HH:MM:SS'")
