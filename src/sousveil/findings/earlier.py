"""Where a question has no new answer, the one that was released before stands beside the refusal.

A leak grows, a review corrects a column: new numbers would often differ from the printed ones by a few
people and are refused. The finding that readers have stays true of the data as it was then, and is shown as
such: the member `stands` of a refused finding holds the earlier one, whole, in the contract's shape, and
where parts of that are older still, the one before. The provenance of each names the number of its release,
and it says when that was, for the members of the case only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sousveil.case import Case
from sousveil.findings.questions import Asked

EXACT = "exact"


def add_earlier(case: Case, asked: Sequence[Asked], findings: Sequence[dict[str, Any]]) -> None:
    """Give refused findings, with their provenance, the one that stands. Raises as `gate.memory.Memory`."""
    from sousveil.gate.editions.standing import OF_ITS_DAY, as_released, stands
    from sousveil.gate.memory import Memory

    read = {one.question.id: one for one in asked}
    refused = [
        one for one in findings if one["id"] in read and one.get("refused", {}).get("code") in OF_ITS_DAY
    ]
    if not refused or case.policy.regime != EXACT:
        return
    memory = Memory(case)
    policy = {"threshold": case.policy.threshold, "regime": case.policy.regime}
    days = _days(case)
    for finding in refused:
        one = read[finding["id"]]
        called = {name: finding[name] for name in ("id", "title", "of") if name in finding}
        found = stands(memory.released, one.question, one.population(None))
        if found:
            finding["stands"] = [
                as_released(earlier, policy) | called | {"released": days.get(earlier.release, "")}
                for earlier in found
            ]


def _days(case: Case) -> dict[int, str]:
    """The day of each release, by the ledger."""
    entries = (one for one in case.ledger.entries() if one["did"] == "released")
    return {one["detail"]["release"]: str(one["at"])[:10] for one in entries}
