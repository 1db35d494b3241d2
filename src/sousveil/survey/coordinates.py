"""What tells degrees from other numbers, and east from north."""

from __future__ import annotations

import numpy as np

from sousveil.survey.checks import Truths
from sousveil.survey.evidence import Evidence
from sousveil.survey.model import NOTHING, Weight

_LIMIT = {"longitude": 180.0, "latitude": 90.0}
_HOME = {"longitude": (73.0, 135.5), "latitude": (15.0, 54.0)}
_REGION = 15.0
"""Degrees from one side of a region to the other; shares in per cent are spread further."""
_OTHER = {"longitude": "latitude", "latitude": "longitude"}


def fits(e: Evidence, limit: float) -> Truths:
    """Which values are degrees within the limit."""
    return np.abs(e.degrees) <= limit


def from_a_receiver(e: Evidence, kind: str) -> bool:
    """Whether the numbers are written as receivers write degrees, and lie in the country: no proof."""
    if e.distinct < 5 or e.share(e.like(r"[0-9]{1,3}\.[0-9]{5,8}")) < 0.8:
        return False
    found = e.numeric[e.there & ~np.isnan(e.numeric)]
    low, high = _HOME[kind]
    first, last = np.quantile(found, [0.05, 0.95]) if len(found) else (0.0, 180.0)
    return bool(((found >= low) & (found <= high)).mean() > 0.95 and last - first <= _REGION)


def weigh(e: Evidence, kind: str) -> Weight:
    """How much speaks for `longitude` or `latitude`: the range, the decimals, the other one beside it."""
    right = fits(e, _LIMIT[kind]) & e.there
    strength = e.meanings.get(kind, 0.0)
    fine = e.share(e.like(r"[NSEW]?[+-]?[0-9]{1,3}\.[0-9]{4,}°?[NSEW]?"))
    if e.share(right) < (0.5 if strength >= 0.5 else 0.9):
        return NOTHING
    found = e.numeric[right & ~np.isnan(e.numeric)]
    low, high = _HOME[kind]
    home = len(found) > 0 and bool(((found >= low) & (found <= high)).mean() > 0.95)
    beside = e.witnesses.get(_OTHER[kind], 0.0) >= 0.6
    alone = 0.0
    if fine >= 0.8:
        alone = 0.3 + (0.15 if home else 0.0) + (0.25 if beside else 0.0)
    if alone and kind == "latitude" and not beside and strength < 0.5:
        alone = 0.3
    # A header without decimals or range (`x`, `long`) is no more than a guess.
    gap = 0.9 if fine >= 0.5 or home else 0.4
    confidence = 1 - (1 - alone) * (1 - gap * strength)
    return Weight(confidence, alone, "range, decimals" + (", the other one beside it" if beside else ""))
