"""What a table is, which column dates its records, and which columns say who a record is about."""

from __future__ import annotations

from sousveil.survey.headers import GENERIC, meanings, parts, speaks_of
from sousveil.survey.types import STRONG
from sousveil.vault import Column, Table

Types = dict[Column, str]

_THINGS = ("cn_plate", "phone", "email", "imei", "imsi", "mac", "cn_uscc")
"""What tells records apart where nobody is named, in this order."""


def _about(column: Column, topic: str) -> bool:
    return speaks_of(column.name, topic) or bool(column.hint and speaks_of(column.hint, topic))


def event_date(table: Table, types: Types, present: dict[Column, float]) -> Column | None:
    """The column that dates a record: a moment before a day, an event's word before none, never an expiry."""
    ranked = sorted(
        (
            column
            for column in table.columns
            if types[column] in {"datetime", "date"} and present[column] >= 0.3
        ),
        key=lambda column: (
            not _about(column, "event"),
            types[column] != "datetime",
            -round(present[column], 1),
            column.cid,
        ),
    )
    chosen = [column for column in ranked if not _about(column, "no_event")]
    return chosen[0] if chosen else None


def person(table: Table, types: Types, present: dict[Column, float]) -> tuple[Column, ...]:
    """The columns that say who a record is about, strongest first; not the officer, the parent, the contact.

    Where nobody is named, the one thing that tells records apart: a plate, a telephone.
    """
    own = [column for column in table.columns if not _about(column, "officer") and present[column] > 0]
    found = [column for column in own if types[column] in STRONG]
    found = _first_of_each(found, types)
    # A column that is hardly ever filled (an alias) tells nobody apart.
    found += _names([column for column in own if present[column] >= 0.3] or own, types)
    found += _first_of_each([column for column in own if types[column] == "birth_date"], types)
    if any(types[column] == "person_name" for column in found):
        found += _first_of_each([column for column in own if types[column] == "phone"], types)
    if found and any(types[column] in STRONG or types[column] == "person_name" for column in found):
        return tuple(found)
    for thing in _THINGS:
        columns = [column for column in own if types[column] == thing]
        if columns:
            return (columns[0],)
    return ()


def _first_of_each(columns: list[Column], types: Types) -> list[Column]:
    """One column of each type: the fullest header first would be a guess, so the first in the table."""
    found: dict[str, Column] = {}
    for column in columns:
        found.setdefault(types[column], column)
    return list(found.values())


def _names(own: list[Column], types: Types) -> list[Column]:
    """Name columns of one person: the plain ones (name, first name, last name), else the first."""
    names = [column for column in own if types[column] == "person_name"]
    plain = [column for column in names if _is_plain(column)]
    subjects = [column for column in plain if _about(column, "subject")]
    return (subjects or plain or names)[: 3 if plain else 1]


def _is_plain(column: Column) -> bool:
    """Whether a header says `name` and nothing more: not whose."""
    said = meanings(column.name, column.hint).get("person_name", 0.0)
    return said >= 1.0 or (said >= GENERIC and len(parts(column.name)) == 1)


def kind(table: Table, types: Types, dated: Column | None, persons: tuple[Column, ...]) -> str:
    """`event` (things that happened), `list` (people put on a list), `register` (what there is), `other`."""
    if dated is not None:
        return "event"
    if "organisation" in types.values() and "cn_uscc" in types.values():
        return "register"
    if speaks_of(table.name, "list") and persons:
        return "list"
    if any(types[column] in STRONG or types[column] == "person_name" for column in persons):
        return "list"
    return "register" if persons or "organisation" in types.values() else "other"
