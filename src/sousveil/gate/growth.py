"""A table that has only grown: which new numbers go together, beside those of its earlier editions.

Where records were added and nothing else has changed, all that two editions tell a reader is a table of what
came in between. Of tables that share no column only the margins of that are told, so that not each of their
crossed classes needs to be nobody's or many people's, as where anything may have changed (`changes`): it is
enough that each class of the tables themselves is, and that the margins prove nobody to be in a small crossed
class (the bounds of M. Fréchet, 1935, which no third margin makes narrower).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sousveil.errors import SousveilError
from sousveil.findings.model import Populations, Question, Records
from sousveil.findings.syntax import text
from sousveil.gate import refs as spelling
from sousveil.gate import witness
from sousveil.gate.system import Flags, Ints

Asked = Sequence[tuple[str, Question]]
Kept = Mapping[str, object]


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
        names = sorted(name for column in columns for name in self.names.get(column, ()))
        places = [self.places[name] for name in names]
        number: dict[tuple[str, ...], int] = {}
        coarse = [
            number.setdefault(tuple(one[place] for place in places), len(number))
            for one in self.records.classes
        ]
        return np.array(coarse, dtype=np.int64)[self.records.codes[taken]]

    def tells(self, columns: Collection[str], k: int, of_people: bool) -> bool:
        """Whether a class by these columns got a few people; `of_people`: or has a few told apart anew."""
        taken = [self.new, self.others] if of_people else [self.new]
        return any(
            0 < people < k
            for some in taken
            for people in _people(self.classes(columns, some), self.records.persons[some]).values()
        )

    def proves(self, columns: Collection[str], others: Collection[str], k: int, until: Flags) -> bool:
        """Whether the classes by some columns and by others prove that some of a few people came.

        `until` are records that came in later than what is looked at.
        """
        taken = self.new & ~until
        first, second = self.classes(columns, taken), self.classes(others, taken)
        persons = self.records.persons[taken]
        for weigh in (_records, _people):
            here, there = weigh(first, persons), weigh(second, persons)
            whole = sum(weigh(np.zeros_like(first), persons).values())
            together = first * (int(second.max(initial=0)) + 1) + second
            for code, people in _people(together, persons).items():
                one, other = divmod(code, int(second.max(initial=0)) + 1)
                if people < k and here[one] + there[other] > whole:
                    return True
        return False


@dataclass
class Growth:
    """A table that has only grown since each of its other editions."""

    since: Mapping[int, Arrivals]
    """By the place of an edition what has come in since."""
    told: Mapping[int, frozenset[frozenset[str]]]
    """By the place of an edition the columns of each table that was released of it."""
    k: int
    tables: list[tuple[frozenset[str], bool]] = field(default_factory=list)
    """What is released of today's data: columns that hang together, and whether people are counted."""

    def refusing(self, columns: Collection[str], of_people: bool) -> int | None:
        """The place of an edition beside which a table about these columns can't be shown; else it is taken.

        Tables that share a column are taken together, so that what they tell of each other counts.
        """
        joined, counts_people, apart = self._joined(columns, of_people)
        later = [*(one.new for one in self.since.values()), None][1:]
        for (place, came), next_new in zip(self.since.items(), later, strict=True):
            nothing = np.zeros_like(came.new)
            # Between two editions in a row, too: what each proves of the time between adds up.
            spans = [nothing] if next_new is None else [nothing, next_new]
            # A table that was released later, but before today, tells of a part of the time as well.
            others = {other for other, _ in apart}
            others |= {
                one for edition, tables in self.told.items() if edition > place for one in tables - others
            }
            if came.tells(joined, self.k, counts_people) or any(
                came.proves(joined, other, self.k, until)
                for other in sorted(others, key=sorted)
                for until in spans
                if joined and other and not joined & other
            ):
                return place
        self.tables = [*apart, (joined, counts_people)]
        return None

    def take(self, columns: Collection[str], of_people: bool) -> None:
        """Take a table for released of today's data."""
        joined, counts_people, apart = self._joined(columns, of_people)
        self.tables = [*apart, (joined, counts_people)]

    def _joined(
        self, columns: Collection[str], of_people: bool
    ) -> tuple[frozenset[str], bool, list[tuple[frozenset[str], bool]]]:
        """A table with all that hang together with it by common columns; and those that don't."""
        joined, counts_people, apart = frozenset(columns), of_people, []
        for other, people in self.tables:
            if joined & other:
                joined, counts_people = joined | other, counts_people or people
            else:
                apart.append((other, people))
        return joined, counts_people, apart


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


def _people(classes: Ints, persons: Ints) -> dict[int, int]:
    """The people of each class that occurs; nobody known counts as one person."""
    pairs = np.unique(np.stack([classes, persons], axis=1), axis=0)
    return _records(pairs[:, 0], persons)


def _records(classes: Ints, persons: Ints) -> dict[int, int]:  # noqa: ARG001
    """The records of each class that occurs."""
    found, number = np.unique(classes, return_counts=True)
    return dict(zip(found.tolist(), number.tolist(), strict=True))
