"""Turkish identity numbers."""

from sousveil.survey.checks import tckn
from sousveil.survey.model import ColumnType

TYPE = ColumnType(
    name="tr_tckn",
    summary="A Turkish identity number (T.C. Kimlik No).",
    canonical="11 digits; null where a check digit fails.",
    fits=lambda e: e.compact_like("[1-9][0-9]{10}"),
    holds=lambda e: tckn(e.compact),
    chance=0.01,
    identifying=True,
    strong=True,
    rivals=("phone",),
)
