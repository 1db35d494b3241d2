"""A world of tables brought down to the atoms: a filling of a circle (`circle`) that has its sums.

A world says by how much each cell moves. Cells by one column first: atoms take on another label. Then cells
by two columns or more, table by table: of a row (a nationality) atoms move from columns (months) that lose to
those that gain, and all else of them stays. What this changes in the other tables, the largest row makes good
by moving the other way round, atom by atom. Where it has too few, swaps between four pairs of atoms, which
keep every table, bring them (P. Diaconis, B. Sturmfels, 1998, on such moves).

Nothing here is believed: `Circle.fits` has the last word.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from sousveil.gate.circles.circle import Axes, Circle, Filling, Link
from sousveil.gate.protection.system import Flags, Ints

STARS = 12
"""Among how many of the largest contexts a partner of a swap is looked for."""
TRIES = 6
"""Swaps by the same two axes for one atom, at most."""


@dataclass(frozen=True)
class _Swap:
    """Two axes by which atoms of a context (all other axes) can be swapped."""

    one: int
    other: int
    stars: Ints | None
    """The largest contexts (parts of atoms' numbers), one of which makes the swap good; None if none need."""


class Lift:
    """The way down to the atoms of one circle, for one unit."""

    def __init__(self, circle: Circle, unit: str) -> None:
        self.circle, self.grid, self.unit = circle, circle.grid, unit
        truth = circle.truth[unit]
        self._occupied = np.flatnonzero(truth).astype(np.int64)
        self._sorted: dict[Axes, tuple[Ints, Ints]] = {}
        self._largest = [int(np.argmax(self.grid.summed(truth, (axis,)))) for axis in self._every]
        self._swaps = [one for pair in itertools.permutations(self._every, 2) if (one := self._swap(*pair))]

    @property
    def _every(self) -> Axes:
        return tuple(range(len(self.grid.shape)))

    def _swap(self, one: int, other: int) -> _Swap | None:
        across = [axes for axes in self.circle.tables if one in axes and other in axes]
        rest = tuple(axis for axis in self._every if axis not in (one, other))
        if not rest or any(set(axes) & set(rest) for axes in across):
            return None
        if not across:
            return _Swap(one, other, None)
        sizes = self.grid.summed(self.circle.truth[self.unit], rest)
        return _Swap(one, other, self.grid.at(np.argsort(-sizes, kind="stable")[:STARS], rest))

    def run(self, moved: Ints, seed: int = 0) -> bool:
        """Fill the atoms for a world that moves the system's nodes so far; whether it seems to be one."""
        chance = np.random.default_rng([len(self._occupied), seed])
        filling = self.circle.fillings[self.unit]
        filling.undo()
        for link in sorted(self.circle.links, key=lambda link: len(link.axes)):
            if not link.single or not link.axes:
                continue
            wanted = np.where(link.nodes >= 0, moved[link.nodes], 0) - self._moved(filling, link)
            if wanted.any() and not self._shift(filling, link, wanted, chance):
                return False
        return self._mended(filling)

    def _moved(self, filling: Filling, link: Link) -> Ints:
        sums = np.zeros(len(link.nodes), dtype=np.int64)
        for atoms, by in filling.moved:
            np.add.at(sums, self.grid.along(atoms, link.axes), by)
        return sums

    def _shift(self, filling: Filling, link: Link, wanted: Ints, chance: np.random.Generator) -> bool:
        if len(link.axes) == 1:
            return self._relabel(filling, link.axes[0], wanted, chance)
        row = self._row_axis(link.axes)
        return row is not None and self._rearrange(filling, link.axes, row, wanted, chance)

    def _row_axis(self, axes: Axes) -> int | None:
        """The axis of a table's rows: other tables hold it with all the other axes, or with none of them."""
        outside = set(self._every) - set(axes)
        for row in sorted(axes, key=lambda axis: -self.grid.shape[axis]):
            others = set(axes) - {row}
            if not any(
                row in table and others & set(table) and outside & set(table) for table in self.circle.tables
            ):
                return row
        return None

    def _relabel(self, filling: Filling, axis: int, wanted: Ints, chance: np.random.Generator) -> bool:
        taken = self._take(filling, (axis,), np.maximum(-wanted, 0), chance)
        gains = np.repeat(np.arange(len(wanted)), np.maximum(wanted, 0))
        if taken is None or len(taken) != len(gains):
            return False
        chance.shuffle(gains)
        to = taken + (gains - self.grid.along(taken, (axis,))) * self.grid.strides[axis]
        _transfer(filling, taken, to)
        return True

    def _rearrange(
        self, filling: Filling, axes: Axes, row: int, wanted: Ints, chance: np.random.Generator
    ) -> bool:
        """Move atoms of each row but the largest, which makes good what that does to other tables."""
        columns = tuple(axis for axis in axes if axis != row)
        star = self._largest[row]
        cells = self.grid.at(np.arange(len(wanted)), axes)
        wanted = np.where(self.grid.along(cells, (row,)) == star, 0, wanted)
        taken = self._take(filling, axes, np.maximum(-wanted, 0), chance)
        if taken is None:
            return False
        gains = np.repeat(cells, np.maximum(wanted, 0))
        chance.shuffle(gains)
        gains = gains[np.argsort(self.grid.along(gains, (row,)), kind="stable")]
        rows = self.grid.along(taken, (row,))
        order = np.argsort(rows, kind="stable")
        taken, rows = taken[order], rows[order]
        if len(gains) != len(taken) or (self.grid.along(gains, (row,)) != rows).any():
            return False
        step = self.grid.at(self.grid.along(gains, columns), columns)
        step -= self.grid.at(self.grid.along(taken, columns), columns)
        _transfer(filling, taken, taken + step)
        home = taken + (star - rows) * self.grid.strides[row]
        _transfer(filling, home + step, home)
        return True

    def _take(self, filling: Filling, axes: Axes, amounts: Ints, chance: np.random.Generator) -> Ints | None:
        """Of each cell by some axes so many atoms by chance (an atom as often as it is taken)."""
        atoms = self._inside(filling, axes, amounts > 0)
        cells, there = self.grid.along(atoms, axes), filling.atoms[atoms]
        order = np.lexsort((chance.random(len(atoms)), cells))
        atoms, cells, there = atoms[order], cells[order], np.maximum(there[order], 0)
        before = np.cumsum(there) - there
        before -= before[np.searchsorted(cells, cells)] if len(cells) else 0
        taken = np.repeat(atoms, np.clip(amounts[cells] - before, 0, there))
        return taken if len(taken) == int(amounts.sum()) else None

    def _inside(self, filling: Filling, axes: Axes, cells: Flags) -> Ints:
        """The atoms in some cells that had or have somebody, each once."""
        if axes not in self._sorted:
            number = self.grid.along(self._occupied, axes)
            order = np.argsort(number, kind="stable")
            starts = np.searchsorted(number[order], np.arange(len(cells) + 1))
            self._sorted[axes] = self._occupied[order], starts.astype(np.int64)
        atoms, starts = self._sorted[axes]
        chosen = np.flatnonzero(cells)
        lengths = starts[chosen + 1] - starts[chosen]
        shift = np.repeat(starts[chosen] - (np.cumsum(lengths) - lengths), lengths)
        found = [atoms[shift + np.arange(len(shift))]]
        if filling.moved:
            new = np.unique(np.concatenate([one for one, _ in filling.moved]))
            new = new[self.circle.truth[self.unit][new] == 0]
            found.append(new[cells[self.grid.along(new, axes)]])
        return np.concatenate(found)

    def _mended(self, filling: Filling) -> bool:
        """Bring atoms that came out below zero up to it by swaps that keep all tables."""
        atoms, _ = filling.changes()
        for atom in atoms[filling.atoms[atoms] < 0].tolist():
            for swap, _ in itertools.product(self._swaps, range(TRIES)):
                if filling.atoms[atom] >= 0:
                    break
                self._bring(filling, atom, swap)
            if filling.atoms[atom] < 0:
                return False
        return True

    def _bring(self, filling: Filling, atom: int, swap: _Swap) -> None:
        """Add to an atom by one swap, if there is any."""
        one, other = swap.one, swap.other
        steps = self.grid.strides[one], self.grid.strides[other]
        x, y = (atom // step % self.grid.shape[axis] for step, axis in zip(steps, (one, other), strict=True))
        context = atom - x * steps[0] - y * steps[1]
        beside = filling.atoms[context + y * steps[1] + np.arange(self.grid.shape[one]) * steps[0]]
        below = filling.atoms[context + x * steps[0] + np.arange(self.grid.shape[other]) * steps[1]]
        u, v = int(np.argmax(beside)), int(np.argmax(below))
        most = min(int(beside[u]), int(below[v]), -int(filling.atoms[atom]))
        if most <= 0:
            return
        here = np.array([atom, context + u * steps[0] + v * steps[1]])
        there = np.array([context + u * steps[0] + y * steps[1], context + x * steps[0] + v * steps[1]])
        moves = [(here, 1), (there, -1)]
        if swap.stars is not None:
            far = swap.stars[swap.stars != context]
            room = np.minimum(filling.atoms[far + here[0] - context], filling.atoms[far + here[1] - context])
            best = int(np.argmax(room))
            most = min(most, int(room[best]))
            moves += [(here - context + far[best], -1), (there - context + far[best], 1)]
        if most > 0:
            for atoms, sign in moves:
                filling.add(atoms, np.full(2, sign * most))


def _transfer(filling: Filling, source: Ints, target: Ints) -> None:
    """Move one from each source to its target."""
    filling.add(source, np.full(len(source), -1))
    filling.add(target, np.ones(len(target), dtype=np.int64))
