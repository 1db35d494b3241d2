"""Numbers of bank cards (ISO/IEC 7812-1)."""

from sousveil.survey.checks import luhn
from sousveil.survey.model import ColumnType

TYPE = ColumnType(
    name="bank_card",
    summary="The number of a bank card.",
    canonical="Digits without separators; null where Luhn's check fails.",
    fits=lambda e: e.compact_like("[1-9][0-9]{15,18}"),
    check=lambda values: luhn(values, (16, 17, 18, 19)),
    holds=lambda e: luhn(e.compact, (16, 17, 18, 19)),
    chance=0.1,
    proved=0.92,
    identifying=True,
    rivals=("cn_resident_id", "serial"),
    gaps=True,
)
