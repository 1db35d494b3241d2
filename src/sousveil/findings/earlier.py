"""Where a question has no new answer, the one that was released before stands beside the refusal.

A leak grows, a review corrects a column: new numbers would often differ from the printed ones by a few
people and are refused. The finding that readers have stays true of the data as it was then, and is shown as
such: the member `stands` of a refused finding holds the earlier one, whole, in the contract's shape, and
where parts of that are older still, the one before. A table of which only some cells have new numbers has
it, too, for the others. The provenance of each names the number of its release,
and it says when that was, for the members of the case only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sousveil.case import Case
from sousveil.findings.questions import Asked

EXACT = "exact"


def add_earlier(case: Case, asked: Sequence[Asked], findings: Sequence[dict[str, Any]]) -> None:
    """Give findings without new numbers, or with some, those that stand. Raises as `gate.memory.Memory`."""
    from sousveil.gate.editions.standing import OF_ITS_DAY, as_released, stands
    from sousveil.gate.memory import Memory

    read = {one.question.id: one for one in asked}
    lacking = [one for one in findings if one["id"] in read and _lacks(one, OF_ITS_DAY)]
    if not lacking or case.policy.regime != EXACT:
        return
    memory = Memory(case)
    policy = {"threshold": case.policy.threshold, "regime": case.policy.regime}
    days = _days(case)
    for finding in lacking:
        one = read[finding["id"]]
        called = {name: finding[name] for name in ("id", "title", "of") if name in finding}
        found = stands(memory.released, one.question, one.population(None), _shown(finding))
        if found:
            finding["stands"] = [
                as_released(earlier, policy) | called | {"released": days.get(earlier.release, "")}
                for earlier in found
            ]


def _lacks(finding: Mapping[str, Any], of_its_day: frozenset[str]) -> bool:
    """Whether a finding may have fewer numbers than were released of it."""
    return finding["refused"]["code"] in of_its_day if "refused" in finding else finding["withheld"] > 0


def _shown(finding: Mapping[str, Any]) -> frozenset[tuple[str, ...]]:
    """The labels of which a finding has new numbers, as they are asked."""
    told = {tuple(cell["keys"].values()) for cell in finding["cells"] if cell["status"] == "published"}
    return frozenset(told | ({()} if "refused" not in finding else set()))


def _days(case: Case) -> dict[int, str]:
    """The day of each release, by the ledger."""
    entries = (one for one in case.ledger.entries() if one["did"] == "released")
    return {one["detail"]["release"]: str(one["at"])[:10] for one in entries}
