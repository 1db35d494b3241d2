"""Dates and moments in the forms that exports use, to microseconds since 1970; an impossible date is null.

The forms: `2018-03-05`, `2018/3/5`, `2018.03.05`, `20180305`, `2018年3月5日`, `05.03.2018`, `5/3/2018` (day
or month first, whichever the column allows), `05-MAR-2018`, each with or without a time (`14:05`, `140500`,
`14时5分`, `T14:05:00.000Z`, `+08:00`, AM and PM); seconds or milliseconds since 1970 and the day numbers of
spreadsheets only where the caller has support for them. Wall-clock times are kept as they stand: a stated
offset is dropped, since two columns of one system are compared with each other, not with Greenwich.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sousveil.normalise.tidy import byte_set, known, tidy
from sousveil.survey.checks import Bytes, Numbers, Truths, byte_rows, real_dates

_TIME = (
    r"(?:[ T日号,]*(?P<H>[0-9]{1,2})[:时時點点](?P<M>[0-9]{1,2})"
    r"(?:[:分](?P<S>[0-9]{1,2})?秒?(?:[.,:][0-9]{1,9})?)?"
    r"[ ]?(?P<P>[AaPp]\.?[Mm]\.?)?[ ]?(?:Z|UTC|GMT|CST|[+-][0-9]{2}:?[0-9]{2})?(?:\[[^\]]*\])?)?"
)
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: place % 12 + 1 for place, name in enumerate(_ENGLISH)}


@dataclass(frozen=True)
class Form:
    """One way of writing a moment: an RE2 pattern with the groups y, m, d and perhaps H, M, S, P."""

    name: str
    pattern: str


FORMS = (
    Form("compact", r"(?P<y>(?:1[89]|2[01])[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})"),
    Form(
        "compact time",
        r"(?P<y>(?:1[89]|2[01])[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})[ T]?"
        r"(?P<H>[0-2][0-9])(?P<M>[0-5][0-9])(?P<S>[0-5][0-9])?(?:[.]?[0-9]{3})?",
    ),
    Form("year first", r"(?P<y>[0-9]{4})[-/.年](?P<m>[0-9]{1,2})[-/.月](?P<d>[0-9]{1,2})日?" + _TIME),
    Form("compact, clock", r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})[ T]" + _TIME),
    Form("day first", r"(?P<d>[0-9]{1,2})[-/.](?P<m>[0-9]{1,2})[-/.](?P<y>[0-9]{4})" + _TIME),
    Form("month by name", r"(?P<d>[0-9]{1,2})[- ]?(?P<m>[A-Za-z]{3})[a-z]*\.?,?[- ]?(?P<y>[0-9]{4})" + _TIME),
    Form("name first", r"(?P<m>[A-Za-z]{3})[a-z]*\.? (?P<d>[0-9]{1,2}),? (?P<y>[0-9]{4})" + _TIME),
)
"""Every form, tried in this order; a text belongs to the first that it matches as a whole."""

LAYOUTS = (
    *("YYYYMMDD", "YYYY-MM-DD", "DD-MM-YYYY", "YYYYMMDDhhmmss", "YYYY-MM-DD hh:mm", "YYYY-MM-DD hh:mm:ss"),
)
"""Forms of fixed places, which are read as bytes, ten times faster than by `FORMS`, and first.

`-` stands for `-`, `/` or `.`; a space for itself or `T`.
"""

_STANDS_FOR = {"-": byte_set(b"-/."), " ": byte_set(b" T"), ":": byte_set(b":")}

_MICROSECOND = 1_000_000
_DAY = 86_400 * _MICROSECOND


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


def parse(clean: pa.StringArray, *, month_first: bool = False) -> Moments:
    """Read tidied texts as moments. `month_first`: `3/5/2018` is the fifth of March, not the third of May."""
    moments = Moments(np.zeros(len(clean), np.int64), np.zeros(len(clean), np.bool_))
    open_still = pc.is_valid(clean).to_numpy(zero_copy_only=False)
    for layout in LAYOUTS:
        _read_layout(moments, clean, layout, open_still, month_first)
    rest = np.flatnonzero(open_still)
    for form in FORMS:
        if not len(rest):
            break
        texts = clean if len(rest) == len(clean) else clean.take(pa.array(rest))
        parts = pc.extract_regex(texts, f"^{form.pattern}$")
        hit = pc.is_valid(parts).to_numpy(zero_copy_only=False)
        if hit.any():
            found = parts if hit.all() else parts.filter(pa.array(hit))
            _read(moments, rest[hit], found, month_first and form.name == "day first")
            rest = rest[~hit]
    return moments


def _read_layout(
    moments: Moments, clean: pa.StringArray, layout: str, open_still: Truths, month_first: bool
) -> None:
    """Read the texts of one layout as bytes; those read are no longer `open_still`."""
    rows, chosen = byte_rows(clean, len(layout))
    if not len(rows):
        return
    fits = np.ones(len(rows), np.bool_)
    for place, sign in enumerate(layout):
        byte = rows[:, place]
        fits &= _STANDS_FOR[sign][byte] if sign in _STANDS_FOR else (byte >= 48) & (byte <= 57)
    places = np.flatnonzero(chosen)[fits]
    parts = {
        sign: _digits_at(rows[fits], [at for at, other in enumerate(layout) if other == sign])
        for sign in "YMDhms"
    }
    # A number of eight digits is no date of the year 3000.
    near = (parts["Y"] >= 1800) & (parts["Y"] < 2200)
    if month_first and layout.startswith("D"):
        parts["M"], parts["D"] = parts["D"], parts["M"]
    _keep(moments, places, parts["Y"], parts["M"], parts["D"], parts["h"], parts["m"], parts["s"])
    open_still[places[near]] = False


def _digits_at(rows: Bytes, places: list[int]) -> Numbers:
    number = np.zeros(len(rows), np.int64)
    for place in places:
        number = number * 10 + rows[:, place] - 48
    return number


def _read(moments: Moments, places: npt.NDArray[np.intp], parts: pa.StructArray, month_first: bool) -> None:
    years, days = _number(parts, "y"), _number(parts, "d")
    months = _month(pc.struct_field(parts, "m"))
    if month_first:
        months, days = days, months
    hours, minutes, seconds = (_number(parts, name) for name in "HMS")
    half = _half_day(parts)
    hours = np.where(half == 0, hours, hours % 12 + np.where(half == 2, 12, 0))
    _keep(moments, places, years, months, days, hours, minutes, seconds)


def _keep(
    moments: Moments,
    places: npt.NDArray[np.intp],
    years: Numbers,
    months: Numbers,
    days: Numbers,
    hours: Numbers,
    minutes: Numbers,
    seconds: Numbers,
) -> None:
    """Keep the moments that exist."""
    real = real_dates(years, months, days) & (hours <= 23) & (minutes <= 59) & (seconds <= 59)
    count = _days(years, np.clip(months, 1, 12), days)
    moments.micros[places] = (count * 86_400 + hours * 3600 + minutes * 60 + seconds) * _MICROSECOND
    moments.real[places] = real


def _number(parts: pa.StructArray, name: str) -> Numbers:
    if parts.type.get_field_index(name) < 0:
        return np.zeros(len(parts), np.int64)
    texts = pc.struct_field(parts, name)
    filled = pc.if_else(pc.equal(texts, ""), "0", texts)
    return np.asarray(pc.cast(filled, pa.int64()).to_numpy(zero_copy_only=False), dtype=np.int64)


def _month(texts: pa.StringArray) -> Numbers:
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


def _days(years: Numbers, months: Numbers, days: Numbers) -> Numbers:
    """Days since 1970-01-01 of dates of the Gregorian calendar (Howard Hinnant, days_from_civil)."""
    shifted = years - (months <= 2)
    era = shifted // 400
    of_era = shifted - era * 400
    of_year = (153 * (months + np.where(months > 2, -3, 9)) + 2) // 5 + days - 1
    count: Numbers = era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468
    return count


@dataclass(frozen=True)
class Reading:
    """How a column's moments are to be read: as written forms, or as numbers since a beginning."""

    kind: str = "text"
    """text | epoch (seconds or milliseconds since 1970) | serial (day numbers of a spreadsheet)."""
    month_first: bool = False


def read(values: pa.StringArray, reading: Reading) -> Moments:
    """Read texts as moments in the one way that was found for their column."""
    return read_of(known(tidy(values)), reading)


def read_of(clean: pa.StringArray, reading: Reading) -> Moments:
    """The same for texts that are tidied already, without placeholders."""
    if reading.kind == "epoch":
        return parse_epoch(clean)
    if reading.kind == "serial":
        return parse_serial(clean)
    return parse(clean, month_first=reading.month_first)


def reading_of(values: pa.StringArray) -> Reading:
    """The way to read a column that is known to hold moments, from a sample of its distinct values."""
    clean = known(tidy(values))
    counts = {
        "text": int(parse(clean).real.sum()),
        "epoch": int(parse_epoch(clean).real.sum()),
        "serial": int(parse_serial(clean).real.sum()),
    }
    kind = max(counts, key=lambda name: counts[name])
    return Reading(kind, kind == "text" and _month_first(clean))


def _month_first(clean: pa.StringArray) -> bool:
    """Whether `a/b/2018` in these texts must put the month first: some b is above 12 and no a is."""
    parts = pc.extract_regex(clean, f"^{_by_name('day first').pattern}$").drop_null()
    if not len(parts):
        return False
    first, second = _number(parts, "d"), _number(parts, "m")
    return bool((second > 12).sum() > (first > 12).sum())


@cache
def _by_name(name: str) -> Form:
    return next(form for form in FORMS if form.name == name)


EPOCH_FROM, EPOCH_TO = 631_152_000, 2_208_988_800
"""Seconds since 1970 that may be meant as moments: 1990-01-01 to 2040-01-01."""


def parse_epoch(clean: pa.StringArray) -> Moments:
    """Read texts of 9 or 10 digits as seconds and of 12 or 13 as milliseconds since 1970 (1990 to 2040)."""
    parts = pc.extract_regex(clean, r"^(?P<s>[0-9]{9,10})(?P<f>[0-9]{3})?(?:\.0+)?$")
    real = pc.is_valid(parts).to_numpy(zero_copy_only=False)
    seconds = np.zeros(len(clean), np.int64)
    if real.any():
        seconds[real] = _number(parts.filter(pa.array(real)), "s")
    return Moments(seconds * _MICROSECOND, real & (seconds >= EPOCH_FROM) & (seconds < EPOCH_TO))


SERIAL_FROM, SERIAL_TO = 7_305, 51_544
"""Day numbers of spreadsheets that may be meant as dates: 1920-01-01 to 2041-02-12."""


def parse_serial(clean: pa.StringArray) -> Moments:
    """Read texts as day numbers of a spreadsheet (1900 system), with a fraction for the time of day."""
    shape = pc.match_substring_regex(clean, r"^[0-9]{4,5}(?:\.[0-9]{1,12})?$").fill_null(False)
    real = shape.to_numpy(zero_copy_only=False)
    numbers = np.zeros(len(clean))
    if real.any():
        numbers[real] = pc.cast(clean.filter(shape), pa.float64()).to_numpy()
    micros = (np.round((numbers - 25_569) * 86_400) * _MICROSECOND).astype(np.int64)
    return Moments(micros, real & (numbers >= SERIAL_FROM) & (numbers < SERIAL_TO))
