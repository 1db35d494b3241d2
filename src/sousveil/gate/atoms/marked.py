"""The atoms of one table by labels and truths, as whole numbers: each column is read off their keys once.

Small groups are looked for by more than a hundred sets of marks; keys made for every atom and every set took
a quarter of the gate's time.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable

import numpy as np

from sousveil.gate.atoms.columns import Marks
from sousveil.gate.atoms.nodes import Table
from sousveil.gate.protection.system import Ints
from sousveil.gate.sheet import Labels

_DENSE = 1 << 40
"""Codes beyond are numbered anew, so that codes of any number of columns stay within 64 bits."""


class Marked:
    """The atoms of a table that is not empty, by marks."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._codes: dict[tuple[str, int | None], Ints] = {}

    def groups(self, marks: Marks) -> tuple[Ints, Ints]:
        """The first atom of each group that some marks make, and which of the groups each atom is in."""
        codes = functools.reduce(_crossed, (self._code(*mark) for mark in marks))
        _, first, which = np.unique(codes, return_index=True, return_inverse=True)
        return first, which

    def keys(self, atoms: Iterable[int], marks: Marks) -> list[Labels]:
        """The marks of some atoms."""
        places = [(self.table.recodes.index(recode), leaf) for recode, leaf in marks]
        return [
            tuple(key[place] if leaf is None else key[place][leaf] for place, leaf in places)
            for key in map(self.table.keys.__getitem__, atoms)
        ]

    def _code(self, recode: str, leaf: int | None) -> Ints:
        if (recode, leaf) not in self._codes:
            number: dict[Labels, int] = {}
            keys = self.keys(range(len(self.table.keys)), ((recode, leaf),))
            self._codes[recode, leaf] = np.array([number.setdefault(key, len(number)) for key in keys])
        return self._codes[recode, leaf]


def _crossed(one: Ints, other: Ints) -> Ints:
    """What two codes are together, as one code."""
    both = one * (int(other.max()) + 1) + other
    return np.unique(both, return_inverse=True)[1] if int(both.max()) > _DENSE else both
