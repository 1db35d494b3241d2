"""The words of a finding as a reader sees them: labels of cells, headings of columns, numbers, dates, shares.

Everything here is made from what the gate has released. Labels, titles and names come from the dump or from
the person who asked; they are untrusted, and leave this file without control characters, to be escaped by the
template. Numbers and names of countries follow CLDR (Babel), for one fixed locale: never that of the machine.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import pycountry
from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from sousveil.count.subjects import UNITS
from sousveil.veil import printable

LOCALE = Locale("en")

NOT_STATED = "not stated"
OTHER = "other, not shown"
"""What the gate writes for everything that is hidden under labels which are not shown."""
SEXES = {"F": "Female", "M": "Male"}

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_YEAR = re.compile(r"[0-9]{4}")
_CALLED = {
    "month": "Month",
    "quarter": "Quarter",
    "year": "Year",
    "age_band": "Age",
    "of_age": "Age",
    "region": "Region",
    "continent": "Continent",
}
_CALL = re.compile(rf"\s*({'|'.join(_CALLED)})\s*\(.*\)\s*", re.DOTALL | re.IGNORECASE)
_FOREIGN = re.compile(
    "(?P<ja>[\u3400-\u9fff]*[\u3040-\u30ff][\u3040-\u30ff\u3400-\u9fff]*)|(?P<ko>[\uac00-\ud7af]+)|"
    "(?P<zh>[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+)"
)
"""Stretches of a text whose script tells their language."""
_SHARES = (
    (0.97, "nearly all"),
    (0.85, "about nine tenths"),
    (0.775, "about four fifths"),
    (0.71, "about three quarters"),
    (0.635, "about two thirds"),
    (0.55, "about three fifths"),
    (0.51, "just over half"),
    (0.49, "half"),
    (0.45, "just under half"),
    (0.37, "about two fifths"),
    (0.3, "about a third"),
    (0.225, "about a quarter"),
    (0.175, "about a fifth"),
    (0.12, "about a seventh"),
    (0.075, "about a tenth"),
    (0.04, "about a twentieth"),
)
WORDS = (
    NOT_STATED,
    *(unit.partition(",")[0] for unit in UNITS.values()),
    *SEXES.values(),
    *_CALLED.values(),
    *(words for _, words in _SHARES),
    *(str(name) for name in LOCALE.months["format"]["wide"].values()),
)
"""Words of our own: the egress check does not take them for names."""


@dataclass(frozen=True)
class Label:
    """A label of a cell: what is shown, and the code that it was made from if that is worth showing."""

    text: str
    code: str = ""

    @property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """The text in stretches, each with its language tag; none where the script does not tell it."""
        parts, end = [], 0
        for match in _FOREIGN.finditer(self.text):
            if match.start() > end:
                parts.append((self.text[end : match.start()], ""))
            parts.append((match[0], str(match.lastgroup)))
            end = match.end()
        return (*parts, (self.text[end:], "")) if end < len(self.text) else tuple(parts)


def plain(untrusted: str) -> Label:
    """Any text of the dump or of a question, without control characters."""
    return Label(printable(" ".join(untrusted.split())))


def heading(untrusted_by: str) -> Label:
    """The heading of a column of keys: a function's meaning, or the column's own name."""
    called = function(untrusted_by)
    return Label(_CALLED[called]) if called else plain(unquoted(untrusted_by))


def function(untrusted_by: str) -> str:
    """The function that a column of keys is of a column (`month`, `region` …); nothing where it is none."""
    call = _CALL.fullmatch(untrusted_by)
    return call[1].lower() if call else ""


def unquoted(untrusted_by: str) -> str:
    """A column's own name, without the quotes that the language of questions puts around odd names."""
    name = untrusted_by.strip()
    quoted = len(name) > 2 and name[0] == name[-1] == '"'
    return name[1:-1].replace('""', '"') if quoted else name


def labels(untrusted_by: str, untrusted_values: Sequence[str]) -> list[Label]:
    """The labels of one column of keys, in their order; what they stand for is decided on all at once."""
    return [_label(_kind(untrusted_by, untrusted_values), value) for value in untrusted_values]


def _kind(untrusted_by: str, untrusted_values: Sequence[str]) -> str:
    stated = _stated(untrusted_values)
    if is_time(untrusted_by, untrusted_values):
        return "time"
    if stated and all(country(value) for value in stated):
        return "country"
    if stated and set(stated) <= set(SEXES):
        return "sex"
    return "age" if function(untrusted_by) in ("age_band", "of_age") else "text"


def _label(kind: str, untrusted: str) -> Label:
    if untrusted in ("", OTHER):
        return Label("all others" if untrusted else NOT_STATED)
    match kind:
        case "time":
            return Label(when(untrusted))
        case "country":
            return Label(country(untrusted), code=untrusted)
        case "sex":
            return Label(SEXES[untrusted])
        case "age":
            return Label(untrusted.replace("-", "–"))
        case _:
            return plain(untrusted)


def _stated(untrusted_values: Sequence[str]) -> list[str]:
    return [value for value in untrusted_values if value not in ("", OTHER)]


def is_time(untrusted_by: str, untrusted_values: Sequence[str]) -> bool:
    """Whether a column of keys is a month or a year of something."""
    stated = _stated(untrusted_values)
    if not stated or function(untrusted_by) not in ("month", "year"):
        return False
    return all(_MONTH.fullmatch(value) for value in stated) or all(_YEAR.fullmatch(value) for value in stated)


def when(period: str) -> str:
    """`2018-03` as `March 2018`; a year as it is."""
    if not _MONTH.fullmatch(period):
        return period
    first = dt.date(max(int(period[:4]), 1), int(period[5:]), 1)
    return format_date(first, "LLLL y", locale=LOCALE)


def day(iso: str) -> str:
    """`2019-03-31` as `31 March 2019`; any other text without control characters."""
    try:
        return format_date(dt.date.fromisoformat(iso), "d MMMM y", locale=LOCALE)
    except ValueError:
        return plain(iso).text


@cache
def country(alpha_3: str) -> str:
    """The English name of an ISO 3166 alpha-3 code, or nothing."""
    if not re.fullmatch("[A-Z]{3}", alpha_3):
        return ""
    found = pycountry.countries.get(alpha_3=alpha_3)
    if found is None:
        gone = pycountry.historic_countries.get(alpha_3=alpha_3)
        return str(gone.name).partition(",")[0] if gone else ""
    return str(LOCALE.territories.get(found.alpha_2, found.name))


def number(value: int) -> str:
    """`12345` as `12,345`."""
    return format_decimal(value, locale=LOCALE)


def some(value: int) -> tuple[str, bool]:
    """A number for a headline, cut down to its first three digits, and whether that left something out."""
    unit = 10 ** max(len(str(value)) - 3, 0)
    return number(value // unit * unit), value % unit > 0


def share(part: int, whole: int) -> str:
    """A share in words, since a share in digits would be one more figure; nothing where it is tiny or odd."""
    if whole <= 0 or not 0 <= part <= whole:
        return ""
    return next((words for least, words in _SHARES if part / whole >= least), "")


def slugs(untrusted_ids: Sequence[str]) -> list[str]:
    """A name for each id that is safe in paths and pages: lower-case letters a to z, digits, dashes; unique.

    Where letters of another script are left out, the place of the id stands for them: `12-records-by-month`.
    """
    taken: set[str] = set()
    made = []
    for place, untrusted_id in enumerate(untrusted_ids, start=1):
        folded = unicodedata.normalize("NFKD", untrusted_id.casefold())
        letters = "".join(c for c in folded if unicodedata.category(c)[0] != "M")
        base = re.sub("[^a-z0-9]+", "-", letters).strip("-")[:60].strip("-")
        if not letters.isascii():
            base = f"{place}-{base}" if base else ""
        base = base or f"finding-{place}"
        slug, copy = base, 2
        while slug in taken:
            slug, copy = f"{base}-{copy}", copy + 1
        taken.add(slug)
        made.append(slug)
    return made
