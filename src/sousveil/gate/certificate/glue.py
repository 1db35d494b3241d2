"""From fillings of pieces to one database: rows with a value for each column.

Pieces that agree where they meet are put together one after the other: what is in a class of the shared
columns on one side is matched with what is in it on the other, in order. Where the world before matched
something, the same is matched again, so that two worlds differ in few rows.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sousveil.gate.certificate.pieces import Cells, Layout, Piece
from sousveil.gate.certificate.rows import Rows
from sousveil.gate.protection.system import Ints

Atoms = tuple[int, ...]
"""One atom of each piece."""


@dataclass(frozen=True)
class World:
    """One database: its rows, by atoms."""

    people: Mapping[Atoms, int]
    """Where only records were asked for, nobody is counted."""
    more: Mapping[Atoms, int]
    """Records beyond one for each person."""

    @property
    def records(self) -> Mapping[Atoms, int]:
        """All records."""
        return Counter(self.people) + Counter(self.more)


def glued(rows: Rows, filling: Ints, before: World | None) -> World:
    """The database of a filling (by unit all atoms of all pieces), much like another one."""
    parts = dict(zip(rows.units, np.split(filling, len(rows.units)), strict=True))
    earlier = {"people": before.people, "records": before.more} if before else {}
    made = {unit: _of_one_unit(rows.layout, part, earlier.get(unit, {})) for unit, part in parts.items()}
    return World(made.get("people", {}), made.get("records", {}))


def between_pieces(layout: Layout, world: World) -> bool:
    """Whether no hidden cell has more people than a printed number that it meets in another piece."""
    tables = [one for one in layout.cells if one.table.unit == "people"]
    pairs = [(one, other) for one, other in itertools.permutations(tables, 2) if one.piece != other.piece]
    if not pairs or not world.people:
        return True
    atoms = np.array([*world.people], dtype=np.int64)
    people = np.array([*world.people.values()], dtype=np.int64)
    return all(_meet(one, other, atoms, people) for one, other in pairs)


def _meet(one: Cells, other: Cells, atoms: Ints, people: Ints) -> bool:
    mine, theirs = one.of[atoms[:, one.piece]], other.of[atoms[:, other.piece]]
    both = (mine >= 0) & (theirs >= 0)
    both[both] = one.possible[mine[both]]
    limit = np.where(other.shown >= 0, other.shown, other.table.total)
    pairs = mine[both] * len(limit) + theirs[both]
    distinct, place = np.unique(pairs, return_inverse=True)
    return bool((np.bincount(place, people[both], len(distinct)) <= limit[distinct % len(limit)]).all())


def _of_one_unit(layout: Layout, world: Ints, before: Mapping[Atoms, int]) -> dict[Atoms, int]:
    """The rows of one unit."""
    rows: dict[Atoms, int] = {(): 0}
    for number, piece in enumerate(layout.pieces):
        counts = world[piece.start : piece.start + piece.size]
        if number == 0:
            rows = {(int(atom),): int(counts[atom]) for atom in np.flatnonzero(counts)}
        else:
            rows = _joined(layout, number, piece, rows, counts, before)
    return rows


def _joined(
    layout: Layout,
    number: int,
    piece: Piece,
    rows: Mapping[Atoms, int],
    counts: Ints,
    before: Mapping[Atoms, int],
) -> dict[Atoms, int]:
    usual: dict[Atoms, list[tuple[int, int]]] = defaultdict(list)
    for atoms, count in before.items():
        usual[atoms[:number]].append((atoms[number], count))
    left = counts.copy()
    made: dict[Atoms, int] = defaultdict(int)
    open_rows = []
    for atoms, count in rows.items():
        for atom, most in usual.get(atoms, ()):
            taken = min(count, most, int(left[atom]))
            if taken:
                made[(*atoms, atom)] += taken
                left[atom] -= taken
                count -= taken
        if count:
            open_rows.append((atoms, count))
    _match(layout, piece, open_rows, left, made)
    return dict(made)


def _match(
    layout: Layout, piece: Piece, open_rows: Sequence[tuple[Atoms, int]], left: Ints, made: dict[Atoms, int]
) -> None:
    """Match what is left, class by class, in order."""
    mine = piece.places(piece.shared)
    theirs = layout.pieces[piece.parent].places(piece.shared)
    pools: dict[int, list[int]] = defaultdict(list)
    for atom in np.flatnonzero(left)[::-1].tolist():
        pools[int(mine[atom])].append(atom)
    for atoms, count in open_rows:
        pool = pools[int(theirs[atoms[piece.parent]])]
        while count:
            atom = pool[-1]
            taken = min(count, int(left[atom]))
            made[(*atoms, atom)] += taken
            left[atom] -= taken
            count -= taken
            if not left[atom]:
                pool.pop()
