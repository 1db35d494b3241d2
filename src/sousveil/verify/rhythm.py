"""The rhythm of days and weeks: what people do has one, what a generator draws has none.

Whether a share of records falls into the night is no matter of the people's honesty; a flat day is. Machines
that report at fixed intervals are flat as well, so in a table that is about nobody a flat day says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sousveil.vault import Column
from sousveil.verify.evidence import Evidence, Reading
from sousveil.verify.sample import Sample

_MICROS_A_DAY = 86_400_000_000
_LEAST_HOURS = 240
_LEAST_DAYS = 700
_QUIET = 6
"""Hours of the quietest part of the day; a flat day has a quarter of its records there."""
_WEEKS = 8


def rows(sample: Sample) -> Iterator[Evidence]:
    """Up to two rows for a table of events: `hour-of-day` and `day-of-week`."""
    column = sample.event
    values = sample.clean(column) if column else None
    if column is None or values is None:
        return
    if pa.types.is_timestamp(values.type):
        micros = values.drop_null().cast(pa.int64()).to_numpy()
        yield _hours(sample, column, micros[micros % _MICROS_A_DAY != 0])
        yield _weekdays(sample, column, np.floor_divide(micros, _MICROS_A_DAY))
    elif pa.types.is_date32(values.type):
        yield _weekdays(sample, column, values.drop_null().cast(pa.int32()).to_numpy().astype(np.int64))


def _hours(sample: Sample, column: Column, micros: npt.NDArray[np.int64]) -> Evidence:
    expected = "well below 0.25 if people did it, 0.25 if drawn at random"
    counts = np.bincount(micros // 3_600_000_000 % 24, minlength=24)
    n = int(counts.sum())
    if n < _LEAST_HOURS or counts.max() > 0.8 * n:
        why = f"{n:,} records have a time of day, too few or nearly all of one hour, so nothing can be told."
        return _cannot_tell(sample, column, "hour-of-day", expected, why)
    around = np.concatenate([counts, counts[: _QUIET - 1]])
    quiet = float(np.convolve(around, np.ones(_QUIET, int), "valid").min() / n)
    # Chance makes the quietest of 24 overlapping windows a little quieter than the average one.
    noise = 4 * (0.1875 / n) ** 0.5
    reading: Reading = "inconclusive"
    words = "a weak rhythm of the day"
    if quiet <= min(0.18, 0.25 - noise):
        reading, words = "consistent", "a clear rhythm of day and night"
    elif quiet >= 0.25 - noise and n >= 1_000:
        words = "flat over the day"
        reading = "inconsistent" if sample.about_people else "inconclusive"
    why = (
        f"The quietest {_QUIET} hours in a row hold {quiet:.1%} of {n:,} records with a time of day. Assumes "
        "that the moments are of what people did; devices that report at fixed intervals, or times filled "
        "in by a nightly job, would look flat or odd without anything being wrong."
    )
    return Evidence(
        "hour-of-day", sample.shown, (sample.names[column],), round(quiet, 4), expected, reading, words, why
    )


def _weekdays(sample: Sample, column: Column, days: npt.NDArray[np.int64]) -> Evidence:
    from scipy.stats import chi2

    expected = "above 1 if people did it, close to 1 if drawn at random"
    n = len(days)
    span = int(np.percentile(days, 95) - np.percentile(days, 5)) if n else 0
    if n < _LEAST_DAYS or span < 7 * _WEEKS:
        why = (
            f"{n:,} dated records over {span:,} days: too few, or too short a time, to tell a week's rhythm."
        )
        return _cannot_tell(sample, column, "day-of-week", expected, why)
    counts = np.bincount((days + 3) % 7, minlength=7)
    ratio = float(counts.max() / max(int(counts.min()), 1))
    luck = float(chi2.sf(((counts - n / 7) ** 2 / (n / 7)).sum(), 6))
    clear = ratio >= 1.1 and luck < 1e-6
    why = (
        f"The busiest day of the week has {ratio:.2f} times the records of the quietest, of {n:,}. Assumes "
        "that records come one by one; a few days with very many records would look like a rhythm, and much "
        "of what is genuine is the same on every day, so a flat week shows nothing."
    )
    return Evidence(
        "day-of-week",
        sample.shown,
        (sample.names[column],),
        round(ratio, 3),
        expected,
        "consistent" if clear else "inconclusive",
        "a clear rhythm of the week" if clear else "no clear rhythm of the week",
        why,
    )


def _cannot_tell(sample: Sample, column: Column, name: str, expected: str, why: str) -> Evidence:
    return Evidence(
        name, sample.shown, (sample.names[column],), None, expected, "inconclusive", "too few to tell", why
    )
