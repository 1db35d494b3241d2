"""Linear programs by HiGHS: rows, bounds, one objective after another, always with the same outcome.

Nothing that the solver says is taken on trust: `sousveil.gate.protection.audit` rounds each solution to
whole numbers and checks them exactly. Work is bounded by counts of iterations and nodes, never by the
clock, so that a slow machine releases what a fast one does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from sousveil.gate.protection.system import Ints

Reals = npt.NDArray[np.float64]

MAX_ITERATIONS = 200_000
"""Simplex iterations of one program."""
DEPENDENT = 1 << 10 | 1 << 11
"""HiGHS's bits for the parts of presolve that look for dependent equations and columns."""
MAX_BRANCHES = 50
"""Branch-and-bound nodes, where a program of fractions does not give whole numbers by itself."""
FEASIBLE = 2
"""HiGHS's number for a solution that keeps all equations and bounds."""
GAP = 0.5
"""How much dearer than the cheapest a solution in whole numbers may be."""


class Program:
    """Minimise a cost over `matrix @ x == goal`, `low <= x <= high`; `most` allows for `goal` … `most`."""

    def __init__(
        self,
        matrix: sparse.csr_array,
        goal: Ints | Reals,
        low: Ints | Reals,
        high: Ints | Reals,
        most: Reals | None = None,
    ) -> None:
        # Loaded late: most releases need no program at all.
        import highspy

        self._solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("random_seed", 1),
            ("simplex_iteration_limit", MAX_ITERATIONS),
            # How far it looks for dependent equations hangs on the clock.
            ("presolve_rule_off", DEPENDENT),
            ("mip_max_nodes", MAX_BRANCHES),
            ("mip_rel_gap", GAP),
        ):
            self._solver.setOptionValue(option, value)
        self._optimal = highspy.HighsModelStatus.kOptimal
        self._whole, self._real = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
        model = highspy.HighsLp()
        columns = matrix.tocsc()
        model.num_row_, model.num_col_ = matrix.shape
        model.col_cost_ = np.zeros(matrix.shape[1])
        model.col_lower_, model.col_upper_ = low.astype(np.float64), high.astype(np.float64)
        model.row_lower_ = goal.astype(np.float64)
        model.row_upper_ = model.row_lower_ if most is None else most
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = columns.indptr
        model.a_matrix_.index_ = columns.indices
        model.a_matrix_.value_ = columns.data.astype(np.float64)
        self._solver.passModel(model)
        self.rows, self.size = map(int, matrix.shape)
        self._every = np.arange(self.size, dtype=np.int32)

    def minimise(self, cost: Reals, whole: bool = False) -> Reals | None:
        """The cheapest solution, in whole numbers if asked for; None where there is none, or no proof."""
        self._solver.changeColsCost(self.size, self._every, cost)
        # From the start each time: what presolve takes away is worth thirty times more than the last basis.
        self._solver.clearSolver()
        if whole:
            self._solver.changeColsIntegrality(self.size, self._every, np.full(self.size, self._whole))
        self._solver.run()
        # Any whole solution will do, since it is checked; of the others the cheapest is meant.
        good = self._feasible() if whole else self._solver.getModelStatus() == self._optimal
        found = np.array(self._solver.getSolution().col_value) if good else None
        if whole:
            self._solver.changeColsIntegrality(self.size, self._every, np.full(self.size, self._real))
        return found

    def _feasible(self) -> bool:
        return bool(self._solver.getInfo().primal_solution_status == FEASIBLE)

    @property
    def iterations(self) -> int:
        """Simplex iterations of the last program."""
        return int(self._solver.getInfo().simplex_iteration_count)

    def at_most(self, iterations: int) -> None:
        """Bound the simplex iterations of the programs that follow."""
        self._solver.setOptionValue("simplex_iteration_limit", min(MAX_ITERATIONS, iterations))

    def fix(self, column: int, low: int, high: int) -> None:
        """Change the bounds of one unknown."""
        self._solver.changeColBounds(column, float(low), float(high))
