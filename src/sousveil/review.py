"""review.toml: what each column is and which columns say who a person is. The survey proposes, people decide.

    [tables.border_entries]
    kind = "event"                 # event | list | register | other
    event_date = "entered"         # the column that dates a record; findings stop at the cut-off by it
    person = ["SFZH", "XM"]        # the columns that say who the record is about
    sensitive = false

    [tables.border_entries.columns]
    XM = "person_name"

The file is a person's once it stands: the survey adds tables and columns that are missing, and changes
nothing.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomlkit

from sousveil.errors import BadReview

KINDS = ("event", "list", "register", "other")


@dataclass(frozen=True)
class TableReview:
    """What was decided about one table; names are names as shown."""

    kind: str = "other"
    event_date: str | None = None
    person: tuple[str, ...] = ()
    sensitive: bool = False
    types: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Review:
    """What was decided about the tables of a case, by the name of the table as shown."""

    tables: dict[str, TableReview] = field(default_factory=dict)

    def of(self, table: str) -> TableReview:
        """What was decided about a table; nothing, if nothing was."""
        return self.tables.get(table, TableReview())


def read(path: Path, known_types: frozenset[str]) -> Review:
    """Read review.toml; a missing file is an empty review. Raises `BadReview` with table and column."""
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Review()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        line = getattr(error, "lineno", None)
        raise BadReview("review.toml can't be read as TOML", where={"line": line} if line else {}) from None
    tables = document.get("tables", {})
    if not isinstance(tables, dict):
        raise BadReview("review.toml: [tables] must hold a section for each table")
    return Review({name: _table(name, section, known_types) for name, section in tables.items()})


def _table(name: str, section: Any, known_types: frozenset[str]) -> TableReview:
    if not isinstance(section, dict):
        raise BadReview("review.toml: this table is not a section", where={"table": name})
    kind = section.get("kind", "other")
    if kind not in KINDS:
        raise BadReview(f"review.toml: kind must be one of {', '.join(KINDS)}", where={"table": name})
    types = section.get("columns", {})
    for column, type_name in types.items():
        if type_name not in known_types:
            raise BadReview(
                "review.toml: this type does not exist; docs/types.md lists them all",
                where={"table": name, "column": column, "type": str(type_name)},
            )
    person = section.get("person", [])
    event_date = section.get("event_date") or None
    for column in [*person, *([event_date] if event_date else [])]:
        if column not in types:
            raise BadReview(
                "review.toml: `person` or `event_date` names a column that the table does not list",
                where={"table": name, "column": column},
            )
    return TableReview(kind, event_date, tuple(person), bool(section.get("sensitive", False)), dict(types))


def merged(decided: Review, proposed: Review) -> Review:
    """The review that holds: whatever a person's file says, and the proposal for the rest."""
    tables = dict(proposed.tables)
    for name, table in decided.tables.items():
        rest = proposed.tables.get(name, TableReview())
        tables[name] = TableReview(
            table.kind, table.event_date, table.person, table.sensitive, rest.types | table.types
        )
    return Review(tables)


def write(review: Review) -> str:
    """The text of review.toml."""
    document = tomlkit.document()
    for line in (
        "What each column is, as the survey proposes it. Correct what is wrong: this file wins over the",
        "survey and is never overwritten. docs/types.md lists the types, docs/review.md the settings.",
    ):
        document.add(tomlkit.comment(line))
    tables = tomlkit.table(is_super_table=True)
    for name, table in review.tables.items():
        section = tomlkit.table()
        section["kind"] = table.kind
        section["event_date"] = table.event_date or ""
        section["person"] = list(table.person)
        section["sensitive"] = table.sensitive
        columns = tomlkit.table()
        for column, type_name in table.types.items():
            columns[column] = type_name
        section["columns"] = columns
        tables[name] = section
    document["tables"] = tables
    return tomlkit.dumps(document)
