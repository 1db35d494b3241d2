"""What tells a day from a moment and a birth date from either."""

from __future__ import annotations

import numpy as np

from sousveil.survey.checks import Numbers, Truths
from sousveil.survey.evidence import Evidence
from sousveil.survey.model import NOTHING, Weight, beside_a_person

_DAY = 86_400_000_000
_YEAR = 365.2425 * _DAY
_SERIES = 12
"""Days from which on a regular series of them is seen as such."""
AGREES = "birth date of the ID"
"""The witness that a resident identity number in the same row states the same day."""


def fits(e: Evidence) -> Truths:
    """Which values are moments that exist."""
    return e.moments.real


def weigh(e: Evidence, kind: str) -> Weight:
    """How much speaks for `date` or `datetime`: the header raises both, the values decide between them."""
    right = fits(e) & e.there
    share = e.share(right)
    strength = max(e.meanings.get("date", 0.0), e.meanings.get("datetime", 0.0))
    born = e.meanings.get("birth_date", 0.0)
    if share < (0.4 if max(strength, born) >= 0.5 else 0.7):
        return NOTHING
    all_midnight = bool(e.moments.at_midnight()[right].all())
    if all_midnight != (kind == "date"):
        return NOTHING
    # Years that no archive covers speak of numbers that happen to look like days.
    years = e.moments.micros[right] / _YEAR + 1970
    odd = float(((years < 1890) | (years > 2060)).mean())
    alone = 0.9 * share * (1 - odd)
    if (e.reading or e.reading_found).kind != "text":
        alone = 0.2
    if e.counter and e.share(e.compact_like("[0-9]{8}")) > 0.9 and max(strength, born) < 0.5:
        alone = 0.5
    gap = 0.0 if born > strength else 0.8
    return Weight(1 - (1 - alone) * (1 - gap * strength), alone, "moments" if kind == "datetime" else "days")


def regular(days: Numbers) -> bool:
    """Whether distinct days (numbers since 1970, in the order of their rows) are a series of measurements.

    One after another, or nearly all on the same day of the week or of the month: births are neither.
    """
    if len(days) < _SERIES:
        return False
    steps = np.diff(days)
    ordered = max(float((steps > 0).mean()), float((steps < 0).mean()))
    weekday = np.bincount(days % 7, minlength=7).max() / len(days)
    dates = days.astype("datetime64[D]")
    of_month = (dates - dates.astype("datetime64[M]")).astype(np.int64)
    return bool(ordered > 0.98 or weekday > 0.6 or np.bincount(of_month).max() > 0.6 * len(days))


def weigh_birth(e: Evidence) -> Weight:
    """How much speaks for `birth_date`: the header, the ID in the same row, or a population's spread of years
    beside what belongs to people: films and bombs are spread as births are."""
    right = fits(e) & e.there
    strength = e.meanings.get("birth_date", 0.0)
    if e.share(right) < (0.4 if strength >= 0.5 else 0.7) or not right.any():
        return NOTHING
    years = e.moments.micros[right] / _YEAR + 1970
    if float(((years < 1890) | (years > 2035)).mean()) > 0.2:
        return NOTHING
    midnight = float(e.moments.at_midnight()[right].mean())
    low, middle, high = np.quantile(years, [0.05, 0.5, 0.95])
    by_values, reason = 0.0, "header"
    if e.witnesses.get(AGREES, 0.0) >= 0.5:
        by_values, reason = 0.97, "the ID in the same row states the same day"
    elif (
        beside_a_person(e)
        and midnight > 0.99
        and high - low >= 30
        and middle < 2005
        and low < 1985
        and not regular(e.moments.micros[right] // _DAY)
    ):
        other = max(e.meanings.get("date", 0.0), e.meanings.get("datetime", 0.0))
        by_values, reason = (
            (0.5 if other >= 0.9 > strength else 0.93),
            "spread over the years as birth dates are",
        )
    if strength < 0.5 and not by_values:
        return NOTHING
    return Weight(1 - (1 - by_values) * (1 - 0.97 * strength), by_values, reason)
