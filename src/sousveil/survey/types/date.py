"""Days, and moments that are all at midnight."""

from sousveil.survey.model import ColumnType
from sousveil.survey.moments import fits, weigh

TYPE = ColumnType(
    name="date",
    summary="A day, or moments that are all at midnight.",
    canonical="DATE; null where the day does not exist.",
    fits=fits,
    askable=True,
    through="may be compared in `where`; `by` takes its `month` or `year`.",
    rivals=("birth_date", "datetime", "number"),
    weigh_by=lambda e: weigh(e, "date"),
)
