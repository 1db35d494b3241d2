"""The exact answers: one pass over a base for each `where` and `by`, shared by questions that differ in unit.

What the people of a cell are is said in `sousveil.count.cells`; here it is written in Ibis.

Each pass groups twice: by labels and person, then by labels. That counts distinct people exactly, on every
engine, at half the cost of `COUNT(DISTINCT …)`.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sousveil.count.cells import NOT_PEOPLE
from sousveil.findings.bases import Bases, sql
from sousveil.findings.labels import in_order, label
from sousveil.findings.model import ExactCell, ExactTable, Question
from sousveil.findings.questions import Asked
from sousveil.findings.scope import PEOPLE, Scope, about_people
from sousveil.findings.syntax import Ref, text
from sousveil.findings.translate import predicate, term
from sousveil.findings.where import kind

MAX_CELLS = 20_000
"""Cells of one table; more would be small ones nearly all, and the gate could not prove them safe in time."""


@dataclass(frozen=True)
class Counted:
    """What is counted of the records of one cell."""

    records: int
    people: int
    """Distinct people known."""
    sure: int
    """Those of them that a valid strong identifier vouches for in the cell."""
    nobody: int
    """Records that belong to nobody known."""


@dataclass(frozen=True)
class TooFine:
    """A question whose `by` makes too many cells to be released."""

    question: Question
    cells: int


class Tabulation:
    """The exact tables of one run; passes over the same records are made once."""

    def __init__(self, bases: Bases, scopes: Mapping[str, Scope]) -> None:
        self.bases = bases
        self.scopes = scopes
        """Every table of the case."""
        self._passes: dict[tuple[Any, ...], list[tuple[tuple[Any, ...], Counted]]] = {}

    def prepare(self, asked: Sequence[Asked]) -> None:
        """Make each table's base once, with all the columns that these questions read."""
        columns: dict[str, frozenset[str]] = {}
        for one in asked:
            if one.scope:
                columns[one.scope.name] = columns.get(one.scope.name, frozenset()) | one.columns
        for name, wanted in columns.items():
            self.bases.of(self.scopes[name], wanted)

    def prepare_all(self) -> None:
        """Make each table's base with every column that a question may use."""
        for scope in self.scopes.values():
            self.bases.of(scope, {c.sql for c in scope.columns.values() if c.kind and c.kept})

    def total(self, asked: Asked) -> Counted:
        """What is counted over the whole population."""
        return self._pass(asked, ())[0][1]

    def tells_people_apart(self, scope: Scope) -> bool:
        """Whether at least half of a table's records belong to people known (not to vehicles, devices …)."""
        if scope.unit != PEOPLE:
            return False
        rows = self.bases.of(scope, ())
        counted = rows.agg(records=rows.count(), known=(rows.person < NOT_PEOPLE).sum())
        records, known = self.bases.case.vault.engine.rows(sql(counted))[0]
        return bool(records and 2 * int(known or 0) >= records)

    def size(self, asked: Asked) -> int:
        """How many cells the answer has."""
        return len(self._pass(asked, asked.by))

    def table(self, asked: Asked) -> ExactTable | TooFine:
        """The exact answer to one question."""
        total = self.total(asked)
        kinds = [kind(ref, asked.scope) for ref in asked.by] if asked.scope else []
        cells = self._cells(asked, kinds) if asked.by else []
        if len(cells) > MAX_CELLS:
            return TooFine(asked.question, len(cells))
        return ExactTable(
            question=asked.question,
            cells=tuple(cells),
            total=_cell(asked.question, (), total),
            population=asked.population(self.bases.cut_off),
            columns=asked.names,
            cut_off=asked.until(self.bases.cut_off),
            sensitive=places(asked, asked.scope.sensitive if asked.scope else ()),
            signed=places(asked, [one.column for one in asked.scope.signed] if asked.scope else ()),
            dated=asked.dated(self.bases.cut_off),
        )

    def persons(self, asked: Asked) -> Any:
        """An Arrow table of the records `n` of each person (null: nobody known) by the keys `k0`, `k1` …"""
        if asked.scope is None and not about_people(self.scopes):
            return pa.table({"person": pa.array([], pa.int64()), "n": pa.array([], pa.int64())})
        rows = self.rows(asked) if asked.scope else self._everybody()
        keys = [functools.partial(key, ref, asked.scope) for ref in asked.by if asked.scope]
        return self.bases.case.vault.engine.table(sql(_by_person(rows, keys)))

    def _cells(self, asked: Asked, kinds: Sequence[str]) -> list[ExactCell]:
        cells = [
            _cell(asked.question, tuple(label(k, key) for k, key in zip(kinds, keys, strict=True)), counted)
            for keys, counted in self._pass(asked, asked.by)
        ]
        keys = in_order(kinds, [(cell.keys, cell.value) for cell in cells])
        return [cell for _, cell in sorted(zip(keys, cells, strict=True), key=operator.itemgetter(0))]

    def _pass(self, asked: Asked, by: tuple[Ref, ...]) -> list[tuple[tuple[Any, ...], Counted]]:
        what = (
            asked.question.table,
            text(asked.where) if asked.where else "",
            *(ref.text for ref in by),
        )
        if asked.scope is None and not about_people(self.scopes):
            return [((), Counted(0, 0, 0, 0))]
        if what not in self._passes:
            rows = self.rows(asked) if asked.scope else self._everybody()
            counted = grouped(rows, [functools.partial(key, ref, asked.scope) for ref in by if asked.scope])
            found = self.bases.case.vault.engine.rows(sql(counted))
            self._passes[what] = [
                (tuple(row[: len(by)]), Counted(*(int(n or 0) for n in row[len(by) :]))) for row in found
            ]
        return self._passes[what]

    def rows(self, asked: Asked) -> Any:
        """The records that a question is about, up to the cut-off, as an Ibis table."""
        if asked.scope is None:
            raise TypeError("the whole case has no rows of its own")
        rows = self.bases.of(asked.scope, asked.columns)
        return rows.filter(predicate(asked.where, rows, asked.scope)) if asked.where else rows

    def _everybody(self) -> Any:
        """The records up to the cut-off of the tables that tell people apart: person, and whether sure.

        A record of nobody known may be one person more, but only where records are about people.
        """
        parts = []
        for scope in about_people(self.scopes):
            rows = self.bases.of(scope, ()).select("person", "sure")
            parts.append(rows.filter(rows.person.isnull() | (rows.person < NOT_PEOPLE)))
        # A tree that is not deep, since compilers recurse: a dump may have a thousand tables.
        while len(parts) > 1:
            pairs = [part.union(other) for part, other in zip(parts[::2], parts[1::2], strict=False)]
            parts = pairs + parts[len(pairs) * 2 :]
        return parts[0]


def places(asked: Asked, columns: Collection[str]) -> frozenset[int]:
    """The places in `by` of these columns, or of functions of them."""
    return frozenset(place for place, ref in enumerate(asked.by) if ref.column in columns)


def key(ref: Ref, scope: Scope, rows: Any) -> Any:
    """What records are grouped by: the value of a reference; a text that is missing is empty."""
    value = term(ref, rows, scope)
    is_text = ref.function is None and scope.column(ref.column).kept == "VARCHAR"
    return value.fill_null("") if is_text else value


def grouped(rows: Any, keys: Sequence[Callable[[Any], Any]]) -> Any:
    """Counts for each combination of keys, as an Ibis table: the keys, then the fields of `Counted`."""
    import ibis

    names = [f"k{place}" for place in range(len(keys))]
    persons = _by_person(rows, keys)
    known = persons.person.notnull()
    return (persons.group_by(names) if names else persons).agg(
        records=persons.n.sum(),
        people=persons.person.count(),
        sure=ibis.ifelse(known & persons.vouched, 1, 0).sum(),
        nobody=ibis.ifelse(known, 0, persons.n).sum(),
    )


def _by_person(rows: Any, keys: Sequence[Callable[[Any], Any]]) -> Any:
    """For each combination of keys and each person: records `n`, and whether one of them is `vouched` for."""
    names = [f"k{place}" for place in range(len(keys))]
    keyed = rows.select(
        **{name: key(rows) for name, key in zip(names, keys, strict=True)}, person=rows.person, sure=rows.sure
    )
    return keyed.group_by([*names, "person"]).agg(n=keyed.count(), vouched=keyed.sure.any())


def _cell(question: Question, keys: tuple[str, ...], counted: Counted) -> ExactCell:
    if question.count == "records":
        value = counted.records
        return ExactCell(keys, value, counted.people, value, value, value)
    return ExactCell(
        keys,
        counted.records,
        counted.people,
        counted.people,
        min(counted.sure, counted.people),
        counted.people + counted.nobody,
    )
