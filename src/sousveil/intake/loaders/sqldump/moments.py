"""Moments that SQL Server's older scripts write as stored bytes: `CAST(0x0000A89600C5C100 AS DateTime)`.

The layouts are those of [MS-TDS] 2.2.5.5.1 (days since 1900 and 300ths of a second; days and minutes) and of
the newer types (little-endian ticks of 10^-scale seconds, days since the year 1).
"""

from __future__ import annotations

import datetime as dt

_BASE = dt.datetime(1900, 1, 1)


def moment(stored: bytes, kind: str) -> str | None:
    """The moment as ISO text, or None where type (in capitals) or length are not known ones."""
    try:
        if kind == "DATETIME" and len(stored) == 8:
            days, ticks = int.from_bytes(stored[:4], signed=True), int.from_bytes(stored[4:])
            return (_BASE + dt.timedelta(days, milliseconds=round(ticks * 10 / 3))).isoformat(
                " ", "milliseconds"
            )
        if kind == "SMALLDATETIME" and len(stored) == 4:
            days, minutes = int.from_bytes(stored[:2]), int.from_bytes(stored[2:])
            return (_BASE + dt.timedelta(days, minutes=minutes)).isoformat(" ")
        if kind == "DATE" and len(stored) in (3, 4):
            return _day(stored[:3])
        if kind == "DATETIME2" and len(stored) in (7, 8, 9) and stored[0] <= 7:
            return f"{_day(stored[-3:])} {_time(stored[1:-3], stored[0])}"
        if kind == "TIME" and len(stored) in (4, 5, 6) and stored[0] <= 7:
            return _time(stored[1:], stored[0])
    except (ValueError, OverflowError):
        pass
    return None


def _day(stored: bytes) -> str:
    return dt.date.fromordinal(int.from_bytes(stored, "little") + 1).isoformat()


def _time(stored: bytes, scale: int) -> str:
    ticks = int.from_bytes(stored, "little")
    moment = dt.datetime.min + dt.timedelta(microseconds=ticks * 10**6 // 10**scale)
    if moment.date() != dt.date.min:
        raise ValueError("more than a day")
    return moment.time().isoformat()
