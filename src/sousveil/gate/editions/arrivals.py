"""What has come into a table since an edition, by whatever was asked of it then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sousveil.errors import SousveilError
from sousveil.findings.model import Populations, Question, Records
from sousveil.findings.syntax import text
from sousveil.gate.language import refs as spelling
from sousveil.gate.language import witness
from sousveil.gate.protection.system import Flags, Ints
from sousveil.gate.sheet import Labels

Asked = Sequence[tuple[str, Question]]
Kept = Mapping[str, object]
Columns = frozenset[str]
_KEPT = 64
"""Lenses of which the classes are kept: a search for what can be told looks through hundreds."""


@dataclass(frozen=True)
class Lens:
    """What a table tells of records: the truths of its conditions and the labels that it shows.

    The labels that it does not show count as one. Where the conditions and references were not asked before,
    only what was asked about the same columns is told.
    """

    columns: Columns
    conditions: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()
    """In canonical form."""
    shown: frozenset[Labels] | None = None
    """None: all of them, by all that was asked about the columns."""
    together: frozenset[Labels] = frozenset()
    """Labels that count as one apart from all others that are not shown."""


class Asking:
    """Today's records by all that was asked of them once: conditions, and references in canonical form."""

    def __init__(self, records: Records, names: Mapping[str, Sequence[str]], order: Sequence[str]) -> None:
        """`names` are those about each column; `order` says where they stand in a class of the records."""
        self.records, self.names = records, names
        _, self.persons = np.unique(records.persons, return_inverse=True)
        self.labels = {name: _places(records.classes, place) for place, name in enumerate(order)}
        self._seen: dict[Lens, Ints] = {}
        self._joint: dict[tuple[str, ...], tuple[Ints, list[Labels]]] = {}
        self._tied: dict[tuple[str, str], bool] = {}

    def through(self, lens: Lens) -> Ints:
        """For each class of records the number of what a table tells of it, from 0."""
        if lens not in self._seen:
            if len(self._seen) >= _KEPT:
                del self._seen[next(iter(self._seen))]
            if lens.shown is None or not self.knows(lens):
                names = tuple(name for column in sorted(lens.columns) for name in self.names.get(column, ()))
                self._seen[lens] = self._by(names)
            else:
                self._seen[lens] = numbered([self._by(lens.conditions), self.shown(lens)[0] + 1])
        return self._seen[lens]

    def _by(self, names: Sequence[str]) -> Ints:
        return self._by_labels(tuple(names))[0]

    def _by_labels(self, names: tuple[str, ...]) -> tuple[Ints, list[Labels]]:
        """For each class the number of its combination of labels; and these combinations."""
        if names not in self._joint:
            columns = [self.labels[name] for name in names]
            nothing = np.zeros(len(self.records.classes), np.int64)
            code = numbered([nothing, *(places for places, _ in columns)])
            _, first = np.unique(code, return_index=True)
            told = [tuple(values[places[one]] for places, values in columns) for one in first.tolist()]
            self._joint[names] = code, told
        return self._joint[names]

    def knows(self, lens: Lens) -> bool:
        """Whether all that a table tells was asked."""
        return all(name in self.labels for name in (*lens.conditions, *lens.refs))

    def shown(self, lens: Lens) -> tuple[Ints, list[Labels]]:
        """For each class the number of its labels from 1; and which these are.

        0 is for those that are not shown, -1 for those that count as one apart from them.
        """
        code, told = self._by_labels(lens.refs)
        kept = [labels for labels in told if labels in (lens.shown or ())]
        number = dict.fromkeys(lens.together, -1) | {labels: place for place, labels in enumerate(kept, 1)}
        return np.array([number.get(labels, 0) for labels in told], np.int64)[code], kept

    def tied(self, one: str, other: str) -> bool:
        """Whether one of two columns tells the other, so that readers know what never goes together."""
        if (one, other) not in self._tied:
            first, second = (self.through(Lens(frozenset([name]))) for name in (one, other))
            sizes = [int(part.max(initial=-1)) + 1 for part in (first, second)]
            pairs = int(numbered([first, second]).max(initial=-1)) + 1
            self._tied[one, other] = min(sizes) > 1 and pairs in sizes
        return self._tied[one, other]


@dataclass(frozen=True)
class Arrivals:
    """What has come in since one edition, by what was asked then."""

    asking: Asking
    new: Flags
    """Today's records that were not there."""
    others: Flags
    """Today's records of people who were told apart otherwise."""

    def classes(self, lenses: Sequence[Lens], taken: Flags) -> Ints:
        """For some records the number of their class by what some tables tell."""
        return self.by_class(lenses)[self.asking.records.codes[taken]]

    def by_class(self, lenses: Sequence[Lens]) -> Ints:
        """The same for each class of the records."""
        nothing = np.zeros(len(self.asking.records.classes), np.int64)
        return numbered([nothing, *map(self.asking.through, lenses)])

    def tells(self, lenses: Sequence[Lens], k: int, of_people: bool) -> bool:
        """Whether a class by these tables got a few people; `of_people`: or has a few told apart anew."""
        taken = [self.new, self.others] if of_people else [self.new]
        return any(
            bool(few(self.classes(lenses, one), self.asking.persons[one], k).any())
            for one in taken
            if one.any()
        )

    def margin(self, lenses: Sequence[Lens], until: Flags) -> Margin:
        """What came in by some tables; `until` are records that came in later than what is looked at."""
        taken = self.new & ~until
        return Margin(self.classes(lenses, taken), self.asking.persons[taken])

    @property
    def is_nothing(self) -> bool:
        """Whether nothing at all has changed."""
        return not (self.new.any() or self.others.any())


@dataclass(frozen=True)
class Margin:
    """The records that came in, by the columns of one table."""

    classes: Ints
    persons: Ints

    @cached_property
    def records(self) -> Ints:
        """How many records each class has."""
        return np.bincount(self.classes)

    @cached_property
    def people(self) -> Ints:
        """How many people each class has."""
        return people(self.classes, self.persons)


def numbered(parts: Sequence[Ints]) -> Ints:
    """The combinations of some numbers from 0, numbered without gaps, in their order."""
    code = parts[0]
    for part in parts[1:]:
        size = int(part.max(initial=0)) + 1
        room = (int(code.max(initial=0)) + 1) * size
        code = code * size + part
        if room <= max(4 * len(code), 1 << 16):
            there = np.zeros(room, dtype=np.bool_)
            there[code] = True
            code = (np.cumsum(there) - 1)[code]
        else:
            _, code = np.unique(code, return_inverse=True)
    return code.astype(np.int64)


def people(classes: Ints, persons: Ints) -> Ints:
    """How many people each class has, up to the last that occurs."""
    wide = int(persons.max(initial=0)) + 1
    return np.bincount(
        np.unique(classes * wide + persons) // wide, minlength=int(classes.max(initial=-1)) + 1
    )


def few(classes: Ints, persons: Ints, k: int) -> Flags:
    """Which classes have somebody, but fewer than k people.

    Those are counted that may be: a class of more records than k-1 people have at most has k.
    """
    records = np.bincount(classes)
    most = int(np.bincount(persons).max(initial=0))
    doubtful = (records > 0) & (records <= (k - 1) * most)
    rows = doubtful[classes]
    found = np.zeros(len(records), np.int64)
    some = people(classes[rows], persons[rows])
    found[: len(some)] = some
    return np.asarray(doubtful & (found < k))


def _places(classes: Sequence[Labels], place: int) -> tuple[Ints, list[str]]:
    """One label of each class, as its place among the different ones; and these."""
    values = sorted({one[place] for one in classes})
    number = {value: at for at, value in enumerate(values)}
    return np.array([number[one[place]] for one in classes], dtype=np.int64), values


class Comings:
    """The arrivals since the editions of one table; what was asked alike is read once."""

    def __init__(self, populations: Populations, table: str) -> None:
        self.populations, self.table = populations, table
        self._asking: dict[tuple[tuple[str, ...], tuple[str, ...]], Asking] = {}

    def since(self, asked: Asked, kept: Kept) -> Arrivals | None:
        """What has come in since an edition; None where anything else has changed in its records."""
        leaves = {leaf: None for base, _ in asked for leaf in witness.leaves(witness.condition(base))}
        by = {spelling.canonical(one): one for _, question in asked for one in question.by}
        names: dict[str, list[str]] = {}
        for leaf in leaves:
            names.setdefault(witness.column_of(leaf), []).append(text(leaf))
        for ref in by:
            names.setdefault(spelling.column(ref), []).append(ref)
        conditions, refs = tuple(sorted(map(text, leaves))), tuple(sorted(by))
        spelled = [by[ref] for ref in refs]
        try:
            before = self.populations.records(self.table, conditions, spelled, kept)
            if (conditions, refs) not in self._asking:
                after = self.populations.records(self.table, conditions, spelled)
                self._asking[conditions, refs] = Asking(after, names, (*conditions, *refs))
        except SousveilError:
            return None
        return _arrivals(before, self._asking[conditions, refs])


def _arrivals(before: Records, asking: Asking) -> Arrivals | None:
    after = asking.records
    there = np.searchsorted(after.rows, before.rows)
    if len(there) and (there[-1] >= len(after.rows) or (after.rows[there] != before.rows).any()):
        return None
    number = {one: place for place, one in enumerate(dict.fromkeys([*after.classes, *before.classes]))}
    old = np.array([number[one] for one in before.classes], dtype=np.int64)[before.codes]
    if (after.codes[there] != old).any():
        return None
    new = np.ones(len(after.rows), dtype=np.bool_)
    new[there] = False
    return Arrivals(asking, new, _told_apart_otherwise(before.persons, after.persons, there))


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
