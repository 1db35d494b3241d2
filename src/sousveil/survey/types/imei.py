"""Identity numbers of mobile devices (3GPP TS 23.003)."""

from sousveil.survey.checks import luhn
from sousveil.survey.model import ColumnType

TYPE = ColumnType(
    name="imei",
    summary="The identity number of a mobile device.",
    canonical="15 digits; null where Luhn's check fails.",
    fits=lambda e: e.compact_like("[0-9]{15}"),
    check=lambda values: luhn(values, (15,)),
    holds=lambda e: luhn(e.compact, (15,)),
    chance=0.1,
    proved=0.88,
    identifying=True,
    rivals=("cn_resident_id", "imsi"),
)
