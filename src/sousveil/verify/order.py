"""Serial numbers against time: where records are counted as they come, later ones have higher numbers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sousveil.verify.evidence import FEW, Evidence, Reading
from sousveil.verify.sample import Sample, truths


def rows(sample: Sample) -> Iterator[Evidence]:
    """One row for a table with serial numbers beside the date of an event: `serial-order`."""
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
    from scipy.stats import spearmanr

    expected = "near 1 if numbered as they came, near 0 if numbered at random"
    n = len(number)
    if n < FEW or number.min() == number.max() or when.min() == when.max():
        why = f"{n:,} records with both a serial number and a date, too few or too alike to tell."
        return Evidence("serial-order", table, names, None, expected, "inconclusive", "too few to tell", why)
    rho = float(spearmanr(number, when).statistic)
    reading: Reading = "consistent" if abs(rho) >= 0.9 else "inconclusive"
    words = "numbers rise with time" if rho >= 0.9 else "numbers fall with time" if rho <= -0.9 else ""
    words = words or (
        "numbers and time hang together loosely" if abs(rho) >= 0.3 else "numbers say nothing of time"
    )
    why = (
        f"Rank correlation of {rho:.2f} over {n:,} records. Assumes that the number was given when the "
        "record was made; numbers given in bulk or by region, or dates entered late, loosen it innocently."
    )
    return Evidence("serial-order", table, names, round(rho, 4), expected, reading, words, why)
