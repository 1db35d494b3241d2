"""Moves between atoms of a circle: what they keep, and which of them a hidden cell allows besides."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sousveil.gate.circles.circle import Axes, Grid
from sousveil.gate.protection.system import Flags, Ints

Free = Mapping[Axes, Ints]
"""For the axes of each table between which combinations anybody may move, for all that is printed: those of
one number. The sums of those with 0 stay."""
SOME = 30
"""Among how many of the fullest atoms on either side the others are looked for."""


@dataclass(frozen=True)
class Kind:
    """Axes on two sides, and all others, where a table has axes of both sides; else none need be told."""

    left: Axes
    right: Axes
    rest: Axes

    @property
    def sides(self) -> tuple[Axes, ...]:
        """All that have any axes."""
        return tuple(axes for axes in (self.left, self.right, self.rest) if axes)


@dataclass(frozen=True)
class Found:
    """A swap: how much it may move, and the atoms to which that is added (the last one may have no room)."""

    room: int
    plus: tuple[int, ...] = ()
    minus: tuple[int, ...] = ()


class Loose:
    """Moves that change the sums of free cells, and no others."""

    def __init__(self, grid: Grid, free: Free) -> None:
        self.grid, self.free = grid, free
        every = range(len(grid.shape))
        self._few = [axes for size in (1, 2) for axes in itertools.combinations(every, size)]
        self._kinds = [
            Kind(left, right, ())
            for left, right in itertools.permutations(self._few, 2)
            if left < right and not set(left) & set(right)
        ]

    def best(self, atoms: Ints, atom: int) -> Found | None:
        """The one that adds most to an atom; None where none adds to it."""
        best = Found(0)
        for found in itertools.chain(
            (self._straight(atoms, atom, axes) for axes in self._few),
            (self._crossed(atoms, atom, kind) for kind in self._kinds),
        ):
            if found.room > best.room:
                best = found
            if best.room >= -atoms[atom]:
                break
        return best if best.room else None

    def _straight(self, atoms: Ints, atom: int, axes: Axes) -> Found:
        """From an atom that differs in some axes to this one: no table may tell the two apart."""
        tables = [table for table in self.free if set(table) & set(axes)]
        if not self._is_free(atom, np.array([atom]), tables)[0]:
            return Found(0)
        there = atom + fullest(self.grid, atoms, atom, axes)
        there = there[self._is_free(atom, there, tables)]
        return Found(int(atoms[there[0]]), (atom,), (int(there[0]),)) if len(there) else Found(0)

    def _crossed(self, atoms: Ints, atom: int, kind: Kind) -> Found:
        """A swap of four atoms: tables with axes of both sides may tell none apart, all else is kept."""
        sides = set(kind.left), set(kind.right)
        tables = [table for table in self.free if all(set(table) & side for side in sides)]
        if not self._is_free(atom, np.array([atom]), tables)[0]:
            return Found(0)
        left, right = (fullest(self.grid, atoms, atom, axes) for axes in (kind.left, kind.right))
        left = left[self._is_free(atom, atom + left, tables)][:SOME]
        right = right[self._is_free(atom, atom + right, tables)][:SOME]
        room = np.minimum(atoms[atom + left][:, None], atoms[atom + right])
        across = (atom + left[:, None] + right).reshape(-1)
        room = np.where(self._is_free(atom, across, tables).reshape(room.shape), room, 0)
        if not room.any():
            return Found(0)
        one, other = np.unravel_index(int(room.argmax()), room.shape)
        beside, below = int(left[one]), int(right[other])
        return swapped(atom, beside, below, None, int(room.max()))

    def _is_free(self, atom: int, others: Ints, tables: Sequence[Axes]) -> Flags:
        """Whether anybody may move between an atom and others, for all that some tables say."""
        free = np.ones(len(others), dtype=np.bool_)
        for axes in tables:
            mine = self.free[axes][self.grid.along(np.array([atom]), axes)[0]]
            free &= (self.free[axes][self.grid.along(others, axes)] == mine) & (mine > 0)
        return free


def swapped(atom: int, left: int, right: int, place: int | None, room: int) -> Found:
    """A swap that adds to an atom, by how far off the others are; `place` is where it is made good."""
    plus, minus = (atom, atom + left + right), (atom + left, atom + right)
    if place is None:
        return Found(room, plus, minus)
    there = atom + place
    return Found(room, (*plus, there + left, there + right), (*minus, there, there + left + right))


def elsewhere(grid: Grid, atom: int, axes: Axes) -> Ints:
    """How far off the atoms are that differ in some axes alone."""
    here = grid.at(grid.along(np.array([atom]), axes), axes)
    away: Ints = grid.at(np.arange(grid.size(axes)), axes) - here
    return np.asarray(away[away != 0])


def fullest(grid: Grid, atoms: Ints, atom: int, axes: Axes) -> Ints:
    """How far off the atoms are that have anybody and differ in some axes alone, the fullest first."""
    away = elsewhere(grid, atom, axes)
    there = atoms[atom + away]
    some = np.flatnonzero(there > 0)
    return away[some[np.argsort(-there[some], kind="stable")]]


def kinds_of(axes: int, tables: Sequence[Axes]) -> list[Kind]:
    """All kinds of swaps that keep the sums of tables by these axes, the simplest first."""
    found = set()
    for sides in itertools.product((0, 1, 2), repeat=axes):
        left, right, rest = (tuple(axis for axis in range(axes) if sides[axis] == side) for side in range(3))
        across = [one for one in tables if set(one) & set(left) and set(one) & set(right)]
        kept = bool(rest) and not any(set(one) & set(rest) for one in across)
        if left and right and left < right and (kept or not across):
            found.add(Kind(left, right, rest if across else ()))
    return sorted(found, key=lambda one: (len(one.left) + len(one.right), one.left, one.right))
