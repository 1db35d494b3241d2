"""Answers of yes or no."""

import numpy as np

from sousveil.normalise.numbers import YES_NO
from sousveil.survey.checks import Truths
from sousveil.survey.evidence import Evidence
from sousveil.survey.model import NOTHING, ColumnType, Weight, named

_WORDS = frozenset(
    word for word in YES_NO if word not in {"无", "有", "X", "T", "F", "N", "Y", "1", "0", "对"}
)


def _fits(e: Evidence) -> Truths:
    if e.distinct > 20:
        return np.zeros(len(e.untrusted_values), np.bool_)
    return np.array([text is not None and text.upper() in YES_NO for text in e.tidied.to_pylist()], np.bool_)


def _weigh(e: Evidence) -> Weight:
    texts = {text.upper() for text in e.tidied.to_pylist() if text is not None}
    if not texts or len(texts) > 4 or not texts <= YES_NO:
        return NOTHING
    alone = 0.9 if texts & _WORDS else 0.8 if len(texts) == 2 else 0.3
    return Weight(named(alone, e, "boolean"), alone, "only answers of yes or no")


TYPE = ColumnType(
    name="boolean",
    summary="An answer of yes or no.",
    canonical="BOOLEAN; null for others.",
    fits=_fits,
    askable=True,
    rivals=("category", "sex"),
    weigh_by=_weigh,
)
