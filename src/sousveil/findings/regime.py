"""The regime of a case: chosen when it is made, and then locked.

Once exact numbers are out, no budget holds for the same people; and what noise has promised, an exact number
breaks. So the promise that stands in the first line of the ledger is the one that holds.
"""

from __future__ import annotations

from typing import Any

from sousveil.case import Case
from sousveil.errors import MixedRegime
from sousveil.policy import Policy

PROMISED = ("regime", "epsilon", "answers", "cells_per_person", "records_per_person")
"""Settings of the policy that can't be changed any more."""


def check(case: Case) -> None:
    """Raise `MixedRegime` where case.toml says other than what was promised when the case was made."""
    entries = case.ledger.entries()
    promised = entries[0]["detail"].get("policy", {}) if entries else {}
    for name in PROMISED:
        if promised.get(name, getattr(Policy, name)) != getattr(case.policy, name):
            raise MixedRegime(
                "the policy in case.toml is not the one with which the case was made: the regime and its "
                "budget can't be changed",
                where={"setting": name},
                next=f"put {name} in case.toml back to what it was, or make a new case",
            )


def standing(case: Case) -> dict[str, Any]:
    """With noise the member `budget`: what is left of it, without an answer more; else nothing."""
    if case.policy.regime != "noise":
        return {}
    from sousveil.gate.memory import Memory
    from sousveil.gate.noise import regime as noise

    return {"budget": noise.budget(case.policy, len({one.key for one in Memory(case).released}))}
