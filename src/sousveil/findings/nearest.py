"""The nearest questions that would pass, in the place of a refused one.

Each candidate comes from public structure (`coarser`); the gate is asked what it would say to it, beside all
that was released, and nothing is remembered. So a suggestion tells that the gate would answer a question
that was not asked: one bit, which asking tells as well, of at most `TRIED` questions for each refused one
and `IN_ALL` in a run. No number and no code of a candidate is ever shown, nor which were tried in vain, and
suggestions stay with the members of the case: `publish` leaves them out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sousveil.case import Case
from sousveil.errors import SousveilError
from sousveil.findings.coarser import Coarser, coarser
from sousveil.findings.model import Populations, Question
from sousveil.findings.questions import Asked, checked
from sousveil.findings.scope import Scope
from sousveil.findings.tabulate import Tabulation, TooFine

TRIED = 8
"""Candidates for one refused question."""
IN_ALL = 48
"""Candidates in one run: no decision hangs on the clock."""
WORK = 100_000
"""Unknowns of all programs that judge one candidate: some five seconds; those that pass take less."""
WORK_IN_ALL = 400_000
"""The same for one run: what helps must not cost more than what was asked."""
SHOWN = 3
"""Suggestions for one refused question."""
HELPED = frozenset({"SMALL", "DIFF", "SAME", "UNPROVEN"})
"""Codes that a coarser question may not get."""


class Nearest:
    """Looks for the nearest questions that would pass, for the refused ones of one run."""

    def __init__(
        self, case: Case, scopes: Mapping[str, Scope], tabulation: Tabulation, populations: Populations
    ) -> None:
        self.case = case
        self.scopes = scopes
        self.tabulation = tabulation
        self.populations = populations
        self._left, self._work = IN_ALL, WORK_IN_ALL
        self._known: dict[Question, bool] = {}
        """By what was asked, without its name: questions that are alike have the same coarser ones."""

    def add(self, asked: Sequence[Asked], findings: Mapping[str, dict[str, Any]]) -> None:
        """Give each refused finding that a coarser question may help the member `suggestions`."""
        for one in asked:
            refused = findings.get(one.question.id, {}).get("refused")
            if refused and refused["code"] in HELPED:
                refused["suggestions"] = [_shown(found) for found in self._passing(one)]

    def _passing(self, asked: Asked) -> list[Coarser]:
        found: list[Coarser] = []
        for candidate in coarser(asked)[:TRIED]:
            if len(found) < SHOWN and not _is_beyond(candidate, found) and self._passes(candidate):
                found.append(candidate)
        return found

    def _passes(self, candidate: Coarser) -> bool:
        question = replace(candidate.question, id="", title="")
        if question not in self._known and self._left:
            self._left -= 1
            self._known[question] = self._would_pass(candidate)
        return self._known.get(question, False)

    def _would_pass(self, candidate: Coarser) -> bool:
        from sousveil.gate import release
        from sousveil.gate.effort import TooLong, Work

        try:
            asked = checked(self.scopes, replace(candidate.question, id="suggestion"))
        except SousveilError:
            return False
        table = self.tabulation.table(asked)
        if isinstance(table, TooFine):
            return False
        work = Work(min(WORK, self._work))
        self._work -= work.left
        try:
            made = release(self.case, [table], self.populations, remember=False, work=work)
        except TooLong:
            return False
        finally:
            self._work += max(work.left, 0)
        (finding,) = made["findings"]
        return any(cell["status"] == "published" for cell in finding["cells"])


def _is_beyond(candidate: Coarser, found: Sequence[Coarser]) -> bool:
    """Whether a question that passes gives up no more, and this one all that it does and something else."""
    return any(set(one.changes) < set(candidate.changes) for one in found)


def _shown(found: Coarser) -> dict[str, Any]:
    question = found.question
    return {
        "count": question.count,
        "table": question.table,
        "where": question.where,
        "by": list(question.by),
        "changes": list(found.changes),
    }
