"""The values of the few records that a question is about; they go no further than `relations`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import pyarrow as pa

from sousveil.case import Case
from sousveil.count.review.store import Row
from sousveil.count.subjects import Subject, subjects_of
from sousveil.normalise.identifiers import compact, resident_id_long
from sousveil.normalise.tidy import tidy
from sousveil.survey.current import column_types
from sousveil.vault import Column

_BESIDE = ("sex", "address")
"""Types of column that help to judge, taken where a table has just one of the kind."""


@dataclass(frozen=True)
class Values:
    """What one record says of its subject; None where it says nothing."""

    table: str
    """The table's name as it may be shown."""
    untrusted_number: str | None = None
    untrusted_failing: str | None = None
    untrusted_document: str | None = None
    untrusted_names: tuple[str, ...] = ()
    born: dt.date | None = None
    untrusted_phone: str | None = None
    nation: str | None = None
    sex: str | None = None
    untrusted_address: str | None = None

    def __repr__(self) -> str:
        """Never a value: a record must not end up in a traceback."""
        return f"Values({sum(bool(getattr(self, field.name)) for field in fields(self)) - 1} fields)"


class Reader:
    """Reads the values of rows that a plan names."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._subjects = {subject.table.tid: subject for subject in subjects_of(case)}
        self._beside: dict[int, dict[str, Column]] = {}

    def read(self, rows: Sequence[Row]) -> list[Values]:
        """The values of these rows, in their order."""
        return [self._one(self._subjects[row.tid], row.row) for row in rows]

    def _one(self, subject: Subject, row: int) -> Values:
        clean = self._row(subject.table.clean, subject.columns, row)
        numbers = [*subject.numbers.values(), *subject.documents.values()]
        raw = self._row(subject.table.raw, [*numbers, *self._columns(subject)], row)
        beside = {kind: raw.get(column) for kind, column in self._kinds(subject).items()}
        held = [clean[column] for column in subject.numbers.values() if clean[column]]
        failing = [_compact(raw[column]) for column in subject.numbers.values() if not clean[column]]
        papers = [clean[column] for column in subject.documents.values() if clean[column]]
        names = ("".join(clean[part] or "" for part in name) for name in subject.names)
        born = clean.get(subject.birth or "")
        address = _compact(beside.get("address"))
        return Values(
            self._case.name_of(subject.table),
            _first(held),
            _first([number for number in failing if number]),
            _first(papers),
            tuple(name for name in names if name),
            born if isinstance(born, dt.date) else None,
            clean.get(subject.phone or ""),
            clean.get(subject.nationality or ""),
            _sex(beside.get("sex")),
            address,
        )

    def _row(self, table: str, columns: Sequence[str], row: int) -> dict[str, Any]:
        wanted = tuple(dict.fromkeys(columns))
        if not wanted:
            return {}
        found = self._case.vault.engine.rows(
            f"SELECT {', '.join(wanted)} FROM {table} WHERE _row = ?",  # noqa: S608  # internal names
            [row],
        )
        return dict(zip(wanted, found[0], strict=True))

    def _kinds(self, subject: Subject) -> dict[str, str]:
        """The columns that help to judge, by kind."""
        tid = subject.table.tid
        if tid not in self._beside:
            types = column_types(self._case, subject.table)
            of_kind = {kind: [column for column, found in types.items() if found == kind] for kind in _BESIDE}
            self._beside[tid] = {kind: found[0] for kind, found in of_kind.items() if len(found) == 1}
        return {kind: column.sql for kind, column in self._beside[tid].items()}

    def _columns(self, subject: Subject) -> list[str]:
        return list(self._kinds(subject).values())


def _first(values: Sequence[str]) -> str | None:
    return values[0] if values else None


def _compact(untrusted: str | None) -> str | None:
    """A text without spaces, dashes and placeholders; an old resident number in its new length."""
    if untrusted is None:
        return None
    found = resident_id_long(compact(pa.array([untrusted], pa.string())))[0].as_py()
    return found or None


def _sex(untrusted: str | None) -> str | None:
    from sousveil.normalise.sexes import sexes

    if untrusted is None:
        return None
    found: str | None = sexes(tidy(pa.array([untrusted], pa.string())))[0].as_py()
    return found
