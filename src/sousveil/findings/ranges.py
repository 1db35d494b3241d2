"""What the count says of a released number of people: the member `count` of a finding.

A finding that counts the people of a whole table, or of the whole case, gets the count's row for it: the
bracket that the gate released with the number, the likely range, and the interval of a review with its level.
The count speaks of all records, a finding of those up to the cut-off: what the one says in shares of the
people whom it tells apart is taken to hold for the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sousveil.case import Case
from sousveil.count.review.result import with_reviews
from sousveil.count.rows import PEOPLE
from sousveil.gate import margins

EXACT = "exact"
LIKELY = (
    "People told apart by valid numbers and by linkage. The bracket assumes only that a valid number is one "
    "person's; the likely range also that records without one are written no worse than the others. Both are "
    "widened to steps in per cent of the number of people told apart."
)
REVIEWED = (
    "Estimated from a random sample of records that people have judged, each beside the likeliest other "
    "records of the same person; assumes that they judged rightly but for slips. The interval is widened to "
    "steps in per cent of the number of people told apart."
)
WORDS = (LIKELY, REVIEWED)
"""Words of our own that stand in publications."""


def add_ranges(case: Case, findings: Sequence[dict[str, Any]]) -> None:
    """Give findings, with their provenance, the member `count` where they are about everybody in a table."""
    kept = case.vault.stage("count")
    if kept is None or case.policy.regime != EXACT:
        return
    rows = with_reviews(case, kept[1])["people"]
    counted = {row["table"]: row for row in rows if row["unit"] == PEOPLE and row["told_apart"]}
    for finding in findings:
        row = counted.get(finding["provenance"]["question"]["table"])
        total = _total(finding)
        if row and total and finding["unit"] == PEOPLE and not finding["where"]:
            finding |= _count(row, total["value"], case.policy.threshold)


def _total(finding: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The one number for all that a finding is about, where it is released."""
    total = finding.get("total") if finding["by"] else next(iter(finding["cells"]), None)
    return total if total and total["status"] == "published" else None


def _count(row: Mapping[str, Any], value: int, k: int) -> dict[str, Any]:
    """The member `count`, for a released number of people; nothing where it is too far off to be said."""
    base, before = row["told_apart"], row.get("unreviewed", row)
    bracket = margins.around(value, k, before["low"] / base, before["high"] / base)
    likely = margins.around(value, k, before["likely_low"] / base, before["likely_high"] / base)
    if bracket is None or likely is None:
        return {}
    made = {
        "table": row["table"],
        "estimate": margins.nearest(value, k, before["estimate"] / base),
        "low": bracket.low,
        "high": bracket.high,
        "level": None,
        "likely_low": likely.low,
        "likely_high": likely.high,
        "method": LIKELY,
    }
    interval = margins.around(value, k, row["low"] / base, row["high"] / base) if row["level"] else None
    if interval is None:
        return {"count": made}
    estimate = margins.nearest(value, k, row["estimate"] / base)
    reviewed = {"estimate": estimate, "low": interval.low, "high": interval.high, "level": row["level"]}
    return {"count": {"table": row["table"], **reviewed, "method": REVIEWED, "unreviewed": made}}
