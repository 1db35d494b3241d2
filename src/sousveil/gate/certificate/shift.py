"""Moves that bring the filling of a circle to other sums, in blocks: a reader's file has each change.

A filling is a whole number for each atom (a class by all columns of the circle). Sums by one column first:
atoms take on another label. Then table by table: in each row but the heaviest atoms go over from cells that
have too many to cells that have too few, all else of them staying, and the heaviest row makes good what that
does to other tables. So all sums come out right; single atoms may come out below zero, which `swap` mends.

The way is that of `sousveil.gate.circles.lift`, but for the blocks: that one moves people one by one, by
chance, and starts from the truth. Nothing here knows of any truth.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from sousveil.gate.circles.circle import Axes, Grid
from sousveil.gate.protection.system import Ints

Sums = Mapping[Axes, Ints]
"""For some sets of axes the sum of each combination, numbered row by row."""


def rows_of(tables: list[Axes], axes: Axes) -> list[int]:
    """The axes that can be a table's rows: other tables hold one with all the other axes, or with none."""
    found = []
    for row in axes:
        others = set(axes) - {row}
        if not any(row in one and others & set(one) and set(one) - set(axes) for one in tables):
            found.append(row)
    return found


class Shift:
    """Brings fillings of one grid to the sums that are wanted."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.every: Axes = tuple(range(len(grid.shape)))

    def run(self, atoms: Ints, wanted: Sums) -> None:
        """Change `atoms` until they add up to the sums that are wanted, which agree with each other."""
        skew = []
        atoms[np.argmax(atoms)] += int(next(iter(wanted.values())).sum()) - int(atoms.sum())
        for axis in self.every:
            axes, sums = next((axes, sums) for axes, sums in wanted.items() if axis in axes)
            others = tuple(place for place, one in enumerate(axes) if one != axis)
            goal: Ints = sums.reshape([self.grid.shape[one] for one in axes]).sum(axis=others)
            skew.append(float(goal.max() / (np.median(goal) + 1)))
            self._relabel(atoms, axis, goal - self.grid.summed(atoms, (axis,)))
        tables = [*wanted]
        for axes in sorted(tables, key=lambda one: (len(one), one)):
            if len(axes) > 1:
                row = max(rows_of(tables, axes), key=lambda axis: skew[axis])
                self._rearrange(atoms, axes, row, wanted[axes] - self.grid.summed(atoms, axes))

    def _relabel(self, atoms: Ints, axis: int, change: Ints) -> None:
        """Give atoms another label of one axis."""
        source, there = self._take(atoms, (axis,), np.maximum(-change, 0), lambda at: atoms[at])
        gains = np.flatnonzero(change > 0)
        one, other, block = _blocks(there, change[gains])
        source = source[one]
        _move(atoms, source, self._put(source, (axis,), gains[other]), block)

    def _rearrange(self, atoms: Ints, axes: Axes, row: int, change: Ints) -> None:
        """Move atoms within each row but the heaviest, which makes good what that does to other tables."""
        grid, columns = self.grid, tuple(axis for axis in axes if axis != row)
        rest = tuple(axis for axis in self.every if axis not in axes)
        star = int(np.argmax(grid.summed(atoms, (row,))))
        cells = grid.at(np.arange(len(change)), axes)
        rows = grid.along(cells, (row,))
        change = np.where(rows == star, 0, change)
        if not change.any():
            return
        heavy = self._of_label(atoms, row, star, rest)
        source, there = self._take(
            atoms, axes, np.maximum(-change, 0), lambda at: heavy[grid.along(at, rest)] if rest else atoms[at]
        )
        order = np.argsort(grid.along(source, (row,)), kind="stable")
        source, there = source[order], there[order]
        gains = np.flatnonzero(change > 0)
        gains = gains[np.argsort(rows[gains], kind="stable")]
        one, other, block = _blocks(there, change[gains])
        source, to = source[one], cells[gains[other]]
        target = self._put(source, columns, grid.along(to, columns))
        starred = np.full(len(source), star, dtype=np.int64)
        _move(atoms, source, target, block)
        _move(atoms, self._put(target, (row,), starred), self._put(source, (row,), starred), block)

    def _of_label(self, atoms: Ints, axis: int, label: int, rest: Axes) -> Ints:
        """The sum of each combination of some axes under one label of another."""
        inside = np.take(atoms.reshape(self.grid.shape), label, axis)
        names = [one for one in self.every if one != axis]
        summed = inside.sum(axis=tuple(place for place, one in enumerate(names) if one not in rest))
        return np.asarray(summed, dtype=np.int64).reshape(-1)

    def _put(self, atoms: Ints, axes: Axes, combinations: Ints) -> Ints:
        """The atoms that have other combinations of some axes, and are alike in all else."""
        here = self.grid.at(self.grid.along(atoms, axes), axes)
        there: Ints = atoms - here + self.grid.at(combinations, axes)
        return there

    def _take(
        self, atoms: Ints, axes: Axes, amounts: Ints, worth: Callable[[Ints], Ints]
    ) -> tuple[Ints, Ints]:
        """Of each combination of some axes so much as is asked for, from the atoms of most worth first.

        Returns these atoms, and how much is taken of each.
        """
        occupied = np.flatnonzero(atoms > 0).astype(np.int64)
        cells = self.grid.along(occupied, axes)
        inside = amounts[cells] > 0
        occupied, cells = occupied[inside], cells[inside]
        order = np.lexsort((-worth(occupied), cells))
        occupied, cells = occupied[order], cells[order]
        there = atoms[occupied]
        before = np.cumsum(there) - there
        before -= before[np.searchsorted(cells, cells)] if len(cells) else 0
        taken = np.clip(amounts[cells] - before, 0, there)
        return occupied[taken > 0], taken[taken > 0]


def _blocks(one: Ints, other: Ints) -> tuple[Ints, Ints, Ints]:
    """Two ways to cut the same sum, cut by both: for each block its place in either, and its size."""
    ends, others = np.cumsum(one), np.cumsum(other)
    every = np.union1d(ends, others)
    starts = np.concatenate([np.zeros(1, np.int64), every[:-1]])[: len(every)]
    places = (np.searchsorted(each, starts, side="right").astype(np.int64) for each in (ends, others))
    return *places, every - starts


def _move(atoms: Ints, source: Ints, target: Ints, block: Ints) -> None:
    np.subtract.at(atoms, source, block)
    np.add.at(atoms, target, block)
