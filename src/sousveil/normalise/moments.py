"""Moments in microseconds since 1970, and the calendar behind them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from sousveil.survey.checks import Numbers, Truths

MICROSECOND = 1_000_000
_DAY = 86_400 * MICROSECOND


@dataclass
class Moments:
    """Moments in microseconds since 1970-01-01 on the wall's own clock; they mean something where `real`."""

    micros: Numbers
    real: Truths

    def timestamps(self) -> pa.TimestampArray:
        """TIMESTAMP in microseconds, null where not real."""
        return pa.array(self.micros, pa.timestamp("us"), mask=~self.real)

    def dates(self) -> pa.Date32Array:
        """DATE, null where not real."""
        days = np.floor_divide(self.micros, _DAY).astype(np.int32)
        return pa.array(days, pa.int32(), mask=~self.real).cast(pa.date32())

    def at_midnight(self) -> Truths:
        """Which real moments are at midnight."""
        truths: Truths = self.real & (self.micros % _DAY == 0)
        return truths


def days_since_1970(years: Numbers, months: Numbers, days: Numbers) -> Numbers:
    """Days since 1970-01-01 of dates of the Gregorian calendar (Howard Hinnant, days_from_civil)."""
    shifted = years - (months <= 2)
    era = shifted // 400
    of_era = shifted - era * 400
    of_year = (153 * (months + np.where(months > 2, -3, 9)) + 2) // 5 + days - 1
    count: Numbers = era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468
    return count
