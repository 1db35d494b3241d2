"""What has changed in a table since findings about it were released, and by how many people.

A reader who has numbers of two editions subtracts them, group by group. So a new edition goes out only where
no group that both can be added up to moved by the records of a few people. Groups are unions of classes: the
labels and truths that the earlier findings were about, as far as they are about the columns of those to be
released. Every kind of change (from one class to another, into the table, out of it) must be nobody's, or
that of at least k people. People have other numbers in each edition; they are taken for the same where
records have been theirs in both, so that they are counted rather too few.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from sousveil.errors import SousveilError
from sousveil.findings.model import Populations, Question, Records
from sousveil.findings.syntax import text
from sousveil.gate.editions.arrivals import Arrivals, Comings, Lens
from sousveil.gate.editions.growth import Growth
from sousveil.gate.editions.renewed import Table, renewed
from sousveil.gate.editions.repeated import Again
from sousveil.gate.language import refs as spelling
from sousveil.gate.language import witness
from sousveil.gate.protection.system import Ints
from sousveil.gate.refusal import Refusal
from sousveil.gate.released import Released
from sousveil.gate.sheet import Labels, Sheet

NONE, FEW, MANY = "none", "few", "many"
_REGROUPED = -2
"""Stands in the place of the class that records have moved to."""


@dataclass
class Edition:
    """The data on which some findings about a table were released."""

    fingerprint: str
    kept: Mapping[str, Any]
    """Where its records are, for `Populations.records`."""
    asked: list[tuple[str, Question]]
    """What was released of it: populations in canonical form, and questions."""

    def as_json(self) -> dict[str, Any]:
        """For the vault."""
        asked = [[base, asdict(question)] for base, question in self.asked]
        return {"fingerprint": self.fingerprint, "kept": self.kept, "asked": asked}

    @classmethod
    def read(cls, found: Mapping[str, Any]) -> Edition:
        """As `as_json` wrote it."""
        asked = [(base, Question(**{**one, "by": tuple(one["by"])})) for base, one in found["asked"]]
        return cls(found["fingerprint"], found["kept"], asked)


@dataclass
class Changes:
    """The editions of one table of the dump, held against its data of today."""

    populations: Populations
    table: str
    editions: Sequence[Edition]
    k: int
    accepted: set[str] = field(default_factory=set)
    """Columns of what is released of today's data."""
    units: set[str] = field(default_factory=set)
    """What is counted in it."""
    _found: dict[tuple[int, frozenset[str], bool], str] = field(default_factory=dict)
    _taken: dict[tuple[str, tuple[str, ...]], frozenset[Labels]] = field(default_factory=dict)
    """The labels that have new numbers, by population and references."""

    def __post_init__(self) -> None:
        """Tell editions of the same data from others."""
        today = self.populations.fingerprint(self.table) if self.editions else ""
        comings = Comings(self.populations, self.table)
        came: dict[int, Arrivals | None] = {}
        for place, edition in enumerate(self.editions):
            if edition.fingerprint != today:
                came[place] = comings.since(edition.asked, edition.kept)
            found = came.get(place)
            if edition.fingerprint == today or (found and found.is_nothing):
                self.accepted |= {name for base, one in edition.asked for name in _columns(base, one.by)}
                self.units |= {one.count for _, one in edition.asked}
                came.pop(place, None)
        self.other = [*came]
        self._growth = self._grown({place: one for place, one in came.items() if one})

    def has_changed(self, edition: int) -> bool:
        """Whether the data of an edition was another one than today's."""
        return edition in self.other

    def _grown(self, since: Mapping[int, Arrivals]) -> Growth | None:
        """The table as one that has only grown since its other editions; None where it is none."""
        if len(since) < len(self.other):
            return None
        told = {
            place: frozenset(frozenset(_columns(base, one.by)) for base, one in edition.asked)
            for place, edition in enumerate(self.editions)
        }
        growth = Growth(since, told, self.k)
        for place, edition in enumerate(self.editions):
            for base, asked in edition.asked if place not in self.other else ():
                lens = Lens(frozenset(_columns(base, asked.by)))
                growth.take(growth.everywhere(lens), asked.count == "people")
        return growth

    def decided(
        self, one: Sheet, again: Again, before: Sequence[Released]
    ) -> tuple[Refusal | None, Sheet | None]:
        """Why a table can't be shown with today's numbers, or the table as it can: then it is taken.

        `again` is what earlier releases of the same question say to it, `before` all that was released.
        """
        if (
            self._growth
            and again.bound
            and one.refs
            and getattr(again.refusal, "code", "EDITION") == "EDITION"
        ):
            return self._partly(self._growth, again.bound, again, before)
        refusal = again.refusal or self._refusal(one)
        return (refusal, None) if refusal else (None, again.bound or one)

    def _partly(
        self, growth: Growth, one: Sheet, again: Again, before: Sequence[Released]
    ) -> tuple[Refusal | None, Sheet | None]:
        """The table with the labels that can have new numbers, where it has only grown."""
        allowed = one.shown or frozenset()
        unit = self._taken.get((one.base, one.refs), allowed)
        about, of_people = frozenset(_columns(one.base, one.refs)), one.table.question.count == "people"
        leaves = sorted(map(text, witness.leaves(witness.condition(one.base))))
        lens = Lens(about, tuple(leaves), one.refs, allowed)
        there = frozenset(labels for labels, cell in one.cells.items() if cell.records)
        table = Table(lens, self._printed(one, before), again.moves, of_people, there)
        shown = renewed(growth, table, allowed & unit)
        if not shown or (unit != allowed and shown != unit):
            # Records and people of one table show the same cells.
            return again.refusal or Refusal("EDITION", self._name(max(self.other))), None
        beside = growth.refusing(table.beside(self.other, shown), of_people)
        if beside is not None:
            return Refusal("EDITION", self._name(beside)), None
        self._taken[one.base, one.refs] = shown
        return None, one.limited(shown, released=True)

    def _printed(self, one: Sheet, before: Sequence[Released]) -> dict[int, frozenset[Labels]]:
        """By edition the labels of a table that were printed, where nothing else was told of its columns."""
        about, found = _columns(one.base, one.refs), dict[int, frozenset[Labels]]()
        for earlier in before:
            if (earlier.base, earlier.refs) == (one.base, one.refs) and earlier.edition in self.other:
                found[earlier.edition] = found.get(earlier.edition, frozenset()) | earlier.cells.keys()
        return {
            place: labels
            for place, labels in found.items()
            if all(
                about.isdisjoint(_columns(earlier.base, earlier.refs))
                or (earlier.base, earlier.refs) == (one.base, one.refs)
                for earlier in before
                if earlier.edition == place
            )
        }

    def _name(self, place: int) -> str:
        """The finding that stands for an edition."""
        return self.editions[place].asked[0][1].id

    def _refusal(self, one: Sheet) -> Refusal | None:
        """Why a table can't be shown with today's numbers; None where it can, and is taken for released."""
        about, units = _columns(one.base, one.refs), {one.table.question.count}
        if self._growth:
            lenses = self._growth.everywhere(Lens(frozenset(about)))
            beside = self._growth.refusing(lenses, "people" in units)
            return None if beside is None else Refusal("EDITION", self._name(beside))
        for place in self.other:
            if self._since(place, about, "people" in units) == NONE:
                continue  # the table itself shows no change
            if self._since(place, about | self.accepted, "people" in units | self.units) == FEW:
                return Refusal("EDITION", self._name(place))
        self.accepted |= about
        self.units |= units
        return None

    def _since(self, place: int, columns: Collection[str], of_people: bool) -> str:
        """How what an edition says of some columns has changed since; `of_people`: also who is whom."""
        edition = self.editions[place]
        asked = {
            text(leaf)
            for base, _ in edition.asked
            for leaf in witness.leaves(witness.condition(base))
            if witness.column_of(leaf) in columns
        }
        by = {spelling.canonical(one): one for _, question in edition.asked for one in question.by}
        refs = [by[ref] for ref in sorted(by) if spelling.column(ref) in columns]
        key = (place, frozenset([*asked, *refs]), of_people)
        if key not in self._found:
            before = self.populations.records(self.table, sorted(asked), refs, edition.kept)
            try:
                after = self.populations.records(self.table, sorted(asked), refs)
            except SousveilError:
                return FEW  # what was asked can't be asked any more, so nobody can say
            self._found[key] = changed(before, after, self.k, of_people)
        return self._found[key]


def _columns(base: str, by: Collection[str]) -> set[str]:
    return {spelling.column(spelling.canonical(one)) for one in by} | spelling.columns_of_where(base)


def changed(before: Records, after: Records, k: int, of_people: bool) -> str:
    """Whether nothing changed, something that fewer than k people did, or only what many did.

    `of_people` says that it matters, too, who is counted as one person.
    """
    number = {one: place for place, one in enumerate(dict.fromkeys([*before.classes, *after.classes]))}
    rows = np.union1d(before.rows, after.rows)
    old, old_person = _spread(before, number, rows)
    new, new_person = _spread(after, number, rows)
    who = _same_people(old_person, new_person)
    moved = old != new
    groups = [np.stack([old[moved], new[moved], who[moved]], axis=1)]
    if of_people:
        groups += _regrouped(who, (old, old_person), (new, new_person))
    found = np.unique(np.concatenate(groups), axis=0)
    if not len(found):
        return NONE
    _, people = np.unique(found[:, :2], axis=0, return_counts=True)
    return FEW if (people < k).any() else MANY


def _spread(records: Records, number: Mapping[tuple[str, ...], int], rows: Ints) -> tuple[Ints, Ints]:
    """For each of these rows its class and person; -1 where the row is not there, or is nobody's."""
    codes, persons = np.full(len(rows), -1), np.full(len(rows), -1)
    places = np.searchsorted(rows, records.rows)
    known = np.array([number[one] for one in records.classes], dtype=np.int64)
    codes[places], persons[places] = known[records.codes], records.persons
    return codes, persons


def _same_people(old: Ints, new: Ints) -> Ints:
    """For each row a number of the person it was or is of; -1 for nobody, who all count as one."""
    olds, old_code = np.unique(old, return_inverse=True)
    news, new_code = np.unique(new, return_inverse=True)
    size = len(olds) + len(news)
    linked = (old >= 0) & (new >= 0)
    edges = (np.ones(linked.sum()), (old_code[linked], new_code[linked] + len(olds)))
    _, group = csgraph.connected_components(sparse.coo_array(edges, shape=(size, size)), directed=False)
    who = np.where(new >= 0, group[new_code + len(olds)], group[old_code])
    return np.where((old < 0) & (new < 0), -1, who).astype(np.int64)


def _regrouped(who: Ints, *editions: tuple[Ints, Ints]) -> list[Ints]:
    """Classes with people in them who were two and are one now, or the other way round, or were nobody."""
    (old, old_person), (new, new_person) = editions
    found = [who[(old >= 0) & (new >= 0) & ((old_person < 0) != (new_person < 0))]]
    for _, persons in editions:
        known = persons >= 0
        pairs = np.unique(np.stack([who[known], persons[known]], axis=1), axis=0)
        people, many = np.unique(pairs[:, 0], return_counts=True)
        found.append(people[many > 1])
    concerned = np.isin(who, np.concatenate(found))
    groups = []
    for classes, _ in editions:
        seen = concerned & (classes >= 0)
        groups.append(np.stack([classes[seen], np.full(int(seen.sum()), _REGROUPED), who[seen]], axis=1))
    return groups
