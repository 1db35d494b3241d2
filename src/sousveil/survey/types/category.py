"""One of a few texts or codes."""

import numpy as np

from sousveil.survey.evidence import Evidence
from sousveil.survey.model import NOTHING, ColumnType, Weight, named

MOST = 200
"""Distinct values that a sample of a category may have."""


def _weigh(e: Evidence) -> Weight:
    named_so = e.meanings.get("category", 0.0) >= 0.5
    if not _few(e, named_so) or float(np.mean(e.lengths)) > 40:
        return NOTHING
    alone = 0.7 if e.distinct > 1 else 0.55
    return Weight(named(alone, e, "category"), alone, "few different values, again and again")


def _few(e: Evidence, named_so: bool) -> bool:
    """Few values, each again and again; in a small table, and without a header, a little less strictly."""
    if e.distinct > MOST:
        return False
    if e.present >= 1_000 and named_so:
        return e.distinct <= 0.15 * e.present and e.singles <= 0.05
    if e.present >= 1_000:
        return e.distinct <= 0.05 * e.present and e.singles <= 0.02
    repeated = e.present / e.distinct
    if named_so:
        return repeated >= 1.4 or e.distinct <= 3
    return repeated >= 2.5 and e.singles <= 0.15


TYPE = ColumnType(
    name="category",
    summary="One of a few texts or codes.",
    canonical="Trimmed text in NFKC.",
    fits=lambda e: e.there,
    askable=True,
    rivals=("text", "number"),
    weigh_by=_weigh,
)
