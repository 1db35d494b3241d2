"""Opening a sitting and saying what came of it, for whatever shows it."""

from __future__ import annotations

import getpass
from typing import Any

from sousveil.case import Case
from sousveil.count.review.interval import LEVEL
from sousveil.count.review.session import Session
from sousveil.count.review.store import Kept, Store
from sousveil.errors import NotReviewable
from sousveil.veil import plain

_LONGEST = 60


def opened(
    case: Case, kept: Kept, reviewer: str | None, width: float, decisions: int, second: bool
) -> Session:
    """A sitting of this reviewer. Raises `NotReviewable` where nobody may sit so.

    `reviewer` may be left out: then it is the user's name. The two reviewers must be two people.
    """
    name = plain(reviewer if reviewer is not None else _user()).strip()
    if not name or len(name) > _LONGEST:
        raise NotReviewable(
            f"a reviewer's name has 1 to {_LONGEST} characters", next="give another name with --reviewer"
        )
    sitting = Session(Store(case.vault), kept, name, width, decisions, second)
    first, others = sitting.reviewers
    if second and not first:
        raise NotReviewable(
            "nobody has judged anything here yet, so there is nothing for a second reviewer",
            next="sousveil count review --case CASE",
        )
    if name in (first if second else others):
        raise NotReviewable(
            "the first and the second reviewer must be two people", next="give your own name with --reviewer"
        )
    return sitting


def outcome(sitting: Session) -> dict[str, Any]:
    """What the review has come to: figures only."""
    standing, agreed = sitting.standing(), sitting.agreed()
    found = standing.interval
    return {
        "second": sitting.second,
        "decisions": standing.decisions,
        "open": standing.open,
        "finished": sitting.question() is None,
        "interval": (
            {"estimate": found.estimate, "low": found.low, "high": found.high, "level": LEVEL}
            if found
            else None
        ),
        "half_width": round(found.half, 4) if found else None,
        "more": standing.more,
        "cards_judged_twice": agreed.cards if agreed else 0,
        "agreement": round(agreed.raw, 4) if agreed else None,
        "kappa": round(agreed.kappa, 4) if agreed and agreed.kappa is not None else None,
    }


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "reviewer"
