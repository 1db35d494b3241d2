"""Internet addresses, version 4 or 6."""

from sousveil.survey.evidence import Evidence
from sousveil.survey.model import NOTHING, SHAPE, ColumnType, Weight

_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_GROUP = "[0-9a-f]{1,4}"
_GROUPS = f"(?:{_GROUP}(?::{_GROUP}){{0,6}})?"
PATTERN = (
    rf"{_BYTE}(?:[.]{_BYTE}){{3}}(?::[0-9]{{1,5}})?|(?:{_GROUP}:){{7}}{_GROUP}|"
    rf"{_GROUPS}::{_GROUPS}"
)
"""RFC 791 and RFC 4291: four bytes, perhaps with a port; eight groups, or fewer with a gap of zeros."""
_HIGH = r".*\b(?:[4-9][0-9]|[12][0-9]{2})\b.*|.*:.*"
"""A byte of forty or more: numbers of versions and chapters stay below."""


def _weigh(e: Evidence) -> Weight:
    common = TYPE.weigh_shape(e)
    if common is NOTHING or e.meanings.get("ip", 0.0) >= 0.5 or e.share(e.like(_HIGH)) > 0.5:
        return common
    return Weight(0.3, 0.3, "shape of an address, or of a version's number", SHAPE)


TYPE = ColumnType(
    name="ip",
    summary="An internet address, version 4 or 6.",
    canonical="Lower case.",
    fits=lambda e: e.like(PATTERN),
    alone=0.95,
    identifying=True,
    rivals=("mac", "datetime"),
    weigh_by=_weigh,
)
