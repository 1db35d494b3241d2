"""Atoms of a circle that came out below zero are brought up to it by swaps that keep every sum.

A swap has some axes on the left and some on the right. It adds to an atom and to one that differs on both
sides, and takes from the two that differ on one; where a table has axes of both sides, the same is done the
other way round beside other labels of the rest (moves of P. Diaconis and B. Sturmfels, 1998). Where none has
room, a move may do that changes hidden cells (`moves.Loose`); else a swap goes ahead all the same and another
atom is below zero, whose neighbours may have more. The number of swaps is bounded.
"""

from __future__ import annotations

import numpy as np

from sousveil.gate.certificate.moves import (
    Found,
    Free,
    Kind,
    Loose,
    elsewhere,
    fullest,
    kinds_of,
    swapped,
)
from sousveil.gate.circles.circle import Axes, Grid
from sousveil.gate.effort import Work
from sousveil.gate.protection.system import Ints

SWAPS = 800
"""Swaps for one filling, at most."""
LOOKED_AT = 2_000
"""Atoms that are looked at in the time of one step of a program."""
WIDE = 8
"""Among how many of the fullest atoms on either side the others are looked for."""
FAR = 400
"""Among how many combinations of the other axes the place is looked for that makes a swap good."""


class Swap:
    """The swaps of one circle."""

    def __init__(self, grid: Grid, free: Free) -> None:
        self.grid = grid
        every = kinds_of(len(grid.shape), [*free])
        self.kinds = [kind for kind in every if all(grid.size(side) > 1 for side in kind.sides)]
        self.loose = Loose(grid, free)
        sides = [side for kind in self.kinds for side in kind.sides]
        self.steps = 10 + sum(map(grid.size, sides)) // LOOKED_AT
        """How many steps of a program one swap takes as long as."""

    def mend(self, atoms: Ints, work: Work) -> bool:
        """Change `atoms` until none is below zero; whether that came about."""
        chance = np.random.default_rng(len(atoms))
        below = np.flatnonzero(atoms < 0).tolist()
        for _ in range(SWAPS):
            while below and atoms[below[-1]] >= 0:
                below.pop()
            if not below:
                return True
            if work.is_done:
                return False
            work.left -= self.steps
            atom = below[-1]
            found = (
                self._best(atoms, atom) or self.loose.best(atoms, atom) or self._anyhow(atoms, atom, chance)
            )
            if not found:
                return False
            room = min(found.room, -int(atoms[atom]))
            np.add.at(atoms, [*found.plus, *found.minus], np.repeat([room, -room], len(found.plus)))
            below += [one for one in found.minus if atoms[one] < 0]
        return not (atoms < 0).any()

    def _best(self, atoms: Ints, atom: int) -> Found | None:
        """The swap that adds most to an atom."""
        best = Found(0)
        for kind in self.kinds:
            some = _Around(self.grid, atoms, atom, kind)
            room = np.minimum(some.near, some.far)
            if room.size and room.max() > best.room:
                best = some.found(int(room.argmax()), int(room.max()))
            if best.room >= -atoms[atom]:
                break
        return best if best.room else None

    def _anyhow(self, atoms: Ints, atom: int, chance: np.random.Generator) -> Found | None:
        """A swap by chance that takes from atoms more than they have: from one, or else from several.

        None where there are no swaps at all.
        """
        if not self.kinds:
            return None
        order = chance.permutation(len(self.kinds)).tolist()
        for place in order:
            some = _Around(self.grid, atoms, atom, self.kinds[place])
            good = np.flatnonzero(some.near > 0)
            if len(good):
                chosen = int(chance.choice(good))
                return some.found(chosen, int(some.near.reshape(-1)[chosen]))
        kind, room = self.kinds[order[0]], -int(atoms[atom])
        left, right, place = (
            self._some(atoms, atom, axes, chance) if axes else 0
            for axes in (kind.left, kind.right, kind.rest)
        )
        return swapped(atom, left, right, place if kind.rest else None, room)

    def _some(self, atoms: Ints, atom: int, axes: Axes, chance: np.random.Generator) -> int:
        """How far off one of the fullest atoms is that differ in some axes; any, where all are empty."""
        full = fullest(self.grid, atoms, atom, axes)[:WIDE]
        return int(chance.choice(full if len(full) else elsewhere(self.grid, atom, axes)))


class _Around:
    """All swaps of one kind that add to an atom: by what else is on the left, on the right, and by place.

    `near` is what three of the atoms have from which is taken, `far` what the fourth has.
    """

    def __init__(self, grid: Grid, atoms: Ints, atom: int, kind: Kind) -> None:
        self.atom, self.alone = atom, not kind.rest
        self.left = fullest(grid, atoms, atom, kind.left)[:WIDE]
        self.right = fullest(grid, atoms, atom, kind.right)[:WIDE]
        self.place = np.zeros(1, np.int64) if self.alone else fullest(grid, atoms, atom, kind.rest)[:FAR]
        near = np.minimum(atoms[atom + self.left][:, None], atoms[atom + self.right])[:, :, None]
        self.near = near if self.alone else np.minimum(near, atoms[atom + self.place])
        across = self.left[:, None, None] + self.right[:, None] + self.place
        self.far = self.near if self.alone else atoms[atom + across]

    def found(self, number: int, room: int) -> Found:
        """One of them."""
        places = np.unravel_index(number, self.near.shape)
        left, right, place = (
            int(some[at]) for some, at in zip((self.left, self.right, self.place), places, strict=True)
        )
        return swapped(self.atom, left, right, None if self.alone else place, room)
