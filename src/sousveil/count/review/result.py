"""The reviewed interval in the result of `count`: where a review covers a row and still holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sousveil.case import Case
from sousveil.count.review.interval import LEVEL
from sousveil.count.review.prepare import mark_of, scope_of
from sousveil.count.review.session import Session
from sousveil.count.review.store import Store
from sousveil.count.review.tally import Agreement

WIDEST = 0.25
"""A half-width beyond which an interval says less than the bracket."""
_LIKELY = ("likely_low", "likely_high")
_UNREVIEWED = ("estimate", "low", "high", *_LIKELY, "method")
_ASSUMES = "Assumes that they judged rightly but for slips of the hand."
_ASSUME = (
    "Assumes that they judged rightly but for slips of the hand, and for errors that are each one's own."
)


def with_reviews(case: Case, document: Mapping[str, Any]) -> dict[str, Any]:
    """The contract's `count` shape with reviewed rows in it.

    A reviewed row has `estimate`, `low`, `high` and `level` of the review, `unreviewed` with what the count
    said without it, and `review` with how many decisions it rests on. A review that was made of another dump,
    review.toml or matching is stale, and leaves its row as it is.
    """
    store = Store(case.vault)
    if not store.any():
        return dict(document)
    mark = mark_of(case)
    return {**document, "people": [_row(case, store, mark, row) for row in document["people"]]}


def _row(case: Case, store: Store, mark: str, row: Mapping[str, Any]) -> dict[str, Any]:
    if row.get("unit", "people") != "people":
        return dict(row)
    kept = store.find(scope_of(case, row["table"]), mark)
    found = Session(store, kept, "", 0.0, 0) if kept else None
    standing = found.standing() if found else None
    if found is None or standing is None or standing.interval is None or standing.interval.half > WIDEST:
        return dict(row)
    interval, agreed = standing.interval, found.agreed()
    basis = _basis(standing.decisions, found, agreed)
    assumption = _ASSUME if agreed else _ASSUMES
    before = {name: row[name] for name in _UNREVIEWED if name in row}
    return {
        **{name: value for name, value in row.items() if name not in _LIKELY},
        "estimate": interval.estimate,
        "low": interval.low,
        "high": interval.high,
        "level": LEVEL,
        "method": f"{basis} {assumption}",
        "basis": basis,
        "assumption": assumption,
        "unreviewed": before,
        "review": {
            "decisions": standing.decisions,
            "open": standing.open,
            "reviewers": len(found.reviewers[0] | found.reviewers[1]),
            "cards_judged_twice": agreed.cards if agreed else 0,
            "agreement": round(agreed.raw, 4) if agreed else None,
            "kappa": round(agreed.kappa, 4) if agreed and agreed.kappa is not None else None,
        },
    }


def _basis(decisions: int, found: Session, agreed: Agreement | None) -> str:
    missed, torn = found.kept.frame.missed, found.kept.frame.torn
    nowhere = f", and {torn.share:.1%} where all numbers of the same person were" if torn.measured else ""
    looked = (
        f"on {missed.tried:,} records whose number was hidden the proposal missed {missed.share:.1%}{nowhere}"
        if missed.measured
        else f"no record has a number to test the proposal by, and {missed.share:.0%} missed are allowed for"
    )
    kappa = "" if agreed is None or agreed.kappa is None else f" (Cohen's kappa {agreed.kappa:.2f})"
    second = (
        f"A second reviewer agreed on {agreed.raw:.0%} of {agreed.cards:,} cards{kappa}."
        if agreed
        else "No second reviewer has checked it."
    )
    return (
        f"People judged a random sample of {decisions:,} records, each beside the likeliest other records of "
        f"the same person ({looked}). {second}"
    )
