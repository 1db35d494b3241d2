"""Random tables of a dump and random questions on them: what the suite is tried on.

People stand in several rows and cells; one column may be a coarser form of another (regions of countries),
and months have their years; `where`s lie in each other, overlap and complement each other; the questions come
in up to three releases.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sousveil.gate import release
from tests.attack.reading import Atoms, Group
from tests.gate_world import MemoryCase, World

MOST_ROWS = 2_500
LOADS = (0, 0, 1, 2, 3, 4, 7, 12, 30, 120)
"""Rows of one atom."""


@dataclass
class Instance:
    """One world, the questions on it in their releases, and what the gate let out of them."""

    number: int
    k: int
    world: World
    nested: dict[str, str]
    questions: list[list[tuple[tuple[str, ...], str, str]]]
    """By release: `by`, `where`, unit."""
    findings: list[list[dict[str, Any]]] = field(default_factory=list)
    widest: tuple[str, ...] = ()
    """The finest entries of `by` that each column has, for the groups that nobody asked about; where it is
    empty the columns themselves."""

    @property
    def atoms(self) -> Atoms:
        """What the attacker takes for possible."""
        if not self.widest:
            return Atoms.of(self.world.columns, self.world.rows, self.nested)
        refs = {ref for part in self.questions for by, _, _ in part for ref in by} | set(self.widest)
        wheres = {where for part in self.questions for _, where, _ in part}
        return Atoms.of(self.world.columns, self.world.rows, self.nested, sorted(refs), sorted(wheres))

    @property
    def printed(self) -> list[dict[str, Any]]:
        """All findings of all releases."""
        return [finding for part in self.findings for finding in part]

    def truth(self, group: Group) -> tuple[int, int]:
        """Records and people of a group."""
        rows = [
            n
            for n in self.world.chosen(group.where)
            if tuple(self.world._label(self.world.rows[n], ref) for ref in group.by) == group.labels
        ]
        return len(rows), len({self.world.people[n] for n in rows})

    def occurring(self, where: str, by: tuple[str, ...]) -> list[tuple[str, ...]]:
        """The combinations of labels that a reader may ask about: all of those that occur in the columns."""
        rows = [self.world.rows[n] for n in self.world.chosen(where)]
        found = {tuple(self.world._label(row, ref) for ref in by) for row in rows}
        if len(by) < 2:
            return sorted(found)
        domains = [sorted({labels[place] for labels in found}) for place in range(len(by))]
        return list(itertools.product(*domains))

    def let_through(self) -> Instance:
        """Ask the gate, release by release."""
        case = MemoryCase(self.k)
        for turn, part in enumerate(self.questions):
            tables = [
                self.world.ask(by, where, unit, id=f"r{turn}-q{n}")
                for n, (by, where, unit) in enumerate(part)
            ]
            self.findings.append(release(case, tables, self.world)["findings"])
        return self


def instance(number: int) -> Instance:
    """The instance of a number: always the same one."""
    chance = np.random.default_rng([20_260, number])
    columns, nested = ["a", "b", "c"], {}
    domains = [[f"{name}{n}" for n in range(chance.integers(2, 5))] for name in columns]
    if chance.random() < 0.3:
        columns[2], domains[2] = (
            "day",
            [f"{2017 + n // 3}-{1 + n % 3:02d}" for n in range(chance.integers(3, 7))],
        )
    rows = _rows(chance, domains)
    if chance.random() < 0.3 and len(domains[0]) > 2:
        columns, nested = [*columns, "g"], {"g": "a"}
        rows = [(*row, f"g{domains[0].index(row[0]) // 2}") for row in rows]
    k = int(chance.choice([3, 5, 10]))
    people = _people(chance, len(rows))
    questions = _questions(chance, columns, rows)
    return Instance(number, k, World(columns, rows, people), nested, questions)


def _rows(chance: Any, domains: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    busy = chance.random() < 0.5
    for atom in itertools.product(*domains):
        load = int(chance.choice(LOADS)) if busy else int(chance.integers(0, 25))
        rows += [atom] * load
    return rows[:MOST_ROWS] or [tuple(domain[0] for domain in domains)]


def _people(chance: Any, rows: int) -> list[int]:
    """One person a row, or people who come several times."""
    if chance.random() < 0.5:
        return list(range(rows))
    return [int(one) for one in chance.integers(0, max(rows * 2 // 3, 1), rows)]


def _questions(
    chance: Any, columns: Sequence[str], rows: Sequence[tuple[str, ...]]
) -> list[list[tuple[tuple[str, ...], str, str]]]:
    refs = [
        *(name for name in columns if name != "day"),
        *(["month(day)", "year(day)"] if "day" in columns else []),
    ]
    unit = str(chance.choice(["records", "people"]))
    parts: list[list[tuple[tuple[str, ...], str, str]]] = [[] for _ in range(chance.integers(1, 4))]
    for _ in range(chance.integers(3, 8)):
        width = int(chance.choice([0, 1, 1, 2, 2, 3]))
        by = tuple(str(one) for one in chance.permutation(refs)[:width])
        if {"month(day)", "year(day)"} <= set(by):
            by = by[:1]
        where = _where(chance, columns, rows)
        mixed = unit if chance.random() < 0.8 else str(chance.choice(["records", "people"]))
        parts[int(chance.integers(len(parts)))].append((by, where, mixed))
    if "day" in columns and chance.random() < 0.4:
        parts[int(chance.integers(len(parts)))].append((("quarter(day)",), "", unit))
    return [part for part in parts if part]


def _where(chance: Any, columns: Sequence[str], rows: Sequence[tuple[str, ...]]) -> str:
    tests = []
    for _ in range(int(chance.choice([0, 0, 1, 1, 2]))):
        place = int(chance.choice([n for n, name in enumerate(columns) if name != "day"]))
        label = rows[int(chance.integers(len(rows)))][place]
        tests.append(f"{columns[place]} {chance.choice(['=', '<>'])} '{label}'")
    return " AND ".join(sorted(set(tests)))
