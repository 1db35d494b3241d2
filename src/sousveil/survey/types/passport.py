"""Passport and other travel document numbers, by their shape."""

from sousveil.survey.evidence import Evidence
from sousveil.survey.model import NOTHING, ColumnType, Weight

_SHAPE = (
    r"[A-Z]{1,2}[0-9]{6,8}|[A-Z][0-9]{5,9}|[0-9]{7,9}|[A-Z]{2}[0-9]{5,8}[A-Z]?|[A-Z0-9]{3}[0-9]{4,7}[A-Z]?"
)
_LETTERED = r"[A-Z]{1,2}[0-9]{6,8}"


def _weigh(e: Evidence) -> Weight:
    common = TYPE.weigh_shape(e)
    if common is NOTHING:
        return NOTHING
    beside = max(e.witnesses.get(name, 0.0) for name in ("nationality", "mrz"))
    lettered = e.share(e.compact_like(_LETTERED))
    if beside >= 0.7 and lettered >= 0.9 and e.distinct >= 0.3 * e.present:
        return common._replace(
            confidence=max(common.confidence, 0.6),
            by_values=0.55,
            reason=common.reason or "shape, beside a nationality",
        )
    return common


TYPE = ColumnType(
    name="passport",
    summary="The number of a passport or another travel document.",
    canonical="Upper case letters and digits without separators; null where the shape is wrong.",
    fits=lambda e: e.compact_like(_SHAPE),
    sure=lambda e: e.compact_like(_LETTERED),
    alone=0.35,
    least_named=0.3,
    identifying=True,
    beside=True,
    strong=True,
    rivals=("serial", "flight"),
    gaps=True,
    weigh_by=_weigh,
)
