"""Records that repeat another one in every column but their serial number: they inflate counts of records."""

from __future__ import annotations

from collections.abc import Iterator

from sousveil.verify.evidence import FEW, Evidence, Reading, band
from sousveil.verify.sample import Sample

_TELLING = frozenset(("datetime", "cn_resident_id", "passport", "phone", "cn_plate", "imei", "email"))
"""Without a column of these, equal records are to be expected."""


def rows(sample: Sample) -> Iterator[Evidence]:
    """One row a table: `repeated-records`, over all of its records."""
    columns = [column for column, kind in sample.types.items() if kind != "serial"]
    if not any(sample.types[column] in _TELLING for column in columns):
        return
    n = sample.table.records
    expected = "close to 0; a few where clerks entered twice"
    if n < FEW:
        yield Evidence(
            "repeated-records", sample.shown, (), None, expected, "inconclusive", "too few to tell",
            f"Only {n:,} records, too few to tell anything.",
        )  # fmt: skip
        return
    listed = ", ".join(column.sql for column in columns)
    distinct = sample.engine.value(
        f"SELECT count(DISTINCT hash({listed})) FROM {sample.table.raw}"  # noqa: S608  # internal names
    )
    share = (n - distinct) / n
    reading: Reading = "consistent" if share <= 0.02 else "inconclusive"
    why = (
        f"{n - distinct:,} of {n:,} records repeat another one in all but their serial numbers. Assumes "
        "that no two events are alike to the last character; a system that writes twice, or a dump put "
        "together from overlapping exports, repeats records that are genuine."
    )
    words = "none or very few" if share <= 0.02 else band(share)
    yield Evidence("repeated-records", sample.shown, (), round(share, 4), expected, reading, words, why)
