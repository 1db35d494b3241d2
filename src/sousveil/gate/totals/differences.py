"""Which populations of one table of the dump lie in each other, and which are too nearly the same."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from sousveil.errors import SousveilError
from sousveil.findings.model import Populations, Question
from sousveil.findings.syntax import Every, canonical, text
from sousveil.gate.language import refs as spelling
from sousveil.gate.language import witness
from sousveil.gate.language.equal import equal_by_rule
from sousveil.gate.refusal import Refusal
from sousveil.gate.sheet import Labels, Sheet
from sousveil.gate.threshold import is_small

_ANOTHER = "\ufffe"
"""Stands for any label that is not shown."""
MOST_SETS = 64
"""Sets of separate parts of one population that are looked at, those of the latest questions."""


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
        """Why a population can't be asked about after earlier ones; None where it can.

        Totals of the other unit count as well: records and people are often the same, and the audit takes
        each total for known in both. There the people of the records that are in one only are counted.
        """
        others = [other for other in earlier if other.base != new.base]
        alike = [other for other in others if other.unit == new.unit]
        return (
            self.pairs(new, alike)
            or self.pairs(new, others, "records")
            or self._remainder(new, alike, new.unit)
            or self._remainder(new, others, "records")
        )

    def pairs(self, new: Asked, others: Iterable[Asked], unit: str = "") -> Refusal | None:
        """Refuse a total that tells of few people, or of nobody, beside one other total; by its own unit."""
        for other in others:
            found = self.of(new, other, unit or new.unit)
            if found is None:
                return Refusal("UNPROVEN", other.question.id)
            if max(found) < self.k and not equal_by_rule(new.base, other.base):
                return Refusal("DIFF", other.question.id)
        return None

    def _remainder(self, new: Asked, others: Sequence[Asked], unit: str) -> Refusal | None:
        """Refuse a total that leaves few over once totals of separate parts of it are taken off it.

        What lies in a population but for a few counts as lying in it, and parts that share but a few as
        separate: else the answer would tell nobody from a few.
        """
        family = list({one.base: one for one in (*others, new)}.values())
        for outer in family:
            inner = [one for one in family if one is not outer and self._lies_in(one, outer)]
            if len(inner) < 2 or new not in (outer, *inner):
                continue
            for parts in self._separate(inner):
                if new in (outer, *parts) and self._left(outer, parts, unit) < self.k:
                    return Refusal("DIFF", next(one for one in (outer, *parts) if one is not new).question.id)
        return None

    def _left(self, outer: Asked, parts: Sequence[Asked], unit: str) -> int:
        questions = [replace(one.question, count=unit, by=()) for one in parts]
        return self.populations.remainder(replace(outer.question, count=unit, by=()), questions)

    def _shared(self, one: Asked, other: Asked) -> int:
        """People of the records that are in both."""
        parts = tuple(node for node in map(witness.condition, (one.base, other.base)) if node)
        both = text(canonical(Every(parts))) if parts else ""
        return self.populations.remainder(replace(one.question, count="records", by=(), where=both), [])

    def _separate(self, inner: Sequence[Asked]) -> list[list[Asked]]:
        """The largest sets of at least two of these populations that hardly share anybody."""
        apart = {(a.base, b.base) for a, b in itertools.combinations(inner, 2) if self._shared(a, b) < self.k}
        sets: list[list[Asked]] = []
        for one in inner:
            fitting = [
                [*some, one] for some in sets if all((other.base, one.base) in apart for other in some)
            ]
            sets = [*sets, *fitting, [one]][-MOST_SETS:]
        return [some for some in sets if len(some) > 1]

    def _lies_in(self, inner: Asked, outer: Asked) -> bool:
        found = self.of(inner, outer, "records")
        return bool(found and found[0] < self.k <= found[1])

    def beside_labels(self, total: Asked, one: Sheet) -> Refusal | None:
        """Refuse a total and a table by labels that give the people of the total under labels not shown.

        Where the labels that are shown lie in the total nearly whole, or nearly not at all, a subtraction
        leaves those under other labels: a few, or nobody. A table that hides nothing tells that by itself.
        In either unit, since records and people are often the same.
        """
        if total.base == one.base or not self._may_hold_others(total, one):
            return None
        large = {labels for labels, cell in one.cells.items() if not is_small(cell, self.k)}
        inside, outside = self._by_label(total, one)
        if any(min(inside.get(labels, 0), outside.get(labels, 0)) >= self.k for labels in large):
            return None
        over = sum(people for labels, people in inside.items() if labels not in large)
        return Refusal("DIFF", total.question.id) if over < self.k else None

    def _may_hold_others(self, total: Asked, one: Sheet) -> bool:
        """Whether labels that are not shown may lie in a total that is about nothing but labels."""
        if len(one.refs) != 1 or not any(0 < cell.people < self.k for cell in one.cells.values()):
            return False
        column, about = spelling.column(one.refs[0]), spelling.columns_of_where(total.base)
        if about != {column} or not spelling.columns_of_where(one.base) <= about:
            return False
        node = witness.condition(total.base)
        leaves = witness.leaves(node)
        known = {labels[0] for labels, cell in one.cells.items() if not is_small(cell, self.k)}
        return any(
            label == _ANOTHER
            and witness.holds(node, {leaf: sign == "1" for leaf, sign in zip(leaves, truths, strict=True)})
            for label, truths in witness.classes({one.refs[0]: known}, leaves, _ANOTHER)
        )

    def _by_label(self, total: Asked, one: Sheet) -> tuple[Counter[Labels], Counter[Labels]]:
        """For each label the people of a table's population in a total, and not in it."""
        nodes = [node for node in map(witness.condition, (total.base, one.base)) if node]
        written = next(by for by in one.table.question.by if spelling.canonical(by) == one.refs[0])
        found = self.populations.joint(total.question.table, [text(node) for node in nodes], [written])
        inside: Counter[Labels] = Counter()
        outside: Counter[Labels] = Counter()
        for key, (_, people) in found.items():
            if "0" not in key[1:-1]:
                (inside if key[0] == "1" else outside)[key[-1:]] += people
        return inside, outside

    def same_population(self, one: Asked, others: Iterable[Asked]) -> str:
        """The base of an earlier population that is the same by rule; its own where there is none."""
        return next((other.base for other in others if equal_by_rule(one.base, other.base)), one.base)


def ages(one: Sheet, others: Iterable[Sheet]) -> Refusal | None:
    """Refuse ages on another day than before: what moved between two bands are the people born in between."""
    days = _days(one)
    for other in others:
        if days and _days(other) and _days(other) != days:
            return Refusal("DIFF", other.table.question.id)
    return None


def _days(one: Sheet) -> frozenset[str]:
    return spelling.ages_on(" ".join(one.refs)) | spelling.ages_on(one.base)
