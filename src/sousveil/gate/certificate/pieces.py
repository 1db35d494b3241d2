"""How the other worlds are laid out: pieces (columns that some table is about together) and their atoms.

A piece is a group of columns, an atom one combination of their values. Pieces hang together as a tree
(`clusters`), so that fillings which agree where pieces meet come from one database (N. Vorob'ev, 1962):
`sousveil.gate.certificate.glue` makes it.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sousveil.findings.syntax import Either, Every, Node, Not
from sousveil.gate.atoms.clusters import Group, tree
from sousveil.gate.certificate.kinds import columns_of, written
from sousveil.gate.certificate.printed import Printed, expression
from sousveil.gate.language import refs as spelling
from sousveil.gate.language import witness
from sousveil.gate.protection.system import Flags, Ints
from sousveil.gate.sheet import Labels

MOST_ATOMS = 150_000
"""Atoms of one piece; with more no worlds are looked for."""
MOST_LISTED = 1_000_000
"""Combinations of values that one table is about; a reader's verifier goes through all of them."""
JOINED = 1
"""Pieces are joined only where they must be: a tree of small ones is as good."""


@dataclass
class Piece:
    """A group of columns and all combinations of their values, numbered from `start`."""

    columns: tuple[str, ...]
    shape: tuple[int, ...]
    start: int
    parent: int
    """The piece before it that has all columns that it shares with pieces before it; -1 for the first."""
    shared: tuple[str, ...]
    """These columns."""

    @property
    def size(self) -> int:
        """How many atoms."""
        return math.prod(self.shape)

    def places(self, columns: Sequence[str]) -> Ints:
        """For each atom its combination of values of some of the columns, as one number."""
        found = np.zeros(self.size, dtype=np.int64)
        for name in columns:
            found = found * self.shape[self.columns.index(name)] + self.values(name)
        return found

    def values(self, column: str) -> Ints:
        """For each atom the number of its value of a column."""
        place = self.columns.index(column)
        inner = math.prod(self.shape[place + 1 :])
        return np.arange(self.size, dtype=np.int64) // inner % self.shape[place]


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
        self.too_large = any(self._size(group) > MOST_ATOMS for group in found.groups)
        if not self.too_large:
            order = [0, *(two for _, two in found.edges)]
            for number, group in enumerate(found.groups[place] for place in order):
                self._add(number, group)
        self.cells = [self._over(one) for n, one in enumerate(self.tables) if n not in self.unlistable]

    def _size(self, group: Group) -> int:
        return math.prod(len(self.columns[name].values) for name in group)

    def _add(self, number: int, group: Group) -> None:
        met = {name for piece in self.pieces for name in piece.columns} & group
        parent = next((p for p, piece in enumerate(self.pieces) if met <= set(piece.columns)), -1)
        if number and parent < 0:
            raise AssertionError("the pieces make no tree")
        start = sum(piece.size for piece in self.pieces)
        self.pieces.append(self._piece(group, start, parent, tuple(sorted(met))))

    def _piece(self, group: Group, start: int = 0, parent: int = -1, shared: tuple[str, ...] = ()) -> Piece:
        columns = tuple(sorted(group))
        return Piece(
            columns, tuple(len(self.columns[name].values) for name in columns), start, parent, shared
        )

    def _over(self, table: Printed) -> Cells:
        """A table over the piece that has its columns: by labels those of its cells that can be."""
        about = _about(table)
        number = next((p for p, one in enumerate(self.pieces) if about <= set(one.columns)), -1)
        piece = self._piece(about) if number < 0 else self.pieces[number]
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
