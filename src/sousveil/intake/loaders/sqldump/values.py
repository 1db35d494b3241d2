"""One row of `VALUES (…), (…)`, read exactly: the slow way, which knows every form of a value.

A row that can't be read so is broken: its caller rejects it and goes on at the next place that looks like
the start of a row.
"""

from __future__ import annotations

import re
from functools import lru_cache

from sousveil.intake.loaders.sqldump.dialect import Dialect
from sousveil.intake.loaders.sqldump.expressions import Broken, Token, may_follow, sense
from sousveil.intake.loaders.sqldump.lexis import Lexis, as_text, unquoted

MOST_TOKENS = 10_000
"""Tokens of one value after which its row counts as broken."""


class Incomplete(Exception):
    """The data at hand ends within the row."""


def read_row(data: bytes, place: int, lexis: Lexis) -> tuple[list[str | None], int]:
    """Read one row that begins at `place`; its values and the offset after its closing parenthesis.

    A value is text as it was stored (numbers as they were written), or None for NULL. Raises `Broken`,
    `Incomplete`.
    """
    if data[place : place + 1] != b"(":
        raise Broken
    place += 1
    simple = _simple(lexis.dialect)
    values: list[str | None] = []
    while True:
        match = simple.match(data, place)
        if match is None:
            value, place = _value(data, place, lexis)
        else:
            value, place = _plain(match, lexis), match.end() - 1
        values.append(value)
        place += 1
        if data[place - 1 : place] == b")":
            return values, place


@lru_cache(maxsize=8)
def _simple(dialect: Dialect) -> re.Pattern[bytes]:
    """A value in one of the common forms, together with the comma or parenthesis after it."""
    string = rb"'([^'\\]*+(?:(?:\\.|'')[^'\\]*+)*+)'" if dialect.backslash else rb"'([^']*+(?:''[^']*+)*+)'"
    plain = rb"(?:(NULL)|N?" + string + rb"|([-+]?[0-9][0-9.]*(?:[eE][-+]?[0-9]+)?))\s*[,)]"
    cast = rb"CAST\(N?" + string + rb"\s+AS\s+\[?\w+\]?(?:\([\w, ]*\))?\)\s*[,)]"
    return re.compile(rb"\s*(?:" + plain + b"|" + cast + b")", re.DOTALL)


def _plain(match: re.Match[bytes], lexis: Lexis) -> str | None:
    null, string, number, cast = match.groups()
    if null:
        return None
    if number:
        return str(number, "ascii")
    return as_text(unquoted(string if cast is None else cast, lexis.dialect))


def _value(data: bytes, place: int, lexis: Lexis) -> tuple[str | None, int]:
    """Any other value: gather its tokens up to the comma or parenthesis after it, and make sense of them."""
    tokens: list[Token] = []
    start, depth = place, 0
    while True:
        match = lexis.token.match(data, place)
        if match is None or match.lastgroup == "unclosed":
            raise Incomplete
        raw = match[0]
        if depth == 0 and raw in (b",", b")"):
            return sense(tokens, data[start:place].strip(), lexis.dialect), place
        if raw == b";" or len(tokens) > MOST_TOKENS:
            raise Broken
        depth += (raw == b"(") - (raw == b")")
        if match.lastgroup != "space":
            token = Token(str(match.lastgroup), raw)
            if not may_follow(tokens[-1] if tokens else None, token):
                raise Broken
            tokens.append(token)
        place = match.end()
