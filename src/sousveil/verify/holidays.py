"""Days on which work rests or life changes, year by year: Lunar New Year, the two Eids, and fixed days.

Dates of the Lunar New Year are the astronomical ones (GB/T 33661-2017), the Eids by Umm al-Qura. A test needs
only one feast that shows, so that nobody has to say which country the dump is from.
"""

from __future__ import annotations

import datetime as dt
from functools import cache

import numpy as np

from sousveil.normalise.calendars import HIJRA, counted
from sousveil.survey.checks import Numbers

_EPOCH = dt.date(1970, 1, 1)
_FIRST_YEAR, _LAST_YEAR = 2000, 2035
_LUNAR = (
    "0205 0124 0212 0201 0122 0209 0129 0218 0207 0126 0214 0203 0123 0210 0131 0219 0208 0128 0216 0205 "
    "0125 0212 0201 0122 0210 0129 0217 0206 0126 0213 0203 0123 0211 0131 0219 0208"
)
"""The first day of the lunar year from 2000 on, month and day."""
_FIXED = {"New Year": (1, 1), "Christmas": (12, 25), "May Day": (5, 1), "the October week": (10, 1)}
_ISLAMIC = {"the end of Ramadan": (10, 1), "the Feast of Sacrifice": (12, 10)}
LENGTH = 3
"""Days that are looked at from the first day of a feast on."""


@cache
def feasts() -> dict[str, Numbers]:
    """Name of a feast -> its first days, counted from 1970, 2000 to 2035."""
    years = range(_FIRST_YEAR, _LAST_YEAR + 1)
    found = {
        name: np.array([(dt.date(year, *day) - _EPOCH).days for year in years], np.int64)
        for name, day in _FIXED.items()
    }
    lunar = (f"{year}{word}" for year, word in zip(years, _LUNAR.split(), strict=True))
    days = [(dt.date.fromisoformat(day) - _EPOCH).days for day in lunar]
    found["Lunar New Year"] = np.array(days, np.int64)
    hijra = np.arange(HIJRA[0], HIJRA[1])
    for name, (month, day) in _ISLAMIC.items():
        found[name], _ = counted(hijra, np.full(len(hijra), month), np.full(len(hijra), day))
    return found
