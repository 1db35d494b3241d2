"""The words of SQL, exactly: strings, names, numbers and comments, as regular expressions over UTF-8 bytes.

This is the slow and exact reading. `bulk` reads the plain rows, which are nearly all, faster, and leaves
every row that it finds odd to this one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from sousveil.intake.loaders.sqldump.dialect import Dialect

_ESCAPING = rb"'[^'\\]*+(?:(?:\\.|'')[^'\\]*+)*+'"
_STANDARD = rb"'[^']*+(?:''[^']*+)*+'"
_DOUBLE_ESCAPING = rb'"[^"\\]*+(?:(?:\\.|"")[^"\\]*+)*+"'
_DOUBLE = rb'"[^"]*+(?:""[^"]*+)*+"'
_BACKQUOTED = rb"`[^`]*+(?:``[^`]*+)*+`"
_BRACKETED = rb"\[[^\]]*+(?:\]\][^\]]*+)*+\]"
_WORD = rb"[A-Za-z_@\x80-\xff][\w$@#\x80-\xff]*"
_NUMBER = rb"0[xX][0-9A-Fa-f]+|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"

# What a backslash makes of the next character in MySQL; any other character stands for itself.
_MYSQL_ESCAPES = {b"0": b"\0", b"b": b"\b", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"Z": b"\x1a"}
_KEPT = {b"%": b"\\%", b"_": b"\\_"}
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
_POSTGRES_ESCAPE = re.compile(
    rb"\\(?:x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL
)
_POSTGRES_LETTERS = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}


@dataclass(frozen=True)
class Lexis:
    """The compiled expressions of one dialect."""

    dialect: Dialect
    token: re.Pattern[bytes]
    """One token; `lastgroup` is its kind: space, string, double, name, number, word, open_comment, mark."""
    piece: re.Pattern[bytes]
    """One piece of a statement that is only passed over; stops before what may end it."""
    space: re.Pattern[bytes]
    """White space and whole comments, as many as there are."""
    part: bytes
    """The source of an expression for a name without qualifiers."""
    name: bytes
    """The source of an expression for a name with its qualifiers."""


@lru_cache(maxsize=8)
def lexis(dialect: Dialect) -> Lexis:
    """The expressions for a dialect."""
    string = _ESCAPING if dialect.backslash else _STANDARD
    double = _DOUBLE_ESCAPING if dialect.backslash else _DOUBLE
    brackets = b"|" + _BRACKETED if dialect.brackets else b""
    comment = rb"--[^\n]*+|/\*.*?\*/" + (rb"|#[^\n]*+" if dialect.hashes else b"")
    quoted = rb"(?:[NnBbXx]|[Uu]&|_[A-Za-z0-9]+\s*)?" + string + rb"|[Ee]" + _ESCAPING
    part = b"(?:" + b"|".join((_BACKQUOTED, double, _STANDARD, _WORD, _BRACKETED)) + b")"
    token = (
        rb"(?P<space>\s+|" + comment + rb")|(?P<string>" + quoted + rb")|(?P<double>" + double + rb")"
        rb"|(?P<name>"
        + _BACKQUOTED
        + brackets
        + rb")|(?P<number>"
        + _NUMBER
        + rb")|(?P<word>"
        + _WORD
        + rb")"
        rb"|(?P<unclosed>['\"`]|/\*)|(?P<mark>::|\|\||\\N|.)"
    )
    dollar = rb"|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$" if dialect.name == "postgresql" else b""
    unclosed = rb"|(?P<unclosed>['\"`]|/\*" + (rb"|\$\w*\$" if dollar else b"") + b")"
    piece = (
        rb"[^'\"`;$/#\-\[\n]+|" + b"|".join((string, double, _BACKQUOTED, comment)) + brackets + dollar
        + unclosed + rb"|[$/#\-\[]"
    )  # fmt: skip
    return Lexis(
        dialect,
        re.compile(token, re.DOTALL),
        re.compile(piece, re.DOTALL),
        re.compile(rb"(?:\s++|" + comment + rb")*+", re.DOTALL),
        part,
        part + rb"(?:\s*\.\s*" + part + rb")*",
    )


def unescape_mysql(body: bytes) -> bytes:
    """The text between quotes with MySQL's backslash escapes undone (MySQL manual, String Literals)."""
    return _ESCAPE.sub(lambda m: _MYSQL_ESCAPES.get(m[1]) or _KEPT.get(m[1]) or m[1], body)


def unescape_postgres(body: bytes) -> bytes:
    """The text of E'…' or of a COPY field with its escapes undone (PostgreSQL manual, 4.1.2.2 and COPY)."""
    return _POSTGRES_ESCAPE.sub(_postgres_escape, body) if b"\\" in body else body


def _postgres_escape(match: re.Match[bytes]) -> bytes:
    hexadecimal, octal, short, long, letter = match.groups()
    if hexadecimal:
        return bytes((int(hexadecimal, 16),))
    if octal:
        return bytes((int(octal, 8) & 255,))
    if short or long:
        point = int(short or long, 16)
        return chr(point).encode("utf-8", "ignore") if point <= 0x10FFFF else b""
    return _POSTGRES_LETTERS.get(letter, letter)


def unquoted(body: bytes, dialect: Dialect, quote: bytes = b"'") -> bytes:
    """What stands between two quotes, with doubled quotes and the dialect's escapes undone."""
    if not (dialect.backslash and b"\\" in body):
        return body.replace(quote + quote, quote)
    undo = unescape_postgres if dialect.name == "postgresql" else unescape_mysql
    # An escaped quote before the closing one is not a doubled one: split only where both stand free.
    parts, start = [], 0
    for match in re.finditer(rb"\\.|" + quote + quote, body, re.DOTALL):
        if match[0][:1] == quote:
            parts.append(body[start : match.start()])
            start = match.end()
    return quote.join(undo(part) for part in [*parts, body[start:]])


def as_text(raw: bytes) -> str:
    """Bytes of the dump as text: UTF-8, else GB18030, else as hexadecimal digits; never with losses."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.hex()


def name_parts(raw: bytes) -> list[str]:
    """The parts of a name with qualifiers, without their quotes: `"public"."t"` → ["public", "t"]."""
    parts = []
    for match in re.finditer(b"|".join((_BACKQUOTED, _DOUBLE, _STANDARD, _BRACKETED, _WORD + rb"|\w+")), raw):
        found = match[0]
        if found[:1] in b"`\"'":
            found = found[1:-1].replace(found[:1] * 2, found[:1])
        elif found[:1] == b"[":
            found = found[1:-1].replace(b"]]", b"]")
        parts.append(as_text(found))
    return parts
