"""What an audit is about: the unknowns of one unit or of both, and the rows that every world keeps.

An unknown is a node in one unit. Where records and people are both printed, a world holds both: nobody is in
a group without a record, so that no node has more people than records. A person who is in several groups is
once in the whole: no part has more people than what it lies in (`System.within`). Sums with a given excess
say neither by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import sparse

from sousveil.gate.protection.suppression import View
from sousveil.gate.protection.system import UNITS, Ints, System

Reals = npt.NDArray[np.float64]


@dataclass
class Problem:
    """The unknowns of some units, and rows: `least <= matrix @ values <= most` in every world."""

    system: System
    units: tuple[str, ...]
    zeros_known: bool = False
    """Whether the attacker knows which combinations can't occur."""
    node: Ints = field(init=False)
    """The node of each unknown: those of the first unit, then those of the second."""
    values: Ints = field(init=False)
    """The true count of each unknown."""
    matrix: sparse.csr_array = field(init=False)
    least: Reals = field(init=False)
    most: Reals = field(init=False)
    _moving: dict[tuple[str, ...], sparse.csc_array] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Write down the rows: the sums of each unit, then the inequalities."""
        system, units = self.system, self.units
        self.node = np.tile(np.arange(len(system.hidden)), len(units))
        self.values = np.concatenate([system.values[unit] for unit in units])
        sums = sparse.block_diag([system.matrix] * len(units), format="csr")
        goal = np.concatenate([system.excess[unit] for unit in units]).astype(np.float64)
        more, fewer = self._pairs()
        self.matrix = sparse.vstack([sums, _differences(more, fewer, len(self.node))], format="csr")
        self.least = np.append(goal, np.zeros(len(more)))
        self.most = np.append(goal, np.full(len(more), np.inf))

    def _pairs(self) -> tuple[Ints, Ints]:
        """Unknowns of which the first is at least the second; where one is shown, the other has a bound."""
        system = self.system
        open_ones = system.hidden | ~system.fixed
        every = np.flatnonzero(open_ones & system.held)
        more, fewer = [every[:0]], [every[:0]]
        if len(self.units) > 1:
            more.append(every + self.start("records"))
            fewer.append(every + self.start("people"))
        if "people" in self.units:
            part, whole = system.within
            both = open_ones[part] & open_ones[whole]
            more.append(whole[both] + self.start("people"))
            fewer.append(part[both] + self.start("people"))
        return np.concatenate(more), np.concatenate(fewer)

    def bounds(self) -> tuple[Ints, Ints]:
        """Lowest and highest value of each unknown, for all that the attacker knows of it by itself."""
        known = [self.system.bounds(unit, self.zeros_known) for unit in self.units]
        return np.concatenate([low for low, _ in known]), np.concatenate([high for _, high in known])

    def start(self, unit: str) -> int:
        """The unknown of the first node in a unit."""
        return self.units.index(unit) * len(self.system.hidden)

    def moving(self, units: tuple[str, ...]) -> sparse.csc_array:
        """What each row gains when a node moves by one in all of some units, by columns."""
        if units not in self._moving:
            nodes, sums = len(self.system.hidden), self.system.matrix.shape[0]
            parts = [self.matrix[:, self.start(unit) : self.start(unit) + nodes] for unit in units]
            made = parts[0] if len(parts) == 1 else parts[0] + parts[1]
            if len(parts) > 1:
                # The sums of the second unit say what those of the first do.
                again = made.indptr[sums], made.indptr[2 * sums]
                made.data[again[0] : again[1]] = 0
                made.eliminate_zeros()
            self._moving[units] = made.tocsc()
        return self._moving[units]

    def room(self, world: Ints) -> tuple[Reals, Reals]:
        """How far what each row comes to may fall (a negative number) and rise from a world."""
        sums = self.matrix @ world
        return self.least - sums, self.most - sums

    def is_world(self, world: Ints, bounds: tuple[Ints, Ints]) -> bool:
        """Whether these whole numbers agree with all that is shown and known, exactly."""
        low, high = bounds
        if not ((low <= world) & (world <= high)).all():
            return False
        fall, rise = self.room(world)
        return bool(((fall <= 0) & (rise >= 0)).all()) and self._carried(world)

    def _carried(self, world: Ints) -> bool:
        """Whether the atoms of every circle can be filled so that they add up to this world."""
        parts = zip(self.units, np.split(world, len(self.units)), strict=True)
        return all(
            one.carries(self.system, View(unit, self.zeros_known), part)
            for unit, part in parts
            for one in self.system.circles
        )

    def entangled(self) -> Ints:
        """The hidden nodes of every cluster that is held together by more than one row.

        That records are at least as many as people does not count: in a single sum the line rule for each
        unit is the whole proof of both, since their bounds from below are the same.
        """
        system = self.system
        hidden = np.flatnonzero(system.hidden)
        part, whole = system.within if "people" in self.units else (hidden[:0], hidden[:0])
        both = system.hidden[part] & system.hidden[whole]
        pairs = _differences(whole[both], part[both], len(system.hidden))
        rows = sparse.vstack([system.matrix, pairs], format="csr")[:, hidden]
        graph = sparse.block_array([[None, abs(rows)], [abs(rows).T, None]], format="csr")
        _, cluster = sparse.csgraph.connected_components(graph, directed=False)
        sizes = np.bincount(cluster[: rows.shape[0]], minlength=cluster.max(initial=0) + 1)
        return np.asarray(hidden[(sizes[cluster] > 1)[rows.shape[0] :]], dtype=np.int64)


def problems(system: System) -> Iterator[tuple[Problem, ...]]:
    """All that must be audited, as chains: what is possible in one problem is possible in the next.

    Units that are not both printed are looked at one by one; where each record is of another person they say
    the same.
    """
    if system.counts_alike:
        chains: tuple[tuple[str, ...], ...] = (UNITS[:1],)
    else:
        chains = (UNITS,) if system.asked.issuperset(UNITS) else tuple((unit,) for unit in UNITS)
    for units in chains:
        # What is possible for one who knows the zeros is possible for one who does not.
        yield tuple(Problem(system, units, zeros_known) for zeros_known in (True, False))


def _differences(more: Ints, fewer: Ints, size: int) -> sparse.csr_array:
    """A row for each pair of unknowns: the first less the second."""
    row = np.arange(len(more))
    signs = np.repeat(np.array([1, -1], dtype=np.int64), len(more))
    entries = (signs, (np.concatenate([row, row]), np.concatenate([more, fewer])))
    return sparse.csr_array(entries, shape=(len(more), size), dtype=np.int64)
