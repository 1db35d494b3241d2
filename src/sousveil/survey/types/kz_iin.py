"""Kazakh individual identification numbers."""

from sousveil.survey.checks import iin
from sousveil.survey.model import ColumnType

_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"

TYPE = ColumnType(
    name="kz_iin",
    summary="A Kazakh individual identification number (ЖСН, ИИН), which begins with the birth date.",
    canonical="12 digits; null where the check digit fails.",
    fits=lambda e: e.compact_like(f"[0-9]{{2}}{_DAY}[1-6][0-9]{{5}}"),
    holds=lambda e: iin(e.compact),
    chance=0.1,
    identifying=True,
    strong=True,
    rivals=("phone", "ru_inn"),
)
