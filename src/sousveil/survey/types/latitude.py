"""Degrees north."""

from sousveil.survey.coordinates import fits, weigh
from sousveil.survey.model import ColumnType

TYPE = ColumnType(
    name="latitude",
    summary="Degrees north, of a place.",
    canonical="DOUBLE from -90 to 90; null elsewhere and for 0, which devices send without a fix.",
    fits=lambda e: fits(e, 90.0),
    identifying=True,
    beside=True,
    rivals=("longitude", "number"),
    weigh_by=lambda e: weigh(e, "latitude"),
)
