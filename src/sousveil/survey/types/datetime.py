"""Moments: days with a time."""

from sousveil.survey.model import ColumnType
from sousveil.survey.moments import fits, weigh

TYPE = ColumnType(
    name="datetime",
    summary="A moment: a day with a time that is not always midnight.",
    canonical="TIMESTAMP on the clock of the wall, to the second; null where the moment does not exist.",
    fits=fits,
    askable=True,
    through="may be compared in `where`; `by` takes its `month` or `year`.",
    rivals=("date", "number"),
    weigh_by=lambda e: weigh(e, "datetime"),
)
