"""Whom two questions differ in: what the gate asks before it lets a number out about nearly the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sousveil.count.grouping import distinct
from sousveil.errors import SousveilError
from sousveil.findings import coded, kept
from sousveil.findings.bases import Bases, sql
from sousveil.findings.model import ExactTable, Question, Records
from sousveil.findings.questions import WHOLE_CASE, Asked, checked
from sousveil.findings.scope import Scope, about_people
from sousveil.findings.tabulate import Tabulation, key
from sousveil.findings.translate import predicate
from sousveil.findings.where import kind

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Persons:
    """A table's people: for each row of its base (by `_row`) a code from 0."""

    rows: npt.NDArray[np.int64]
    codes: npt.NDArray[np.int64]
    """-1 for nobody known."""
    numbers: npt.NDArray[np.int64]
    """The case's number of each of them, by code."""

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.numbers)


class CasePopulations:
    """The populations behind questions on one case, up to its cut-off, which stays (`cutoff.Released`)."""

    def __init__(self, scopes: Mapping[str, Scope], bases: Bases) -> None:
        self.scopes = scopes
        self.bases = bases
        self._persons: dict[int, _Persons] = {}
        self._masks: dict[tuple[str, str], Mask] = {}
        self._coded: dict[tuple[str, str], coded.Coded] = {}
        self._numbers: dict[tuple[str, str], npt.NDArray[np.int64]] = {}

    def difference(self, one: Question, other: Question) -> tuple[int, int]:
        """How many distinct people are in `one` and not in `other`, and the other way round.

        Two counts of records differ in records: there it is the people of the records that are in one only,
        and all of those that belong to nobody known count as one person, since they may be that few, and
        are not nothing. Raises as `questions.checked` where a question no longer fits the case.
        """
        if one.table != other.table:
            raise ValueError("populations are compared within one table")
        in_one, in_other = self._mask(one), self._mask(other)
        persons = self._persons[self.scopes[one.table].table.tid]
        by_records = one.count == "records" and other.count == "records"
        return (
            _only(in_one, in_other, persons, by_records),
            _only(in_other, in_one, persons, by_records),
        )

    def remainder(self, outer: Question, inner: Sequence[Question]) -> int:
        """How many distinct people are in `outer` and in none of `inner`, all on one table.

        Of records as in `difference`: the people of the records that are in `outer` alone.
        """
        whole = self._mask(outer)
        union = np.logical_or.reduce([np.zeros_like(whole), *map(self._mask, inner)])
        persons = self._persons[self.scopes[outer.table].table.tid]
        return _only(whole, union, persons, outer.count == "records")

    def parts(self) -> tuple[str, ...]:
        """The tables of which the whole case consists: those that tell people apart."""
        return tuple(scope.name for scope in about_people(self.scopes))

    def fits(self, question: Question) -> bool:
        """Whether a question that was answered once can still be asked: an edit may take a column away."""
        try:
            checked(self.scopes, question)
        except SousveilError:
            return False
        return True

    def fingerprint(self, table: str) -> str:
        """The count's fingerprint, which covers the data and the review, and up to when records are in."""
        scope, count = self.scopes[table], self.bases.case.vault.stage("count")
        return f"{count[0] if count else ''} {scope.event_date} {self.bases.cut_off}"

    def keep(self, table: str, questions: Sequence[Question]) -> Mapping[str, Any]:
        """Keep the records of a table in the vault, with the columns that these questions read."""
        scope = self.scopes[table]
        columns = frozenset[str]().union(*(checked(self.scopes, one).columns for one in questions))
        return kept.keep(self.bases.case, scope, self.bases.of(scope, columns), columns)

    def forget(self, kept_one: Mapping[str, Any]) -> None:
        """Drop what was kept."""
        kept.forget(self.bases.case, kept_one)

    def records(
        self,
        table: str,
        conditions: Sequence[str],
        by: Sequence[str],
        kept_one: Mapping[str, Any] | None = None,
    ) -> Records:
        """Each record of a table by the truth of conditions and by labels as in `by`. Raises as `joint`."""
        scope = kept.kept_scope(self.scopes[table], kept_one) if kept_one else self.scopes[table]
        scopes = {table: scope}
        asked = [checked(scopes, Question("-", "-", "records", table, where)) for where in conditions]
        asked += [checked(scopes, Question("-", "-", "records", table, by=(one,))) for one in by]
        columns = frozenset[str]().union(*(one.columns for one in asked))
        rows = kept.kept_rows(kept_one) if kept_one else self.bases.of(scope, columns)
        keys = {f"k{place}": _key(one, scope, rows) for place, one in enumerate(asked)}
        chosen = rows.select("_row", "person", **keys).order_by("_row")
        kinds = [kind(one.by[0], scope) if one.by else None for one in asked]
        return kept.classed(self.bases.case.vault.engine.table(sql(chosen)), kinds)

    def again(self, question: Question) -> ExactTable | None:
        """The answer to a question on today's data; None where it can't be asked any more."""
        try:
            made = Tabulation(self.bases, self.scopes).table(checked(self.scopes, question))
        except SousveilError:
            return None
        return made if isinstance(made, ExactTable) else None

    def numbers(self, question: Question) -> npt.NDArray[np.int64]:
        """The numbers of the distinct people in a population, ascending; the same in every table."""
        if question.table == WHOLE_CASE:
            return self._everybody()
        key = (question.table, question.where)
        if key not in self._numbers:
            self._numbers[key] = self._within(question)
        return self._numbers[key]

    def labelled(
        self, question: Question
    ) -> tuple[list[tuple[str, ...]], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The cells of a question by labels, and its people: cell and number, each pair once."""
        mask = self._mask(question)
        persons = self._persons[self.scopes[question.table].table.tid]
        parts = [self._labels(question.table, one) for one in question.by]
        code, classes = coded.combined(parts, len(persons.rows))
        chosen = mask & (persons.codes >= 0)
        pairs = distinct(code[chosen] * max(persons.count, 1) + persons.codes[chosen])
        cell, person = np.divmod(pairs, max(persons.count, 1))
        return classes, cell, persons.numbers[person]

    def joint(
        self, table: str, conditions: Sequence[str], by: Sequence[str]
    ) -> dict[tuple[str, ...], tuple[int, int]]:
        """Records and people of a table by the truth (`0`, `1`) of conditions and by labels as in `by`.

        Raises as `questions.checked` where a condition or a column no longer fits the case.
        """
        questions = [Question("-", "-", "records", table, where) for where in conditions]
        parts = [coded.truths(self._mask(one)) for one in questions]
        parts += [self._labels(table, one) for one in by]
        scope = self.scopes[table]
        persons = self._people(scope, self.bases.of(scope, ()))
        code, classes = coded.combined(parts, len(persons.rows))
        numbers = coded.counts(code, len(classes), persons.codes, persons.count)
        return dict(zip(classes, zip(*numbers, strict=True), strict=True))

    def _labels(self, table: str, by: str) -> coded.Coded:
        """The label of each record by one reference, in the order of the rows."""
        if (table, by) not in self._coded:
            asked = checked(self.scopes, Question("-", "-", "records", table, by=(by,)))
            scope = self.scopes[table]
            rows = self.bases.of(scope, asked.columns)
            chosen = rows.select("_row", key=key(asked.by[0], scope, rows)).order_by("_row")
            found = self.bases.case.vault.engine.table(sql(chosen))
            self._coded[table, by] = coded.labelled(found.column(1), kind(asked.by[0], scope))
        return self._coded[table, by]

    def _everybody(self) -> npt.NDArray[np.int64]:
        key = (WHOLE_CASE, "")
        if key not in self._numbers:
            tables = [Question("-", "-", "people", scope.name) for scope in about_people(self.scopes)]
            known = [np.empty(0, np.int64), *map(self.numbers, tables)]
            self._numbers[key] = distinct(np.concatenate(known))
        return self._numbers[key]

    def _within(self, question: Question) -> npt.NDArray[np.int64]:
        mask = self._mask(question)
        persons = self._persons[self.scopes[question.table].table.tid]
        present = np.zeros(persons.count, dtype=np.bool_)
        codes = persons.codes[mask]
        present[codes[codes >= 0]] = True
        return persons.numbers[present]

    def _mask(self, question: Question) -> Mask:
        key = (question.table, question.where)
        if key not in self._masks:
            asked = checked(self.scopes, question, combined=True)
            if asked.scope is None:
                raise ValueError("the whole case is one population")
            rows = self.bases.of(asked.scope, asked.columns)
            persons = self._people(asked.scope, rows)
            if asked.where is None:
                self._masks[key] = np.ones(len(persons.rows), dtype=np.bool_)
            else:
                found = rows.filter(predicate(asked.where, rows, asked.scope)).select("_row")
                numbers = self.bases.case.vault.engine.table(sql(found)).column(0).to_numpy()
                mask = np.zeros(len(persons.rows), dtype=np.bool_)
                mask[np.searchsorted(persons.rows, numbers)] = True
                self._masks[key] = mask
        return self._masks[key]

    def _people(self, scope: Scope, rows: object) -> _Persons:
        if scope.table.tid not in self._persons:
            chosen = rows.select("_row", "person").order_by("_row")  # type: ignore[attr-defined]
            found = self.bases.case.vault.engine.table(sql(chosen))
            person = found.column(1).combine_chunks()
            numbers = person.fill_null(-1).to_numpy()
            known = distinct(numbers)
            known = known[known >= 0]
            codes = np.searchsorted(known, numbers)
            codes[numbers < 0] = -1
            self._persons[scope.table.tid] = _Persons(found.column(0).to_numpy(), codes, known)
        return self._persons[scope.table.tid]


def _key(asked: Asked, scope: Scope, rows: Any) -> Any:
    """The truth of a condition (what is unknown does not hold), or a label, as an Ibis value."""
    if asked.where is not None:
        return predicate(asked.where, rows, scope).fill_null(False)
    return key(asked.by[0], scope, rows)


def _only(one: Mask, other: Mask, persons: _Persons, by_records: bool) -> int:
    """Distinct people of `one` that are not in `other`; with `by_records`, of records not in `other`."""
    rest = one & ~other
    codes = persons.codes[rest]
    present = np.zeros(persons.count, dtype=np.bool_)
    present[codes[codes >= 0]] = True
    if by_records:
        return int(present.sum()) + bool((codes < 0).any())
    there = persons.codes[other]
    present[there[there >= 0]] = False
    return int(present.sum())
