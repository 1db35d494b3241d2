"""A table that has only grown: which new numbers go together, beside those of its earlier editions.

Where records were added and nothing else has changed, all that two editions tell a reader is a table of what
came in between. Of tables that share no column only the margins of that are told, so that not each of their
crossed classes needs to be nobody's or many people's, as where anything may have changed (`changes`): it is
enough that each class of the tables themselves is, and that the margins prove nobody to be in a small crossed
class of two margins or three (the bounds of M. Fréchet, 1935).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sousveil.errors import SousveilError
from sousveil.findings.model import Populations, Question, Records
from sousveil.findings.syntax import text
from sousveil.gate.language import refs as spelling
from sousveil.gate.language import witness
from sousveil.gate.protection.system import Flags, Ints

Asked = Sequence[tuple[str, Question]]
Kept = Mapping[str, object]
Columns = frozenset[str]
Weigh = Callable[[Ints, Ints], tuple[Ints, Ints]]
"""From the class and the person of each record to the classes, and how many are in each."""


@dataclass(frozen=True)
class Arrivals:
    """What has come in since one edition, by what was asked then."""

    names: Mapping[str, Collection[str]]
    """The conditions and references that were asked about each column."""
    places: Mapping[str, int]
    """Where each of them stands in a class."""
    records: Records
    """Today's, of which `new` were not there, and `others` are of people who were told apart otherwise."""
    new: Flags
    others: Flags

    def classes(self, columns: Collection[str], taken: Flags) -> Ints:
        """For some records the number of their class by what was asked about some columns."""
        number: dict[tuple[str, ...], int] = {}
        coarse = [number.setdefault(one, len(number)) for one in self._said(columns)]
        return np.array(coarse, dtype=np.int64)[self.records.codes[taken]]

    def _said(self, columns: Collection[str]) -> list[tuple[str, ...]]:
        """What each class says of some columns."""
        places = [self.places[name] for column in sorted(columns) for name in self.names.get(column, ())]
        return [tuple(one[place] for place in places) for one in self.records.classes]

    def tells(self, columns: Collection[str], k: int, of_people: bool) -> bool:
        """Whether a class by these columns got a few people; `of_people`: or has a few told apart anew."""
        taken = [self.new, self.others] if of_people else [self.new]
        return any(
            (_people(self.classes(columns, one), self.records.persons[one])[1] < k).any() for one in taken
        )

    def tied(self, one: str, other: str) -> bool:
        """Whether one of two columns tells the other, so that readers know what never goes together."""
        first, second = self._said([one]), self._said([other])
        labels, others, pairs = set(first), set(second), set(zip(first, second, strict=True))
        return min(len(labels), len(others)) > 1 and len(pairs) in (len(labels), len(others))

    def margin(self, columns: Collection[str], until: Flags) -> Margin:
        """What came in by some columns; `until` are records that came in later than what is looked at."""
        taken = self.new & ~until
        classes, persons = self.classes(columns, taken), self.records.persons[taken]
        return Margin(classes, persons, [_sizes(weigh, classes, persons) for weigh in _UNITS])


@dataclass(frozen=True)
class Margin:
    """The records that came in, by the columns of one table."""

    classes: Ints
    persons: Ints
    sizes: Sequence[Ints]
    """By unit the size of each class."""


def proves(margins: Sequence[Margin], k: int) -> bool:
    """Whether margins of the same records prove that some of a few people are in a class crossed by all."""
    persons = margins[0].persons
    crossed, codes = np.unique(
        np.stack([one.classes for one in margins], axis=1), axis=0, return_inverse=True
    )
    few = _sizes(_people, codes.reshape(-1), persons) < k
    for unit, weigh in enumerate(_UNITS):
        whole = _sizes(weigh, np.zeros_like(persons), persons).sum()
        sure = sum(one.sizes[unit][crossed[:, place]] for place, one in enumerate(margins))
        if (few & (sure > (len(margins) - 1) * whole)).any():
            return True
    return False


@dataclass
class Growth:
    """A table that has only grown since each of its other editions."""

    since: Mapping[int, Arrivals]
    """By the place of an edition what has come in since."""
    told: Mapping[int, frozenset[Columns]]
    """By the place of an edition the columns of each table that was released of it."""
    k: int
    tables: list[tuple[Columns, bool]] = field(default_factory=list)
    """What is released of today's data: columns that hang together, and whether people are counted."""
    _margins: dict[tuple[int, bool, Columns], Margin] = field(default_factory=dict)

    def refusing(self, columns: Collection[str], of_people: bool) -> int | None:
        """The place of an edition beside which a table about these columns can't be shown; else it is taken.

        Tables that share a column are taken together, so that what they tell of each other counts; so are
        those of which one tells the other (a city its province).
        """
        joined, counts_people, apart = self._joined(columns, of_people)
        for place in self.since:
            # A table that was released later, but before today, tells of a part of the time as well.
            later = {one for edition, tables in self.told.items() if edition > place for one in tables}
            others = sorted(later | {other for other, _ in apart}, key=sorted)
            tied = [one for one in others if self._tied(joined, one)]
            beside = [one for one in others if joined and one and not joined & one and one not in tied]
            if self._tells(place, joined.union(*tied), counts_people, beside):
                return place
        self.tables = [*apart, (joined, counts_people)]
        return None

    def take(self, columns: Collection[str], of_people: bool) -> None:
        """Take a table for released of today's data."""
        joined, counts_people, apart = self._joined(columns, of_people)
        self.tables = [*apart, (joined, counts_people)]

    def _joined(
        self, columns: Collection[str], of_people: bool
    ) -> tuple[Columns, bool, list[tuple[Columns, bool]]]:
        """A table with all that hang together with it by their columns; and those that don't."""
        joined, counts_people, apart = frozenset(columns), of_people, []
        for other, people in self.tables:
            if joined & other or self._tied(joined, other):
                joined, counts_people = joined | other, counts_people or people
            else:
                apart.append((other, people))
        return joined, counts_people, apart

    def _tied(self, columns: Columns, others: Columns) -> bool:
        """Whether a column of one table tells another column, of another table."""
        pairs = [pair for pair in itertools.product(columns, others) if pair[0] != pair[1]]
        return any(came.tied(*pair) for pair in pairs for came in self.since.values())

    def _tells(self, place: int, columns: Columns, of_people: bool, beside: Sequence[Columns]) -> bool:
        """Whether a table tells of a few who came in since an edition, alone or with one or two others."""
        if self.since[place].tells(columns, self.k, of_people):
            return True
        # Between two editions in a row, too: what each proves of the time between adds up.
        spans = [False] if self._next(place) is None else [False, True]
        some = [*((one,) for one in beside), *itertools.combinations(beside, 2)]
        return any(
            proves([self._margin(place, early, one) for one in (columns, *others)], self.k)
            for others in some
            for early in spans
        )

    def _next(self, place: int) -> int | None:
        return next((one for one in sorted(self.since) if one > place), None)

    def _margin(self, place: int, early: bool, columns: Columns) -> Margin:
        """What came in since an edition by some columns; `early`: up to the next edition only."""
        key = place, early, columns
        if key not in self._margins:
            came, later = self.since[place], self._next(place)
            until = self.since[later].new if early and later is not None else np.zeros_like(came.new)
            self._margins[key] = came.margin(columns, until)
        return self._margins[key]


def arrivals(populations: Populations, table: str, asked: Asked, kept: Kept) -> Arrivals | None:
    """What has come into a table since an edition; None where anything else has changed in its records."""
    leaves = {leaf: None for base, _ in asked for leaf in witness.leaves(witness.condition(base))}
    by = {spelling.canonical(one): one for _, question in asked for one in question.by}
    conditions, refs = sorted(map(text, leaves)), [by[ref] for ref in sorted(by)]
    try:
        before = populations.records(table, conditions, refs, kept)
        after = populations.records(table, conditions, refs)
    except SousveilError:
        return None
    there = np.searchsorted(after.rows, before.rows)
    if len(there) and (there[-1] >= len(after.rows) or (after.rows[there] != before.rows).any()):
        return None
    number = {one: place for place, one in enumerate(dict.fromkeys([*before.classes, *after.classes]))}
    old = np.array([number[one] for one in before.classes], dtype=np.int64)[before.codes]
    if (np.array([number[one] for one in after.classes], dtype=np.int64)[after.codes][there] != old).any():
        return None
    names: dict[str, list[str]] = {}
    for leaf in leaves:
        names.setdefault(witness.column_of(leaf), []).append(text(leaf))
    for ref in by:
        names.setdefault(spelling.column(ref), []).append(by[ref])
    new = np.ones(len(after.rows), dtype=np.bool_)
    new[there] = False
    places = {name: place for place, name in enumerate((*conditions, *refs))}
    return Arrivals(names, places, after, new, _told_apart_otherwise(before.persons, after.persons, there))


def _told_apart_otherwise(old: Ints, new: Ints, there: Ints) -> Flags:
    """The records of people who were two and are one now, or the other way round, or were nobody."""
    now = new[there]
    pairs = np.unique(np.stack([old, now], axis=1), axis=0)
    changed = (pairs[:, 0] < 0) != (pairs[:, 1] < 0)
    for side in (0, 1):
        _, back, times = np.unique(pairs[:, side], return_inverse=True, return_counts=True)
        changed |= (times[back] > 1) & (pairs[:, side] >= 0)
    found = np.isin(new, pairs[changed & (pairs[:, 1] >= 0), 1])
    found[there] |= np.isin(old, pairs[changed & (pairs[:, 0] >= 0), 0])
    return found


def _people(classes: Ints, persons: Ints) -> tuple[Ints, Ints]:
    """The classes that occur, and the people of each; nobody known counts as one person."""
    pairs = np.unique(np.stack([classes, persons], axis=1), axis=0)
    return _records(pairs[:, 0], persons)


def _records(classes: Ints, persons: Ints) -> tuple[Ints, Ints]:  # noqa: ARG001
    """The classes that occur, and the records of each."""
    return np.unique(classes, return_counts=True)


def _sizes(weigh: Weigh, classes: Ints, persons: Ints) -> Ints:
    """The size of each class up to the last that occurs."""
    found, number = weigh(classes, persons)
    sizes = np.zeros(int(classes.max(initial=-1)) + 1, dtype=np.int64)
    sizes[found] = number
    return sizes


_UNITS: tuple[Weigh, ...] = (_records, _people)
