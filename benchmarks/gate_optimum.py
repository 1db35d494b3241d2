"""How much more the gate hides than it must, on tables small enough for the optimum.

    python -m benchmarks.gate_optimum [--tables N]

The optimum is an integer program (HiGHS) over one two-way table with its totals known: which cells to hide
so that every small or empty cell has, among the hidden ones, a world in which it is 0 and one in which it is
k-1, for the reader who knows which hidden cells are small. This is the gate's own standard, each world a
copy of the table's unknowns (M. Fischetti, J. J. Salazar, 2001).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt

from sousveil.gate.release import release
from tests.gate_world import MemoryCase, World

Grid = npt.NDArray[np.int64]

K = 10
SECONDS = 60.0
"""For one optimum; a table that needs longer is left out, and counted."""


def table(number: int) -> Grid:
    """A table of 4 to 6 rows and columns, a quarter of its cells small, now and then an empty one."""
    chance = np.random.default_rng(number)
    shape = tuple(chance.integers(4, 7, 2).tolist())
    cells = np.rint(chance.lognormal(3.6, 1.1, shape)).astype(np.int64)
    cells[chance.random(shape) < 0.05] = 0
    return np.maximum(cells, 0)


def hidden_by_the_gate(cells: Grid) -> int | None:
    """How many cells the gate hides, empty ones included; None where it refuses the table."""
    world = World.of(
        "ab", {(f"a{row}", f"b{column}"): int(n) for (row, column), n in np.ndenumerate(cells) if n}
    )
    case: Any = MemoryCase(K)
    (finding,) = release(case, [world.ask("ab")], world)["findings"]
    if "refused" in finding:
        return None
    return int(cells.size - sum(cell["value"] is not None for cell in finding["cells"]))


def fewest_hidden(cells: Grid) -> int | None:
    """The fewest cells that must be hidden, or None where that was not found in time."""
    small = cells < K
    if not small.any():
        return 0
    solver: Any = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("time_limit", SECONDS)):
        solver.setOptionValue(option, value)
    hide = np.array([[solver.addBinary(obj=1.0) for _ in line] for line in cells], dtype=object)
    for cell in np.argwhere(small):
        solver.addConstr(hide[tuple(cell)] == 1)
    for cell in map(tuple, np.argwhere(small).tolist()):
        for value in (0, K - 1):
            if cells[cell] != value:
                _add_world(solver, hide, cells, cell, value)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return round(solver.getInfo().objective_function_value)


def _add_world(solver: Any, hide: Any, cells: Grid, cell: tuple[int, ...], value: int) -> None:
    """One world more: rises and falls of hidden cells that keep every total, and bring a cell to a value."""
    most = int(cells.sum())
    moves = np.empty(cells.shape, dtype=object)
    for place, true in np.ndenumerate(cells):
        rise = (K - 1 if true < K else most) - int(true)
        fall = int(true) if true < K else int(true) - K
        up, down = solver.addVariable(0, rise), solver.addVariable(0, fall)
        solver.addConstr(up <= rise * hide[place])
        solver.addConstr(down <= fall * hide[place])
        moves[place] = up - down
    for line in [*moves, *moves.T]:
        total = line[0]
        for move in line[1:]:
            total = total + move
        solver.addConstr(total == 0)
    solver.addConstr(moves[cell] == value - int(cells[cell]))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print how many cells the gate and the optimum hide."""
    parser = argparse.ArgumentParser(description="the gate against the optimum")
    parser.add_argument("--tables", type=int, default=30)
    options = parser.parse_args(arguments)
    ours = best = compared = refused = late = 0
    for number in range(options.tables):
        cells = table(number)
        found = hidden_by_the_gate(cells)
        if found is None:
            refused += 1
            continue
        fewest = fewest_hidden(cells)
        if fewest is None:
            late += 1
            continue
        ours, best, compared = ours + found, best + fewest, compared + 1
    print("| tables | refused | without an optimum in time | hidden by the gate | fewest | more |")
    print("| --- | --- | --- | --- | --- | --- |")
    print(f"| {compared} | {refused} | {late} | {ours} | {best} | {100 * (ours / max(best, 1) - 1):.1f} % |")


if __name__ == "__main__":
    main()
