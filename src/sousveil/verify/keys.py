"""Foreign keys: whether the values that point to another table are found there.

Which columns point where is found by the survey, which also counts the share of different values that are
there.
"""

from __future__ import annotations

from collections.abc import Iterator

from sousveil.verify.evidence import FEW, Evidence, Facts, Reading, band, cannot_tell, gathered
from sousveil.verify.sample import ForeignKey, Sample

FACTS = {
    "foreign-keys": Facts(
        "Assumes that the two columns are meant to point from one table to the other; records that were "
        "deleted on one side only, or an export of a part, leave values that point nowhere.",
        "A person's word on whether the tables belong together.",
    )
}


def rows(sample: Sample) -> Iterator[Evidence]:
    """One row a reading for the keys that the survey found from this table: `foreign-keys`."""
    yield from gathered(_evidence(sample, key) for key in sample.foreign_keys)


def _evidence(sample: Sample, key: ForeignKey) -> Evidence:
    share, n, names = key.share, sample.table.records, (key.column, key.to)
    expected = "nearly 1 if the tables belong together"
    if n < FEW:
        return cannot_tell("foreign-keys", sample.shown, names, n, expected, f"Only {n:,} records.")
    reading: Reading = "consistent" if share >= 0.98 else "inconclusive"
    words = band(share)
    why = f"{share:.1%} of the different values are found in the other table."
    return Evidence("foreign-keys", sample.shown, names, n, round(share, 4), expected, reading, words, why)
