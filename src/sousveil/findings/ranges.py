"""What the count says of a released number of people: the member `count` of a finding.

A finding that counts the people of a whole table, or of the whole case, gets the count's row for it: the
bracket, the likely range, and the interval of a review with its level, each in windows (`gate.margins`)
around the released number. As long as that number stays, so does what was once said of it without a review.
The count speaks of all records, a finding of those up to the cut-off: what the one says in shares of the
people whom it tells apart is taken to hold for the other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sousveil.case import Case
from sousveil.count.review.result import with_reviews
from sousveil.count.rows import PEOPLE
from sousveil.gate import margins

EXACT = "exact"
LIKELY = (
    "People told apart by valid numbers and by linkage. The bracket assumes only that a valid number is one "
    "person's; the likely range also that people without one are like the others, as far as their records "
    "don't show otherwise. Both are widened, so that they tell of nobody."
)
REVIEWED = (
    "Estimated from a random sample of records that people have judged, each beside the likeliest other "
    "records of the same person; assumes that they judged rightly but for slips. The interval is widened, "
    "so that it tells of nobody."
)
_SAID = "said of the count"
"""The document of the vault that keeps what was said of released numbers."""
WORDS = (LIKELY, REVIEWED)
"""Words of our own that stand in publications."""


def add_ranges(case: Case, findings: Sequence[dict[str, Any]]) -> None:
    """Give findings, with their provenance, the member `count` where they are about everybody in a table."""
    kept = case.vault.stage("count")
    if kept is None or case.policy.regime != EXACT:
        return
    rows = with_reviews(case, kept[1])["people"]
    counted = {row["table"]: row for row in rows if row["unit"] == PEOPLE and row["told_apart"]}
    said = case.vault.document(_SAID) or {}
    for finding in [part for one in findings for part in (one, *one.get("stands", ()))]:
        row = counted.get(finding["provenance"]["question"]["table"])
        total = _total(finding)
        if row and total and finding["unit"] == PEOPLE and not finding["where"]:
            key = json.dumps([row["table"], finding["provenance"]["cut_off"], total["value"]])
            before = row.get("unreviewed", row) | {"told_apart": row["told_apart"], "table": row["table"]}
            if "release" in finding["provenance"]:
                # The count is of today's data: of an earlier number only what was said of it then.
                finding |= {"count": said[key]} if key in said else {}
                continue
            said.setdefault(key, _said(before, total["value"], case.policy.threshold))
            finding["count"] = said[key] | _reviewed(row, total["value"], case.policy.threshold, said[key])
    case.vault.put_document(_SAID, said)


def _total(finding: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The one number for all that a finding is about, where it is released."""
    total = finding.get("total") if finding["by"] else next(iter(finding["cells"]), None)
    return total if total and total["status"] == "published" else None


def _said(row: Mapping[str, Any], value: int, k: int) -> dict[str, Any]:
    """What the count says without a review, of a released number of people."""
    base = row["told_apart"]
    bracket = margins.around(value, k, row["low"] / base, row["high"] / base)
    likely = margins.around(value, k, row["likely_low"] / base, row["likely_high"] / base)
    return {
        "table": row["table"],
        "estimate": margins.nearest(value, k, row["estimate"] / base),
        "low": bracket.low,
        "high": bracket.high,
        "level": None,
        "likely_low": likely.low,
        "likely_high": likely.high,
        "method": LIKELY,
    }


def _reviewed(row: Mapping[str, Any], value: int, k: int, before: Mapping[str, Any]) -> dict[str, Any]:
    """What a review puts in the place of that, if there is one."""
    if not row["level"]:
        return {}
    base = row["told_apart"]
    interval = margins.around(value, k, row["low"] / base, row["high"] / base)
    return {
        "estimate": margins.nearest(value, k, row["estimate"] / base),
        "low": interval.low,
        "high": interval.high,
        "level": row["level"],
        "method": REVIEWED,
        "unreviewed": dict(before),
    }
