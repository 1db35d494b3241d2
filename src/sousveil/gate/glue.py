"""From fillings of pieces to one database: rows with a value for each column.

Pieces that agree where they meet are put together one after the other: what is in a class of the shared
columns on one side is matched with what is in it on the other, in order. Where the world before matched
something, the same is matched again, so that two worlds differ in few rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from sousveil.gate.pieces import Layout, Piece
from sousveil.gate.system import Ints

Atoms = tuple[int, ...]
"""One atom of each piece."""


def glued(layout: Layout, world: Ints, before: Mapping[Atoms, int]) -> dict[Atoms, int]:
    """The rows of a filling (all atoms of all pieces); `before` are those of another world."""
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
