"""Chinese resident identity numbers (GB 11643-1999), 18 characters or the older 15 digits."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sousveil.normalise.identifiers import resident_id_of
from sousveil.survey.checks import Truths
from sousveil.survey.evidence import Evidence
from sousveil.survey.model import ColumnType, Weight

_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_LOOSE = r"[0-9]{17}[0-9XХ*]|[0-9]{15}"
_DATED = rf"[0-9]{{6}}(?:18|19|20)[0-9]{{2}}{_DAY}[0-9]{{3}}[0-9XХ*]|[0-9]{{8}}{_DAY}[0-9]{{3}}"


def _holds(e: Evidence) -> Truths:
    key = "valid resident id"
    if key not in e.cache:
        e.cache[key] = np.asarray(resident_id_of(e.compact).is_valid().to_numpy(zero_copy_only=False))
    return e.cache[key]


_SPREAD = 20.0
"""Years over which the births of a population are spread at least, from the 5th to the 95th in a hundred."""


def _weigh(e: Evidence) -> Weight:
    """The common rule; but file numbers hold a date of their own, of a few years and without a check."""
    common = TYPE.weigh_shape(e)
    dated = e.compact_like(_DATED) & e.there
    if not common.by_values or e.meanings.get("cn_resident_id", 0.0) >= 0.5 or not dated.any():
        return common
    if e.share(_holds(e)) >= 0.3 * e.share(dated) or _spread(e, dated) >= _SPREAD:
        return common
    return Weight(0.3, 0.3, "holds dates of a few years, and its check digits pass only by chance")


def _spread(e: Evidence, dated: Truths) -> float:
    parts = pc.extract_regex(
        e.compact.filter(pa.array(dated)), "^[0-9]{6}(?:[0-9]{2})?(?P<y>[0-9]{2})[0-9]{4}[0-9]{3}[0-9XХ*]?$"
    )
    years = pc.cast(pc.struct_field(parts, "y"), pa.float64()).drop_null().to_numpy()
    return float(np.quantile(years, 0.95) - np.quantile(years, 0.05)) if len(years) else 0.0


TYPE = ColumnType(
    name="cn_resident_id",
    summary="A Chinese resident identity number: region, birth date, sequence, check character.",
    canonical="18 characters, no separators, old ones of 15 made longer; null where the check fails.",
    fits=lambda e: e.compact_like(_LOOSE),
    # The birth date inside is what chance hardly ever gets right; the region is no condition.
    sure=lambda e: e.compact_like(_DATED),
    holds=_holds,
    chance=1 / 11,
    alone=0.8,
    proved=0.99,
    least_named=0.3,
    identifying=True,
    strong=True,
    rivals=("cn_uscc", "bank_card", "imei"),
    weigh_by=_weigh,
)
