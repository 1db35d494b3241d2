"""Which populations of one table of the dump lie in each other, and which are too nearly the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from sousveil.errors import SousveilError
from sousveil.findings.model import Populations, Question
from sousveil.gate import refs as spelling
from sousveil.gate.refusal import Refusal
from sousveil.gate.sheet import Sheet


@dataclass(frozen=True)
class Asked:
    """A population as one unit of it is, or is about to be, known to a reader."""

    base: str
    question: Question

    @property
    def unit(self) -> str:
        """`people` or `records`."""
        return self.question.count


@dataclass
class Differences:
    """Compares populations, each pair once."""

    populations: Populations
    k: int
    _known: dict[tuple[str, str, str], tuple[int, int] | None] = field(default_factory=dict)

    def of(self, one: Asked, other: Asked, unit: str) -> tuple[int, int] | None:
        """People in one only and in the other only; None where the questions can't be asked any more."""
        if one.base == other.base:
            return 0, 0
        key = (one.base, other.base, unit)
        if key not in self._known:
            try:
                found = self.populations.difference(
                    replace(one.question, count=unit, by=()), replace(other.question, count=unit, by=())
                )
            except SousveilError:
                found = None
            self._known[key] = found
            self._known[other.base, one.base, unit] = (found[1], found[0]) if found else None
        return self._known[key]

    def refusal(self, new: Asked, earlier: Iterable[Asked]) -> Refusal | None:
        """Why a population can't be asked about after earlier ones in the same unit; None where it can."""
        others = [other for other in earlier if other.base != new.base and other.unit == new.unit]
        return self.pairs(new, others) or self._remainder(new, others)

    def pairs(self, new: Asked, others: Iterable[Asked]) -> Refusal | None:
        """Refuse a total that tells of few people beside one other total."""
        for other in others:
            found = self.of(new, other, new.unit)
            if found is None:
                return Refusal("UNPROVEN", other.question.id)
            if _tells(*found, self.k):
                return Refusal("DIFF", other.question.id)
        return None

    def _remainder(self, new: Asked, others: Sequence[Asked]) -> Refusal | None:
        """Refuse a total that leaves few people over once all totals within it are taken off it."""
        family = list({one.base: one for one in (*others, new)}.values())
        for outer in family:
            inner = [one for one in family if one is not outer and self._lies_in(one, outer)]
            if len(inner) < 2 or new not in (outer, *inner):
                continue
            questions = [replace(one.question, count=new.unit, by=()) for one in inner]
            left = self.populations.remainder(replace(outer.question, count=new.unit, by=()), questions)
            if 0 < left < self.k:
                return Refusal("DIFF", next(one for one in (outer, *inner) if one is not new).question.id)
        return None

    def _lies_in(self, inner: Asked, outer: Asked) -> bool:
        found = self.of(inner, outer, "records")
        return bool(found and found[0] == 0 and found[1] > 0)

    def whole(self, new: Asked, earlier: Sequence[Asked], people: int) -> Refusal | None:
        """Why the number of people of the whole case can't stand beside the totals of its tables.

        Beside one total it tells how many people stand in the other tables alone; beside the only two, how
        many stand in both.
        """
        refusal = self.pairs(new, earlier)
        totals = {one.base: one for one in earlier if one.unit == new.unit and not one.question.where}
        found = [self.of(new, one, new.unit) for one in totals.values()]
        if refusal or len(found) != 2 or None in found:
            return refusal
        both = people - sum(pair[0] for pair in found if pair)
        return Refusal("DIFF", next(iter(totals.values())).question.id) if 0 < both < self.k else None

    def same_records(self, one: Asked, others: Iterable[Asked]) -> str:
        """The base of an earlier population with the same records; its own where there is none."""
        for other in others:
            if self.of(one, other, "records") == (0, 0):
                return other.base
        return one.base


def _tells(one_only: int, other_only: int, k: int) -> bool:
    """Whether two totals side by side tell of few people: one subtraction, or a group hardly moved."""
    few = [0 < number < k for number in (one_only, other_only)]
    none = [number == 0 for number in (one_only, other_only)]
    return all(few) or (few[0] and none[1]) or (none[0] and few[1])


def ages(one: Sheet, others: Iterable[Sheet]) -> Refusal | None:
    """Refuse ages on another day than before: what moved between two bands are the people born in between."""
    days = _days(one)
    for other in others:
        if days and _days(other) and _days(other) != days:
            return Refusal("DIFF", other.table.question.id)
    return None


def _days(one: Sheet) -> frozenset[str]:
    return spelling.ages_on(" ".join(one.refs)) | spelling.ages_on(one.base)
