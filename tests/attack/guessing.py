"""A6: does asking again tell more? A7: is a guess from what is printed better than always the same one?"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import numpy as np

from sousveil.gate import release
from tests.attack.instances import Instance
from tests.attack.linear import Breach, Knowledge
from tests.attack.polytope import Program
from tests.attack.reading import Group, claims
from tests.gate_world import MemoryCase

WORLDS = 12
"""Worlds whose mean is a guess."""


def asked_again(instance: Instance) -> list[Breach]:
    """A6: the questions asked twice and the second time the other way round give each group one number."""
    case = MemoryCase(instance.k)
    questions = [question for part in instance.questions for question in part]
    printed: dict[tuple[str, Group], set[int]] = defaultdict(set)
    for turn, order in enumerate((questions, questions, questions[::-1])):
        tables = [
            instance.world.ask(by, where, unit, id=f"t{turn}-{n}")
            for n, (by, where, unit) in enumerate(order)
        ]
        for claim in claims(release(case, tables, instance.world)["findings"]):
            printed[claim.unit, claim.group].add(claim.value)
    return disagreeing(printed)


def disagreeing(printed: dict[tuple[str, Group], set[int]]) -> list[Breach]:
    """Groups of which different numbers were printed, so that their mean tells more than each."""
    return [
        Breach("averaged", f"{unit} in {group}", min(values), max(values))
        for (unit, group), values in printed.items()
        if len(values) > 1
    ]


class Guesses:
    """A7: hits of each way of guessing hidden small cells, over many instances."""

    def __init__(self) -> None:
        self.cells = 0
        self.hits: Counter[str] = Counter()
        self._truths: dict[int, Counter[int]] = defaultdict(Counter)

    def read(self, instance: Instance) -> None:
        """Guess every hidden small cell of an instance."""
        knowledge = Knowledge(instance, knows_small=True)
        targets = [one for one in knowledge.hidden() if knowledge.true(*one) < instance.k]
        if not targets:
            return
        matrix = np.array([knowledge.unknowns.sum_of(*one) for one in targets])
        middle = self._middle(knowledge, matrix, instance.number)
        for place, (group, unit) in enumerate(targets):
            true = knowledge.true(group, unit)
            self.cells += 1
            self._truths[instance.k][true] += 1
            self.hits["middle of many worlds"] += round(float(middle[place])) == true
            self.hits["columns independent"] += _independent(knowledge, group, unit) == true

    @staticmethod
    def _middle(knowledge: Knowledge, matrix: Any, seed: int) -> Any:
        chance = np.random.default_rng(seed)
        program = Program(knowledge.known)
        worlds = [program.extreme(chance.uniform(-1, 1, len(matrix)) @ matrix) for _ in range(WORLDS)]
        seen = [matrix @ world for world in worlds if world is not None]
        return np.clip(np.mean(seen, axis=0), 0, knowledge.k - 1) if seen else np.zeros(len(matrix))

    @property
    def constant(self) -> float:
        """The share that the best constant guess hits (one for each k)."""
        return sum(max(found.values()) for found in self._truths.values()) / max(self.cells, 1)

    @property
    def advantage(self) -> float:
        """How much larger the share is that the best way of guessing hits."""
        return max(self.hits.values(), default=0) / max(self.cells, 1) - self.constant


def _independent(knowledge: Knowledge, group: Group, unit: str) -> int:
    """What a cell would hold if its columns had nothing to do with each other, by the printed margins."""
    shown = {(one.group, one.unit): one.value for one in knowledge.claims}
    total = shown.get((Group(group.where), unit), 0)
    parts = [
        shown.get((Group(group.where, (ref,), (label,)), unit))
        for ref, label in zip(group.by, group.labels, strict=True)
    ]
    if not total or len(parts) < 2 or None in parts:
        return 0
    expected = total * np.prod([part / total for part in parts if part is not None])
    return int(min(round(float(expected)), knowledge.k - 1))
