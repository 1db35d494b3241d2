"""What every other world must obey, as rows of a linear program over the atoms' records and people.

Printed records are sums of atoms. Where people are asked for, too, the records of an atom are its people and
more, so that nobody is there without a record. People may stand in several atoms: a printed number of people
is no more than its atoms together. A hidden cell has no more people than any printed number that it meets;
all cells of a table together have no fewer than its total. Pieces agree where they meet, in people and in
the records beside them.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from sousveil.gate.certificate.pieces import Cells, Layout, Tie
from sousveil.gate.protection.solver import Program, Reals
from sousveil.gate.protection.system import Ints

BIG = 1e9


@dataclass(frozen=True)
class Target:
    """A hidden cell, and the unknowns that add up to it."""

    table: int
    labels: tuple[str, ...]
    unknowns: Ints


@dataclass
class Rows:
    """The program of one layout. Unknowns: by unit all atoms, then how far each target comes to k.

    The unit `records` is those beyond one for each person, where people are asked for, too.
    """

    layout: Layout
    k: int
    apart: bool = False
    """Whether nobody stands in two cells, so that people add up as records do."""
    units: tuple[str, ...] = field(init=False)
    targets: list[Target] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Collect all rows."""
        layout = self.layout
        self.units = tuple(sorted({one.unit for one in layout.tables}))
        self.size = sum(piece.size for piece in layout.pieces)
        self.unknowns = self.size * len(self.units)
        self.low: list[float] = []
        self.most: list[float] = []
        self.entries: list[tuple[Ints, Ints, Ints]] = []
        self.ceiling = np.full(self.unknowns, BIG)
        self.sound = True
        for number, cells in enumerate(layout.cells):
            self._table(number, cells)
        for one, other in itertools.permutations(layout.cells, 2):
            if one.piece == other.piece and one.table.unit == other.table.unit == "people":
                self._parts(one, other)
        for tie in layout.ties:
            self._agree(tie)
        self.matrix = self._matrix()

    def start(self, unit: str, piece: int) -> int:
        """The first unknown of a piece."""
        return self.units.index(unit) * self.size + self.layout.pieces[piece].start

    def _of(self, unit: str, piece: int, atoms: Ints) -> Ints:
        """The unknowns that add up to a unit over some atoms of a piece."""
        units = self.units if unit == "records" else (unit,)
        return np.concatenate([atoms + self.start(one, piece) for one in units])

    def _row(self, members: Ints, low: float, most: float, signs: Ints | None = None) -> None:
        number = np.full(len(members), len(self.low), dtype=np.int64)
        self.entries.append((number, members, np.ones(len(members), np.int64) if signs is None else signs))
        self.low.append(low)
        self.most.append(most)

    def _table(self, number: int, cells: Cells) -> None:
        table = cells.table
        members = _members(cells.of, len(cells.labels))
        self.sound &= set(table.shown) <= set(cells.labels)
        everybody = np.flatnonzero(cells.of >= 0)
        self._number(table.unit, cells.piece, everybody, table.total)
        hidden = []
        for labels, rows, value, possible in zip(
            cells.labels, members, cells.shown, cells.possible, strict=True
        ):
            if value >= 0:
                if table.by:
                    self._number(table.unit, cells.piece, rows, int(value))
            elif possible:
                hidden.append(rows)
                unknowns = self._of(table.unit, cells.piece, rows)
                self.targets.append(Target(number, labels, unknowns))
                if table.unit == "people":
                    self._row(unknowns, -BIG, table.total)
            else:
                self.ceiling[self._of(table.unit, cells.piece, rows)] = 0
        if table.unit == "people" and hidden:
            rest = self._of("people", cells.piece, np.concatenate(hidden))
            self._row(rest, table.total - sum(table.shown.values()), BIG)

    def _number(self, unit: str, piece: int, rows: Ints, value: int) -> None:
        """A printed number is the records of its atoms, or people that may stand in several of them."""
        unknowns = self._of(unit, piece, rows)
        if unit == "records" or self.apart:
            self._row(unknowns, value, value)
            self.ceiling[unknowns] = np.minimum(self.ceiling[unknowns], value)
        else:
            self._row(unknowns, value, BIG)

    def _parts(self, one: Cells, other: Cells) -> None:
        """No more people of a hidden cell than a printed number that it meets."""
        bounded = (one.of >= 0) & (other.of >= 0)
        rows = np.flatnonzero(bounded)
        rows = rows[one.possible[one.of[rows]]]
        limit = np.where(other.shown >= 0, other.shown, other.table.total)
        pairs = one.of[rows] * len(other.labels) + other.of[rows]
        start = self.start("people", one.piece)
        for pair, members in _grouped(pairs):
            self._row(rows[members] + start, -BIG, float(limit[pair % len(other.labels)]))

    def _agree(self, tie: Tie) -> None:
        """Two pieces have the same numbers in the columns that they share."""
        mine, theirs = (self.layout.pieces[number].places(tie.columns) for number in (tie.one, tie.other))
        theirs_by = dict(_grouped(theirs))
        for unit in self.units:
            for place, members in _grouped(mine):
                others = theirs_by[place]
                both = np.concatenate(
                    [members + self.start(unit, tie.one), others + self.start(unit, tie.other)]
                )
                signs = np.concatenate([np.ones(len(members), np.int64), -np.ones(len(others), np.int64)])
                self._row(both, 0, 0, signs)

    def _matrix(self) -> sparse.csr_array:
        """All rows; beside them one unknown for each target, how far it comes to k.

        That is a part of the target's only unknown, or bounded by all of them in a row of its own.
        """
        self.checked = len(self.low)
        for place, target in enumerate(self.targets):
            if len(target.unknowns) > 1:
                reach = np.array([self.unknowns + place])
                signs = np.concatenate([np.ones(len(target.unknowns), np.int64), [-1]])
                self._row(np.concatenate([target.unknowns, reach]), 0, BIG, signs)
        parts = [np.concatenate(part) for part in zip(*self.entries, strict=True)]
        shape = (len(self.low), self.unknowns + len(self.targets))
        matrix = sparse.csc_array((parts[2], (parts[0], parts[1])), shape=shape, dtype=np.int64)
        self.single = np.array(
            [place for place, target in enumerate(self.targets) if len(target.unknowns) == 1], dtype=np.int64
        )
        """The targets with one unknown."""
        self.alone = np.array([self.targets[place].unknowns[0] for place in self.single], dtype=np.int64)
        """That unknown."""
        self._kept = matrix[: self.checked, : self.unknowns].tocsr()
        self._sums = self._of_targets()
        if not len(self.single):
            return matrix.tocsr()
        beside = sparse.csc_array(matrix[:, self.unknowns :])
        spread = sparse.csc_array(
            (np.ones(len(self.single), np.int64), (np.arange(len(self.single)), self.single)),
            shape=(len(self.single), len(self.targets)),
        )
        beside = beside + matrix[:, self.alone] @ spread
        return sparse.csr_array(sparse.hstack([matrix[:, : self.unknowns], beside]))

    def _of_targets(self) -> sparse.csr_array:
        sizes = [len(target.unknowns) for target in self.targets]
        members = np.concatenate([np.zeros(0, np.int64), *(target.unknowns for target in self.targets)])
        places = np.repeat(np.arange(len(sizes)), sizes)
        shape = (len(sizes), self.unknowns)
        return sparse.csr_array((np.ones(len(members), np.int64), (places, members)), shape=shape)

    def filling(self, solution: Reals) -> Reals:
        """What a solution says of each atom."""
        found = solution[: self.unknowns].copy()
        np.add.at(found, self.alone, solution[self.unknowns :][self.single])  # two tables may have one cell
        return found

    def cost(self, low: Reals, near: Reals) -> Reals:
        """A cost for each person or record in a target, and for each up to k in it (both by target)."""
        atoms: Reals = self._sums.T @ low
        beside = near.copy()
        beside[self.single] += atoms[self.alone]
        return np.concatenate([atoms, beside])

    def values(self, world: Ints) -> Ints:
        """The number of each target in a world."""
        found: Ints = self._sums @ world
        return found

    def program(self) -> Program:
        """The program of all rows."""
        high = np.concatenate([self.ceiling, np.full(len(self.targets), float(self.k))])
        return Program(self.matrix, np.array(self.low), np.zeros(len(high)), high, np.array(self.most))

    def holds(self, world: Ints) -> bool:
        """Whether whole numbers keep every row."""
        sums = self._kept @ world
        low, most = np.array(self.low[: self.checked]), np.array(self.most[: self.checked])
        return bool(
            (low <= sums).all()
            and (sums <= most).all()
            and (world >= 0).all()
            and (world <= self.ceiling).all()
        )


def _members(of: Ints, cells: int) -> list[Ints]:
    """For each cell its atoms."""
    order = np.argsort(of, kind="stable")
    ends = np.searchsorted(of[order], np.arange(cells + 1))
    return [order[ends[n] : ends[n + 1]] for n in range(cells)]


def _grouped(numbers: Ints) -> list[tuple[int, Ints]]:
    """Each distinct number with the places at which it stands."""
    order = np.argsort(numbers, kind="stable")
    distinct, first = np.unique(numbers[order], return_index=True)
    return list(zip(distinct.tolist(), np.split(order, first[1:]), strict=True)) if len(numbers) else []
