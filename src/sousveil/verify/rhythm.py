"""The rhythm of days, weeks and feasts: what people do has one, what a generator draws has none.

Whether a share of records falls into the night is no matter of the people's honesty; a flat day is. Machines
that report at fixed intervals are flat as well, so in a table that is about nobody a flat day says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sousveil.vault import Column
from sousveil.verify.evidence import Evidence, Facts, Reading, cannot_tell
from sousveil.verify.figures import beyond_chi_square
from sousveil.verify.holidays import LENGTH, feasts
from sousveil.verify.sample import Sample

FACTS = {
    "hour-of-day": Facts(
        "Assumes that the moments are of what people did; devices that report at fixed intervals, or times "
        "filled in by a nightly job, would look flat or odd without anything being wrong.",
        "Knowing what writes the time into a record.",
    ),
    "day-of-week": Facts(
        "Assumes that records come one by one; a few days with very many records would look like a rhythm, "
        "and much of what is genuine is the same on every day, so a flat week shows nothing.",
        "A longer stretch of time.",
    ),
    "holidays": Facts(
        "Assumes that the days are those of the events; what goes on regardless of feasts shows none.",
        "Knowing which feasts are kept where the records are from.",
    ),
    "day-to-day": Facts(
        "Assumes that records come from what people did: weekdays, seasons and events then make days differ "
        "by more than chance. A system that does the same number each day is more even than chance, which "
        "is not held against it; only days as uneven as drawn lots are.",
        "Knowing that the days were drawn at random for a reason, as in a sample.",
    ),
}

_MICROS_A_DAY = 86_400_000_000
_LEAST_HOURS = 240
_LEAST_DAYS = 700
_QUIET = 6
"""Hours of the quietest part of the day; a flat day has a quarter of its records there."""
_WEEKS = 8
_MANY_DAYS, _A_DAY, _MANY_A_DAY = 180, 5.0, 30.0
"""Days, and records on each, from which on chance and life can be told apart."""
_AROUND = 21
"""Days before and after a feast that it is compared with."""
_CLEAR = 5.0

Numbers = npt.NDArray[np.int64]


def rows(sample: Sample) -> Iterator[Evidence]:
    """Up to four rows for a table of events, by the column that dates them."""
    column = sample.event
    values = sample.clean(column) if column else None
    if column is None or values is None:
        return
    if pa.types.is_timestamp(values.type):
        micros = values.drop_null().cast(pa.int64()).to_numpy()
        yield _hours(sample, column, micros[micros % _MICROS_A_DAY != 0])
        days = np.floor_divide(micros, _MICROS_A_DAY)
    elif pa.types.is_date32(values.type):
        days = values.drop_null().cast(pa.int32()).to_numpy().astype(np.int64)
    else:
        return
    yield _weekdays(sample, column, days)
    yield _feasts(sample, column, days)
    yield _day_to_day(sample, column, days)


def _hours(sample: Sample, column: Column, micros: Numbers) -> Evidence:
    name, names = "hour-of-day", (sample.names[column],)
    expected = "well below 0.25 if people did it, 0.25 if drawn at random"
    counts = np.bincount(micros // 3_600_000_000 % 24, minlength=24)
    n = int(counts.sum())
    if n < _LEAST_HOURS or counts.max() > 0.8 * n:
        why = f"{n:,} records have a time of day, too few or nearly all of one hour."
        return cannot_tell(name, sample.shown, names, n, expected, why)
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
    why = f"The quietest {_QUIET} hours in a row hold {quiet:.1%} of {n:,} records with a time of day."
    return Evidence(name, sample.shown, names, n, round(quiet, 4), expected, reading, words, why)


def _weekdays(sample: Sample, column: Column, days: Numbers) -> Evidence:
    name, names = "day-of-week", (sample.names[column],)
    expected = "above 1 if people did it, close to 1 if drawn at random"
    n, span = len(days), _span(days)
    if n < _LEAST_DAYS or span < 7 * _WEEKS:
        why = f"{n:,} dated records over {span:,} days: too few, or too short a time."
        return cannot_tell(name, sample.shown, names, n, expected, why)
    counts = np.bincount((days + 3) % 7, minlength=7)
    ratio = float(counts.max() / max(int(counts.min()), 1))
    luck = beyond_chi_square(float(((counts - n / 7) ** 2 / (n / 7)).sum()), 6)
    clear = ratio >= 1.1 and luck < 1e-6
    why = f"The busiest day of the week has {ratio:.2f} times the records of the quietest, of {n:,}."
    reading: Reading = "consistent" if clear else "inconclusive"
    words = "a clear rhythm of the week" if clear else "no clear rhythm of the week"
    return Evidence(name, sample.shown, names, n, round(ratio, 3), expected, reading, words, why)


def _span(days: Numbers) -> int:
    return int(np.percentile(days, 95) - np.percentile(days, 5)) if len(days) else 0


def _daily(days: Numbers) -> tuple[int, Numbers]:
    """The first day, and the records of each from there on; the outermost hundredths of them left out."""
    first, last = (int(day) for day in np.percentile(days, [1, 99]))
    inside = days[(days >= first) & (days <= last)]
    return first, np.bincount(inside - first, minlength=last - first + 1)


def _feasts(sample: Sample, column: Column, days: Numbers) -> Evidence:
    name, names = "holidays", (sample.names[column],)
    expected = "other than the weeks around it on some feast, the same if drawn at random"
    n, span = len(days), _span(days)
    if n < _LEAST_DAYS or not 300 <= span <= 40_000:
        why = f"{n:,} dated records over {span:,} days: too few, or too short a time."
        return cannot_tell(name, sample.shown, names, n, expected, why)
    first, daily = _daily(days)
    strengths = {feast: _strength(daily, starts - first) for feast, starts in feasts().items()}
    feast = max(strengths, key=lambda known: abs(strengths[known]))
    strongest = strengths[feast]
    clear = abs(strongest) >= _CLEAR
    why = f"Around {feast} the days are {abs(strongest):.1f} standard deviations off those around, of {n:,}."
    words = "feasts show" if clear else "no feast shows"
    reading: Reading = "consistent" if clear else "inconclusive"
    return Evidence(name, sample.shown, names, n, round(strongest, 2), expected, reading, words, why)


def _strength(daily: Numbers, starts: Numbers) -> float:
    """How far the days of a feast lie off the same weekdays around it, in deviations of such days."""
    gaps, spread = [], []
    for start in starts:
        if start < _AROUND or start + _AROUND + LENGTH > len(daily):
            continue
        for day in range(start, start + LENGTH):
            around = daily[[day - 14, day - 7, day + 7, day + 14]]
            gaps.append(float(daily[day] - around.mean()))
            spread.append(max(float(around.var(ddof=1)), float(around.mean()) + 1))
    return float(np.sum(gaps) / np.sqrt(1.25 * np.sum(spread))) if gaps else 0.0


def _day_to_day(sample: Sample, column: Column, days: Numbers) -> Evidence:
    """The variance of daily counts over their mean: 1 for lots drawn (Fisher's index of dispersion)."""
    name, names = "day-to-day", (sample.names[column],)
    expected = "well above 1 if people did it, 1 if drawn at random"
    n = len(days)
    daily = _daily(days)[1] if n else np.zeros(0, np.int64)
    if len(daily) < _MANY_DAYS or daily.mean() < _A_DAY or (daily == 0).mean() > 0.1:
        why = f"{n:,} dated records over {len(daily):,} days: too few days, or too few records on each."
        return cannot_tell(name, sample.shown, names, n, expected, why)
    index = float(daily.var(ddof=1) / daily.mean())
    noise = 4 * (2 / (len(daily) - 1)) ** 0.5
    reading: Reading = "inconclusive"
    words = "days differ little"
    if index > 1 + 2 * noise:
        reading, words = "consistent", "days differ by more than chance"
    elif abs(index - 1) <= noise:
        # With few records a day, days that differ by a fifth would look the same.
        enough = sample.about_people and daily.mean() >= _MANY_A_DAY
        reading = "inconsistent" if enough else "inconclusive"
        words = "days differ just as drawn lots do"
    why = f"The variance of {len(daily):,} daily counts is {index:.2f} times their mean, over {n:,} records."
    return Evidence(name, sample.shown, names, n, round(index, 3), expected, reading, words, why)
