"""Days and moments: when things happen in the city, and the ways in which its clerks write that down.

Days are counted from 1970-01-01, as numpy and Arrow do; moments are a day and a second of it.
"""

from __future__ import annotations

import datetime as dt
from functools import cache

import numpy as np
import pyarrow as pa

from sousveil.demo.text import Codes, Flags, Rng, join, pick, put, strings

EPOCH = dt.date(1970, 1, 1)
MISSING = np.int32(-(2**31))
"""The day of a record without a date."""
LAST = dt.date(2019, 6, 20)
"""The last day of the dump."""
CUT_OFF = dt.date(2019, 3, 31)
"""Where findings stop: the end of a whole month at least 60 days before the last record."""
ISO, COMPACT, CHINESE, SLASHED = range(4)
"""2018-03-05, 20180305, 2018年3月5日, 2018/3/5."""

_FIRST = dt.date(1915, 1, 1)
_HOURS = np.array(
    [3, 2, 1, 1, 1, 3, 8, 14, 20, 22, 21, 19, 16, 16, 18, 19, 20, 23, 24, 21, 18, 15, 11, 6], float
)
_WEEKDAYS = np.array([1.0, 0.97, 0.98, 1.0, 1.12, 1.2, 1.05])


def day(date: dt.date) -> int:
    """The number of a day."""
    return (date - EPOCH).days


@cache
def _dates() -> tuple[pa.StringArray, ...]:
    days = [_FIRST + dt.timedelta(n) for n in range((dt.date(2020, 1, 1) - _FIRST).days)]
    return (
        strings([d.isoformat() for d in days]),
        strings([f"{d.year}{d.month:02}{d.day:02}" for d in days]),
        strings([f"{d.year}年{d.month}月{d.day}日" for d in days]),
        strings([f"{d.year}/{d.month}/{d.day}" for d in days]),
    )


def clock() -> pa.StringArray:
    """Every second of a day as `14:05:00`."""
    return _clock()[0]


@cache
def _clock() -> tuple[pa.StringArray, pa.StringArray]:
    colons = [f"{h:02}:{m:02}:{s:02}" for h in range(24) for m in range(60) for s in range(60)]
    return strings(colons), strings([word.replace(":", "") for word in colons])


def dates(days: Codes, style: int = ISO) -> pa.StringArray:
    """Days as text in one style, null where there is none."""
    missing = days == MISSING
    words = pick(_dates()[style], np.where(missing, 0, days - day(_FIRST)))
    return put(words, missing, None)


def mixed_dates(rng: Rng, days: Codes, shares: tuple[float, float, float, float]) -> pa.StringArray:
    """Days as text, each in one of the four styles."""
    style = rng.choice(4, len(days), p=shares)
    out = dates(days, ISO)
    for other in (COMPACT, CHINESE, SLASHED):
        where = style == other
        out = put(out, where, dates(days[where], other))
    return out


def moments(days: Codes, seconds: Codes, style: int = ISO) -> pa.StringArray:
    """Moments as text in one style (the Chinese one has the day alone), null where there is none."""
    if style == CHINESE:
        return dates(days, CHINESE)
    between = "" if style == COMPACT else " "
    return join(dates(days, style), between, pick(_clock()[int(style == COMPACT)], seconds))


def mixed_moments(
    rng: Rng, days: Codes, seconds: Codes, shares: tuple[float, float, float, float]
) -> pa.StringArray:
    """Moments as text, each in one of the four styles."""
    style = rng.choice(4, len(days), p=shares)
    out = moments(days, seconds, ISO)
    for other in (COMPACT, CHINESE, SLASHED):
        where = style == other
        out = put(out, where, moments(days[where], seconds[where], other))
    return out


def happen(rng: Rng, first: dt.date, last: dt.date, size: int) -> Codes:
    """Days of events: more each year, more towards the weekend, fewer at the Spring Festival."""
    days = np.arange(day(first), day(last) + 1)
    weights = _WEEKDAYS[(days + 3) % 7] * np.linspace(0.8, 1.2, len(days))
    year = (days - 17_167) % 365.25  # 2017-01-01
    weights *= np.where((year > 26) & (year < 40), 0.7, 1.0)
    ladder = np.cumsum(weights)
    chosen = np.searchsorted(ladder, rng.random(size) * ladder[-1])
    out: Codes = days[np.minimum(chosen, len(days) - 1)].astype(np.int32)
    return out


def hours(rng: Rng, size: int) -> Codes:
    """Seconds of the day of events: busy at noon and in the evening, quiet at night."""
    ladder = np.cumsum(_HOURS / _HOURS.sum())
    hour = np.minimum(np.searchsorted(ladder, rng.random(size)), 23)
    return (hour * 3600 + rng.integers(0, 3600, size)).astype(np.int32)


def in_order(days: Codes, seconds: Codes) -> tuple[Codes, Codes]:
    """The moments sorted, as a machine's log is."""
    moment = np.sort(days.astype(np.int64) * 86_400 + seconds)
    return (moment // 86_400).astype(np.int32), (moment % 86_400).astype(np.int32)


def ages(born: Codes, on: dt.date) -> Codes:
    """Whole years of age on a day."""
    date = born.astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    year = date.astype("datetime64[Y]").astype(np.int64) + 1970
    in_year = (month.astype(np.int64) % 12 + 1) * 100 + (date - month).astype(np.int64) + 1
    out: Codes = on.year - year - (in_year > on.month * 100 + on.day)
    return out


def month_labels(days: Codes) -> tuple[Codes, list[str]]:
    """Codes and labels (`2018-03`) of the months of days."""
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    names, codes = np.unique(months, return_inverse=True)
    return codes, [str(name) for name in names]


def within(days: Codes, first: dt.date, last: dt.date) -> Flags:
    """Which days lie between two, both included."""
    return (days >= day(first)) & (days <= day(last))
