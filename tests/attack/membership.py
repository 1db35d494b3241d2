"""A9: is one person in the data? Somebody who knows all the others compares two worlds by the noise.

The data with and without the person go through the noisy regime many times over, each time as a new case. The
attacker knows both worlds and the scale of the noise, and takes the likelihood ratio of all printed numbers
together, which no test beats. Its advantage is the largest difference between how often it calls the person
present where they are and where they are not; for a budget ε that can't exceed (e^ε-1)/(e^ε+1).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from sousveil.findings.bounded import Bounded
from sousveil.findings.model import ExactTable
from sousveil.gate.noise import regime as noise
from sousveil.gate.noise.mechanism import Mechanism
from sousveil.policy import Policy
from tests.attack.bad import Question
from tests.gate_world import MemoryCase, World

Ratios = npt.NDArray[np.float64]
EPSILON = 1.0
COLUMNS = ("sex", "flag")
PERSON = ("F", "yes")
QUESTIONS: tuple[Question, ...] = (
    ((), "", "people"),
    (("sex",), "", "people"),
    (("flag",), "sex = 'F'", "people"),
    (("sex", "flag"), "", "people"),
)
"""Each is about the person, too."""


def worlds() -> tuple[World, World]:
    """The same people with and without the one."""
    rows = [(sex, flag) for sex in "FM" for flag in ("yes", "no") for _ in range(400)]
    return World(COLUMNS, [*rows, PERSON]), World(COLUMNS, rows)


def bound(epsilon: float = EPSILON) -> float:
    """The most that an attacker can do better than by tossing a coin."""
    return (math.exp(epsilon) - 1) / (math.exp(epsilon) + 1)


def slack(draws: int) -> float:
    """How far two shares of so many draws stray from the truth, but in one case of a million (DKW)."""
    return 2 * math.sqrt(math.log(2e6) / (2 * draws))


def advantage(draws: int) -> float:
    """The advantage over so many cases of each world."""
    present, absent = worlds()
    return apart(*(_Release(world, present).ratios(draws) for world in (present, absent)))


def advantage_without_memory(draws: int) -> float:
    """Known to be bad: one count asked 40 times, each time answered anew for the whole budget."""
    noise_of = Mechanism(1 / EPSILON)
    found = []
    for true in (801, 800):
        values = np.array(noise_of.counts([true] * (40 * draws), 1, EPSILON)).reshape(draws, 40)
        found.append((np.abs(values - 800) - np.abs(values - 801)).sum(axis=1) * EPSILON)
    return apart(*found)


def apart(present: Ratios, absent: Ratios) -> float:
    """The largest difference between how often the two kinds of cases lie above a threshold."""
    found = [np.sort(one) for one in (present, absent)]
    at = np.concatenate(found)
    above = [1 - np.searchsorted(one, at) / len(one) for one in found]
    return float(np.max(above[0] - above[1]))


class _Release:
    """One world's questions, ready to be answered many times, each time as a new case."""

    def __init__(self, world: World, present: World) -> None:
        self.tables = [_bounded(world, question) for question in QUESTIONS]
        self.truths = [present.ask(*question) for question in QUESTIONS]

    def ratios(self, draws: int) -> Ratios:
        """For each case the logarithm of how much likelier its numbers are with the person than without."""
        return np.array([self._ratio() for _ in range(draws)])

    def _ratio(self) -> float:
        case = MemoryCase()
        case.policy = Policy(regime="noise", epsilon=EPSILON, answers=len(QUESTIONS), cells_per_person=1)
        found = noise.release(case, self.tables)["findings"]
        return sum(
            _one(finding, truth) * EPSILON / len(QUESTIONS) / (1 + bool(truth.question.by))
            for finding, truth in zip(found, self.truths, strict=True)
        )


def _bounded(world: World, question: Question) -> Bounded:
    table = world.ask(*question)
    domain = tuple(cell.keys for cell in table.cells) or None
    return Bounded(table, domain, int(bool(table.question.by)), 1, 1)


def _one(finding: dict[str, Any], truth: ExactTable) -> float:
    """The same of one answer, times the scale of its noise."""
    total = finding["total"] if truth.question.by else finding["cells"][0]
    theirs = [(total["value"], truth.total.value)]
    person = tuple(PERSON[COLUMNS.index(ref)] for ref in truth.question.by)
    exact = {one.keys: one.value for one in truth.cells}
    theirs += [
        (cell["value"], exact[person])
        for cell in finding["cells"]
        if person and tuple(cell["keys"].values()) == person
    ]
    return float(sum(abs(seen - (true - 1)) - abs(seen - true) for seen, true in theirs if seen is not None))
