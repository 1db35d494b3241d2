"""What a dump says about its tables: CREATE TABLE and comments on columns."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sousveil.intake.loaders.sqldump.expressions import Token
from sousveil.intake.loaders.sqldump.lexis import Lexis, as_text, name_parts, unquoted
from sousveil.intake.loaders.sqldump.reader import tail
from sousveil.intake.transcript import Transcript

_BEFORE_TABLE = rb"(?:\s+(?:GLOBAL|LOCAL|TEMP|TEMPORARY|UNLOGGED|FOREIGN|EXTERNAL|COLUMN|ROW|OR\s+REPLACE))*"
# Words that begin a constraint and never a column, and those that do so only before one of the next tokens.
_CONSTRAINTS: dict[bytes, tuple[bytes, ...]] = {
    b"PRIMARY": (b"KEY",),
    b"UNIQUE": (b"(", b"KEY", b"INDEX", b"CLUSTERED", b"NONCLUSTERED"),
    b"FOREIGN": (b"KEY",),
    b"CHECK": (b"(",),
    b"EXCLUDE": (b"(", b"USING"),
    b"FULLTEXT": (b"KEY", b"INDEX", b"("),
    b"SPATIAL": (b"KEY", b"INDEX", b"("),
    b"PERIOD": (b"FOR",),
}


Hint = tuple[list[str], str, str]
"""A table's name, one of its columns, and what the dump says about that."""


@dataclass
class Created:
    """A table as its CREATE statement describes it."""

    name: list[str]
    columns: list[str] = field(default_factory=list)
    hints: list[str | None] = field(default_factory=list)
    if_missing: bool = False


def create_table(statement: bytes, lexis: Lexis) -> Created | None:
    """Read a CREATE TABLE statement; None where it is none, or has no list of columns (… AS SELECT)."""
    head = re.compile(
        rb"CREATE" + _BEFORE_TABLE + rb"\s+TABLE\s+(IF\s+NOT\s+EXISTS\s+)?(" + lexis.name + rb")\s*\(",
        re.IGNORECASE | re.DOTALL,
    ).match(statement)
    if head is None:
        return None
    made = Created(name_parts(head[2]), if_missing=bool(head[1]))
    for element in _elements(statement, head.end(), lexis):
        if _is_constraint(element):
            continue
        name = element[0]
        made.columns.append(name_parts(name.raw)[0] if name_parts(name.raw) else as_text(name.raw))
        made.hints.append(_comment(element, lexis))
    return made if made.columns else None


def _elements(statement: bytes, place: int, lexis: Lexis) -> list[list[Token]]:
    """The tokens of each element of the list that begins at `place`, up to its closing parenthesis."""
    elements: list[list[Token]] = [[]]
    depth = 0
    for match in lexis.token.finditer(statement, place):
        raw = match[0]
        depth += (raw == b"(") - (raw == b")")
        if depth < 0:
            break
        if depth == 0 and raw == b",":
            elements.append([])
        elif match.lastgroup != "space":
            elements[-1].append(Token(str(match.lastgroup), raw))
    return [element for element in elements if element]


def _is_constraint(element: list[Token]) -> bool:
    first = element[0]
    if first.kind != "word":
        return first.kind not in ("name", "double", "string")
    after = [token.upper for token in element[1:3]]
    if first.upper == b"CONSTRAINT" or (first.upper == b"LIKE" and len(element) > 1):
        return True
    if first.upper in (b"KEY", b"INDEX"):
        # `KEY name (column)` and `KEY (column)`, but not a column called key: `key varchar(40) NOT NULL`.
        return after[:1] == [b"("] or (b"(" in after[1:] and not _is_size(element))
    return bool(after) and after[0] in _CONSTRAINTS.get(first.upper, ())


def _is_size(element: list[Token]) -> bool:
    """Whether the parentheses after the second token hold a size: `key varchar(40)`."""
    return len(element) > 3 and element[3].kind == "number"


def _comment(element: list[Token], lexis: Lexis) -> str | None:
    for index, token in enumerate(element[1:-1], start=1):
        if token.kind == "word" and token.upper == b"COMMENT":
            text = element[index + 1]
            if text.kind in ("string", "double"):
                return as_text(unquoted(text.raw[1:-1], lexis.dialect, text.raw[:1])) or None
    return None


def comment_on_column(statement: bytes, lexis: Lexis) -> Hint | None:
    """Read `COMMENT ON COLUMN a.b.c IS '…'`: the table's name, the column, the comment; or None."""
    head = re.compile(
        rb"COMMENT\s+ON\s+COLUMN\s+(" + lexis.name + rb")\s+IS\s+(?:N|E)?'(.*)'\s*;?\s*\Z",
        re.IGNORECASE | re.DOTALL,
    ).match(statement)
    if head is None:
        return None
    *table, column = name_parts(head[1])
    return (table, column, as_text(unquoted(head[2], lexis.dialect))) if table else None


def described(statement: bytes) -> Hint | None:
    """Read SQL Server's `sp_addextendedproperty N'MS_Description' …`: table, column, description."""
    if b"MS_Description" not in statement:
        return None
    texts = [as_text(found.replace(b"''", b"'")) for found in re.findall(rb"N'((?:[^']|'')*)'", statement)]
    kinds = [text.upper() for text in texts]
    if "TABLE" not in kinds or "COLUMN" not in kinds or len(texts) < 6:
        return None
    table, column = kinds.index("TABLE") + 1, kinds.index("COLUMN") + 1
    schema = [texts[kinds.index("SCHEMA") + 1]] if "SCHEMA" in kinds[:-1] else []
    if max(table, column) >= len(texts):
        return None
    return [*schema, texts[table]], texts[column], texts[kinds.index("MS_DESCRIPTION") + 1]


def late_descriptions(transcript: Transcript) -> list[Hint]:
    """The comments on columns in the last part of a SQL Server script."""
    batches = re.split(rb"^GO\b", tail(transcript), flags=re.MULTILINE)
    found = [described(batch) for batch in batches]
    return [hint for hint in found if hint is not None]


def after_batch(window: bytes) -> int:
    """The offset after the line with `GO` that ends a batch of SQL Server, or -1."""
    found = re.search(rb"^GO\b[^\n]*(?:\n|\Z)", window, re.MULTILINE | re.IGNORECASE)
    return found.end() if found else -1
