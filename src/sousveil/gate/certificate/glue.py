"""From fillings of pieces to one database: rows with a value for each column.

The pieces of a circle are filled together first (`fill`). Clusters that agree where they meet are put
together one after the other: what is in a class of the shared columns on one side is matched with what is in
it on the other, in order. Where the world before matched something, the same is matched again, so that two
worlds differ in few rows.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sousveil.gate.certificate.fill import Fill
from sousveil.gate.certificate.moves import Free
from sousveil.gate.certificate.pieces import Cells, Cluster, Layout
from sousveil.gate.certificate.rows import Rows
from sousveil.gate.circles.circle import Grid
from sousveil.gate.effort import Work
from sousveil.gate.protection.system import Ints

Atoms = tuple[int, ...]
"""One atom of each cluster."""


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


class Glue:
    """Makes databases of one layout, each much like the one that was kept before it."""

    def __init__(self, rows: Rows, work: Work) -> None:
        self.rows, self.layout, self.work = rows, rows.layout, work
        self._fills: dict[tuple[str, int], Fill] = {}

    def glued(self, filling: Ints, before: World | None) -> tuple[World, Ints] | None:
        """The database of a filling (by unit all atoms of all pieces), and the filling that it has.

        That may differ in hidden cells where a circle has no room for them; None where it has none at all.
        """
        earlier = {"people": before.people, "records": before.more} if before else {}
        made, filled = {}, filling.copy()
        for unit, part in zip(self.rows.units, np.split(filled, len(self.rows.units)), strict=True):
            counts = [self._counts(unit, number, part) for number in range(len(self.layout.clusters))]
            every = [one for one in counts if one is not None]
            if len(every) < len(counts):
                return None
            made[unit] = _of_one_unit(self.layout, every, earlier.get(unit, {}))
        return World(made.get("people", {}), made.get("records", {})), filled

    def keep(self) -> None:
        """The last database is kept."""
        for one in self._fills.values():
            one.keep()

    def _counts(self, unit: str, number: int, filling: Ints) -> Ints | None:
        """The atoms of a cluster; those of its pieces are changed to fit them."""
        cluster = self.layout.clusters[number]
        pieces = [self.layout.pieces[one] for one in cluster.pieces]
        parts = {cluster.axes(one.columns): filling[one.start : one.start + one.size] for one in pieces}
        if not cluster.is_circle:
            return next(iter(parts.values())).copy()
        if (unit, number) not in self._fills:
            self._fills[unit, number] = Fill(cluster.shape, self.work, self._free(cluster))
        atoms = self._fills[unit, number].filled(parts)
        if atoms is not None:
            for axes, part in parts.items():
                part[:] = Grid(cluster.shape).summed(atoms, axes)
        return atoms

    def _free(self, cluster: Cluster) -> Free:
        """What may change in a circle: not what other clusters hang on."""
        free = {
            cluster.axes(self.layout.pieces[number].columns): self.layout.freedom(number)
            for number in cluster.pieces
        }
        space = Grid(cluster.shape)
        fixed = [cluster.axes(sorted(one)) for one in cluster.met if one]
        return free | {axes: np.zeros(space.size(axes), dtype=np.int64) for axes in fixed}


def between_pieces(layout: Layout, world: World) -> bool:
    """Whether no hidden cell has more people than a printed number that it meets in another piece."""
    tables = [one for one in layout.cells if one.table.unit == "people"]
    pairs = [(one, other) for one, other in itertools.permutations(tables, 2) if one.piece != other.piece]
    if not pairs or not world.people:
        return True
    atoms = np.array([*world.people], dtype=np.int64)
    people = np.array([*world.people.values()], dtype=np.int64)
    return all(_meet(layout, one, other, atoms, people) for one, other in pairs)


def _meet(layout: Layout, one: Cells, other: Cells, atoms: Ints, people: Ints) -> bool:
    mine, theirs = (each.of[_local(layout, each.piece, atoms)] for each in (one, other))
    both = (mine >= 0) & (theirs >= 0)
    both[both] = one.possible[mine[both]]
    limit = np.where(other.shown >= 0, other.shown, other.table.total)
    pairs = mine[both] * len(limit) + theirs[both]
    distinct, place = np.unique(pairs, return_inverse=True)
    return bool((np.bincount(place, people[both], len(distinct)) <= limit[distinct % len(limit)]).all())


def _local(layout: Layout, piece: int, atoms: Ints) -> Ints:
    """The atom of a piece for each row of a database."""
    number = layout.cluster_of(piece)
    return layout.clusters[number].along(atoms[:, number], layout.pieces[piece].columns)


def _of_one_unit(layout: Layout, counts: Sequence[Ints], before: Mapping[Atoms, int]) -> dict[Atoms, int]:
    """The rows of one unit; `counts` has the atoms of each cluster."""
    rows: dict[Atoms, int] = {(int(atom),): int(counts[0][atom]) for atom in np.flatnonzero(counts[0])}
    for number, cluster in enumerate(layout.clusters[1:], 1):
        rows = _joined(layout, number, cluster, rows, counts[number], before)
    return rows


def _joined(
    layout: Layout,
    number: int,
    cluster: Cluster,
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
    _match(layout, cluster, open_rows, left, made)
    return dict(made)


def _match(
    layout: Layout,
    cluster: Cluster,
    open_rows: Sequence[tuple[Atoms, int]],
    left: Ints,
    made: dict[Atoms, int],
) -> None:
    """Match what is left, class by class, in order."""
    mine = cluster.places(cluster.shared)
    theirs = layout.clusters[cluster.parent].places(cluster.shared)
    pools: dict[int, list[int]] = defaultdict(list)
    for atom in np.flatnonzero(left)[::-1].tolist():
        pools[int(mine[atom])].append(atom)
    for atoms, count in open_rows:
        pool = pools[int(theirs[atoms[cluster.parent]])]
        while count:
            atom = pool[-1]
            taken = min(count, int(left[atom]))
            made[(*atoms, atom)] += taken
            left[atom] -= taken
            count -= taken
            if not left[atom]:
                pool.pop()
