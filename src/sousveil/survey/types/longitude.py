"""Degrees east."""

from sousveil.survey.coordinates import fits, weigh
from sousveil.survey.model import ColumnType

TYPE = ColumnType(
    name="longitude",
    summary="Degrees east, of a place.",
    canonical="DOUBLE from -180 to 180; null elsewhere and for 0, which devices send without a fix.",
    fits=lambda e: fits(e, 180.0),
    identifying=True,
    beside=True,
    rivals=("latitude", "number"),
    weigh_by=lambda e: weigh(e, "longitude"),
)
