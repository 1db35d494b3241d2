"""Hardware addresses of network devices (IEEE 802)."""

from sousveil.survey.model import ColumnType

_PARTED = r"[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}|[0-9a-f]{4}(?:[.][0-9a-f]{4}){2}"

TYPE = ColumnType(
    name="mac",
    summary="The hardware address of a network device.",
    canonical="Twelve hexadecimal digits in upper case.",
    fits=lambda e: e.like(_PARTED + "|[0-9a-f]{12}"),
    sure=lambda e: e.like(_PARTED),
    alone=0.96,
    identifying=True,
)
