"""Columns that hold identifiers of several types: which, and how much of each.

A register of documents has identity numbers, passports and permits in one column (证件号码). The column gets
the type of the largest part; the others are told beside it, as shares, and no part is lost in silence.
"""

from __future__ import annotations

from dataclasses import dataclass

from sousveil.survey.checks import Truths
from sousveil.survey.evidence import Evidence
from sousveil.survey.types import BY_NAME, NATIONAL

KINDS = (
    *("cn_resident_id", "email", "mrz", "cn_uscc", "cn_plate", "mac", "bank_card", "imei"),
    *sorted(NATIONAL),
    *("passport", "phone"),
)
"""Types that may share a column, those that prove themselves first."""
LEAST = 0.03
"""The least share of the values that makes a part."""
ENOUGH = 0.7
"""The least share that all parts together must have, where no type has it alone."""
_FEW = 5


@dataclass(frozen=True)
class Mixture:
    """The types of a column's parts, the largest first."""

    types: tuple[str, ...]

    def parts(self, e: Evidence) -> dict[str, Truths]:
        """Which values belong to which part; none belongs to two."""
        left, found = e.there.copy(), {}
        for name in sorted(self.types, key=KINDS.index):
            found[name] = left & plain(name, e)
            left = left & ~found[name]
        return found


def plain(name: str, e: Evidence) -> Truths:
    """The values that show a type by themselves: a check that holds, or a shape that says it."""
    kind = BY_NAME[name]
    right = kind.right(e)
    shown = right & kind.sure(e) if kind.sure else right
    if kind.holds is not None and kind.chance is not None and kind.alone < 0.6:
        return right & kind.holds(e)
    return shown


def mixture_of(e: Evidence, chosen: str) -> Mixture | None:
    """The parts of a column for which `chosen` was found best; None where it is of one kind.

    A check that luck passes in one case of ten makes no part: `phone` and numbers with such checks count only
    beside a part that is sure.
    """
    if e.distinct < _FEW:
        return None
    if chosen in KINDS and e.share(BY_NAME[chosen].right(e)) > 1 - LEAST:
        return None
    if chosen not in KINDS and chosen not in {"unknown", "serial", "text"}:
        return None
    left, shares = e.there.copy(), {}
    for name in KINDS:
        kind = BY_NAME[name]
        if name != chosen and (kind.chance or 0.0) > 0.05 and kind.alone < 0.6:
            continue
        found = left & plain(name, e)
        if e.share(found) >= LEAST:
            shares[name] = e.share(found)
            left = left & ~found
    if chosen in KINDS and chosen not in shares:
        shares[chosen] = e.share(left & BY_NAME[chosen].right(e))
    if len(shares) < 2 or sum(shares.values()) < ENOUGH:
        return None
    return Mixture(tuple(sorted(shares, key=lambda name: -shares[name])))
