"""The recodes of a set of questions, column by column: references and the truth of conditions.

A recode is a canonical reference, or `?` and a column's name: the truth of all conditions about that column.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import numpy as np

from sousveil.findings.syntax import Compare, IsNull, Node, Ref, text
from sousveil.gate.atoms.clusters import Group
from sousveil.gate.atoms.population import Population
from sousveil.gate.language import refs as spelling
from sousveil.gate.language import witness
from sousveil.gate.protection.system import Flags
from sousveil.gate.sheet import Counts, Labels, Sheet

Marks = tuple[tuple[str, int | None], ...]
"""What a group is made of: recodes, and of a column's conditions all (None) or the one at a place."""


class Recodes:
    """The references and conditions of some sheets, column by column."""

    def __init__(
        self,
        sheets: Sequence[Sheet],
        populations: Mapping[str, Population],
        counts: Counts,
        alone: bool = False,
    ) -> None:
        """With `alone` there is one population, and nothing is said of anybody outside of it."""
        self.alone = alone
        self.counts = within(next(iter(populations)), counts) if alone else counts
        self.written = {spelling.canonical(by): by for one in sheets for by in one.table.question.by}
        self.labels: dict[str, set[str]] = {}
        for one in sheets:
            for ref in one.refs:
                self.labels.setdefault(ref, set()).update(populations[one.base].labels[ref])
        for fine, coarse in itertools.permutations(self.labels, 2):
            if spelling.determines(fine, coarse):
                self.labels[coarse].update(spelling.recode(label, coarse) for label in self.labels[fine])
        self.leaves: dict[str, tuple[Node, ...]] = {}
        for base in sorted(populations):
            for leaf in witness.leaves(self.condition(base)):
                column = witness.column_of(leaf)
                known = self.leaves.get(column, ())
                self.leaves[column] = known if leaf in known else (*known, leaf)
        self.until: dict[str, dt.date] = {}
        """By the column that dates a record the day after which no record is counted: it is printed."""
        for table in (one.table for one in sheets):
            if table.dated and table.cut_off:
                self.until[table.dated] = max(table.cut_off, self.until.get(table.dated, dt.date.min))
        self.columns: dict[str, list[str]] = {}
        for ref in sorted(self.labels):
            self.columns.setdefault(spelling.column(ref), []).append(ref)
        for column in sorted(self.leaves):
            self.columns.setdefault(column, []).append(told(column))
        self.classes = {column: self._classes(column) for column in self.columns}
        self.size = cache(self._size)

    def condition(self, base: str) -> Node | None:
        """What chooses a population from all that there is to be said about."""
        return None if self.alone else witness.condition(base)

    def _classes(self, column: str) -> list[Labels]:
        refs = {ref: self.labels[ref] for ref in self.columns[column] if ref in self.labels}
        leaves = self.leaves.get(column, ())
        if len(refs) == 1 and not leaves:
            return [(label,) for label in sorted(*refs.values())]
        found = self._counted_classes(column, refs, leaves)
        if not refs:
            # A reader may know which labels there are, and that the column is always filled in; but not
            # that nobody has one that is asked for by name, or none where that is asked for.
            seen = {*self.observed((told(column),)), *_named(leaves)}
            found = [one for one in found if one in seen]
        return found if leaves else sorted({one[:-1] for one in found})

    def _counted_classes(
        self, column: str, refs: Mapping[str, set[str]], leaves: Sequence[Node]
    ) -> list[Labels]:
        """What can go together in a column, up to the cut-off where it is the column that dates a record."""
        if column not in self.until:
            return witness.classes(refs, leaves)
        in_time = Compare(Ref(column), "<=", self.until[column])
        found = witness.classes(refs, [*leaves, in_time])
        return [(*one[:-1], one[-1][:-1]) for one in found if one[-1][-1] == "1"]

    def within(self, group: Group) -> dict[str, list[Labels]]:
        """For each column of a group what can go together in it, in the order of the column's recodes."""
        found = {}
        for column, recodes in self.columns.items():
            places = [place for place, recode in enumerate(recodes) if recode in group]
            if places:
                found[column] = sorted({tuple(one[n] for n in places) for one in self.classes[column]})
        return found

    def _size(self, group: Group) -> int:
        return math.prod(len(found) for found in self.within(group).values())

    def order(self, group: Group) -> tuple[str, ...]:
        """The recodes of a group in a fixed order: column by column."""
        return tuple(recode for recodes in self.columns.values() for recode in recodes if recode in group)

    def of(self, base: str, refs: Iterable[str]) -> Group:
        """What a table of a population is about."""
        told_of = (told(witness.column_of(leaf)) for leaf in witness.leaves(self.condition(base)))
        return frozenset([*refs, *told_of])

    def taken(self, base: str, recodes: Sequence[str], keys: Sequence[Labels]) -> Flags:
        """Which atoms lie in a population."""
        node = self.condition(base)
        places = [place for place, recode in enumerate(recodes) if recode[:1] == "?"]
        known: dict[Labels, bool] = {}
        taken = np.ones(len(keys), dtype=np.bool_)
        if node is None:
            return taken
        for row, key in enumerate(keys):
            truths = tuple(key[place] for place in places)
            if truths not in known:
                known[truths] = witness.holds(node, self._truths([recodes[p] for p in places], truths))
            taken[row] = known[truths]
        return taken

    def _truths(self, recodes: Sequence[str], shown: Labels) -> dict[Node, bool]:
        return {
            leaf: sign == "1"
            for recode, signs in zip(recodes, shown, strict=True)
            for leaf, sign in zip(self.leaves[recode[1:]], signs, strict=True)
        }

    def observed(self, recodes: Sequence[str]) -> dict[Labels, tuple[int, int]]:
        """The atoms of a group that occur, with records and people."""
        return self.marked(tuple((recode, None) for recode in recodes))

    def marked(self, marks: Marks) -> dict[Labels, tuple[int, int]]:
        """Records and people by some labels, truths, or single conditions."""
        parts = [(recode, self.leaves[recode[1:]][leaf]) for recode, leaf in marks if leaf is not None]
        whole = [recode for recode, leaf in marks if leaf is None]
        tests = [leaf for _, leaf in parts]
        tests += [leaf for recode in whole if recode[:1] == "?" for leaf in self.leaves[recode[1:]]]
        found = {}
        for key, number in self._counted(tests, [one for one in whole if one[:1] != "?"]).items():
            single = iter(key[: len(parts)])
            truths, labels = iter(key[len(parts) : len(tests)]), iter(key[len(tests) :])
            found[
                tuple(
                    next(single)
                    if leaf is not None
                    else "".join(itertools.islice(truths, len(self.leaves[recode[1:]])))
                    if recode[:1] == "?"
                    else next(labels)
                    for recode, leaf in marks
                )
            ] = number
        return found

    def _counted(self, tests: Sequence[Node], asked: Sequence[str]) -> Mapping[Labels, tuple[int, int]]:
        return self.counts([text(leaf) for leaf in tests], [self.written[ref] for ref in asked])


def within(base: str, counts: Counts) -> Counts:
    """Counts of one population only."""
    node = witness.condition(base)
    if node is None:
        return counts

    def inside(conditions: Sequence[str], by: Sequence[str]) -> Mapping[Labels, tuple[int, int]]:
        found = counts([text(node), *conditions], by)
        return {key[1:]: number for key, number in found.items() if key[0] == "1"}

    return inside


def _named(leaves: Sequence[Node]) -> set[Labels]:
    """The truths of some conditions for every value that they name, and for any number or day."""
    constants = [constant for leaf in leaves for constant in witness.constants_of(leaf)]
    nothing = _truths_of(leaves, None)
    empty = {nothing} if any(isinstance(leaf, IsNull) for leaf in leaves) else set()
    if not all(isinstance(one, str) for one in constants):
        return empty | {one for one in witness.classes({}, leaves) if one != nothing}
    return empty | {_truths_of(leaves, str(one)) for one in constants}


def _truths_of(leaves: Sequence[Node], value: witness.Untrusted) -> Labels:
    return ("".join("01"[witness.is_true(leaf, value)] for leaf in leaves),)


def told(column: str) -> str:
    """The recode that is the truth of all conditions about a column."""
    return f"?{column}"
