"""The programs that look for other worlds, with a bound on the work of all of them."""

from __future__ import annotations

import numpy as np

from sousveil.gate.certificate.rows import Rows
from sousveil.gate.effort import Work
from sousveil.gate.protection.solver import Reals
from sousveil.gate.protection.system import Ints

WORK = 200_000
"""Steps of all programs of one system: simplex iterations, of some tenth of a millisecond each."""
START = 25
"""Entries of a matrix that take as long as one step when a program is set up."""
WHOLE = 10
"""How much longer a step takes where whole numbers are asked for."""


class Search:
    """Fillings of one layout that keep all rows."""

    def __init__(self, rows: Rows, work: Work) -> None:
        self.rows, self.work = rows, work
        self._program = rows.program()

    def minimise(self, cost: Reals, whole: bool = False) -> Reals | None:
        """The cheapest filling, as far as the work goes; None where there is none."""
        if self.work.is_done:
            return None
        self._program.at_most(self.work.left)
        solution = self._program.minimise(cost, whole)
        steps = self._program.iterations + self.rows.matrix.nnz // START
        self.work.left -= steps * (WHOLE if whole else 1)
        return solution

    def whole(self, cost: Reals, solution: Reals) -> Ints | None:
        """A solution in whole numbers, if need be by another program; None where none is found."""
        filling = np.rint(self.rows.filling(solution)).astype(np.int64)
        if self.rows.holds(filling):
            return filling
        again = self.minimise(cost, whole=True)
        if again is None:
            return None
        filling = np.rint(self.rows.filling(again)).astype(np.int64)
        return filling if self.rows.holds(filling) else None
