"""Days on which people were born."""

from sousveil.survey.model import ColumnType
from sousveil.survey.moments import fits, weigh_birth

TYPE = ColumnType(
    name="birth_date",
    summary="The day on which somebody was born.",
    canonical="DATE; null where the day does not exist.",
    fits=fits,
    identifying=True,
    through="refused but for `age_band`, since the exact day can single a person out.",
    beside=True,
    rivals=("date",),
    weigh_by=weigh_birth,
)
