"""Verify's rows as the report prints them: in words only, since an exact share would give a count away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sousveil.publish.labels import Label, plain

KINDS = {
    "cn-resident-id": "Chinese identity numbers",
    "cn-uscc": "Chinese company codes",
    "tr-tckn": "Turkish identity numbers",
    "ru-inn": "Russian tax numbers",
    "kz-iin": "Kazakh identity numbers",
    "bank-card": "bank cards",
    "imei": "device numbers (IMEI)",
    "imsi": "SIM numbers (IMSI)",
    "mrz": "machine-readable lines of passports",
    "phone": "telephone numbers",
    "email": "e-mail addresses",
    "ip": "network addresses (IP)",
    "mac": "device addresses (MAC)",
}
TESTS = {
    "check-digits": (
        "Check digits of {}",
        "Whether the last digit follows from the others. Numbers made up at random pass only by chance.",
    ),
    "resident-id-birth-date": (
        "Birth date within the identity number",
        "Whether it agrees with the column of birth dates. Columns generated apart, or put together from "
        "different files, disagree.",
    ),
    "resident-id-sex": (
        "Sex within the identity number",
        "Whether it agrees with the column of sexes. Chance alone agrees in half of the records.",
    ),
    "resident-id-region": (
        "Region within the identity number",
        "Whether it goes together with the place in another column.",
    ),
    "area-codes": (
        "Regions within the identity numbers",
        "Whether provinces come up as people live in them. A generator that picks from a list of districts "
        "does otherwise.",
    ),
    "serial-digits": (
        "Serials within the identity numbers",
        "Whether they are as uneven as offices give them out, or as even as lots drawn.",
    ),
    "known-generators": (
        "Lists of known generators",
        "Whether nearly all names or jobs are among those that the test data generators Faker and mimesis "
        "put together. Those of real people are more various.",
    ),
    "names-cohort": (
        "Names against birth years",
        "Whether names go with the years, as fashions of naming do. Names drawn at random, or recombined, "
        "say nothing of them.",
    ),
    "names-sex": ("Names against sexes", "Whether names go with the sexes that the records state."),
    "name-variety": (
        "Variety of names",
        "Whether some names are common and many rare, as they are, or all come up evenly, as from a list.",
    ),
    "birth-years": (
        "Spread of birth dates",
        "Whether ages are as uneven as those of a population, or as even as drawn between two dates.",
    ),
    "reserved-ranges": (
        "Ranges that nobody has, among {}",
        "How many lie in ranges that were never given out. A genuine register has hardly any; invented data, "
        "and data veiled before it was passed on, have many.",
    ),
    "hour-of-day": (
        "Rhythm of the day",
        "Whether records follow day and night, as what people do does.",
    ),
    "day-of-week": ("Rhythm of the week", "Whether weekdays differ from weekends."),
    "holidays": ("Feasts", "Whether days of a feast differ from the weeks around them."),
    "day-to-day": (
        "Evenness of days",
        "Whether days differ by more than chance, as what people do makes them.",
    ),
    "serial-gaps": ("Gaps in running numbers", "Whether long stretches of numbers are missing."),
    "foreign-keys": (
        "Links between tables",
        "Whether values that point to another table are found there.",
    ),
    "near-repeats": ("Nearly repeated records", "How many records repeat another one in all but one column."),
    "blocks": (
        "Blocks of rows",
        "Whether a stretch of rows was written in another way than the rest, as rows that were inserted are.",
    ),
    "coordinates-on-land": ("Coordinates on land", "Whether points lie on land rather than at sea."),
    "coordinates-spread": (
        "Spread of coordinates",
        "Whether points crowd along roads and in towns, or fill a rectangle evenly.",
    ),
    "serial-order": ("Running numbers against dates", "Whether numbers rise with time."),
    "repeated-records": ("Repeated records", "How many records repeat another one."),
}
"""What each test looks at, by the beginning of its id; a test that is not here stands with its id."""
WORDS = (*KINDS.values(), *(words for pair in TESTS.values() for words in pair))
_READINGS = ("consistent", "inconsistent", "inconclusive")


@dataclass(frozen=True)
class Place:
    """A table, and the columns of it that a test looked at."""

    table: Label
    columns: tuple[Label, ...]


@dataclass(frozen=True)
class Evidence:
    """One reading of one test, with all tables where it came out so."""

    test: str
    asks: str
    reading: str
    band: str
    places: tuple[Place, ...]


def told(rows: Iterable[Mapping[str, Any]]) -> tuple[Evidence, ...]:
    """Verify's rows (contract shape, with `band`), those of one test and one reading put together."""
    groups: dict[tuple[str, str, str], list[Place]] = {}
    order: dict[str, int] = {}
    for row in rows:
        test = str(row["id"])
        order.setdefault(test, len(order))
        place = Place(plain(str(row["table"])), tuple(plain(str(column)) for column in row["columns"]))
        groups.setdefault((test, _reading(row), _band(row)), []).append(place)
    kept = sorted(groups.items(), key=lambda group: (order[group[0][0]], _READINGS.index(group[0][1])))
    return tuple(
        Evidence(*words_for(test), reading, band, tuple(places)) for (test, reading, band), places in kept
    )


def words_for(test: str) -> tuple[str, str]:
    """What a test is called and what it looks at, in words."""
    for beginning, (title, asks) in TESTS.items():
        if test == beginning or test.startswith(f"{beginning}-"):
            kind = test.removeprefix(beginning).strip("-")
            return title.format(KINDS.get(kind, kind.replace("-", " "))), asks
    words = plain(test.replace("_", " ").replace("-", " ")).text
    return words[:1].upper() + words[1:], ""


def _reading(row: Mapping[str, Any]) -> str:
    return str(row["reading"]) if row["reading"] in _READINGS else "inconclusive"


def _band(row: Mapping[str, Any]) -> str:
    """The band in words; nothing where it should hold a figure after all."""
    band = plain(str(row.get("band") or "")).text
    return "" if re.search(r"[\d%‰]", band) else band
