"""Machine-readable zones of travel documents (ICAO Doc 9303)."""

from sousveil.survey.checks import mrz
from sousveil.survey.model import ColumnType

_SHAPE = r"[A-Z0-9<]{30,44}|[A-Z0-9<]{72}|[A-Z0-9<]{88}|[A-Z0-9<]{90}"

TYPE = ColumnType(
    name="mrz",
    lettered=True,
    summary="The machine-readable zone of a travel document.",
    canonical="Without line breaks; null where a check digit fails.",
    fits=lambda e: e.compact_like(_SHAPE) & e.like("[^<]+<[^\r\n]*"),
    check=mrz,
    holds=lambda e: mrz(e.compact) | e.compact_like(r"P[A-Z<][A-Z<]{3}[A-Z]+<[A-Z<]{10,}"),
    chance=0.001,
    alone=0.85,
    identifying=True,
    strong=True,
)
