"""A9 through the product: the noise on tables that the product itself has bounded.

Two dumps, with and without one person who has many records in many cells, are taken in and counted. What the
product would add noise to is the same in both but for what it lets one person change; the noise is then drawn
many times over, each time as a new case. The attacker knows both dumps, the program and the scale, and takes
the likelihood ratio of everything printed: numbers, and that a number or a label is not shown.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sousveil import stages
from sousveil.case import Case
from sousveil.findings.bases import bases
from sousveil.findings.bounded import Bounded, bounded
from sousveil.findings.model import Question
from sousveil.findings.questions import check
from sousveil.findings.scope import scopes_of
from sousveil.findings.tabulate import Tabulation
from sousveil.gate.noise import regime as noise
from sousveil.gate.noise.mechanism import Mechanism
from sousveil.policy import Policy
from sousveil.progress import Silent
from tests.attack import product
from tests.attack.membership import EPSILON, apart
from tests.gate_world import MemoryCase

QUESTIONS = (
    Question("all", "T", "people", "visits"),
    Question("kinds", "T", "records", "visits", by=("kind",)),
    Question("countries", "T", "people", "visits", by=("country",)),
    Question("flagged", "T", "records", "visits", "country = 'KAZ'", ("sex", "kind")),
)
POLICY = Policy(regime="noise", epsilon=EPSILON, answers=len(QUESTIONS))
IMPOSSIBLE = 40.0
"""The logarithm of a ratio against which one world speaks with certainty."""

Key = tuple[str, ...]


def dumps() -> tuple[str, str]:
    """The table with and without the person, who comes daily, one time of a kind of their own."""
    rows = [
        f"{product.identity(n % 500)},{'FM'[n % 2]},{('KAZ', 'RUS', 'CHN')[n % 3]},k{n % 7 % 4}"
        for n in range(900)
    ]
    own = [f"{product.identity(777)},F,{('KAZ', 'RUS', 'CHN')[n % 3]},k{n % 4}" for n in range(399)]
    own.append(f"{product.identity(777)},F,KAZ,k9")
    head = "resident_id,sex,country,kind\n"
    return head + "\n".join([*rows, *own]) + "\n", head + "\n".join(rows) + "\n"


def tables(folder: Path, dump: str, *, exact: bool = False) -> list[Bounded]:
    """What noise is added to, as the product makes it of a dump; `exact` leaves the bounding out."""
    (folder / "dump").mkdir(parents=True)
    (folder / "dump" / "visits.csv").write_text(dump, "utf-8")
    case = Case.make(folder / "case", folder / "key.txt", policy=POLICY)
    try:
        stages.take_in(case, folder / "dump", Silent())
        stages.perform(case, "count", Silent())
        scopes = scopes_of(case)
        asked, refused = check(scopes, QUESTIONS)
        assert not refused
        with bases(case, None) as made:
            tabulation = Tabulation(made, scopes)
            tabulation.prepare(asked)
            found = [bounded(tabulation, one, POLICY) for one in asked]
            plain = [tabulation.table(one) for one in asked]
    finally:
        case.close()
    assert all(isinstance(one, Bounded) for one in found)
    if exact:
        found = [dataclasses.replace(one, table=all_of) for one, all_of in zip(found, plain, strict=True)]
    return found


def advantage(folder: Path, draws: int, *, exact: bool = False) -> float:
    """How much better than a coin the attacker tells the two dumps apart, over so many cases of each."""
    with_person, without = (tables(folder / str(n), dump, exact=exact) for n, dump in enumerate(dumps()))
    return apart(*(_ratios((with_person, without), drawn, draws) for drawn in (with_person, without)))


def _ratios(worlds: tuple[list[Bounded], list[Bounded]], drawn: list[Bounded], draws: int) -> Any:
    views = [[_View(one) for one in world] for world in worlds]
    found = []
    for _ in range(draws):
        case = MemoryCase()
        case.policy = POLICY
        findings = noise.release(case, drawn)["findings"]
        found.append(
            sum(
                _ratio(present, absent, finding)
                for finding, present, absent in zip(findings, *views, strict=True)
            )
        )
    return np.array(found)


class _View:
    """How likely each outcome of one answer is in one world."""

    def __init__(self, one: Bounded) -> None:
        self.scale, *_ = noise._scale(one, POLICY)
        mechanism = Mechanism(self.scale)
        self.cut = max(mechanism.margin, POLICY.threshold - 1)
        self.true = {cell.keys: cell.value for cell in one.table.cells if cell.value}
        self.total = one.table.total.value
        self.labels = set(one.domain or self.true)
        self.least = self.cut
        if one.domain is None and one.table.question.by:
            changed = (one.cells, noise._all_cells(one), one.each)
            self.least = max(self.cut, mechanism._threshold(changed, noise.DELTA / POLICY.answers) - 1)

    def cell(self, key: Key, value: int | None) -> float:
        """The logarithm of the probability that a cell is printed so (None: not shown)."""
        if key not in self.labels:
            return -IMPOSSIBLE if value is not None else 0.0
        return self._likely(self.true.get(key, 0), value, self.least)

    def of_total(self, value: int | None) -> float:
        """The same of the total."""
        return self._likely(self.total, value, self.cut)

    def _likely(self, true: int, value: int | None, cut: int) -> float:
        """Discrete Laplace noise: a^|x| (1 - a) / (1 + a), a = exp(-1 / scale)."""
        a = math.exp(-1 / self.scale)
        if value is not None:
            return math.log((1 - a) / (1 + a)) - abs(value - true) / self.scale
        above = cut + 1 - true
        more = a**above / (1 + a) if above > 0 else 1 - a ** (1 - above) / (1 + a)
        return math.log(max(1 - more, math.exp(-IMPOSSIBLE)))


def _ratio(present: _View, absent: _View, finding: Mapping[str, Any]) -> float:
    """The logarithm of how much likelier one finding is with the person than without."""
    if finding.get("refused"):
        return 0.0
    total = finding["total"] if finding["by"] else finding["cells"][0]
    shown = {
        tuple(cell["keys"].values()): cell["value"] for cell in finding["cells"] if cell["value"] is not None
    }
    keys: Sequence[Key] = sorted(present.labels | absent.labels) if finding["by"] else []
    return (
        present.of_total(total["value"])
        - absent.of_total(total["value"])
        + sum(present.cell(key, shown.get(key)) - absent.cell(key, shown.get(key)) for key in keys)
    )
