"""review.toml: what each column is and which columns say who a person is. The survey proposes, people decide.

    [tables.border_entries]
    kind = "event"                 # event | list | register | other
    event_date = "entered"         # the column that dates a record; findings stop at the cut-off by it
    person = ["SFZH", "XM"]        # the columns that say who the record is about
    sensitive = false              # true, or a list of columns: docs/review.md

    [tables.border_entries.columns]
    XM = "person_name"

The file is a person's once it stands: the survey adds tables and columns that are missing, and changes
nothing. A setting that is left out of a table is as proposed: only `event_date = ""` says that nothing dates
its records.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from sousveil.errors import BadReview
from sousveil.veil import is_identifying, plain, printable

KINDS = ("event", "list", "register", "other")
SETTINGS = ("kind", "event_date", "person", "sensitive", "columns", "sign_off")


@dataclass(frozen=True)
class SignOff:
    """Who answers for it that nearly all of a group may be shown to be alike in a column, and why."""

    column: str
    who: str
    reason: str


@dataclass(frozen=True)
class TableReview:
    """What was decided about one table; names are names as shown."""

    kind: str = "other"
    event_date: str | None = None
    person: tuple[str, ...] = ()
    sensitive: bool = False
    types: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict, compare=False)
    """What the survey saw in a column, masked, for whoever reads the file: its comment there."""
    left_out: frozenset[str] = field(default=frozenset(), compare=False)
    """The settings that a person's file does not speak of."""
    sensitive_columns: tuple[str, ...] = ()
    """Columns that are sensitive in a table that is not so as a whole."""
    signed: tuple[SignOff, ...] = ()


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
        document = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        return Review()
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        raise BadReview("review.toml can't be read as TOML") from None
    if document.keys() - {"tables"}:
        raise BadReview("review.toml may hold nothing but sections [tables.NAME] and [tables.NAME.columns]")
    tables = document.get("tables", {})
    if not isinstance(tables, dict):
        raise BadReview("review.toml: [tables] must hold a section for each table")
    return Review({name: _table(name, section, known_types) for name, section in tables.items()})


def _table(name: str, section: Any, known_types: frozenset[str]) -> TableReview:
    if not isinstance(section, dict):
        raise BadReview("review.toml: this table is not a section", where={"table": name})
    _settings(name, section)
    kind = section.get("kind", "other")
    if kind not in KINDS:
        raise BadReview(f"review.toml: kind must be one of {', '.join(KINDS)}", where={"table": name})
    types = section.get("columns", {})
    for column, type_name in types.items():
        if not isinstance(type_name, str) or type_name not in known_types:
            shown = {"type": type_name} if isinstance(type_name, str) else {}
            raise BadReview(
                "review.toml: this type does not exist; docs/types.md lists them all",
                where={"table": name, "column": column} | shown,
            )
    person = section.get("person", [])
    event_date = section.get("event_date") or None
    sensitive = section.get("sensitive", False)
    columns = tuple(sensitive) if isinstance(sensitive, list) else ()
    signed = tuple(_sign_off(name, entry) for entry in section.get("sign_off", []))
    named = [*person, *([event_date] if event_date else []), *columns, *(one.column for one in signed)]
    for column in named:
        if column not in types:
            raise BadReview(
                "review.toml: a setting names a column that the table does not list",
                where={"table": name, "column": column},
            )
    left_out = frozenset(SETTINGS) - section.keys()
    return TableReview(
        kind,
        event_date,
        tuple(person),
        sensitive is True,
        dict(types),
        left_out=left_out,
        sensitive_columns=columns,
        signed=signed,
    )


def _sign_off(table: str, entry: dict[str, Any]) -> SignOff:
    """One `[[tables.NAME.sign_off]]`: a column, a name and a reason, each given."""
    fields = {name: entry.get(name) for name in ("column", "who", "reason")}
    texts = {name: value.strip() for name, value in fields.items() if isinstance(value, str)}
    if entry.keys() - fields.keys() or len(texts) < len(fields) or not all(texts.values()):
        raise BadReview(
            "review.toml: a `sign_off` must have `column`, `who` and `reason`, and nothing else",
            where={"table": table},
        )
    if any(is_identifying(texts[name]) for name in ("who", "reason")):
        raise BadReview("review.toml: a `sign_off` must hold no number of a person", where={"table": table})
    return SignOff(texts["column"], printable(texts["who"]), printable(texts["reason"]))


def _settings(name: str, section: dict[str, Any]) -> None:
    """Raise `BadReview` for a setting that does not exist, or that is of another kind than it must be."""
    for setting, value in section.items():
        if setting not in _FORMS:
            raise BadReview(
                f"review.toml: a table has no such setting; there are {', '.join(SETTINGS)}",
                where={"table": name, "setting": setting},
            )
        fits, form = _FORMS[setting]
        if not fits(value):
            raise BadReview(f"review.toml: `{setting}` must be {form}", where={"table": name})


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_sections(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


_FORMS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "kind": (_is_text, "a text"),
    "event_date": (_is_text, "the name of a column, or an empty text"),
    "person": (_is_texts, "a list of names of columns"),
    "sensitive": (
        lambda value: isinstance(value, bool) or _is_texts(value),
        "true, false or a list of columns",
    ),
    "sign_off": (_is_sections, "sections of their own, [[tables.NAME.sign_off]]"),
    "columns": (lambda value: isinstance(value, dict), "a section of its own"),
}


def merged(decided: Review, proposed: Review) -> Review:
    """The review that holds: whatever a person's file says, and the proposal for the rest."""
    tables = dict(proposed.tables)
    for name, table in decided.tables.items():
        rest = proposed.tables.get(name, TableReview())
        kind, event_date, person, sensitive = (
            getattr(rest if setting in table.left_out else table, setting)
            for setting in ("kind", "event_date", "person", "sensitive")
        )
        types = rest.types | table.types
        tables[name] = replace(
            table,
            kind=kind,
            event_date=event_date,
            person=person,
            sensitive=sensitive,
            types=types,
            notes=rest.notes,
        )
    return Review(tables)


def completed(text: str, review: Review) -> str:
    """A person's review.toml with what is missing in it added, and all else as it was, comments included."""
    try:
        document = tomlkit.parse(text.removeprefix("\ufeff"))
        tables = document.setdefault("tables", tomlkit.table(is_super_table=True))
        for name, table in review.tables.items():
            if name not in tables:
                tables[name] = _section(table)
                continue
            columns = tables[name].setdefault("columns", tomlkit.table())
            for column in (name for name in table.types if name not in columns):
                columns[column] = _noted(table, column)
        made = tomlkit.dumps(document)
        columns_of = {name: table["columns"] for name, table in tomllib.loads(made)["tables"].items()}
        if columns_of == {name: table.types for name, table in review.tables.items()}:
            return made
    except (TOMLKitError, ValueError, KeyError, TypeError, AttributeError):
        pass
    return write(review)  # written in a way that can't be added to


def write(review: Review) -> str:
    """The text of review.toml."""
    document = tomlkit.document()
    for line in (
        "What each column is, as the survey proposes it. Correct what is wrong: this file wins over the",
        "survey and is never overwritten. docs/types.md lists the types; docs/review.md says what the",
        "settings do. Behind each type: what speaks for it, and how values look, letters and digits as dots.",
    ):
        document.add(tomlkit.comment(line))
    tables = tomlkit.table(is_super_table=True)
    for name, table in review.tables.items():
        tables[name] = _section(table)
    document["tables"] = tables
    return tomlkit.dumps(document)


def _section(table: TableReview) -> Any:
    section = tomlkit.table()
    section["kind"] = table.kind
    section["event_date"] = table.event_date or ""
    section["person"] = list(table.person)
    section["sensitive"] = list(table.sensitive_columns) or table.sensitive
    columns = tomlkit.table()
    for column in table.types:
        columns[column] = _noted(table, column)
    section["columns"] = columns
    if table.signed:
        section["sign_off"] = tomlkit.aot()
        for signed in table.signed:
            section["sign_off"].append(tomlkit.item(vars(signed)))
    return section


def _noted(table: TableReview, column: str) -> Any:
    """A column's type with what the survey saw as a comment."""
    found = tomlkit.item(table.types[column])
    if table.notes.get(column):
        found.comment(plain(table.notes[column]))
    return found
