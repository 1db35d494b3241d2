"""The answers to checked questions, by the regime of the case: exact through the gate, or with noise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sousveil.case import Case
from sousveil.errors import RefusedError
from sousveil.findings.bounded import bounded
from sousveil.findings.model import Question
from sousveil.findings.nearest import Nearest
from sousveil.findings.populations import CasePopulations
from sousveil.findings.questions import Asked
from sousveil.findings.tabulate import Tabulation, TooFine
from sousveil.progress import Progress

Table = TypeVar("Table")


@dataclass(frozen=True)
class Answers:
    """Released findings by the id of their question, and what is left of the budget where there is one."""

    findings: dict[str, Any]
    budget: dict[str, Any] | None = None
    earlier: list[dict[str, Any]] = field(default_factory=list)
    """Findings that were released before and do not stand as they were."""


def answered(
    case: Case,
    tabulation: Tabulation,
    asked: Sequence[Asked],
    refused: dict[str, RefusedError],
    progress: Progress,
    *,
    helped: bool,
    known: Sequence[Question] = (),
) -> Answers:
    """Answer questions; those with too many cells go to the refused ones instead.

    `helped` says whether refused questions are worth the nearest ones that would pass. `known` are numbers
    that readers have from elsewhere (they make no difference to noise).
    """
    progress.stage("findings", len(asked))
    tabulation.prepare(asked)
    if case.policy.regime == "noise":
        return _with_noise(case, tabulation, asked, refused, progress)
    from sousveil.gate import release

    tables = _tabulated(tabulation.table, asked, refused, progress)
    populations = CasePopulations(tabulation.scopes, tabulation.bases)
    released = (
        release(case, tables, populations, known=known, progress=progress) if tables else {"findings": []}
    )
    found = _by_id(released)
    if helped:
        Nearest(case, tabulation.scopes, tabulation, populations).add(asked, found)
    return Answers(found, earlier=released.get("earlier", []))


def _with_noise(
    case: Case,
    tabulation: Tabulation,
    asked: Sequence[Asked],
    refused: dict[str, RefusedError],
    progress: Progress,
) -> Answers:
    from sousveil.gate.noise import regime as noise

    tables = _tabulated(lambda one: bounded(tabulation, one, case.policy), asked, refused, progress)
    released = noise.release(case, tables)
    return Answers(_by_id(released), released["budget"])


def _by_id(released: dict[str, Any]) -> dict[str, Any]:
    return {finding["id"]: finding for finding in released["findings"]}


def _tabulated(
    make: Callable[[Asked], Table | TooFine],
    asked: Sequence[Asked],
    refused: dict[str, RefusedError],
    progress: Progress,
) -> list[Table]:
    tables: list[Table] = []
    for done, one in enumerate(asked):
        progress.at(one.question.table, done)
        table = make(one)
        if isinstance(table, TooFine):
            refused[one.question.id] = RefusedError(
                "the question makes too many cells to be released", where={"question": one.question.id}
            )
        else:
            tables.append(table)
    progress.at("gate", len(asked))
    return tables
