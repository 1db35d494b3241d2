"""Unified social credit codes of organisations (GB 32100-2015)."""

from sousveil.survey.checks import uscc
from sousveil.survey.model import ColumnType

TYPE = ColumnType(
    name="cn_uscc",
    summary="A Chinese unified social credit code: who an organisation is.",
    canonical="18 characters, upper case; null where the check fails.",
    fits=lambda e: e.compact_like("[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}"),
    # Registering department and kind of organisation are one of a few.
    sure=lambda e: (
        e.compact_like("[1-9AN-Y][1-59][0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}") & ~e.compact_like("[0-9]{17}[0-9X]")
    ),
    check=uscc,
    holds=lambda e: uscc(e.compact),
    chance=1 / 31,
    alone=0.5,
    least_named=0.3,
    identifying=True,
    rivals=("cn_resident_id",),
)
