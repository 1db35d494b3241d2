"""Numbers of bank cards (ISO/IEC 7812-1)."""

import pyarrow as pa

from sousveil.survey.checks import Truths, luhn
from sousveil.survey.evidence import Evidence
from sousveil.survey.model import NOTHING, ColumnType, Weight

_WIDTHS = tuple(range(13, 20))
_LONG = "[1-9][0-9]{15,18}"


def _check(values: pa.StringArray) -> Truths:
    return luhn(values, _WIDTHS)


def _weigh(e: Evidence) -> Weight:
    """The common rule; where hardly any value is as long as most cards are, the column holds others."""
    return TYPE.weigh_shape(e) if e.share(e.compact_like(_LONG)) >= 0.25 else NOTHING


TYPE = ColumnType(
    name="bank_card",
    summary="The number of a bank card.",
    canonical="Digits without separators; null where Luhn's check fails.",
    # 89 begins the numbers of SIM cards (ITU-T E.118), which have the same check.
    fits=lambda e: e.compact_like("[1-9][0-9]{12,18}") & ~e.compact_like("89.*"),
    check=_check,
    holds=lambda e: _check(e.compact),
    chance=0.1,
    proved=0.92,
    identifying=True,
    rivals=("cn_resident_id", "imei", "serial"),
    gaps=True,
    weigh_by=_weigh,
)
