"""Fillings of a circle that keep every table and empty small groups that no table is about.

Labels of some axes are cut into halves by chance, on a left and on a right side; the atoms of a group lie
together in one of four quarters. Within each context (the axes of neither side) atoms of opposite quarters
exchange what is on the right, so that both go over into the other two quarters: whole groups are emptied and
none of them filled. Where tables lie across the sides, one large context makes the exchanges good; those that
would take more than it has are dropped. All of it keeps the sums (P. Diaconis, B. Sturmfels, 1998).

Nothing here is believed: `Circle.fits` has the last word.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sousveil.gate.circles.circle import Axes, Circle, Filling, Unlisted
from sousveil.gate.protection.system import Flags, Ints

SWEEPS = 120
"""How often the ways to cut are gone through, at most."""
WORTH = 0.05
"""The share of the open groups that a cut must empty to be tried again at once."""
BETTER = 0.2
"""A cut that empties less than this share of what the best one does is left out of the next sweep."""
STARS = 4
"""Among how many of the largest contexts the one is chosen that makes exchanges good."""
VAIN = 30
"""Sweeps in a row that may bring nothing."""
DROPS = 40
"""Rounds of dropping exchanges that would take too much."""


@dataclass(frozen=True)
class Sides:
    """Every axis in the context, on the left or on the right."""

    context: Axes
    left: Axes
    right: Axes
    crossed: bool
    """Whether tables lie across the sides."""


@dataclass(frozen=True)
class Cut:
    """By which axes of a group its context is halved, its left and its right; what else may be where."""

    parts: tuple[Axes, Axes, Axes]
    sides: tuple[Sides, ...]


@dataclass(frozen=True)
class _Candidates:
    """Atoms of two opposite quarters."""

    atoms: Ints
    side: Ints
    """On which side of the left cut."""
    wanted: Flags
    """Whether the atom's group is open."""
    rank: Ints
    """The place of its group in an order by chance."""

    def only(self, places: Ints) -> _Candidates:
        return _Candidates(self.atoms[places], self.side[places], self.wanted[places], self.rank[places])


@dataclass(frozen=True)
class _Exchange:
    """Pairs of atoms that exchange their right sides."""

    one: Ints
    other: Ints

    def without(self, dropped: Flags) -> _Exchange:
        return _Exchange(self.one[~dropped], self.other[~dropped])


def cuts(circle: Circle, axes: Axes) -> list[Cut]:
    """All ways to cut groups by these axes, those with the smallest contexts first."""
    every = range(len(circle.grid.shape))
    found: dict[tuple[Axes, Axes, Axes], list[Sides]] = {}
    for places in itertools.product((0, 1, 2), repeat=len(every)):
        context, left, right = (tuple(axis for axis in every if places[axis] == place) for place in (0, 1, 2))
        across = [one for one in circle.tables if set(one) & set(left) and set(one) & set(right)]
        parts = tuple(tuple(axis for axis in side if axis in axes) for side in (context, left, right))
        possible = not any(set(one) & set(context) for one in across) and bool(context or not across)
        if possible and parts[1] and parts[2] and parts[1] < parts[2]:
            key = (parts[0], parts[1], parts[2])
            found.setdefault(key, []).append(Sides(context, left, right, bool(across)))
    return [Cut(key, tuple(sorted(some, key=lambda one: -len(one.context)))) for key, some in found.items()]


class Exchanger:
    """Makes fillings for one unit of a circle; `believed` checks one and strikes out what it shows."""

    def __init__(self, circle: Circle, unit: str, believed: Callable[[], int]) -> None:
        self.circle, self.grid, self.unit = circle, circle.grid, unit
        self.believed = believed
        self.filling: Filling = circle.fillings[unit]
        self._occupied = np.flatnonzero(circle.truth[unit]).astype(np.int64)
        self._places: dict[Axes, Ints] = {}
        self._stars: dict[Axes, Ints] = {}
        self._chance = np.random.default_rng(len(self._occupied))

    def run(self, told: Callable[[], None]) -> None:
        """Empty what can be emptied, until a whole sweep shows next to nothing new."""
        every = [(one, cuts(self.circle, one.axes)) for one in self.circle.unlisted]
        gains = [np.ones(len(some)) for _, some in every]
        vain = 0
        for _ in range(SWEEPS):
            told()
            before = self.circle.left(self.unit)
            for (one, some), gain in zip(every, gains, strict=True):
                for place in np.flatnonzero(gain >= BETTER * gain.max(initial=0)).tolist():
                    gain[place] = self._repeated(one, some[place])
            # What brought least is tried again where the others have nothing more to give.
            vain = 0 if self.circle.left(self.unit) < before else vain + 1
            for gain in gains:
                gain[:] = 1 if not gain.any() else gain
            if not self.circle.left(self.unit) or vain == VAIN:
                return

    def _repeated(self, one: Unlisted, cut: Cut) -> int:
        total = 0
        while one.open[self.unit].any():
            before = int(one.open[self.unit].sum())
            self._once(one, cut)
            total += self.believed()
            if before - int(one.open[self.unit].sum()) <= WORTH * before:
                break
        return total

    def _once(self, one: Unlisted, cut: Cut) -> None:
        """One filling: every context axis is tried in turn on what is left of the groups."""
        self.filling.undo()
        halves = [self._chance.integers(0, 2, self.grid.size(part)) for part in cut.parts]
        sides = [half[self._along(part)] for half, part in zip(halves, cut.parts, strict=True)]
        quarters = (sides[0] ^ sides[1] ^ sides[2]) == 0
        group = self._along(one.axes)
        wanted = one.open[self.unit][group] & quarters
        # An order of groups by chance: multiples of an odd number, modulo a power of two.
        rank = group * int(self._chance.integers(1 << 20, 1 << 28) * 2 + 1) & 0xFFFFFFFF
        some = _Candidates(self._occupied, sides[1], wanted, rank)
        for layout in cut.sides:
            self._exchanged(layout, some, quarters)

    def _exchanged(self, layout: Sides, some: _Candidates, quarters: Flags) -> None:
        context = self._along(layout.context)
        there = self.filling.atoms[self._occupied]
        needed = np.zeros(self.grid.size(layout.context), dtype=np.bool_)
        needed[context[some.wanted & (there > 0)]] = True
        star = self._star(layout) if layout.crossed else -1
        if star >= 0:
            needed[star] = False
        chosen = np.flatnonzero(needed[context] & quarters & (there > 0))
        if not len(chosen):
            return
        pairs = _paired(some.only(chosen), context[chosen], there[chosen].astype(np.int64))
        if layout.crossed:
            pairs, at, give = self._made_good(layout, star, pairs)
            self.filling.add(at, give)
        self._apply(layout, pairs)

    def _along(self, axes: Axes) -> Ints:
        """For each occupied atom its combination of some axes; each worked out once."""
        if axes not in self._places:
            self._places[axes] = self.grid.along(self._occupied, axes)
        return self._places[axes]

    def _star(self, layout: Sides) -> int:
        if layout.context not in self._stars:
            sizes = self.grid.summed(self.circle.truth[self.unit], layout.context)
            self._stars[layout.context] = np.argsort(-sizes, kind="stable")[:STARS].astype(np.int64)
        return int(self._chance.choice(self._stars[layout.context]))

    def _made_good(self, layout: Sides, star: int, pairs: _Exchange) -> tuple[_Exchange, Ints, Ints]:
        """The exchanges that one context can make good, and what its atoms take (or give)."""
        grid = self.grid
        base = grid.at(np.array([star]), layout.context)
        for _ in range(DROPS):
            away, to = self._ends(layout, pairs)
            ends = np.concatenate([*away, *to])
            cells = ends - grid.at(grid.along(ends, layout.context), layout.context)
            signs = np.repeat([1, -1], [2 * len(pairs.one), 2 * len(pairs.one)])
            distinct, back = np.unique(cells, return_inverse=True)
            change = np.bincount(back, signs, len(distinct)).astype(np.int64)
            short = np.maximum(-(self.filling.atoms[base + distinct] + change), 0)
            if not short.any():
                return pairs, base + distinct, change
            pairs = pairs.without(self._too_many(back[2 * len(pairs.one) :], short))
        nothing = np.zeros(0, dtype=np.int64)
        return _Exchange(nothing, nothing), nothing, nothing

    def _too_many(self, landing: Ints, short: Ints) -> Flags:
        """As many exchanges by chance as must be dropped that land where there is too little."""
        pairs = len(landing) // 2
        there = np.flatnonzero(short[landing] > 0)
        there = there[np.lexsort((self._chance.random(len(there)), landing[there]))]
        ascending = landing[there]
        place = np.arange(len(there)) - np.searchsorted(ascending, ascending)
        dropped = np.zeros(len(landing), dtype=np.bool_)
        dropped[there[place < short[ascending]]] = True
        return dropped[:pairs] | dropped[pairs:]

    def _ends(self, layout: Sides, pairs: _Exchange) -> tuple[Sequence[Ints], Sequence[Ints]]:
        """Where pairs of atoms are, and where they will be."""
        one, other = (
            self.grid.at(self.grid.along(atoms, layout.right), layout.right)
            for atoms in (pairs.one, pairs.other)
        )
        return (pairs.one, pairs.other), (pairs.one + other - one, pairs.other + one - other)

    def _apply(self, layout: Sides, pairs: _Exchange) -> None:
        away, to = self._ends(layout, pairs)
        for atoms, sign in (*((one, -1) for one in away), *((one, 1) for one in to)):
            self.filling.add(atoms, np.full(len(atoms), sign))


def _paired(some: _Candidates, context: Ints, there: Ints) -> _Exchange:
    """Pairs of atoms on two sides of each context, those that are wanted first, group by group."""
    order = np.lexsort((some.rank, ~some.wanted, some.side, context))
    some, context, there = some.only(order), context[order], there[order]
    room = 2 * (int(context.max(initial=-1)) + 1)
    place = 2 * context + some.side
    total = np.bincount(place, there, room).astype(np.int64).reshape(-1, 2)
    wanted = np.bincount(place, there * some.wanted, room).astype(np.int64).reshape(-1, 2)
    number = np.minimum(total.min(axis=1), wanted.max(axis=1))
    before = np.cumsum(there) - there
    before -= before[np.searchsorted(place, place)] if len(place) else 0
    taken = np.clip(number[context] - before, 0, there)
    return _Exchange(*(np.repeat(some.atoms[some.side == one], taken[some.side == one]) for one in (0, 1)))
