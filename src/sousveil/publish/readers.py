"""What readers are told of a finding: less than the members of the case.

A reason why a question was refused can itself tell of a group. That a table by ward and illness was refused
because nearly all of some ward are alike (SAME) is what the refusal is to keep back; so is, of two figures,
that few people stand between them (DIFF). Members have the vault; readers are told one thing for all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sousveil.publish.tables import without_day

TELL_OF_A_GROUP = frozenset({"SMALL", "DIFF", "SAME", "UNPROVEN"})
"""Codes that hang on how many people are in a group, or on what they share."""
UNSAID = {
    "code": "NOT_RELEASED",
    "message": "an answer could have pointed at somebody, or could have told something of everybody in a "
    "group; which of these it is would tell of the group, too",
    "next": "",
}


def for_readers(finding: Mapping[str, Any]) -> dict[str, Any]:
    """A finding (contract shape) as the publication has it.

    Without why it was refused, where that tells of a group, without the question that would pass, and without
    the day of an earlier release.
    """
    made = dict(finding)
    if "refused" in finding:
        made["refused"] = _reason(finding["refused"])
    if "stands" in finding:
        made["stands"] = [without_day(one) for one in finding["stands"]]
    return made


def _reason(refused: Mapping[str, Any]) -> dict[str, Any]:
    if refused["code"] in TELL_OF_A_GROUP:
        return dict(UNSAID)
    return {name: said for name, said in refused.items() if name != "suggestions"}
