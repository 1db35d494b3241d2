"""Tables of atoms, and the nodes and equations that they bring into a system."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from sousveil.gate.circles.circle import Circle
from sousveil.gate.protection.system import Ints
from sousveil.gate.sheet import Labels

Pairs = tuple[Ints, Ints]
"""Parents and children of equations: the parent of each child, the child."""


@dataclass
class Extra:
    """Nodes beyond those of the populations: atoms, what groups share, what one has beyond another."""

    start: int
    records: list[int] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    low: list[bool] = field(default_factory=list)
    """Whether it must be possible that there is nobody."""
    high: list[bool] = field(default_factory=list)
    """Whether it must be possible that there are k-1."""
    some: list[bool] = field(default_factory=list)
    """Whether it must be possible that there is somebody, where nobody is."""
    equations: list[Pairs] = field(default_factory=list)
    impossible: list[int] = field(default_factory=list)
    """Nodes of populations that no record could be in."""
    tables: list[Table] = field(default_factory=list)
    """The tables whose atoms are nodes here."""
    circles: list[Circle] = field(default_factory=list)
    """The others: too many atoms to be nodes."""
    rests: list[int] = field(default_factory=list)
    """Those who are in a total and not in a cell (`complements`): their records stand in for people."""
    inside: Pairs = (np.zeros(0, np.int64), np.zeros(0, np.int64))
    """Nodes of populations, and those of others in which they lie whole (`inclusions`)."""

    def add(self, counts: Iterable[tuple[int, int]]) -> int:
        """Add nodes with these records and people; the number of the first."""
        first = self.start + len(self.records)
        for records, people in counts:
            self.records.append(records)
            self.people.append(people)
        grown = len(self.records) - len(self.low)
        self.low += [False] * grown
        self.high += [False] * grown
        self.some += [False] * grown
        return first


@dataclass
class Table:
    """The atoms of one group: keys in the order of `recodes`, nodes from `start` on."""

    recodes: tuple[str, ...]
    keys: list[Labels]
    start: int = 0


def projected(table: Table, order: Sequence[str]) -> list[Labels]:
    """The key of each atom by some of the recodes."""
    places = [table.recodes.index(recode) for recode in order]
    return [tuple(key[place] for place in places) for key in table.keys]
