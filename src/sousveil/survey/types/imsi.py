"""Identity numbers of mobile subscribers (3GPP TS 23.003)."""

from sousveil.normalise.identifiers import matching
from sousveil.survey.model import ColumnType

TYPE = ColumnType(
    name="imsi",
    summary="The identity number of a mobile subscriber.",
    canonical="15 digits that begin with a mobile country code.",
    check=lambda values: matching(values, "[2-7][0-9]{14}"),
    fits=lambda e: e.compact_like("[2-7][0-9]{14}"),
    sure=lambda e: e.compact_like("460[0-9]{12}"),
    alone=0.75,
    identifying=True,
    rivals=("imei", "cn_resident_id"),
)
