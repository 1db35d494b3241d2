"""Dates and moments in the forms that exports use, to microseconds since 1970; an impossible date is null.

The forms: `2018-03-05`, `2018/3/5`, `2018.03.05`, `20180305`, `2018年3月5日`, `05.03.2018`, `5/3/2018` (day
or month first, whichever the column allows), `05-MAR-2018`, each with or without a time (`14:05`, `140500`,
`14时5分`, `T14:05:00.000Z`, `+08:00`, AM and PM), and those written out (`sousveil.normalise.written`).
Years of two digits, seconds or milliseconds since 1970, the day numbers of spreadsheets and bare years of
the Republic of China (`107/03/05`, `1070305`) are read only where the caller has support for them; years of
other calendars that speak for themselves (`1439-06-17`, `2561/3/5`, `民國107年3月`) always. Wall-clock times
are kept as they stand: a stated offset is dropped, since two columns of one system are compared with each
other, not with Greenwich.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sousveil.normalise.calendars import HIJRA, MINGUO_BEFORE
from sousveil.normalise.date_forms import FORMS, LAYOUTS, MINGUO, ORDERS, SHORT, STANDS_FOR, Form, by_name
from sousveil.normalise.date_parts import century, keep, keep_timed, month, number
from sousveil.normalise.moments import Moments
from sousveil.normalise.numbered import parse_epoch, parse_serial
from sousveil.normalise.tidy import known, tidy
from sousveil.normalise.written import plainer
from sousveil.survey.checks import Bytes, Numbers, Truths, byte_rows

_PIVOT = 35
"""The last year of two digits that can be of this century, where the column does not say otherwise."""
_FUTURE = 49
"""The last year of two digits that is of this century even where the column speaks for it."""
_ENOUGH_YEARS = 10


@dataclass(frozen=True)
class Reading:
    """How a column's moments are to be read: as written forms, or as numbers since a beginning."""

    kind: str = "text"
    """text | short (years of two digits) | minguo (years of the Republic of China) | epoch (since 1970) |
    serial (day numbers of a spreadsheet)."""
    month_first: bool = False
    """`3/5/2018` is the fifth of March, not the third of May."""
    order: str = "dmy"
    """Of a short date: dmy, mdy or ymd."""
    pivot: int = _PIVOT
    """The last year of two digits that is of this century."""
    solar: bool = False
    """Years of the Hijra are Iranian ones, of the sun."""


def parse(clean: pa.StringArray, reading: Reading = Reading()) -> Moments:
    """Read tidied texts as moments in written forms."""
    moments = Moments(np.zeros(len(clean), np.int64), np.zeros(len(clean), np.bool_))
    open_still = pc.is_valid(clean).to_numpy(zero_copy_only=False)
    for layout in LAYOUTS:
        _read_layout(moments, clean, layout, open_still, reading)
    rest = _read_forms(moments, clean, np.flatnonzero(open_still), reading)
    if len(rest):
        plain, chosen = plainer(clean.take(pa.array(rest)))
        if len(plain):
            here = Moments(np.zeros(len(plain), np.int64), np.zeros(len(plain), np.bool_))
            _read_forms(here, plain, np.arange(len(plain)), reading)
            moments.micros[rest[chosen]], moments.real[rest[chosen]] = here.micros, here.real
    return moments


def _read_forms(
    moments: Moments, clean: pa.StringArray, rest: npt.NDArray[np.intp], reading: Reading
) -> npt.NDArray[np.intp]:
    """Read the texts at the places `rest` in the first form that each matches; the places that match none."""
    for form in FORMS:
        if not len(rest):
            break
        texts = clean if len(rest) == len(clean) else clean.take(pa.array(rest))
        parts = pc.extract_regex(texts, f"^{form.pattern}$")
        hit = pc.is_valid(parts).to_numpy(zero_copy_only=False)
        if hit.any():
            found = parts if hit.all() else parts.filter(pa.array(hit))
            _read(moments, rest[hit], found, form, reading)
            rest = rest[~hit]
    return rest


def _read_layout(
    moments: Moments, clean: pa.StringArray, layout: str, open_still: Truths, reading: Reading
) -> None:
    """Read the texts of one layout as bytes; those read are no longer `open_still`."""
    rows, chosen = byte_rows(clean, len(layout))
    if not len(rows):
        return
    fits = np.ones(len(rows), np.bool_)
    for place, sign in enumerate(layout):
        byte = rows[:, place]
        fits &= STANDS_FOR[sign][byte] if sign in STANDS_FOR else (byte >= 48) & (byte <= 57)
    places = np.flatnonzero(chosen)[fits]
    parts = {
        sign: _digits_at(rows[fits], [at for at, other in enumerate(layout) if other == sign])
        for sign in "YMDhms"
    }
    # A number of eight digits is no date of the year 3000.
    near = (parts["Y"] >= 1800) & (parts["Y"] < 2200) | ("-" in layout)
    if reading.month_first and layout.startswith("D"):
        parts["M"], parts["D"] = parts["D"], parts["M"]
    years, months, days, hours, minutes, seconds = (parts[sign][near] for sign in "YMDhms")
    keep(moments, places[near], years, months, days, hours, minutes, seconds, reading.solar)
    open_still[places[near]] = False


def _digits_at(rows: Bytes, places: list[int]) -> Numbers:
    found = np.zeros(len(rows), np.int64)
    for place in places:
        found = found * 10 + rows[:, place] - 48
    return found


def _read(
    moments: Moments, places: npt.NDArray[np.intp], parts: pa.StructArray, form: Form, reading: Reading
) -> None:
    years, days = _years(parts, reading.pivot), number(parts, "d")
    months = month(pc.struct_field(parts, "m"))
    if reading.month_first and form.name == "day first":
        months, days = days, months
    keep_timed(moments, places, years, months, days, parts, reading.solar)


def _years(parts: pa.StructArray, pivot: int) -> Numbers:
    if parts.type.get_field_index("r") >= 0:
        return number(parts, "r") + MINGUO_BEFORE
    years = number(parts, "y")
    short = pc.equal(pc.binary_length(pc.struct_field(parts, "y")), 2).to_numpy(zero_copy_only=False)
    return np.where(short, century(years, pivot), years)


def _pivot(years: Numbers) -> int:
    """The last year of two digits that is of this century, from the years that a column holds.

    Ten years and more lie in a row on the circle of a hundred, the longest gap before its first. Where it
    runs over 99 to 00, what comes after is of this century; else the row is not torn: up to 49 it is of this
    century as a whole (expiries), beyond of the last one (births).
    """
    used = np.unique(years)
    gaps = np.diff(np.append(used, used[:1] + 100))
    if len(used) < _ENOUGH_YEARS or np.sort(gaps)[-2] >= gaps.max() or gaps.max() < _ENOUGH_YEARS:
        return _PIVOT
    last = int(used[np.argmax(gaps)])
    if last != used[-1]:
        return min(last, _FUTURE)
    return _PIVOT if last <= _PIVOT or used[0] > _PIVOT else _FUTURE if last <= _FUTURE else -1


def read(values: pa.StringArray, reading: Reading) -> Moments:
    """Read texts as moments in the one way that was found for their column."""
    return read_of(known(tidy(values)), reading)


def read_of(clean: pa.StringArray, reading: Reading) -> Moments:
    """The same for texts that are tidied already, without placeholders."""
    if reading.kind == "epoch":
        return parse_epoch(clean)
    if reading.kind == "serial":
        return parse_serial(clean)
    if reading.kind == "short":
        return parse_short(clean, reading.order, reading.pivot)
    if reading.kind == "minguo":
        return parse_minguo(clean)
    return parse(clean, reading)


def reading_of(values: pa.StringArray) -> Reading:
    """The way to read a column that is known to hold moments, from a sample of its distinct values."""
    clean = known(tidy(values))
    order = _short_order(clean)
    counts = {
        "text": int(parse(clean).real.sum()),
        "short": int(parse_short(clean, order).real.sum()) if order else 0,
        "minguo": int(parse_minguo(clean).real.sum()),
        "epoch": int(parse_epoch(clean).real.sum()),
        "serial": int(parse_serial(clean).real.sum()),
    }
    kind = max(counts, key=lambda name: counts[name])
    month_first, solar = kind == "text" and _month_first(clean), kind == "text" and _solar(clean)
    return Reading(kind, month_first, order or "dmy", _pivot(_short_years(clean, order)), solar)


def _short_years(clean: pa.StringArray, order: str | None) -> Numbers:
    """The years of two digits in a column, of short dates or beside a month by name."""
    named = pc.extract_regex(clean, f"^{by_name('month by name').pattern}$").drop_null()
    years = number(named, "y") if len(named) else np.zeros(0, np.int64)
    if order:
        short = pc.extract_regex(clean, SHORT).drop_null()
        years = np.concatenate([years, number(short, ORDERS[order][2])])
    return years[years < 100]


def _solar(clean: pa.StringArray) -> bool:
    """Whether years of the Hijra in these texts are of the sun: some month has 31 days, which no moon has."""
    parts = pc.extract_regex(clean, f"^{by_name('year first').pattern}$").drop_null()
    if not len(parts):
        return False
    years = number(parts, "y")
    return bool(((years >= HIJRA[0]) & (years <= HIJRA[1]) & (number(parts, "d") == 31)).any())


def _short_order(clean: pa.StringArray) -> str | None:
    """The order in which the most dates with years of two digits exist; None where that can't be told."""
    parts = pc.extract_regex(clean, SHORT).drop_null()
    if not len(parts):
        return None
    found = {name: int(_short_moments(parts, name).real.sum()) for name in ORDERS}
    best = max(found, key=lambda name: found[name])
    doubtful = found["ymd"] == found[best] and best != "ymd"
    if doubtful and pc.any(pc.match_substring_regex(clean, "^[0-9]{2}-[0-9]{2}-[0-9]{2}")).as_py():
        return None
    return best if found[best] >= 0.9 * len(parts) else None


def parse_minguo(clean: pa.StringArray) -> Moments:
    """Read texts with bare years of the Republic of China, if a year of three digits is among them."""
    moments = Moments(np.zeros(len(clean), np.int64), np.zeros(len(clean), np.bool_))
    for pattern in MINGUO:
        parts = pc.extract_regex(clean, pattern)
        hit = pc.is_valid(parts).to_numpy(zero_copy_only=False)
        if not hit.any():
            continue
        found = parts.filter(pa.array(hit))
        years = number(found, "r")
        if years.max() < 100:
            continue
        dates = (years + MINGUO_BEFORE, number(found, "m"), number(found, "d"))
        keep_timed(moments, np.flatnonzero(hit), *dates, found)
    return moments


def parse_short(clean: pa.StringArray, order: str, pivot: int = _PIVOT) -> Moments:
    """Read texts with years of two digits (`26.10.65`, `10/26/65`, `65-10-26`) in one order of `ORDERS`."""
    moments = Moments(np.zeros(len(clean), np.int64), np.zeros(len(clean), np.bool_))
    parts = pc.extract_regex(clean, SHORT)
    hit = pc.is_valid(parts).to_numpy(zero_copy_only=False)
    if hit.any():
        here = _short_moments(parts.filter(pa.array(hit)), order, pivot)
        moments.micros[hit], moments.real[hit] = here.micros, here.real
    return moments


def _short_moments(parts: pa.StructArray, order: str, pivot: int = _PIVOT) -> Moments:
    moments = Moments(np.zeros(len(parts), np.int64), np.zeros(len(parts), np.bool_))
    day, month, year = (number(parts, group) for group in ORDERS[order])
    keep_timed(moments, np.arange(len(parts)), century(year, pivot), month, day, parts)
    return moments


def _month_first(clean: pa.StringArray) -> bool:
    """Whether `a/b/2018` in these texts must put the month first: some b is above 12 and no a is."""
    parts = pc.extract_regex(clean, f"^{by_name('day first').pattern}$").drop_null()
    if not len(parts):
        return False
    first, second = number(parts, "d"), number(parts, "m")
    return bool((second > 12).sum() > (first > 12).sum())
