"""Numbers that measure or count."""

import numpy as np

from sousveil.survey.evidence import Evidence
from sousveil.survey.model import NOTHING, ColumnType, Weight, named


def _weigh(e: Evidence) -> Weight:
    found = ~np.isnan(e.numeric) & e.there
    if e.share(found) < 0.9:
        return NOTHING
    # A code with a leading zero, or longer than anything that is measured, is no number.
    codes = e.share(e.like(r"0[0-9]+|[0-9]{12,}"))
    alone = 0.65 if e.share(e.like(r"[+-]?[0-9.,]+[.,][0-9]+")) > 0.3 else 0.5
    # Measures differ in length; long numbers of one length are somebody's or something's number.
    widths = np.unique(e.lengths, return_counts=True)[1]
    coded = float(np.min(e.lengths)) >= 7 and e.distinct > 20 and widths.max() > 0.9 * e.distinct
    if codes > 0.1 or (coded and e.share(e.like("[0-9]+")) > 0.9):
        alone = 0.15
    return Weight(named(alone, e, "number", 0.85), alone, "numbers")


TYPE = ColumnType(
    name="number",
    summary="A number that measures or counts.",
    canonical="DOUBLE; null where it is none.",
    fits=lambda e: ~np.isnan(e.numeric),
    askable=True,
    through="may be compared in `where`.",
    rivals=("category", "serial", "money"),
    weigh_by=_weigh,
)
