"""Internet addresses, version 4 or 6."""

from sousveil.survey.model import ColumnType

_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
PATTERN = rf"{_BYTE}(?:[.]{_BYTE}){{3}}(?::[0-9]{{1,5}})?|[0-9a-f]{{0,4}}(?::[0-9a-f]{{0,4}}){{2,7}}"

TYPE = ColumnType(
    name="ip",
    summary="An internet address, version 4 or 6.",
    canonical="Lower case.",
    fits=lambda e: e.like(PATTERN) & ~e.like("[0-9]{1,2}:[0-9]{2}:[0-9]{2}|[0-9a-f]{2}(?::[0-9a-f]{2}){5}"),
    alone=0.95,
    identifying=True,
    rivals=("mac", "datetime"),
)
