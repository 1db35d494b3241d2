"""`INSERT INTO t SET a = 1, b = 'x'`: MySQL's other form of a record (MySQL manual, INSERT statement).

No program writes whole dumps so, but scripts and logs of changes are full of it. Each is read exactly.
"""

from __future__ import annotations

import re

from sousveil.intake.loaders.sqldump.expressions import Broken, Token, Tokens, may_follow, sense
from sousveil.intake.loaders.sqldump.lexis import Lexis, name_parts

_SET = re.compile(rb"\s*SET\b", re.IGNORECASE)
MOST_TOKENS = 100_000


def assigned(statement: bytes, place: int, lexis: Lexis) -> tuple[list[str], list[str | None]] | None:
    """The columns and values of the assignments after `place`, the end of the table's name; None for none."""
    begin = _SET.match(statement, place)
    if begin is None:
        return None
    columns: list[str] = []
    values: list[str | None] = []
    try:
        for tokens in _parts(statement, begin.end(), lexis):
            equals = next(index for index, token in enumerate(tokens) if token.raw == b"=")
            columns.append(name_parts(b"".join(token.raw for token in tokens[:equals]))[-1])
            given = tokens[equals + 1 :]
            values.append(sense(given, b"".join(token.raw for token in given), lexis.dialect))
    except (Broken, StopIteration, IndexError):
        return None
    return (columns, values) if len(set(columns)) == len(columns) else None


def _parts(statement: bytes, place: int, lexis: Lexis) -> list[Tokens]:
    """The tokens of each assignment, up to the end of the statement. Raises `Broken`."""
    parts: list[Tokens] = [[]]
    depth = count = 0
    while place < len(statement):
        match = lexis.token.match(statement, place)
        if match is None or match.lastgroup == "unclosed" or (count := count + 1) > MOST_TOKENS:
            raise Broken
        place = match.end()
        if match.lastgroup == "space":
            continue
        token = Token(str(match.lastgroup), match[0])
        if depth == 0 and (token.raw == b";" or (token.upper == b"ON" and parts[-1])):
            break
        depth += (token.raw == b"(") - (token.raw == b")")
        if depth == 0 and token.raw == b",":
            parts.append([])
            continue
        if not may_follow(parts[-1][-1] if parts[-1] else None, token):
            raise Broken
        parts[-1].append(token)
    return parts
