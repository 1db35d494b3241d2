"""Serial numbers against time: where records are counted as they come, later ones have higher numbers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sousveil.verify.evidence import FEW, Evidence, Facts, Reading, cannot_tell
from sousveil.verify.figures import rank_correlation
from sousveil.verify.sample import Sample, truths

FACTS = {
    "serial-order": Facts(
        "Assumes that the number was given when the record was made; numbers given in bulk or by region, or "
        "dates entered late, loosen it innocently.",
        "Knowing which office gave the numbers, and when.",
    ),
    "serial-gaps": Facts(
        "Assumes that numbers are given one after another; records that were deleted in the course of work "
        "leave small gaps, an export of a part leaves large ones.",
        "The numbers of records that are known to have existed.",
    ),
}
_DENSE = 0.5
"""Numbers of which fewer are used than this were not given one after another."""


def rows(sample: Sample) -> Iterator[Evidence]:
    """Up to two rows for a table with serial numbers: `serial-gaps`, `serial-order` (beside an event)."""
    yield from _gaps(sample)
    yield from _order(sample)


def _order(sample: Sample) -> Iterator[Evidence]:
    event = sample.event
    moments = sample.clean(event) if event else None
    if event is None or moments is None:
        return
    when = moments.cast(pa.int32() if pa.types.is_date32(moments.type) else pa.int64())
    found = []
    for column in sample.of_type("serial"):
        number, counted = _counted(sample.raw(column))
        both = counted & truths(when.is_valid())
        names = (sample.names[column], sample.names[event])
        found.append(_evidence(sample.shown, names, number[both], when.fill_null(0).to_numpy()[both]))
    if found:
        # A table may hold numbers of other things too; one that rises with time is enough.
        yield max(found, key=lambda evidence: abs(evidence.observed or 0.0))


def _counted(texts: pa.StringArray) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """The last digits of each text as a number, and which texts end in digits."""
    last = pc.struct_field(pc.extract_regex(texts, "(?P<n>[0-9]{1,18})$"), "n")
    there = truths(last.is_valid())
    return last.fill_null("0").cast(pa.int64()).to_numpy(), there


def _evidence(
    table: str, names: tuple[str, str], number: npt.NDArray[np.int64], when: npt.NDArray[np.int64]
) -> Evidence:
    expected = "near 1 if numbered as they came, near 0 if numbered at random"
    n = len(number)
    if n < FEW or number.min() == number.max() or when.min() == when.max():
        why = f"{n:,} records with both a serial number and a date, too few or too alike to tell."
        return cannot_tell("serial-order", table, names, n, expected, why)
    rho = rank_correlation(number, when)
    reading: Reading = "consistent" if abs(rho) >= 0.9 else "inconclusive"
    words = "numbers rise with time" if rho >= 0.9 else "numbers fall with time" if rho <= -0.9 else ""
    words = words or (
        "numbers and time hang together loosely" if abs(rho) >= 0.3 else "numbers say nothing of time"
    )
    why = f"Rank correlation of {rho:.2f} over {n:,} records."
    return Evidence("serial-order", table, names, n, round(rho, 4), expected, reading, words, why)


def _gaps(sample: Sample) -> Iterator[Evidence]:
    """`serial-gaps`: holes in numbers that are given one after another, over all records."""
    expected = "no hole much longer than the others"
    for column in sample.of_type("serial"):
        texts = sample.engine.table(
            f"SELECT {column.sql} AS v FROM {sample.table.raw} WHERE {column.sql} IS NOT NULL"  # noqa: S608
        ).column("v")
        number, counted = _counted(texts.combine_chunks())
        number = np.unique(number[counted])
        if len(number) < 10 * FEW or counted.mean() < 0.9:
            continue
        steps = np.diff(number)
        used = len(number) / float(number[-1] - number[0] + 1)
        if used < _DENSE:
            continue
        # The longest of n gaps that records missing at random leave; ten times rarer is a hole.
        longest = np.log(10 * len(steps)) / -np.log(max(1 - used, 1e-9)) + 2
        holes = int((steps - 1 > max(longest, 2)).sum())
        missing = 1 - used
        words = "a few long holes in the numbers" if holes else "no hole in the numbers"
        if holes > 20:
            words = "many holes in the numbers"
        why = f"{missing:.2%} of the numbers between the first and the last are missing, in {holes:,} holes."
        reading: Reading = "inconclusive" if holes else "consistent"
        names = (sample.names[column],)
        yield Evidence(
            "serial-gaps", sample.shown, names, len(number), round(missing, 4), expected, reading, words, why
        )
        return
