"""Free text."""

import numpy as np

from sousveil.survey.evidence import Evidence
from sousveil.survey.model import ColumnType, Weight, anything, named

_SENTENCE = r".*(?:[.!?。！？؟…][\"'”»)]?|[.!?] \pL.*)"
"""Ends as a sentence does, or holds the end of one."""


def _weigh(e: Evidence) -> Weight:
    long = float(np.mean(e.lengths)) >= (12 if e.han > 0.5 else 30)
    varied = e.distinct >= 0.5 * e.present
    worded = e.share(e.like(r".*[^0-9A-Z:/_.\-].*")) > 0.5
    alone = 0.15
    if long and varied and worded:
        # Sentences end; addresses and lists of words do not.
        alone = 0.62 if e.han > 0.5 or e.share(e.like(_SENTENCE)) >= 0.3 else 0.42
    if e.distinct < 0.05 * e.present:
        alone = 0.05
    gap = 0.85 if worded else 0.3
    return Weight(named(alone, e, "text", gap), alone, "long and varied" if alone > 0.5 else "header")


TYPE = ColumnType(
    name="text",
    summary="Free text, which may hold anything.",
    canonical="Not kept in the clean table.",
    fits=anything,
    identifying=True,
    rivals=("address", "category"),
    weigh_by=_weigh,
)
