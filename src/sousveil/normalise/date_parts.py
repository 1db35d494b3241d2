"""What the groups of a form come to: years, months, days and hours, kept where such a moment exists."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sousveil.normalise.calendars import counted
from sousveil.normalise.moments import MICROSECOND, Moments
from sousveil.survey.checks import Numbers

_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: place % 12 + 1 for place, name in enumerate(_ENGLISH)}


def keep_timed(
    moments: Moments,
    places: npt.NDArray[np.intp],
    years: Numbers,
    months: Numbers,
    days: Numbers,
    parts: pa.StructArray,
    solar: bool = False,
) -> None:
    """Keep the moments that exist, with the time in the groups H, M, S and P."""
    hours, minutes, seconds = (number(parts, name) for name in "HMS")
    half = _half_day(parts)
    hours = np.where(half == 0, hours, hours % 12 + np.where(half == 2, 12, 0))
    keep(moments, places, years, months, days, hours, minutes, seconds, solar)


def keep(
    moments: Moments,
    places: npt.NDArray[np.intp],
    years: Numbers,
    months: Numbers,
    days: Numbers,
    hours: Numbers,
    minutes: Numbers,
    seconds: Numbers,
    solar: bool,
) -> None:
    """Keep the moments that exist."""
    count, exists = counted(years, months, days, solar=solar)
    real = exists & (hours <= 23) & (minutes <= 59) & (seconds <= 59)
    moments.micros[places] = (count * 86_400 + hours * 3600 + minutes * 60 + seconds) * MICROSECOND
    moments.real[places] = real


def number(parts: pa.StructArray, name: str) -> Numbers:
    """A group as whole numbers, 0 where it is empty or the form has no such group."""
    if parts.type.get_field_index(name) < 0:
        return np.zeros(len(parts), np.int64)
    texts = pc.struct_field(parts, name)
    filled = pc.if_else(pc.equal(texts, ""), "0", texts)
    return np.asarray(pc.cast(filled, pa.int64()).to_numpy(zero_copy_only=False), dtype=np.int64)


def month(texts: pa.StringArray) -> Numbers:
    """Months in digits or by the first letters of their English names, 0 for what is none."""
    named = texts.dictionary_encode()
    values = [
        int(text) if text.isascii() and text.isdigit() else _MONTHS.get(text.lower(), 0)
        for text in named.dictionary.to_pylist()
    ]
    months: Numbers = np.array(values, np.int64)[named.indices.to_numpy()]
    return months


def _half_day(parts: pa.StructArray) -> Numbers:
    """0 without AM or PM, 1 for AM, 2 for PM."""
    if parts.type.get_field_index("P") < 0:
        return np.zeros(len(parts), np.int64)
    first = pc.utf8_lower(pc.utf8_slice_codeunits(pc.struct_field(parts, "P"), 0, 1))
    found = pc.index_in(first, pa.array(["", "a", "p"]))
    return np.asarray(found.fill_null(0).to_numpy(zero_copy_only=False), dtype=np.int64)


def century(years: Numbers, pivot: int) -> Numbers:
    """Years of two digits made whole: up to `pivot` they are of this century."""
    whole: Numbers = years + np.where(years <= pivot, 2000, 1900)
    return whole
