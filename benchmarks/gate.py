"""What the gate hides and what it costs, on a made-up leak of 1.1 million records.

    python -m benchmarks.gate [NAME …] [--records N] [--skew 1.0,1.5]

Each set of questions goes through the gate in a process of its own. `hidden` are people in cells that are not
shown, as a share of the people in all cells of the set; `floor` those of them in cells of fewer than k, which
no method could show.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.gate_leak import Leak, leak
from sousveil.findings.model import ExactTable

K = 10
HEAD = (
    *("questions", "skew", "tables", "cells", "small", "hidden", "floor %", "people hidden %"),
    *("refused", "CPU s", "wall s", "MiB"),
)
COLUMNS = ("nation", "category", "month", "port")


@dataclass(frozen=True)
class Result:
    """One line of the table."""

    name: str
    skew: float
    tables: int
    cells: int
    small: int
    hidden: int
    floor: float
    lost: float
    refused: str
    cpu: float
    wall: float
    memory: float


def standard(data: Leak) -> list[ExactTable]:
    """What the survey suggests, and the two-way tables of a newsroom."""
    single = [data.ask(one, count="people") for one in ("nation", "category", "port", "age")]
    return [
        data.ask(),
        data.ask(count="people"),
        *single,
        data.ask("month"),
        data.ask(where="age = '0-17'", count="people"),
        data.ask("nation", "category", count="people"),
        data.ask("category", "month"),
        data.ask("category", "port"),
    ]


def pairs(data: Leak) -> list[ExactTable]:
    """All six two-way tables of four columns, each in circles with the others."""
    return [data.ask(a, b) for place, a in enumerate(COLUMNS) for b in COLUMNS[place + 1 :]]


def circle(data: Leak) -> list[ExactTable]:
    """Three two-way tables in a circle."""
    return [data.ask("nation", "month"), data.ask("month", "port"), data.ask("nation", "port")]


SETS: dict[str, Callable[[Leak], list[ExactTable]]] = {
    "standard findings": standard,
    "nation x month": lambda data: [data.ask("nation", "month")],
    "nation x month of people": lambda data: [data.ask("nation", "month", count="people")],
    "nation x month, and of minors": lambda data: [
        data.ask("nation", "month"),
        data.ask("nation", "month", where="age = '0-17'"),
    ],
    "circle of three": circle,
    "six linked pairs": pairs,
    "company x category": lambda data: [data.ask("company", "category")],
    "company x month": lambda data: [data.ask("company", "month")],
}


def measured(name: str, records: int, skew: float) -> Result:
    """One set through the gate; only the gate's own work is measured."""
    from sousveil.gate.release import release
    from tests.gate_world import MemoryCase

    data = leak(records, skew)
    tables = SETS[name](data)
    cpu, wall = time.process_time(), time.perf_counter()
    case: Any = MemoryCase(K)
    findings = release(case, tables, data)["findings"]
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return _summed(name, skew, tables, findings, cpu, wall, memory)


def _summed(
    name: str,
    skew: float,
    tables: Sequence[ExactTable],
    findings: Sequence[Any],
    cpu: float,
    wall: float,
    memory: float,
) -> Result:
    cells = [(table, cell) for table in tables for cell in table.cells]
    people = sum(cell.people for _, cell in cells)
    shown = [
        {tuple(cell["keys"].values()) for cell in one["cells"] if cell["value"] is not None}
        for one in findings
    ]
    hidden = [
        cell
        for table, keys in zip(tables, shown, strict=True)
        for cell in table.cells
        if cell.keys not in keys
    ]
    small = [cell for _, cell in cells if cell.people < K]
    codes = Counter(one["refused"]["code"] for one in findings if "refused" in one)
    return Result(
        name,
        skew,
        len(tables),
        len(cells),
        len(small),
        len(hidden),
        100 * sum(cell.people for cell in small) / max(people, 1),
        100 * sum(cell.people for cell in hidden) / max(people, 1),
        " ".join(f"{code} {number}" for code, number in sorted(codes.items())),
        cpu,
        wall,
        memory,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="what the gate hides and what it costs")
    parser.add_argument("names", nargs="*", choices=[[], *SETS], help="sets of questions; all without one")
    parser.add_argument("--records", type=int, default=1_100_000)
    parser.add_argument("--skew", default="1.0,1.5", help="exponents of the nationalities' sizes")
    options = parser.parse_args(arguments)
    print(f"| {' | '.join(HEAD)} |\n|{' --- |' * len(HEAD)}")
    spawn = multiprocessing.get_context("spawn")
    for name in options.names or SETS:
        for skew in map(float, options.skew.split(",")):
            with spawn.Pool(1) as pool:
                one = pool.apply(measured, (name, options.records, skew))
            print(
                f"| {one.name} | {one.skew} | {one.tables} | {one.cells:,} | {one.small:,} | {one.hidden:,} |"
                f" {one.floor:.2f} | {one.lost:.2f} | {one.refused} | {one.cpu:.1f} | {one.wall:.1f} |"
                f" {one.memory:.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    sys.exit(main())
