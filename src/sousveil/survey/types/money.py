"""Sums of money."""

import numpy as np

from sousveil.normalise.numbers import CURRENCY, UNIT, money_of
from sousveil.survey.checks import Truths
from sousveil.survey.evidence import Evidence
from sousveil.survey.model import NOTHING, ColumnType, Weight, named


def _fits(e: Evidence) -> Truths:
    return np.asarray(money_of(e.tidied).is_valid().to_numpy(zero_copy_only=False))


def _weigh(e: Evidence) -> Weight:
    if e.share(_fits(e) & e.there) < 0.8:
        return NOTHING
    signed = e.share(e.like(f"{CURRENCY}.+") | e.like(f".+{UNIT}"))
    alone = 0.9 if signed > 0.5 else 0.2
    return Weight(
        named(alone, e, "money", 0.85), alone, "sums with a currency" if signed > 0.5 else "numbers"
    )


TYPE = ColumnType(
    name="money",
    summary="A sum of money.",
    canonical="DOUBLE without its currency; null where it is none.",
    fits=_fits,
    askable=True,
    through="may be compared in `where`.",
    rivals=("number",),
    weigh_by=_weigh,
)
