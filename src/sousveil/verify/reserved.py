"""Ranges that were never given out, or are kept for tests: what generators use and a register can't hold.

Resident numbers by the province in their region (GB/T 2260; foreigners with permanent residence have a 9
before it), mobile numbers of the mainland by prefix, mailboxes by domain (RFC 2606, RFC 6761), devices by the
reporting body in their type code (00 is for tests).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pyarrow as pa

from sousveil.normalise.identifiers import compact, kept, matching, resident_id_long
from sousveil.vault import Column
from sousveil.verify.evidence import FEW, Count, Evidence, Facts, Reading, band, cannot_tell, pooled
from sousveil.verify.sample import Sample, distinct

_PROVINCE = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"


@dataclass(frozen=True)
class _Range:
    """What of a shape is given out, or what is not; RE2 patterns over whole canonical texts."""

    shape: str
    given_out: str = ""
    reserved: str = ""


RANGES = {
    "cn_resident_id": _Range("[0-9]{17}[0-9X]", given_out=f"9?{_PROVINCE}[0-9]+[0-9X]"),
    "phone": _Range("1[0-9]{10}", given_out="1[3-9][0-9]{9}"),
    "email": _Range(
        ".+@.+", reserved=".*@(?:.+[.])?(?:example|test|invalid|localhost|example[.](?:com|net|org))"
    ),
    "imei": _Range("[0-9]{15}", reserved="00[0-9]{13}"),
}
"""By type."""

FACTS = {
    "reserved-ranges": Facts(
        "Assumes that the lists of ranges are complete; test entries in a genuine system are few, and "
        "somebody who veiled a dump before passing it on may have moved its numbers into such a range.",
        "Word from the source that values were veiled.",
    )
}
"""`reserved-ranges-<type>`."""


def rows(sample: Sample) -> Iterator[Evidence]:
    """One row a type: `reserved-ranges-<type>`; its columns apart where they read differently."""
    for kind, known in RANGES.items():
        counts = []
        for column in sample.of_type(kind):
            texts = _texts(sample, kind, column)
            shaped = distinct(kept(texts, matching(texts, known.shape)))
            given = (
                matching(shaped, known.given_out) if known.given_out else ~matching(shaped, known.reserved)
            )
            counts.append(Count((sample.names[column],), int((~given).sum()), len(shaped)))
        yield from pooled(
            counts, partial(_evidence, f"reserved-ranges-{kind.replace('_', '-')}", sample.shown)
        )


def _texts(sample: Sample, kind: str, column: Column) -> pa.StringArray:
    """The column's clean texts; of resident numbers the raw ones, valid or not."""
    if kind == "cn_resident_id":
        return resident_id_long(compact(distinct(sample.raw(column))))
    clean = sample.clean(column)
    return pa.array([], pa.string()) if clean is None else clean


def _evidence(name: str, table: str, count: Count) -> Evidence:
    hits, n = count.hits, count.tries
    expected, share = "close to 0 if genuine", hits / n
    if n < FEW:
        return cannot_tell(name, table, count.columns, n, expected, f"Only {n:,} distinct values.")
    reading: Reading = "consistent" if share <= 0.01 else "inconsistent" if share >= 0.5 else "inconclusive"
    why = f"{hits:,} of {n:,} distinct values lie in ranges that nobody has."
    words = "none or hardly any" if share <= 0.01 else band(share)
    return Evidence(name, table, count.columns, n, round(share, 4), expected, reading, words, why)
