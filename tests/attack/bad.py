"""Releases that are known to give people away. The suite must break every one of them, or it is void.

Each takes an instance and answers its questions in the shape of findings.json, as a tool might that has heard
of thresholds: hide only what is small; protect each table by itself; look at no earlier release; add noise
that hangs on the cell.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from sousveil.gate import release
from tests.attack.instances import Instance
from tests.attack.linear import Breach
from tests.attack.over_time import STANDARD, Week
from tests.gate_world import MemoryCase, World

Question = tuple[tuple[str, ...], str, str]
Finding = dict[str, Any]


def finding(question: Question, cells: dict[tuple[str, ...], int | None], total: int | None) -> Finding:
    """A finding in the contract's shape; None is withheld."""
    by, where, unit = question

    def figures(value: int | None) -> dict[str, Any]:
        status = "withheld" if value is None else "published"
        return {"value": value, "low": value, "high": value, "status": status}

    listed = [{"keys": dict(zip(by, labels, strict=True)), **figures(cells[labels])} for labels in cells]
    made: Finding = {"id": f"{unit}-{by}-{where}", "unit": unit, "by": list(by), "where": where}
    if not by:
        return {**made, "cells": [{"keys": {}, **figures(total)}]}
    return {**made, "cells": listed, "total": figures(total)}


def answered(world: World, question: Question, k: int, noise: Callable[[Any], int] | None = None) -> Finding:
    """A finding with all numbers of at least k, zeros printed, or all numbers with noise."""
    by, where, unit = question
    table = world.ask(by, where, unit)

    def shown(cell: Any) -> int | None:
        if noise:
            return max(int(cell.value + noise((cell.keys, by, where))), 0)
        return cell.value if cell.value == 0 or min(cell.people, cell.value) >= k else None

    return finding(question, {cell.keys: shown(cell) for cell in table.cells}, shown(table.total))


def _with(instance: Instance, parts: Sequence[list[Finding]]) -> Instance:
    return dataclasses.replace(instance, findings=list(parts))


def small_cells_printed(instance: Instance) -> Instance:
    """No threshold at all."""
    return _with(
        instance, [[answered(instance.world, one, 0) for one in part] for part in instance.questions]
    )


def small_cells_only(instance: Instance) -> Instance:
    """Hide what is small, and nothing else."""
    return _with(
        instance, [[answered(instance.world, one, instance.k) for one in part] for part in instance.questions]
    )


def each_alone(instance: Instance) -> Instance:
    """Every table protected well, by itself: no memory, no company."""
    made = []
    for part in instance.questions:
        findings = []
        for by, where, unit in part:
            table = instance.world.ask(by, where, unit)
            findings += release(MemoryCase(instance.k), [table], instance.world)["findings"]
        made.append(findings)
    return _with(instance, made)


def thresholds_on_totals(world: World, questions: Sequence[Question], k: int) -> list[Finding]:
    """A query server that refuses groups of fewer than k and remembers nothing."""
    return [one for one in (answered(world, question, k) for question in questions) if _total(one)]


def _total(one: Finding) -> int | None:
    return one["total"]["value"] if one["by"] else one["cells"][0]["value"]


def regrouped(seed: int, k: int = 5) -> Instance:
    """A table by countries and, in a second release, by regions: each hides well what is small in it."""
    chance = np.random.default_rng([4, seed])
    sizes = [int(chance.choice([1, 2, 3, 20, 40, 60, 90])) for _ in range(8)]
    rows = [(f"a{n}", f"g{n // 2}") for n, size in enumerate(sizes) for _ in range(size)]
    questions: list[list[Question]] = [[(("a",), "", "records")], [(("g",), "", "records")]]
    return each_alone(Instance(seed, k, World(("a", "g"), rows), {"g": "a"}, questions))


def pairs(seed: int, k: int = 5) -> list[Breach]:
    """Totals of overlapping groups, each of at least k: one subtraction leaves a small group."""
    chance = np.random.default_rng([5, seed])
    rows = [(f"a{min(int(chance.geometric(0.35)) - 1, 9)}",) for _ in range(200)]
    world = World(("a",), rows)
    questions: list[Question] = [((), f"a <> 'a{n}'", "people") for n in range(10)]
    totals = [
        len(rows),
        *(total for one in thresholds_on_totals(world, questions, k) if (total := _total(one))),
    ]
    return [
        Breach("exact", "all less a part", totals[0] - one, totals[0] - one)
        for one in totals
        if 0 < totals[0] - one < k
    ]


def every_edition(weeks: Sequence[Week], k: int) -> Sequence[Week]:
    """Each week's numbers of at least k, whatever was printed the week before."""
    for week in weeks:
        week.findings = [answered(week.world, question, k) for question in STANDARD]
    return weeks


def averaged_out(seed: int) -> list[Breach]:
    """80 splits of one population with noise that hangs on the cell: the mean of the sums is the total."""
    chance = np.random.default_rng([6, seed])
    size = 40 + int(chance.integers(40))
    rows = [tuple(str(one) for one in chance.integers(0, 2, 80)) for _ in range(size)]
    columns = [f"s{n}" for n in range(80)]
    world = World(columns, rows)
    found = [answered(world, ((name,), "", "records"), 0, _by_cell) for name in columns]
    sums = [sum(cell["value"] for cell in one["cells"]) for one in found]
    mean = float(np.mean(sums))
    return [Breach("averaged", f"the total, truly {size}", size, size)] if round(mean) == size else []


def _by_cell(cell: Any) -> int:
    """Noise of -3 … 3 that hangs on the cell: the same cell always has the same, another split another."""
    return hashlib.sha256(repr(cell).encode("utf-8")).digest()[0] % 7 - 3
