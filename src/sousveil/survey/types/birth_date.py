"""Days on which people were born."""

from sousveil.survey.model import ColumnType
from sousveil.survey.moments import fits, weigh_birth

TYPE = ColumnType(
    name="birth_date",
    summary="The day on which somebody was born.",
    canonical="DATE; null where the day does not exist.",
    fits=fits,
    identifying=True,
    beside=True,
    rivals=("date",),
    weigh_by=weigh_birth,
)
