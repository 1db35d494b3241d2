"""Why the gate says no: never the count, never the group."""

from __future__ import annotations

from dataclasses import dataclass

REASONS = {
    "SMALL": (
        "too few people are behind this to be shown, or behind every part of it",
        "ask a coarser question: fewer columns in `by`, a longer period, merged categories, or no `where`",
    ),
    "DIFF": (
        "whoever subtracts this from another finding, or that from this, gets the number of a few people",
        "ask about the same people as the other finding, or about a group that differs from it by more",
    ),
    "EDITION": (
        "the data has changed since an earlier finding was released, by so few people in some group that a "
        "new number beside the old one would point at them",
        "use the number that was released; it becomes new once more has come in, or where the change in "
        "review.toml is undone",
    ),
    "CUTOFF": (
        "the cut-off has moved since an earlier finding was released, by too little to hide the people that "
        "came in between",
        "use the finding that was released, or keep to the earlier cut-off",
    ),
    "SAME": (
        "nearly all of a group, or all but fewer than the threshold, are alike in this: to know of somebody "
        "that they belong to the group would tell it of them",
        "ask about a larger group; or, if readers must know, somebody signs for it in review.toml: a section "
        "[[tables.TABLE.sign_off]] with column, who and reason (docs/review.md)",
    ),
    "UNPROVEN": (
        "it could not be proven that this, together with all that is asked and was released, gives nobody "
        "away",
        "ask a coarser question, or leave out one that is like it; after a vault was lost, ask the earlier "
        "questions along with it",
    ),
    "BUDGET": (
        "the case's budget of noise is spent: one more answer would tell more about each person than was "
        "promised, and nothing of it is left",
        "publish what was answered; a question that was answered before is answered again for nothing",
    ),
}
"""Each code with what happened and what to do next."""


@dataclass(frozen=True)
class Refusal:
    """One refused question."""

    code: str
    earlier: str = ""
    """The id of the earlier finding that stands against it."""

    def as_json(self) -> dict[str, str]:
        """The finding's member `refused`."""
        message, then = REASONS[self.code]
        named = f" (earlier finding: {self.earlier})" if self.earlier else ""
        earlier = {"earlier": self.earlier} if self.earlier else {}
        return {"code": self.code, "message": message + named, "next": then, **earlier}
