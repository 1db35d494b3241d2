"""Everybody in a locale's demo: residents with identity numbers, guests with passports. Nobody is real."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from sousveil.demo import identifiers, names
from sousveil.demo.draft import generator
from sousveil.demo.locales.model import Locale
from sousveil.demo.moments import day
from sousveil.demo.text import Codes, Flags, Rng, join, padded, pick, strings


@dataclass(frozen=True)
class People:
    """People of one kind, one row each; their number in the dump is `first` and their row."""

    first: int
    male: Flags
    born: Codes
    name: pa.StringArray
    number: Codes
    """Identity numbers as rows of bytes; none for guests."""
    passport: pa.StringArray
    phone: pa.StringArray
    nation: Codes
    district: Codes

    def __len__(self) -> int:
        return len(self.male)


@dataclass(frozen=True)
class LocalWorld:
    """Who lives in a locale's dump, and how big it is."""

    locale: Locale
    seed: int
    records: int
    residents: People
    guests: People

    def rng(self, *purpose: str | int) -> Rng:
        """The random numbers of one purpose: the same for the same seed, whatever else is made."""
        return generator(self.seed, self.locale.code, *purpose)

    def share(self, part: float, least: int = 40) -> int:
        """A part of the records."""
        return max(least, round(self.records * part))


def make_world(locale: Locale, seed: int, records: int) -> LocalWorld:
    """Everybody of a dump of so many records."""
    rng = generator(seed, locale.code, "people")
    sizes = max(300, records * 3 // 10), max(200, records // 12)
    return LocalWorld(locale, seed, records, _residents(locale, rng, sizes[0]), _guests(locale, rng, *sizes))


def _residents(locale: Locale, rng: Rng, size: int) -> People:
    male = rng.random(size) < 0.49
    born = _born(rng, size)
    number = locale.identity.make(np.arange(size))
    districts = rng.integers(0, len(locale.districts), size).astype(np.int32)
    nobody = strings([None]).take(pa.array(np.zeros(size, np.int64)))
    name = _names(locale, rng, male, born)
    return People(0, male, born, name, number, nobody, _phones(locale, 0, size), districts * 0, districts)


def _guests(locale: Locale, rng: Rng, first: int, size: int) -> People:
    male = rng.random(size) < 0.55
    # Few come from the last two countries: fewer than may be shown.
    weights = np.array([40, 30, 20, 16, 12, 10, 8, 6, 0.3, 0.2])[: len(locale.nations)]
    nation = rng.choice(len(locale.nations), size, p=weights / weights.sum()).astype(np.int32)
    return People(
        first,
        male,
        _born(rng, size),
        names.latin(rng, male),
        np.zeros((size, 0), np.uint8),
        identifiers.passports("ZQ", size),
        _phones(locale, first, size),
        nation,
        nation * 0,
    )


def _born(rng: Rng, size: int) -> Codes:
    return (day(dt.date(2018, 6, 1)) - rng.triangular(4, 34, 88, size) * 365.25).astype(np.int32)


def _phones(locale: Locale, first: int, size: int) -> pa.StringArray:
    """Telephones of nobody, no two alike, with nine digits after the locale's own beginning."""
    return join(locale.phone, padded((np.arange(first, first + size) * 61_803_399 + 7) % 10**9, 9))


def _names(locale: Locale, rng: Rng, male: Flags, born: Codes) -> pa.StringArray:
    """Names fit for the sex, whose given names go in and out of fashion."""
    known, size = locale.names, len(male)
    # Fashion: the place in the list moves with the year of birth.
    fashion = np.clip((born + 20_000) / 40_000, 0, 1)

    def of(men: tuple[str, ...], women: tuple[str, ...], place: Codes) -> pa.StringArray:
        at = np.where(male, (place * len(men)).astype(int), len(men) + (place * len(women)).astype(int))
        return pick(strings([*men, *women]), at)

    given = of(known.male, known.female, np.clip(fashion + rng.normal(0, 0.2, size), 0, 0.999))
    surname = of(known.surnames, known.surnames_female, rng.random(size) ** 1.7)
    if known.fathers:
        given = join(given, " ", of(known.fathers, known.fathers_female, rng.random(size)))
    return join(surname, " ", given) if known.surname_first else join(given, " ", surname)
