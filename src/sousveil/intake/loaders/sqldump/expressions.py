"""The value that an expression in a dump stores, where that is plain without computing anything.

`CAST(N'2018-03-04' AS Date)`, `TO_DATE('2018-03-04','YYYY-MM-DD')`, `'x'::text`, `replace('a\\nb','\\n',
char(10))`, `X'E5BCA0'`, `0xE5BCA0`, `'a' || 'b'`. Anything else (`now()`, `1 + 2`) is kept as it was written:
nothing of a dump is ever carried out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from sousveil.intake.cells import blob_text
from sousveil.intake.loaders.sqldump.dialect import Dialect
from sousveil.intake.loaders.sqldump.lexis import as_text, unescape_postgres, unquoted
from sousveil.intake.loaders.sqldump.moments import moment


class Broken(Exception):
    """The row is not SQL; where one can go on must be guessed."""


class _Opaque(Exception):
    """The expression's value is not plain."""


@dataclass(frozen=True)
class Token:
    """A token: its kind (a group of `Lexis.token`) and its bytes."""

    kind: str
    raw: bytes

    @property
    def upper(self) -> bytes:
        """In capitals, for comparing keywords."""
        return self.raw.upper()


Tokens = list[Token]

_TYPES = {
    b"DATE",
    b"TIME",
    b"TIMESTAMP",
    b"TIMESTAMPTZ",
    b"DATETIME",
    b"DATETIME2",
    b"INTERVAL",
    b"UUID",
    b"BINARY",
}
# Functions whose first argument is the value; the others say how it is to be read.
_FIRST_ARGUMENT = set(
    b"CAST TRY_CAST TO_DATE TO_TIMESTAMP TO_TIMESTAMP_TZ TO_NUMBER TO_CLOB TO_CHAR TO_NCHAR STR_TO_DATE DATE "
    b"TIME DATETIME TIMESTAMP ST_GEOMFROMTEXT GEOMFROMTEXT ST_POINTFROMTEXT POINTFROMTEXT ST_GEOGFROMTEXT "
    b"ST_GEOMETRYFROMTEXT".split()
)
_AFTER_STRING = set(
    b"COLLATE AS AT USING FROM IS AND OR IN LIKE BETWEEN YEAR MONTH DAY HOUR MINUTE SECOND".split()
)
_MARKS = set(b"|| :: \\N + - * / % ( ) , . = < > | & ^ ~ [ ] !".split())
_HOLDING = {"string", "double", "number"}


def sense(tokens: Tokens, raw: bytes, dialect: Dialect) -> str | None:
    """The value of an expression, or the expression as it was written. Raises `Broken` where it is none."""
    if not tokens:
        raise Broken
    try:
        value = _evaluate(tokens, dialect)
    except _Opaque:
        value = raw
    return None if value is None else as_text(value)


def may_follow(one: Token | None, other: Token) -> bool:
    """Whether a token may stand after another (None: at the start).

    Two values side by side, or a strange mark, mean that a quote was lost somewhere before.
    """
    if other.kind == "mark":
        return other.raw in _MARKS
    if one is None or one.kind not in _HOLDING or other.kind == "mark":
        return True
    return one.kind == other.kind == "string" or other.upper in _AFTER_STRING


def _evaluate(tokens: Tokens, dialect: Dialect) -> bytes | None:
    """The bytes stored, None for NULL. Raises `_Opaque`."""
    tokens = _without_cast(tokens)
    if not tokens:
        raise _Opaque
    if len(tokens) == 1:
        return _single(tokens[0], dialect)
    if tokens[0].raw in (b"-", b"+") and len(tokens) == 2 and tokens[1].kind == "number":
        return tokens[0].raw + tokens[1].raw
    if all(token.kind == "string" for token in tokens):
        return b"".join(_string(token.raw, dialect) for token in tokens)
    if len(tokens) == 2 and tokens[0].kind == "word" and tokens[0].raw.startswith(b"_"):
        return _single(tokens[1], dialect)  # MySQL's introducer: _binary 0x…, _utf8mb4 '…'
    parts = _split(tokens, b"||")
    if len(parts) > 1:
        return _joined([_evaluate(part, dialect) for part in parts])
    if (
        tokens[0].kind == "word"
        and tokens[-1].kind == "string"
        and len(tokens) == 2
        and tokens[0].upper in _TYPES
    ):
        return _string(tokens[1].raw, dialect)
    if tokens[0].raw == b"(" and _closes_last(tokens, 0):
        return _evaluate(tokens[1:-1], dialect)
    if (
        len(tokens) > 2
        and tokens[0].kind in ("word", "name")
        and tokens[1].raw == b"("
        and _closes_last(tokens, 1)
    ):
        return _function(tokens[0].upper, _split(tokens[2:-1], b","), dialect)
    raise _Opaque


def _without_cast(tokens: Tokens) -> Tokens:
    """The tokens before `::type` or COLLATE, where such stands outside parentheses."""
    depth = 0
    for index, token in enumerate(tokens):
        depth += (token.raw == b"(") - (token.raw == b")")
        if depth == 0 and (token.raw == b"::" or (token.kind == "word" and token.upper == b"COLLATE")):
            return tokens[:index]
    return tokens


def _single(token: Token, dialect: Dialect) -> bytes | None:
    if token.kind == "string":
        return _string(token.raw, dialect)
    if token.kind == "double" and dialect.name in ("mysql", "unknown", "sqlite"):
        return unquoted(token.raw[1:-1], dialect, b'"')
    if token.raw[:2] in (b"0x", b"0X"):
        return _blob(token.raw[2:]) if len(token.raw) > 2 else b""
    if token.kind in ("number", "word"):
        return None if token.upper in (b"NULL", b"DEFAULT") else token.raw
    if token.raw == b"\\N":
        return None
    raise _Opaque


def _string(raw: bytes, dialect: Dialect) -> bytes:
    """The value of a string with its prefix: N'…', E'…', X'…', B'…', U&'…', _binary '…'."""
    prefix, _, rest = raw.partition(b"'")
    body, prefix = rest[:-1], prefix.strip().upper()
    if prefix == b"X":
        return _blob(body)
    if prefix == b"E":
        return b"'".join(unescape_postgres(part) for part in body.split(b"''"))
    if prefix == b"_BINARY":
        return blob_text(unquoted(body, dialect)).encode()
    if prefix == b"U&":
        return _code_points(body.replace(b"''", b"'"))
    return unquoted(body, dialect)


def _blob(digits: bytes) -> bytes:
    try:
        return blob_text(bytes.fromhex(digits.decode("ascii"))).encode()
    except ValueError:
        return digits


def _code_points(body: bytes) -> bytes:
    """Text with code points written `\\4e2d`, `\\u4e2d`, `\\+004e2d` (SQL's U&'…', SQLite's unistr)."""

    def character(match: re.Match[bytes]) -> bytes:
        if match[0] == b"\\\\":
            return b"\\"
        return chr(int(match[1] or match[2] or match[3] or match[4], 16) % 0x110000).encode("utf-8", "ignore")

    points = rb"\\(?:\\|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|\+([0-9A-Fa-f]{6})|([0-9A-Fa-f]{4}))"
    return re.sub(points, character, body)


def _joined(parts: list[bytes | None]) -> bytes:
    if any(part is None for part in parts):
        raise _Opaque
    return b"".join(part or b"" for part in parts)


def _function(name: bytes, arguments: list[Tokens], dialect: Dialect) -> bytes | None:
    if name in _FIRST_ARGUMENT:
        return _stored_moment(arguments[0]) or _evaluate(_before(arguments[0], b"AS"), dialect)
    if name == b"CONVERT":
        # SQL Server: CONVERT(type, value, style); MySQL: CONVERT(value USING utf8), CONVERT(value, type).
        last = 1 if dialect.batches and len(arguments) > 1 else 0
        return _evaluate(_before(arguments[last], b"USING"), dialect)
    known: Callable[[list[bytes]], bytes] | None = _COMPUTED.get(name)
    if known is None or not all(arguments):
        raise _Opaque
    values = [_evaluate(argument, dialect) for argument in arguments]
    try:
        return known([value for value in values if value is not None])
    except (ValueError, IndexError, OverflowError):
        raise _Opaque from None


def _stored_moment(tokens: Tokens) -> bytes | None:
    """The moment of `0x… AS DateTime`; None where it is anything else."""
    if len(tokens) < 3 or tokens[0].raw[:2] not in (b"0x", b"0X") or tokens[1].upper != b"AS":
        return None
    digits, kind = tokens[0].raw[2:].decode("ascii"), tokens[2].upper.strip(b"[]").decode("ascii", "ignore")
    found = moment(bytes.fromhex(digits), kind) if len(digits) % 2 == 0 else None
    return found.encode() if found else None


# The functions that SQLite's shell writes around line breaks and control characters, and their like.
_COMPUTED: dict[bytes, Callable[[list[bytes]], bytes]] = {
    b"REPLACE": lambda given: given[0].replace(given[1], given[2]) if len(given) == 3 and given[1] else b"",
    b"CHAR": lambda given: "".join(chr(int(code)) for code in given).encode("utf-8", "ignore"),
    b"NCHAR": lambda given: chr(int(given[0])).encode("utf-8", "ignore"),
    b"CHR": lambda given: chr(int(given[0])).encode("utf-8", "ignore"),
    b"UNISTR": lambda given: _code_points(given[0]),
    b"CONCAT": lambda given: b"".join(given),
    b"HEXTORAW": lambda given: _blob(given[0]),
    b"UNHEX": lambda given: _blob(given[0]),
}


def _before(tokens: Tokens, word: bytes) -> Tokens:
    depth = 0
    for index, token in enumerate(tokens):
        depth += (token.raw == b"(") - (token.raw == b")")
        if depth == 0 and token.kind == "word" and token.upper == word:
            return tokens[:index]
    return tokens


def _split(tokens: Tokens, mark: bytes) -> list[Tokens]:
    """The tokens between marks that stand outside parentheses."""
    parts: list[Tokens] = [[]]
    depth = 0
    for token in tokens:
        depth += (token.raw == b"(") - (token.raw == b")")
        if depth == 0 and token.raw == mark:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _closes_last(tokens: Tokens, opening: int) -> bool:
    """Whether the parenthesis at `opening` is closed by the last token."""
    depth = 0
    for index in range(opening, len(tokens)):
        depth += (tokens[index].raw == b"(") - (tokens[index].raw == b")")
        if depth == 0:
            return index == len(tokens) - 1
    return False
