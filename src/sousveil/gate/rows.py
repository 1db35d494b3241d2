"""What every other world must obey, as rows of a linear program over the atoms' records and people.

Printed records are sums of atoms. People may stand in several atoms: a printed number of people is no more
than its atoms together, and no more than the records there. A hidden cell has no more people than any
printed number that it meets; all cells of a table together have no fewer than its total. Pieces agree where
they meet, in records and in how often people stand there.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from sousveil.gate.pieces import Cells, Layout
from sousveil.gate.solver import Program
from sousveil.gate.system import Ints

BIG = 1e9


@dataclass
class Target:
    """A hidden cell: its unknowns, and what no world has shown yet."""

    table: int
    labels: tuple[str, ...]
    unknowns: Ints
    zero: bool = True
    top: bool = True
    least: int | None = None
    """What the printed numbers allow, where it was looked for."""
    most: int | None = None


@dataclass
class Rows:
    """The program of one layout. Unknowns: by unit all atoms, then how far each target comes to k."""

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
        for number in range(1, len(layout.pieces)):
            self._agree(number)
        self.matrix = self._matrix()

    def start(self, unit: str, piece: int) -> int:
        """The first unknown of a piece."""
        return self.units.index(unit) * self.size + self.layout.pieces[piece].start

    def _row(self, members: Ints, low: float, most: float, signs: Ints | None = None) -> None:
        number = np.full(len(members), len(self.low), dtype=np.int64)
        self.entries.append((number, members, np.ones(len(members), np.int64) if signs is None else signs))
        self.low.append(low)
        self.most.append(most)

    def _table(self, number: int, cells: Cells) -> None:
        table = cells.table
        start = self.start(table.unit, cells.piece)
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
                self.targets.append(Target(number, labels, rows + start))
                self._hidden_people(cells, rows)
            else:
                self.ceiling[rows + start] = 0
        if table.unit == "people" and hidden:
            rest = np.concatenate(hidden) + start
            self._row(rest, table.total - sum(table.shown.values()), BIG)

    def _number(self, unit: str, piece: int, rows: Ints, value: int) -> None:
        """A printed number is the records of its atoms, or people that may stand in several of them."""
        unknowns = rows + self.start(unit, piece)
        if unit == "records" or self.apart:
            self._row(unknowns, value, value)
            self.ceiling[unknowns] = np.minimum(self.ceiling[unknowns], value)
        else:
            self._row(unknowns, value, BIG)
        if unit == "people" and "records" in self.units:
            self._row(rows + self.start("records", piece), value, BIG)

    def _hidden_people(self, cells: Cells, rows: Ints) -> None:
        """No more people in a part than in the whole, and no more than records."""
        if cells.table.unit == "people":
            self._row(rows + self.start("people", cells.piece), -BIG, cells.table.total)
        if cells.table.unit == "people" and "records" in self.units:
            records, people = (rows + self.start(unit, cells.piece) for unit in ("records", "people"))
            signs = np.repeat(np.array([1, -1]), len(rows))
            self._row(np.concatenate([records, people]), 0, BIG, signs)

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

    def _agree(self, number: int) -> None:
        """A piece has the same numbers as its parent in the columns that they share."""
        piece = self.layout.pieces[number]
        parent = self.layout.pieces[piece.parent]
        mine, theirs = piece.places(piece.shared), parent.places(piece.shared)
        theirs_by = dict(_grouped(theirs))
        for unit in self.units:
            for place, members in _grouped(mine):
                others = theirs_by[place]
                both = np.concatenate(
                    [members + self.start(unit, number), others + self.start(unit, piece.parent)]
                )
                signs = np.concatenate([np.ones(len(members), np.int64), -np.ones(len(others), np.int64)])
                self._row(both, 0, 0, signs)

    def _matrix(self) -> sparse.csr_array:
        """All rows, and below them one for each target: it comes no further to k than it is."""
        self.checked = len(self.low)
        for place, target in enumerate(self.targets):
            reach = np.array([self.unknowns + place])
            signs = np.concatenate([np.ones(len(target.unknowns), np.int64), [-1]])
            self._row(np.concatenate([target.unknowns, reach]), 0, BIG, signs)
        parts = [np.concatenate(part) for part in zip(*self.entries, strict=True)]
        shape = (len(self.low), self.unknowns + len(self.targets))
        return sparse.csr_array((parts[2], (parts[0], parts[1])), shape=shape, dtype=np.int64)

    def program(self) -> Program:
        """The program of all rows."""
        high = np.concatenate([self.ceiling, np.full(len(self.targets), float(self.k))])
        return Program(self.matrix, np.array(self.low), np.zeros(len(high)), high, np.array(self.most))

    def holds(self, world: Ints) -> bool:
        """Whether whole numbers keep every row."""
        sums = self.matrix[: self.checked, : self.unknowns] @ world
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
