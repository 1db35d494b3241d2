"""A table that has only grown: which new numbers go together, beside those of its earlier editions.

Where records were added and nothing else has changed, all that two editions tell a reader is a table of what
came in between. Of tables that share no column only the margins of that are told, so that not each of their
crossed classes needs to be nobody's or many people's, as where anything may have changed (`changes`): it is
enough that each class of the tables themselves is, and that the margins prove nobody to be in a small crossed
class of two margins or three (the bounds of M. Fréchet, 1935).
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sousveil.gate.editions.arrivals import Arrivals, Columns, Lens, Margin, numbered, people
from sousveil.gate.protection.system import Flags, Ints


def proves(margins: Sequence[Margin], k: int) -> bool:
    """Whether margins of the same records prove that some of a few people are in a class crossed by all."""
    persons = margins[0].persons
    if not len(persons):
        return False
    everybody = len(np.unique(persons))
    whole = np.array([len(persons), everybody])
    for unit in (0, 1):
        # People are at most records, and at most all people: where that proves nothing, they need no count.
        sizes = [np.minimum(one.records, whole[unit]) for one in margins]
        rows = _where_sure(margins, sizes, whole[unit])
        if unit and rows.any():
            sizes = [one.people for one in margins]
            rows = _where_sure(margins, sizes, whole[unit])
        if rows.any() and _few_are_sure(margins, sizes, rows, whole[unit], k):
            return True
    return False


def _where_sure(margins: Sequence[Margin], sizes: Sequence[Ints], whole: int) -> Flags:
    """The records in whose crossed class somebody may be proven: of classes that are large enough for it."""
    rows = np.ones(len(margins[0].classes), np.bool_)
    largest = [int(one.max(initial=0)) for one in sizes]
    for place, (margin, size) in enumerate(zip(margins, sizes, strict=True)):
        others = sum(largest) - largest[place]
        rows &= (size + others > (len(margins) - 1) * whole)[margin.classes]
    return rows


def _few_are_sure(margins: Sequence[Margin], sizes: Sequence[Ints], rows: Flags, whole: int, k: int) -> bool:
    """Whether a crossed class of some of these records has somebody for sure, and fewer than k people."""
    codes = numbered([one.classes[rows] for one in margins])
    sure = sum(size[one.classes[rows]] for one, size in zip(margins, sizes, strict=True))
    proven = sure > (len(margins) - 1) * whole
    few = people(codes, margins[0].persons[rows]) < k
    return bool((proven & few[codes]).any())


@dataclass(frozen=True)
class Group:
    """Tables that hang together by their columns, and are looked at as one."""

    columns: Columns
    of_people: bool
    """Whether people are counted in one of them."""
    lenses: tuple[Mapping[int, Lens], ...]
    """Of each table what it tells, by the place of the edition beside which it tells it."""

    def at(self, place: int) -> tuple[Lens, ...]:
        """What its tables tell beside one edition."""
        return tuple(dict.fromkeys(one[place] for one in self.lenses))


@dataclass
class Growth:
    """A table that has only grown since each of its other editions."""

    since: Mapping[int, Arrivals]
    """By the place of an edition what has come in since."""
    told: Mapping[int, frozenset[Columns]]
    """By the place of an edition the columns of each table that was released of it."""
    k: int
    groups: list[Group] = field(default_factory=list)
    """What is released of today's data."""
    _margins: dict[tuple[int, bool, tuple[Lens, ...]], Margin] = field(default_factory=dict)
    _proven: dict[tuple[int, bool, frozenset[tuple[Lens, ...]]], bool] = field(default_factory=dict)

    def everywhere(self, lens: Lens) -> Mapping[int, Lens]:
        """The same beside all editions."""
        return dict.fromkeys(self.since, lens)

    def refusing(self, lenses: Mapping[int, Lens], of_people: bool) -> int | None:
        """The place of an edition beside which a table can't be shown; else it is taken.

        Tables that share a column are taken together, so that what they tell of each other counts; so are
        those of which one tells the other (a city its province).
        """
        joined, apart = self.joined(lenses, of_people)
        for place in self.since:
            # A table that was released later, but before today, tells of a part of the time as well.
            later = {one for edition, tables in self.told.items() if edition > place for one in tables}
            tied = [one for one in sorted(later, key=sorted) if self._tied(joined.columns, one)]
            tables = (*joined.at(place), *map(Lens, tied))
            beside = {other.columns: other.at(place) for other in apart} | {
                one: (Lens(one),) for one in later if one not in tied and not joined.columns & one
            }
            if self._tells(place, tables, joined, [beside[one] for one in sorted(beside, key=sorted) if one]):
                return place
        self.groups = [*apart, joined]
        return None

    def take(self, lenses: Mapping[int, Lens], of_people: bool) -> None:
        """Take a table for released of today's data."""
        joined, apart = self.joined(lenses, of_people)
        self.groups = [*apart, joined]

    def joined(self, lenses: Mapping[int, Lens], of_people: bool) -> tuple[Group, list[Group]]:
        """A table with all that hang together with it by their columns; and those that don't."""
        columns = frozenset[str]().union(*(one.columns for one in lenses.values()))
        joined, apart = Group(columns, of_people, (lenses,)), []
        for other in self.groups:
            if joined.columns & other.columns or self._tied(joined.columns, other.columns):
                joined = Group(
                    joined.columns | other.columns,
                    joined.of_people or other.of_people,
                    (*joined.lenses, *other.lenses),
                )
            else:
                apart.append(other)
        return joined, apart

    @functools.cached_property
    def _askings(self) -> list[Arrivals]:
        """One of the arrivals for all that were asked alike: what tells what is the same in them."""
        return list({id(came.asking): came for came in self.since.values()}.values())

    def _tied(self, columns: Columns, others: Columns) -> bool:
        """Whether a column of one table tells another column, of another table."""
        pairs = [pair for pair in itertools.product(columns, others) if pair[0] != pair[1]]
        return any(came.asking.tied(*pair) for pair in pairs for came in self._askings)

    def _tells(
        self, place: int, tables: tuple[Lens, ...], joined: Group, beside: Sequence[tuple[Lens, ...]]
    ) -> bool:
        """Whether a table tells of a few who came in since an edition, alone or with one or two others."""
        if self.since[place].tells(tables, self.k, joined.of_people):
            return True
        # Between two editions in a row, too: what each proves of the time between adds up.
        spans = [False] if self._next(place) is None else [False, True]
        some = [*((one,) for one in beside), *itertools.combinations(beside, 2)] if joined.columns else []
        return any(
            self._proves(place, early, frozenset([tables, *others])) for others in some for early in spans
        )

    def _proves(self, place: int, early: bool, tables: frozenset[tuple[Lens, ...]]) -> bool:
        key = place, early, tables
        if key not in self._proven:
            self._proven[key] = proves([self._margin(place, early, one) for one in tables], self.k)
        return self._proven[key]

    def _next(self, place: int) -> int | None:
        return next((one for one in sorted(self.since) if one > place), None)

    def _margin(self, place: int, early: bool, tables: tuple[Lens, ...]) -> Margin:
        """What came in since an edition by some tables; `early`: up to the next edition only."""
        key = place, early, tables
        if key not in self._margins:
            came, later = self.since[place], self._next(place)
            until = self.since[later].new if early and later is not None else np.zeros_like(came.new)
            self._margins[key] = came.margin(tables, until)
        return self._margins[key]
