"""Tables in a circle, or several: all that can be, as one array, and what other worlds must show of it.

By a and b, by b and c, by c and a: what fits table by table need not fit one population. So every world of
the tables is only believed where the atoms (classes of records by all columns) can be filled to fit it.
The array has an axis for each column, with what can go together in the column along it; a filling is a whole
number from 0 for each atom. The truth is one; others are made from it by moves (`lift`, `exchange`), and each
is checked here: sums, nothing below zero, no atom over what is shown of it.

Groups that no table is about must be able to be empty: each small one needs a filling in which all of its
atoms are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sousveil.gate.protection.system import UNITS, Flags, Ints

Axes = tuple[int, ...]
Atoms = npt.NDArray[np.int32]
"""A number for each atom: up to millions, so in half the room."""


def grouped_sums(keys: Ints, numbers: Ints) -> tuple[Ints, Ints]:
    """The distinct keys, ascending, and the sum of each one's numbers."""
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    sums = np.add.reduceat(numbers[order], starts) if len(keys) else numbers
    return keys[starts], sums


@dataclass(frozen=True)
class Grid:
    """The numbers of the atoms: row by row, the last axis fastest."""

    shape: tuple[int, ...]

    @cached_property
    def strides(self) -> tuple[int, ...]:
        """How far one step along each axis is."""
        steps = np.cumprod((1, *self.shape[:0:-1]))[::-1]
        return tuple(int(one) for one in steps)

    def size(self, axes: Axes) -> int:
        """Combinations of some axes."""
        return int(np.prod([self.shape[axis] for axis in axes], dtype=np.int64))

    def along(self, atoms: Ints, axes: Axes) -> Ints:
        """The combination of some axes that each atom has, numbered row by row."""
        number = np.zeros(len(atoms), dtype=np.int64)
        for axis in axes:
            number = number * self.shape[axis] + atoms // self.strides[axis] % self.shape[axis]
        return number

    def at(self, combinations: Ints, axes: Axes) -> Ints:
        """The part of atoms' numbers that combinations of some axes make up; parts of all axes add up."""
        atoms, rest = np.zeros(len(combinations), dtype=np.int64), combinations
        for axis in reversed(axes):
            rest, place = np.divmod(rest, self.shape[axis])
            atoms += place * self.strides[axis]
        return atoms

    def summed(self, atoms: Atoms | Ints, axes: Axes) -> Ints:
        """A number for each atom, summed by some axes."""
        others = tuple(axis for axis in range(len(self.shape)) if axis not in axes)
        return np.asarray(atoms.reshape(self.shape).sum(axis=others, dtype=np.int64)).reshape(-1)


@dataclass(frozen=True)
class Link:
    """Cells of tables that are sums of atoms."""

    axes: Axes
    nodes: Ints
    """For each combination of the axes its node in the system; -1 where it has none, and nobody is."""
    single: bool
    """Whether each combination has a node of its own (a month has, its year has not)."""


@dataclass
class Unlisted:
    """Groups by some axes that no table is about."""

    axes: Axes
    sums: Mapping[str, Ints]
    """By unit, how many are in each group."""
    open: dict[str, Flags]
    """By unit, the small groups of which it was not shown yet that they may be empty."""


@dataclass
class Filling:
    """The atoms of one unit while they are moved about; it starts as the truth."""

    atoms: Atoms
    moved: list[tuple[Ints, Ints]] = field(default_factory=list)
    _changes: tuple[Ints, Ints] | None = None

    def add(self, atoms: Ints, numbers: Ints) -> None:
        """Add numbers to atoms."""
        np.add.at(self.atoms, atoms, numbers)
        self.moved.append((atoms, numbers))
        self._changes = None

    def changes(self) -> tuple[Ints, Ints]:
        """Which atoms differ from the truth, and by how much."""
        if self._changes is None:
            nothing = np.zeros(0, dtype=np.int64)
            atoms = np.concatenate([nothing, *(one for one, _ in self.moved)])
            atoms, by = grouped_sums(atoms, np.concatenate([nothing, *(some for _, some in self.moved)]))
            self._changes = atoms[by != 0], by[by != 0]
            self.moved = [self._changes]
        return self._changes

    def undo(self) -> None:
        """Back to the truth."""
        for atoms, numbers in self.moved:
            np.subtract.at(self.atoms, atoms, numbers)
        self.moved.clear()
        self._changes = None


@dataclass
class Circle:
    """The atoms of tables in circles."""

    grid: Grid
    truth: Mapping[str, Atoms]
    """By unit, the true number of each atom."""
    links: Sequence[Link]
    unlisted: Sequence[Unlisted]
    fillings: dict[str, Filling] = field(init=False)

    def __post_init__(self) -> None:
        """Start from the truth."""
        self.fillings = {unit: Filling(self.truth[unit].copy()) for unit in UNITS}

    @property
    def tables(self) -> list[Axes]:
        """The axes of the tables, each once."""
        return sorted({link.axes for link in self.links if link.axes})

    def covers(self, nodes: int) -> Flags:
        """Which of so many nodes are sums of atoms."""
        own = np.zeros(nodes, dtype=np.bool_)
        for link in self.links:
            own[link.nodes[link.nodes >= 0]] = True
        return own

    def fits(self, unit: str, moved: Ints, known: Ints) -> bool:
        """Whether the filling is a world: `moved` is how far the system's nodes are from the truth in it.

        `known` are the values of the nodes that are shown, and the most for all others: no atom exceeds them.
        """
        filling = self.fillings[unit]
        atoms, by = filling.changes()
        if (filling.atoms[atoms] < 0).any():
            return False
        for link in self.links:
            cells = self.grid.along(atoms, link.axes)
            sums = np.bincount(cells, by, len(link.nodes)).astype(np.int64)
            there = link.nodes >= 0
            if sums[~there].any() or not self._adds_up(link, sums, moved):
                return False
            more = (by > 0) & there[cells]
            if (filling.atoms[atoms[more]] > known[link.nodes[cells[more]]]).any():
                return False
        return True

    @staticmethod
    def _adds_up(link: Link, sums: Ints, moved: Ints) -> bool:
        """Whether the cells have moved by what their atoms have."""
        there = link.nodes >= 0
        if link.single:
            return bool((sums[there] == moved[link.nodes[there]]).all())
        total = np.zeros(len(moved), dtype=np.int64)
        np.add.at(total, link.nodes[there], sums[there])
        return bool((total[link.nodes[there]] == moved[link.nodes[there]]).all())

    def strike_out(self, unit: str) -> int:
        """Which groups the filling, a world, shows to be empty; how many they are that nothing had shown."""
        atoms, by = self.fillings[unit].changes()
        found = 0
        for one in self.unlisted:
            group, change = grouped_sums(self.grid.along(atoms, one.axes), by)
            empty = group[(one.sums[unit][group] + change <= 0) & one.open[unit][group]]
            one.open[unit][empty] = False
            found += len(empty)
        return found

    def left(self, unit: str) -> int:
        """How many small groups are open yet."""
        return sum(int(one.open[unit].sum()) for one in self.unlisted)
