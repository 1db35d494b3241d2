"""Everybody in the dump: residents with identity numbers, and foreign visitors. Nobody of them is real."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from sousveil.demo import city, identifiers, names, places
from sousveil.demo.moments import day
from sousveil.demo.text import Codes, Flags, Rng, from_bytes, join, pick, plain, put, strings


@dataclass(frozen=True)
class Residents:
    """Residents of the city, one row each; their number in the dump is their row."""

    male: Flags
    born: Codes
    """Days from 1970-01-01."""
    ethnic: Codes
    name: pa.StringArray
    number: Codes
    """Identity numbers, a matrix of 18 bytes."""
    identity: pa.StringArray
    phone: pa.StringArray
    address: pa.StringArray
    home: pa.StringArray
    district: Codes

    def __len__(self) -> int:
        return len(self.male)


@dataclass(frozen=True)
class Visitors:
    """Foreign visitors, one row each; their number in the dump is `first` and their row."""

    first: int
    male: Flags
    born: Codes
    nation: Codes
    """A row of `nations`."""
    name: pa.StringArray
    passport: pa.StringArray
    phone: pa.StringArray
    email: pa.StringArray

    def __len__(self) -> int:
        return len(self.male)


def residents(rng: Rng, size: int) -> Residents:
    """Make residents; no two have the same identity number."""
    male = rng.random(size) < 0.51
    age = rng.triangular(3, 27, 92, size)
    born = (day(dt.date(2019, 1, 1)) - age * 365.25).astype(np.int32)
    ethnic = rng.choice(len(city.ETHNIC), size, p=city.ETHNIC_SHARES).astype(np.int32)
    name = names.chinese(rng, male)
    uyghur = ethnic == city.UYGHUR
    name = put(name, uyghur, names.uyghur(rng, male[uyghur]))
    district = rng.integers(0, len(city.DISTRICTS), size).astype(np.int32)
    number = _numbers(district, born, male)
    home = pick(strings(list(city.HOMES)), rng.integers(0, len(city.HOMES), size))
    return Residents(
        male,
        born,
        ethnic,
        name,
        number,
        from_bytes(number),
        identifiers.phones(0, size),
        places.addresses(rng, district),
        join(home, places.streets(rng, size)),
        district,
    )


def _numbers(district: Codes, born: Codes, male: Flags) -> Codes:
    """Identity numbers; serials are given out in turn within a region, birth date and sex."""
    dates = born.astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    year = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    written = (year * 100 + month.astype(np.int64) % 12 + 1) * 100 + (dates - month).astype(np.int64) + 1
    group = (written * 100 + district) * 2 + male
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    begins = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    rank = np.arange(len(order)) - np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))
    place = np.empty(len(order), np.int64)
    place[order] = rank
    start = (group * 2_654_435_761 >> 7) % 480
    serials = (start + place) % 498 * 2 + male
    return identifiers.resident_ids(int(city.REGION) * 100 + 1 + district, written, serials)


def visitors(rng: Rng, first: int, nation: Codes) -> Visitors:
    """Make foreign visitors of the nations given; no two have the same passport."""
    size = len(nation)
    male = rng.random(size) < 0.58
    born = (day(dt.date(2018, 1, 1)) - rng.triangular(4, 33, 80, size) * 365.25).astype(np.int32)
    name = names.latin(rng, male)
    email = join("traveller", plain(np.arange(size) * 7 + 1000), "@mail.example")
    return Visitors(
        first,
        male,
        born,
        nation,
        name,
        identifiers.passports("ZZ", size),
        identifiers.foreign_phones(size),
        email,
    )
