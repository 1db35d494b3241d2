"""Russian taxpayer numbers."""

from sousveil.survey.checks import inn
from sousveil.survey.model import ColumnType

TYPE = ColumnType(
    name="ru_inn",
    summary="A Russian taxpayer number (ИНН), of a person (12 digits) or an organisation (10).",
    canonical="Digits; null where a check digit fails.",
    fits=lambda e: e.compact_like("[0-9]{10}|[0-9]{12}"),
    holds=lambda e: inn(e.compact),
    chance=0.1,
    proved=0.9,
    identifying=True,
    strong=True,
    rivals=("phone", "kz_iin"),
    gaps=True,
)
