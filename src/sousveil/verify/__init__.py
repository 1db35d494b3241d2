"""How far a dump agrees with itself and with the world: an evidence table, never one score.

One file a family of tests, each with `rows(sample)`; `TESTS` lists what they may yield.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sousveil.verify import check_digits, inside, order, repeats, reserved, rhythm
from sousveil.verify.evidence import Evidence
from sousveil.verify.sample import Sample

Family = Callable[[Sample], Iterator[Evidence]]

FAMILIES: tuple[Family, ...] = (
    check_digits.rows,
    inside.rows,
    reserved.rows,
    rhythm.rows,
    order.rows,
    repeats.rows,
)
"""Every family of tests, in the order in which its rows stand in the table."""

TESTS: tuple[str, ...] = (
    *(f"check-digits-{kind.replace('_', '-')}" for kind in check_digits.CHECKS),
    "resident-id-birth-date",
    "resident-id-sex",
    "resident-id-region",
    *(f"reserved-ranges-{kind.replace('_', '-')}" for kind in reserved.RANGES),
    "hour-of-day",
    "day-of-week",
    "serial-order",
    "repeated-records",
)
"""Every test by its id; docs/verify.md has a heading for each."""

__all__ = ["FAMILIES", "TESTS", "Evidence", "Family", "Sample"]
