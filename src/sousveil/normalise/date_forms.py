"""The forms in which exports write dates and moments, as data: patterns, layouts of fixed places, orders."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sousveil.normalise.tidy import byte_set

_TIME = (
    r"(?:[ T日号,]*(?P<H>[0-9]{1,2})[:时時點点](?P<M>[0-9]{1,2})"
    r"(?:[:分](?P<S>[0-9]{1,2})?秒?(?:[.,:][0-9]{1,9})?)?"
    r"[ ]?(?P<P>[AaPp]\.?[Mm]\.?)?[ ]?(?:Z|UTC|GMT|CST|[+-][0-9]{2}:?[0-9]{2})?(?:\[[^\]]*\])?)?"
)


@dataclass(frozen=True)
class Form:
    """One way of writing a moment: an RE2 pattern with the groups y, m, d and perhaps H, M, S, P."""

    name: str
    pattern: str


FORMS = (
    Form("compact", r"(?P<y>(?:1[89]|2[01])[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?:\.0)?"),
    Form(
        "compact time",
        r"(?P<y>(?:1[89]|2[01])[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})[ T]?"
        r"(?P<H>[0-2][0-9])(?P<M>[0-5][0-9])(?P<S>[0-5][0-9])?(?:[.]?[0-9]{3}|[.]0)?Z?",
    ),
    Form("year first", r"(?P<y>[0-9]{4})[-/.年](?P<m>[0-9]{1,2})[-/.月](?P<d>[0-9]{1,2})[日.]?" + _TIME),
    Form(
        "minguo",
        r"(?:中[華华])?民[國国] ?(?P<r>[0-9]{1,3})[-/.年](?P<m>[0-9]{1,2})[-/.月](?P<d>[0-9]{1,2})日?"
        + _TIME,
    ),
    Form("compact, clock", r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})[ T]" + _TIME),
    Form("day first", r"(?P<d>[0-9]{1,2})[-/.](?P<m>[0-9]{1,2})[-/.](?P<y>[0-9]{4})" + _TIME),
    Form(
        "month by name",
        r"(?P<d>[0-9]{1,2})[-/ ]?(?P<m>[A-Za-z]{3})[a-z]*\.?,?[-/ ]?(?P<y>[0-9]{4}|[0-9]{2})" + _TIME,
    ),
    Form("name first", r"(?P<m>[A-Za-z]{3})[a-z]*\.? (?P<d>[0-9]{1,2}),? (?P<y>[0-9]{4})" + _TIME),
    Form("name between", r"(?P<y>[0-9]{4})[-/ ](?P<m>[A-Za-z]{3})[a-z]*[-/ ](?P<d>[0-9]{1,2})" + _TIME),
)
"""Every form, tried in this order; a text belongs to the first that it matches as a whole."""

LAYOUTS = (
    *("YYYYMMDD", "YYYY-MM-DD", "DD-MM-YYYY", "YYYYMMDDhhmmss", "YYYY-MM-DD hh:mm", "YYYY-MM-DD hh:mm:ss"),
)
"""Forms of fixed places, which are read as bytes, ten times faster than by `FORMS`, and first.

`-` stands for `-`, `/` or `.`; a space for itself or `T`.
"""

STANDS_FOR = {"-": byte_set(b"-/."), " ": byte_set(b" T"), ":": byte_set(b":")}

MINGUO = (
    r"^(?P<r>[01]?[0-9]{2})[-/.](?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})" + _TIME + "$",
    r"^(?P<r>[01][0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})$",
)
"""Dates in bare years of the Republic of China."""
SHORT = r"^(?P<a>[0-9]{1,2})[-/.](?P<b>[0-9]{1,2})[-/.](?P<c>[0-9]{2})" + _TIME + "$"
ORDERS = {"dmy": "abc", "mdy": "bac", "ymd": "cba"}
"""Order of day, month and year in dates with years of two digits -> where day, month and year then stand."""


@cache
def by_name(name: str) -> Form:
    """The form of that name."""
    return next(form for form in FORMS if form.name == name)
