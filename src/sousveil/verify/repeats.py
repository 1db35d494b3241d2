"""Records that repeat another one: whole, or in all but one column. They inflate counts of records."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from sousveil.vault import Column
from sousveil.verify.evidence import FEW, Evidence, Facts, Reading, band, cannot_tell
from sousveil.verify.sample import Sample

FACTS = {
    "repeated-records": Facts(
        "Assumes that no two events are alike to the last character; a system that writes twice, or a dump "
        "put together from overlapping exports, repeats records that are genuine.",
        "Knowing how the export was made.",
    ),
    "near-repeats": Facts(
        "Assumes that two records alike in all but one column are one record entered twice or altered; "
        "a log of changes, or lists that repeat a person for each entry, hold many of them innocently.",
        "Knowing whether the table keeps older states of a record.",
    ),
}
_TELLING = frozenset(("datetime", "cn_resident_id", "passport", "phone", "cn_plate", "imei", "email"))
"""Without a column of these, or of an identity number, equal records are to be expected."""
_LEAST_COLUMNS = 3
_SEVERAL = 60_000
"""Records among which near repeats are looked for; alike halves are taken whole."""


def rows(sample: Sample) -> Iterator[Evidence]:
    """Up to two rows a table: `repeated-records`, over all of its records, and `near-repeats`."""
    from sousveil.survey.types import STRONG

    columns = [column for column, kind in sample.types.items() if kind != "serial"]
    if not any(sample.types[column] in _TELLING or sample.types[column] in STRONG for column in columns):
        return
    yield _whole(sample, columns)
    if len(columns) >= _LEAST_COLUMNS and sample.table.records >= FEW:
        yield _near(sample, columns)


def _whole(sample: Sample, columns: list[Column]) -> Evidence:
    name, n = "repeated-records", sample.table.records
    expected = "close to 0; a few where clerks entered twice"
    if n < FEW:
        return cannot_tell(name, sample.shown, (), n, expected, f"Only {n:,} records.")
    listed = ", ".join(column.sql for column in columns)
    distinct = sample.engine.value(
        f"SELECT count(DISTINCT hash({listed})) FROM {sample.table.raw}"  # noqa: S608  # internal names
    )
    share = (n - distinct) / n
    why = f"{n - distinct:,} of {n:,} records repeat another one in all but their serial numbers."
    return _judged(name, sample, n, share, expected, why)


def _near(sample: Sample, columns: list[Column]) -> Evidence:
    """Two records that differ in one column agree in one half of the columns: only those are compared."""
    pairs, seen = 0, 0
    for half in (columns[::2], columns[1::2]):
        alike = _alike(sample, half, columns)
        seen += len(alike)
        pairs += _differ_in_one(alike)
    seen = max(seen // 2, 1)
    share = pairs / seen
    expected = "close to 0; a few where clerks mended an entry by a second one"
    why = f"{pairs:,} of {seen:,} records looked at are alike to another one in all but one column."
    return _judged("near-repeats", sample, seen, share, expected, why)


def _alike(sample: Sample, half: list[Column], columns: list[Column]) -> pa.Table:
    """Hashes of every column of the records whose hash of `half` falls into a fixed part of all hashes."""
    every = max(1, 2 * sample.table.records // _SEVERAL)
    hashes = ", ".join(f"hash({column.sql}) AS {column.sql}" for column in columns)
    both = ", ".join(column.sql for column in half)
    return sample.engine.table(
        f"SELECT hash({both}) AS half, {hashes} FROM {sample.table.raw} "  # noqa: S608  # internal names
        f"WHERE hash({both}) % {every} = 0 ORDER BY half, {', '.join(c.sql for c in columns)}"
    )


def _differ_in_one(alike: pa.Table) -> int:
    """Neighbours, in the order of their hashes, that have one half in common and differ in one column."""
    if len(alike) < 2:
        return 0
    different = np.zeros(len(alike) - 1, np.int64)
    for column in alike.column_names[1:]:
        values = alike.column(column).to_numpy()
        different += values[1:] != values[:-1]
    half = alike.column("half").to_numpy()
    return int(((half[1:] == half[:-1]) & (different == 1)).sum())


def _judged(name: str, sample: Sample, n: int, share: float, expected: str, why: str) -> Evidence:
    reading: Reading = "consistent" if share <= 0.02 else "inconclusive"
    words = "none or very few" if share <= 0.02 else band(share)
    return Evidence(name, sample.shown, (), n, round(share, 4), expected, reading, words, why)
