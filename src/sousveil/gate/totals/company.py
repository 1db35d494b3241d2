"""What is printed of several tables, and of the whole case, held against each other.

Where everybody of a case stands is worked out once: in which tables, under which conditions. Each new number
of people is then tried beside all that readers have (`regions`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import InitVar, dataclass, field
from functools import cached_property

import numpy as np

from sousveil.findings import model
from sousveil.findings.model import Question
from sousveil.gate.answer import WHOLE_CASE
from sousveil.gate.effort import TooLong, Work
from sousveil.gate.protection.system import Flags, Ints
from sousveil.gate.totals.across import Populations, Printed, pairs_of, refused
from sousveil.gate.totals.regions import Regions

PROGRAMS = 200
"""Programs that are solved for one new number, at most: one takes milliseconds."""
_CHUNK = 48
"""Populations that go into one whole number, bit by bit."""

Place = tuple[str, str]
"""A table and a condition: what makes populations of people the same."""
_EVERYBODY: Place = (WHOLE_CASE, "")


@dataclass
class Company:
    """The people of a case by the populations in which they stand."""

    populations: model.Populations
    k: int
    questions: InitVar[Iterable[Question]]
    """All that may be held against each other; those on records are left out, and what can't be asked now."""
    _columns: dict[Place, int] = field(init=False, default_factory=dict)
    _printed: dict[Place, Question] = field(init=False, default_factory=dict)

    def __post_init__(self, questions: Iterable[Question]) -> None:
        """Give each population a column."""
        for one in questions:
            if one.count == "people" and self.populations.fits(one):
                self._columns.setdefault(_place(one), len(self._columns))

    def learn(self, questions: Iterable[Question]) -> None:
        """Take the numbers of these questions for printed, those that take part."""
        self._printed |= {_place(one): one for one in questions if self.takes_part(one)}

    @property
    def printed(self) -> list[Question]:
        """A question for each number that readers have."""
        return list(self._printed.values())

    def is_new(self, question: Question, others: Iterable[Question]) -> bool:
        """Whether it is about a number of people that neither readers nor other questions have."""
        there = self._printed.keys() | set(map(_place, others))
        return self.takes_part(question) and _place(question) not in there

    def takes_part(self, question: Question) -> bool:
        """Whether it is about people, and can still be asked."""
        return question.count == "people" and _place(question) in self._columns

    def refusal(self, new: Iterable[Question]) -> str:
        """The code by which new numbers are refused beside what is printed; empty if they tell of nobody."""
        return "" if self._harmless else self._refusal({*self._printed, *map(_place, new)})

    @cached_property
    def _harmless(self) -> bool:
        """Whether all numbers together tell of nobody, so that any of them do."""
        return not self._refusal(self._columns)

    def across(self, asked: Sequence[Printed]) -> dict[int, int]:
        """Which new questions can't stay beside those on other tables, with the one against each."""
        whole = next((n for n, one in enumerate(asked) if one.question.table == WHOLE_CASE), None)
        owner: dict[Place, int] = {}
        for number, one in enumerate(asked):
            owner.setdefault(_place(one.question), number)
        places = [place for place in owner if place != _EVERYBODY]
        inside = self._regions.within[:, [self._columns[place] for place in places]]
        everybody = None if whole is None else len(self.populations.numbers(asked[whole].question))
        of = Populations(inside, self._regions.people, everybody)
        found: list[tuple[Sequence[int], bool]] = []
        for number, one in enumerate(asked):
            if not one.question.by or not one.shown:
                continue
            cells = self._cells(one)
            for compounds in of.compounds(pairs_of([table for table, _ in places], one.question.table)):
                for _, column, beside in compounds.telling(cells, of, self.k):
                    others = [owner[places[place]] for place in compounds.pairs[column].tolist()]
                    found.append(([number, *others], beside))
        return refused(asked, found, whole)

    def _cells(self, asked: Printed) -> Ints:
        """The people of each shown cell, and of all but it, by region: those of at least k people."""
        labels, cell, numbers = self.populations.labelled(asked.question)
        shown = np.flatnonzero([one in asked.shown for one in labels])
        row = np.full(len(labels), -1, dtype=np.int64)
        row[shown] = np.arange(len(shown))
        row, size = row[cell], len(self._regions.people)
        region = self._code[np.searchsorted(self._everybody, numbers)]
        counted = np.bincount((row * size + region)[row >= 0], minlength=len(shown) * size)
        cells = counted.reshape(len(shown), size).astype(np.int64)
        column = self._columns[_place(asked.question)]
        rest = self._regions.people * self._regions.within[:, column] - cells
        every = np.concatenate([cells, rest])
        return np.asarray(every[every.sum(axis=1) >= self.k], dtype=np.int64)

    def _refusal(self, places: Collection[Place]) -> str:
        work = Work(PROGRAMS)
        regions = self._by(sorted(places))
        try:
            good = regions.can_be_empty(self.k, work) and self._alike(places, work)
        except TooLong:
            return "UNPROVEN"
        return "" if good else "DIFF"

    def _alike(self, places: Collection[Place], work: Work) -> bool:
        """Whether nobody looks like a few, in each region of nobody by whole tables of people."""
        parts = self.populations.parts()
        tables = [(name, "") for name in parts if (name, "") in places]
        whole = [_EVERYBODY] if _EVERYBODY in places else []
        # Who is in none of these tables is in another one, if there is any.
        empty = self._by(tables).empty_ones(fewest=int(not whole or len(tables) == len(parts)))
        ones = np.ones((len(empty), len(whole)), dtype=np.bool_)
        return self._by([*tables, *whole]).can_hold_somebody(np.hstack([empty, ones]), work)

    def _by(self, places: Iterable[Place]) -> Regions:
        return self._regions.by([self._columns[one] for one in places])

    @property
    def _regions(self) -> Regions:
        """Everybody by all populations."""
        return self._standing[0]

    @property
    def _code(self) -> Ints:
        """The region of each person, in the order of their numbers."""
        return self._standing[1]

    @cached_property
    def _standing(self) -> tuple[Regions, Ints]:
        """The regions that somebody stands in, and where each person does."""
        code = np.zeros(len(self._everybody), dtype=np.int64)
        within: Flags = np.zeros((1, 0), dtype=np.bool_)
        places = list(self._columns)
        for start in range(0, max(len(places), 1), _CHUNK):
            part = np.zeros_like(code)
            for bit, place in enumerate(places[start : start + _CHUNK]):
                people = self.populations.numbers(Question("-", "-", "people", *place))
                part[np.searchsorted(self._everybody, people)] |= 1 << bit
            bits, part = np.unique(part, return_inverse=True)
            kinds, code = np.unique(code * len(bits) + part, return_inverse=True)
            added = bits[kinds % len(bits)][:, None] >> np.arange(len(places[start : start + _CHUNK])) & 1
            within = np.column_stack([within[kinds // len(bits)], added.astype(np.bool_)])
        return Regions(within, np.bincount(code, minlength=len(within)).astype(np.int64)), code

    @cached_property
    def _everybody(self) -> Ints:
        """The numbers of all people of the case, ascending."""
        asked = [Question("-", "-", "people", *place) for place in {_EVERYBODY: 0, **self._columns}]
        every = np.sort(np.concatenate([self.populations.numbers(one) for one in asked]))
        distinct: Ints = every[np.append(True, every[1:] != every[:-1])[: len(every)]]
        return distinct


def _place(question: Question) -> Place:
    return question.table, question.where
