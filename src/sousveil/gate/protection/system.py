"""What a reader could add and subtract: the counts of several tables and the equations between them.

Every count is a node. Every total is an equation: a parent is the sum of its children. There are nodes for
the cells of each table, for the zero combinations of labels that occur, for the margins of tables with two
columns or more (other questions may ask for them), for the population's total, and for the atoms of which
overlapping populations consist (`joint`). A node is shown or hidden; a small one is hidden and must stay
unknown.

A person may be in several cells, so that cells of people add up to more than their total. The excess of each
equation is given to the attacker: whoever knows less learns less.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import sparse

if TYPE_CHECKING:
    from sousveil.gate.circles.carry import Carrier

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

UNITS = ("records", "people")


@dataclass
class System:
    """Nodes (arrays over them) and equations (`matrix @ values == excess`, children +1, parent -1)."""

    k: int
    values: dict[str, Ints]
    """By unit, the exact count of each node."""
    small: Flags
    """Zero, or fewer than k people or records: hidden, and the attacker knows which these are."""
    loose: Flags
    """Nobody printed or hid it as a cell, so the attacker knows nothing of its size."""
    low: Flags
    """It must be possible that it is 0."""
    high: Flags
    """It must be possible that it is `top`."""
    top: Ints
    """k-1; or 1 where nobody is, and it must not be known that nobody is."""
    hidden: Flags
    """Not shown; grows while the tables are protected."""
    fixed: Flags
    """Shown or hidden for good."""
    cost: npt.NDArray[np.float64]
    """What is lost by hiding a node."""
    ceiling: dict[str, Ints]
    """By unit, what everybody knows a node can't exceed: the total of its population."""
    matrix: sparse.csr_array
    population: Ints
    """Which population a node belongs to."""
    label: Ints
    """Of the column with most labels the one that a node is about; -1 where it is about several."""
    aside: Flags
    """Margins that nobody asked for: nothing is known of their size but what is shown of them."""
    circles: Sequence[Carrier] = ()
    """Tables in circles whose atoms are no nodes: they are filled world by world."""
    asked: frozenset[str] = frozenset(UNITS)
    """The units in which numbers are printed."""
    inside: tuple[Ints, Ints] = (np.zeros(0, np.int64), np.zeros(0, np.int64))
    """Cells that were asked for, and others in which they lie whole (`inclusions`)."""
    rests: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    """Those who are in a total and not in a cell (`complements`); their records add up to nothing."""

    excess: dict[str, Ints] = field(init=False)
    entries: tuple[Ints, Ints, Ints] = field(init=False)
    """Equation, node and sign of every entry of the matrix."""

    def __post_init__(self) -> None:
        """Work out what the equations come to."""
        self.excess = {unit: np.asarray(self.matrix @ self.values[unit]) for unit in UNITS}
        coo = self.matrix.tocoo()
        order = np.argsort(coo.row, kind="stable")
        self.entries = (
            coo.row[order].astype(np.int64),
            coo.col[order].astype(np.int64),
            coo.data[order].astype(np.int64),
        )

    @property
    def counts_alike(self) -> bool:
        """Whether each record is of another person, so that both units say the same."""
        return bool((self.values["records"] == self.values["people"]).all())

    @cached_property
    def within(self) -> tuple[Ints, Ints]:
        """Parts and wholes, as nodes, of which the people need a row of their own: see `Problem`.

        None where no people are printed, nor where each record of the whole is of another person: there the
        sums say it. Nor where the whole is small: it must be able to be empty beside a given excess.
        """
        part, whole = self.inside
        several = (self.values["people"][whole] < self.values["records"][whole]) & ~self.small[whole]
        several &= "people" in self.asked
        return part[several], whole[several]

    @cached_property
    def held(self) -> Flags:
        """The nodes that are held to have no more people than records, where both are printed.

        Not atoms, nor the parts of a small node with people in several of them: it must be able to be empty,
        while the excess, which is given to the attacker, stays with its parts.
        """
        equation, node, sign = self.entries
        overfull = np.zeros(self.matrix.shape[0], dtype=np.bool_)
        parents = (sign < 0) & (self.small | self.loose)[node]
        overfull[equation[parents]] = self.excess["people"][equation[parents]] > 0
        held: Flags = ~self.loose
        held[node[(sign > 0) & overfull[equation]]] = False
        return held

    @cached_property
    def nobody(self) -> Flags:
        """The nodes that are empty for one who knows which combinations can't occur."""
        empty: Flags = (self.values["records"] == 0) & ~self.loose
        equation, node, sign = self.entries
        while True:
            grown = empty.copy()
            of_nobody, of_some = (np.zeros(self.matrix.shape[0], dtype=np.bool_) for _ in range(2))
            of_nobody[equation[(sign < 0) & empty[node]]] = True
            grown[node[(sign > 0) & of_nobody[equation]]] = True
            of_some[equation[(sign > 0) & ~grown[node]]] = True
            grown[node[(sign < 0) & ~of_some[equation]]] = True
            if (grown == empty).all():
                return empty
            empty = grown

    def bounds(self, unit: str, zeros_known: bool = False) -> tuple[Ints, Ints]:
        """What an attacker knows of each node who knows which are small: lowest and highest values.

        Shown nodes are known; small ones lie in 0 … k-1 (where the smallness is of people only, the records
        have no bound but their total), the other hidden ones are at least k, but for margins that nobody
        asked for. With `zeros_known` the attacker also knows which combinations can't occur. Loose nodes are
        at least 0.
        """
        values = self.values[unit]
        highest = np.maximum(self.ceilings(unit), values)
        floor = np.where(self.small | self.loose | self.aside, 0, np.minimum(self.k, values))
        if unit == "people":
            part, whole = self.within
            known = ~self.hidden[part]
            np.maximum.at(floor, whole[known], values[part[known]])
        low = np.where(self.hidden, floor, values)
        bounded = self.small & (values < self.k) & ~self.loose
        high = np.where(self.hidden, np.where(bounded, self.k - 1, highest), values)
        if zeros_known:
            high = np.where(self.hidden & ((values == 0) & ~self.loose | self.nobody), 0, high)
        return low, high

    def ceilings(self, unit: str) -> Ints:
        """No node exceeds its population, nor a shown total that it is part of."""
        ceiling = self.ceiling[unit].copy()
        equation, node, sign = self.entries
        parents = np.full(self.matrix.shape[0], np.iinfo(np.int64).max, dtype=np.int64)
        above = sign < 0
        known = above & ~self.hidden[node]
        parents[equation[known]] = self.values[unit][node[known]]
        parts, first, within = self._parts
        if len(parts):
            ceiling[parts] = np.minimum(ceiling[parts], np.minimum.reduceat(parents[within], first))
        if unit == "people":
            part, whole = self.within
            shown = ~self.hidden[whole]
            np.minimum.at(ceiling, part[shown], self.values[unit][whole[shown]])
        return ceiling

    @cached_property
    def _parts(self) -> tuple[Ints, Ints, Ints]:
        """The nodes that are parts of sums; where the equations of each begin in the list of all of them."""
        equation, node, sign = self.entries
        equation, node = equation[sign > 0], node[sign > 0]
        order = np.argsort(node, kind="stable")
        parts, first = np.unique(node[order], return_index=True)
        return parts, first, equation[order]

    def hide(self, nodes: Iterable[int]) -> None:
        """Hide nodes."""
        for node in nodes:
            self.hidden[node] = True
