"""All worlds that agree with what an attacker knows: how far a sum of unknowns can be narrowed down.

Unknowns are whole numbers of at least 0. What is known is a list of sums with a lowest and a highest value.
Bounds are looked for in the reals first (what holds there holds for whole numbers, too); a bound that no
whole world was seen to reach is looked for in whole numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.float64]
"""The coefficient of each unknown in a sum."""
NEAR = 1e-6
ROUNDS = 6


@dataclass(frozen=True)
class Range:
    """What is left to a sum."""

    low: int
    high: int
    """`MANY` where nothing bounds it."""


MANY = 10**9


class Contradiction(Exception):
    """No world agrees with what is known."""


@dataclass
class Polytope:
    """What is known, collected sum by sum."""

    size: int
    sums: list[tuple[Mask, float, float]] = field(default_factory=list)

    def know(self, mask: Mask, low: float, high: float = MANY) -> None:
        """The sum lies between low and high."""
        self.sums.append((mask, low, high))

    def ranges(self, targets: Sequence[Mask], enough: int, seed: int = 0) -> list[Range]:
        """The range of each target, as far as it matters: a high of at least `enough` is not refined.

        Raises `Contradiction`.
        """
        program = Program(self)
        matrix = np.array(targets).reshape(len(targets), self.size)
        low = np.full(len(targets), MANY)
        high = np.full(len(targets), -1)
        chance = np.random.default_rng(seed)
        for number in range(ROUNDS if len(targets) > 3 else 0):
            sign = 1.0 if number % 2 else -1.0
            world = program.extreme(sign * chance.uniform(0.5, 1.5, len(targets)) @ matrix)
            _seen(world, matrix, low, high)
        for place, mask in enumerate(matrix):
            if low[place] > 0:
                low[place] = self._bound(program, mask, 1, matrix, low, high)
            if high[place] < enough:
                high[place] = self._bound(program, mask, -1, matrix, low, high)
        return [Range(int(one), int(other)) for one, other in zip(low, high, strict=True)]

    def check(self) -> None:
        """Look for any world in the reals. Raises `Contradiction` where there is none."""
        if Program(self).extreme(np.zeros(self.size)) is None:
            raise Contradiction("no world")  # with nothing to minimise it can't be unbounded

    def _bound(self, program: Program, mask: Mask, sign: int, matrix: Any, low: Any, high: Any) -> int:
        world = program.extreme(sign * mask)
        if world is None:
            return MANY
        if not _is_whole(world):
            world = program.extreme(sign * mask, whole=True)
            if world is None:
                return MANY
        _seen(world, matrix, low, high)
        return round(float(mask @ world))


def _is_whole(world: Mask) -> bool:
    return bool((np.abs(world - np.rint(world)) < NEAR).all())


def _seen(world: Mask | None, matrix: Any, low: Any, high: Any) -> None:
    """Widen the ranges by a whole world."""
    if world is not None and _is_whole(world):
        values = np.rint(matrix @ np.rint(world)).astype(np.int64)
        np.minimum(low, values, out=low)
        np.maximum(high, values, out=high)


class Program:
    """HiGHS with what is known as its rows."""

    def __init__(self, known: Polytope) -> None:
        self._solver: Any = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 1)):
            self._solver.setOptionValue(option, value)
        model = highspy.HighsLp()
        matrix = np.array([mask for mask, _, _ in known.sums]).reshape(len(known.sums), known.size)
        model.num_row_, model.num_col_ = matrix.shape
        model.col_cost_ = np.zeros(known.size)
        model.col_lower_, model.col_upper_ = np.zeros(known.size), np.full(known.size, highspy.kHighsInf)
        model.row_lower_ = np.array([float(low) for _, low, _ in known.sums])
        model.row_upper_ = np.array(
            [highspy.kHighsInf if high >= MANY else float(high) for *_, high in known.sums]
        )
        columns, rows = np.nonzero(matrix.T)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = np.searchsorted(columns, np.arange(known.size + 1)).astype(np.int32)
        model.a_matrix_.index_ = rows.astype(np.int32)
        model.a_matrix_.value_ = matrix.T[columns, rows]
        self._solver.passModel(model)
        self._every = np.arange(known.size, dtype=np.int32)
        self._size = known.size

    def extreme(self, cost: Mask, *, whole: bool = False) -> Mask | None:
        """The world of the least cost; None where there is no least. Raises `Contradiction`."""
        self._solver.changeColsCost(self._size, self._every, cost)
        if whole:
            self._integrality(highspy.HighsVarType.kInteger)
        self._solver.run()
        status = self._solver.getModelStatus()
        world = np.array(self._solver.getSolution().col_value)
        if whole:
            self._integrality(highspy.HighsVarType.kContinuous)
        if status == highspy.HighsModelStatus.kOptimal:
            return world
        if status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return None
        raise Contradiction(str(status))

    def _integrality(self, kind: Any) -> None:
        self._solver.changeColsIntegrality(self._size, self._every, np.full(self._size, kind))
