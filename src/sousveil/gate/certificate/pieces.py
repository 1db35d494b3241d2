"""How the other worlds are laid out: pieces (columns that some table is about together) and their atoms.

An atom is one combination of the values of some columns. Groups of columns hang together as a tree
(`clusters`), so that fillings which agree where they meet come from one database (N. Vorob'ev, 1962):
`sousveil.gate.certificate.glue` makes it. Tables in a circle make no tree. Such a cluster of columns has too
many atoms for programs, and their solutions are fractions: so a program is about its tables, each a piece,
and the atoms are filled to fit them (`sousveil.gate.certificate.fill`).
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sousveil.findings.syntax import Either, Every, Node, Not
from sousveil.gate.atoms.clusters import Group, largest, tree
from sousveil.gate.certificate.fill import can_be_filled
from sousveil.gate.certificate.kinds import columns_of, written
from sousveil.gate.certificate.printed import Printed, expression
from sousveil.gate.circles.circle import Axes, Grid
from sousveil.gate.language import refs as spelling
from sousveil.gate.language import witness
from sousveil.gate.protection.system import Flags, Ints
from sousveil.gate.sheet import Labels

MOST_ATOMS = 150_000
"""Atoms of one piece; with more no worlds are looked for."""
MOST_FILLED = 4_000_000
"""Atoms of a circle, at most: some hundreds of MiB."""
CIRCLE = 1_000
"""Atoms up to which a circle is left to programs: these know what can't be, too, but take long over more."""
MOST_LISTED = 1_000_000
"""Combinations of values that one table is about; a reader's verifier goes through all of them."""
JOINED = 1
"""Groups are joined only where they must be: a tree of small ones is as good."""


@dataclass(frozen=True)
class Space:
    """A group of columns and all combinations of their values."""

    columns: tuple[str, ...]
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        """How many atoms."""
        return math.prod(self.shape)

    def axes(self, columns: Iterable[str]) -> Axes:
        """The places of some columns."""
        return tuple(map(self.columns.index, columns))

    def along(self, atoms: Ints, columns: Iterable[str]) -> Ints:
        """For some atoms their combination of values of some of the columns, as one number."""
        return Grid(self.shape).along(atoms, self.axes(columns))

    def places(self, columns: Iterable[str]) -> Ints:
        """The same for each atom."""
        return self.along(np.arange(self.size, dtype=np.int64), columns)


@dataclass(frozen=True)
class Piece(Space):
    """What a program is about; its atoms are numbered from `start`."""

    start: int


@dataclass(frozen=True)
class Cluster(Space):
    """What is filled atom by atom: one piece, or several, whose tables make a circle."""

    pieces: tuple[int, ...]
    met: tuple[Group, ...]
    """What it shares with each cluster that it hangs together with."""
    parent: int
    """The cluster before it that has all columns that it shares with clusters before it; -1 for the first."""
    shared: tuple[str, ...]
    """These columns."""

    @property
    def is_circle(self) -> bool:
        """Whether it has to be filled to fit several pieces."""
        return len(self.pieces) > 1


@dataclass(frozen=True)
class Tie:
    """Two pieces that agree in what they share."""

    one: int
    other: int
    columns: tuple[str, ...]


@dataclass
class Cells:
    """One table over the atoms of its piece."""

    table: Printed
    piece: int
    """-1 where the table is laid out by itself."""
    of: Ints
    """For each atom of the piece the number of its cell; -1 outside of the population."""
    labels: list[Labels]
    shown: Ints
    """For each cell its printed number; -1 where it is hidden."""
    possible: Flags
    """Whether it is a hidden cell in which there may be somebody, for all that the page says."""


@dataclass
class Layout:
    """The pieces of one system of printed tables, and the tables over them."""

    tables: Sequence[Printed]
    pieces: list[Piece] = field(default_factory=list)
    clusters: list[Cluster] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    cells: list[Cells] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Lay it out; without pieces where they would be too large: then each table is laid out by itself."""
        self.columns = columns_of(self.tables)
        self.names = tuple(self.columns)
        groups = {frozenset(_about(one)) for one in self.tables}
        found = tree(groups, self._size, JOINED)
        self.unlistable = tuple(
            n for n, one in enumerate(self.tables) if self._size(_about(one)) > MOST_LISTED
        )
        """Tables with more combinations of values than a reader's verifier can go through."""
        met = [
            [found.groups[a] & found.groups[b] for a, b in found.edges if n in (a, b)]
            for n in range(len(found.groups))
        ]
        parts = [self._parts(group, groups, some) for group, some in zip(found.groups, met, strict=True)]
        self.too_large = any(map(self._is_large, found.groups, parts))
        if not self.too_large:
            for place in [0, *(two for _, two in found.edges)]:
                self._add(found.groups[place], parts[place], met[place])
        self.cells = [self._over(one) for n, one in enumerate(self.tables) if n not in self.unlistable]

    def cluster_of(self, piece: int) -> int:
        """The cluster that a piece belongs to."""
        return next(n for n, one in enumerate(self.clusters) if piece in one.pieces)

    def _size(self, group: Group) -> int:
        return math.prod(len(self.columns[name].values) for name in group)

    def _is_large(self, group: Group, parts: Sequence[Group]) -> bool:
        return self._size(group) > MOST_FILLED or any(self._size(one) > MOST_ATOMS for one in parts)

    def _parts(self, group: Group, groups: Iterable[Group], met: Iterable[Group]) -> list[Group]:
        """The pieces of a cluster: of a circle its tables, and what it has in common with other clusters."""
        inside = [one for one in groups if one <= group]
        if group in inside or self._size(group) <= CIRCLE:
            return [group]
        parts, axes = largest([*inside, *met]), self._space(group).axes
        return parts if can_be_filled([axes(sorted(one)) for one in parts]) else [group]

    def _add(self, group: Group, parts: Sequence[Group], meets: Sequence[Group]) -> None:
        met = {name for one in self.clusters for name in one.columns} & group
        parent = next((n for n, one in enumerate(self.clusters) if met <= set(one.columns)), -1)
        if self.clusters and parent < 0:
            raise AssertionError("the clusters make no tree")
        space, first, shared = self._space(group), len(self.pieces), tuple(sorted(met))
        for one in parts:
            start = sum(piece.size for piece in self.pieces)
            self.pieces.append(Piece(*self._named(one), start))
        numbers = tuple(range(first, len(self.pieces)))
        if parent >= 0:
            self.ties.append(
                Tie(self._with(shared, numbers), self._with(shared, self.clusters[parent].pieces), shared)
            )
        self.ties += _circular(dict(zip(numbers, parts, strict=True)))
        self.clusters.append(Cluster(space.columns, space.shape, numbers, tuple(meets), parent, shared))

    def freedom(self, piece: int) -> Ints:
        """Between which atoms of a piece anybody may move, for all that is printed: those of one number.

        0 are those whose sum is printed.
        """
        shown = np.zeros(self.pieces[piece].size, dtype=np.bool_)
        found = np.ones(self.pieces[piece].size, dtype=np.int64)
        for cells in self.cells:
            if cells.piece == piece:
                inside = cells.of >= 0
                if cells.table.by:
                    shown |= inside & ~cells.possible[cells.of]
                # What is in a population stays in it.
                _, found = np.unique(2 * found + inside, return_inverse=True)
                found = found.astype(np.int64).reshape(-1) + 1
        return np.where(shown, 0, found)

    def _with(self, columns: Iterable[str], numbers: Iterable[int]) -> int:
        """The first of some pieces that has these columns."""
        return next(n for n in numbers if set(columns) <= set(self.pieces[n].columns))

    def _named(self, group: Group) -> tuple[tuple[str, ...], tuple[int, ...]]:
        columns = tuple(sorted(group))
        return columns, tuple(len(self.columns[name].values) for name in columns)

    def _space(self, group: Group) -> Space:
        return Space(*self._named(group))

    def _over(self, table: Printed) -> Cells:
        """A table over the piece that has its columns: by labels those of its cells that can be."""
        about = _about(table)
        number = next((p for p, one in enumerate(self.pieces) if about <= set(one.columns)), -1)
        piece = self._space(about) if number < 0 else self.pieces[number]
        node = _condition(table)
        truths = {
            leaf: np.array([one[leaf] for one in self.columns[column].truths])[piece.places([column])]
            for leaf in witness.leaves(node)
            for column in [witness.column_of(leaf)]
        }
        taken = _holds(node, truths, piece.size)
        codes, axes = np.zeros(piece.size, dtype=np.int64), []
        for ref in table.by:
            column = self.columns[spelling.column(ref)]
            under = [written(value[column.asked.index(expression(ref))]) for value in column.values]
            axis = {label: place for place, label in enumerate(dict.fromkeys(under))}
            axes.append([*axis])
            local = np.array([axis[label] for label in under])[piece.places([column.name])]
            codes = codes * len(axis) + local
        found, of = np.unique(np.where(taken, codes, -1), return_inverse=True)
        outside = int(found[0] == -1) if len(found) else 0
        shape = [len(axis) for axis in axes]
        labels = [
            tuple(axis[place] for axis, place in zip(axes, np.unravel_index(code, shape), strict=True))
            if axes
            else ()
            for code in found[outside:]
        ]
        values = [table.cells.get(one) for one in labels]
        return Cells(
            table,
            number,
            of.reshape(-1).astype(np.int64) - outside,
            labels,
            np.array([-1 if value is None else value for value in values], dtype=np.int64),
            np.array(
                [
                    value is None and (table.is_open or one in table.cells)
                    for one, value in zip(labels, values, strict=True)
                ],
                dtype=np.bool_,
            ),
        )


def _circular(parts: Mapping[int, Group]) -> list[Tie]:
    """How the pieces of a circle agree: one after the other, for all that two of them share."""
    sharing: dict[Group, set[int]] = {}
    for (one, mine), (other, theirs) in itertools.combinations(parts.items(), 2):
        if mine & theirs:
            sharing.setdefault(mine & theirs, set()).update((one, other))
    return [
        Tie(other, one, tuple(sorted(columns)))
        for columns, numbers in sharing.items()
        for one, other in itertools.pairwise(sorted(numbers))
    ]


def _holds(node: Node | None, truths: Mapping[Node, Flags], size: int) -> Flags:
    """For each atom whether a `where` holds."""
    match node:
        case None:
            return np.ones(size, dtype=np.bool_)
        case Every(parts):
            return functools.reduce(np.logical_and, [_holds(part, truths, size) for part in parts])
        case Either(parts):
            return functools.reduce(np.logical_or, [_holds(part, truths, size) for part in parts])
        case Not(part):
            return ~_holds(part, truths, size)
        case _:
            return truths[node]


def _condition(table: Printed) -> Node | None:
    return witness.condition(f"; where {table.where}" if table.where else "")


def _about(table: Printed) -> frozenset[str]:
    """The columns that a table is about."""
    node = _condition(table)
    columns = {witness.column_of(leaf) for leaf in witness.leaves(node)}
    return frozenset(columns | {spelling.column(ref) for ref in table.by})
