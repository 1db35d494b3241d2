"""Years of other calendars, as days of the Gregorian one: Islamic, Iranian, Thai, of the Republic of China.

Which calendar a year belongs to is told by its number, since no dump holds dates of the 14th century: 1343
to 1500 are of the Hijra, 2443 to 2642 of the Buddha (Thailand's years begin on 1 January). The Islamic
calendar is that of Umm al-Qura, from the tables of hijridate. The Iranian one counts from the same event in
years of the sun; a 31st tells it, and its leap years follow the cycle of 33 years, right from 1178 to 1633.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from sousveil.normalise.moments import days_since_1970
from sousveil.survey.checks import Numbers, Truths, real_dates

HIJRA = (1343, 1500)
"""The years that may be of the Hijra, moon or sun."""
_BUDDHA = (2443, 2642)
_BUDDHA_BEFORE = 543
MINGUO_BEFORE = 1911
"""The year before the first of the Republic of China."""
_IRANIAN_EPOCH = -492_269
"""The day, counted from 1970, before the first of the Iranian year 1."""


def counted(years: Numbers, months: Numbers, days: Numbers, *, solar: bool = False) -> tuple[Numbers, Truths]:
    """Days since 1970-01-01 of dates of any of these calendars, and which of the dates exist.

    `solar`: years of the Hijra are Iranian ones, of the sun.
    """
    years = np.where((years >= _BUDDHA[0]) & (years <= _BUDDHA[1]), years - _BUDDHA_BEFORE, years)
    count = days_since_1970(years, np.clip(months, 1, 12), days)
    real = real_dates(years, months, days)
    hijra = (years >= HIJRA[0]) & (years <= HIJRA[1]) & (months >= 1) & (months <= 12)
    if hijra.any():
        kind = _iranian if solar else _islamic
        found, exists = kind(years[hijra], months[hijra], days[hijra])
        count[hijra], real[hijra] = found, exists
    return count, real


def _islamic(years: Numbers, months: Numbers, days: Numbers) -> tuple[Numbers, Truths]:
    starts = _month_starts()
    place = (years - HIJRA[0]) * 12 + months - 1
    long = starts[place + 1] - starts[place]
    return starts[place] + days - 1, (days >= 1) & (days <= long)


@cache
def _month_starts() -> Numbers:
    """The first day of each month from Muharram 1343 on, counted from 1970 (hijridate: from JD 2,400,000)."""
    from hijridate import ummalqura

    return np.asarray(ummalqura.MONTH_STARTS, np.int64) - 40_588


def _iranian(years: Numbers, months: Numbers, days: Numbers) -> tuple[Numbers, Truths]:
    before = np.where(months <= 7, (months - 1) * 31, (months - 1) * 30 + 6)
    leap = (25 * years + 11) % 33 < 8
    long = np.where(months <= 6, 31, np.where((months < 12) | leap, 30, 29))
    count: Numbers = _IRANIAN_EPOCH + 365 * (years - 1) + (8 * years + 21) // 33 + before + days
    return count, (days >= 1) & (days <= long)
