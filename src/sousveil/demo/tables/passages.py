"""`jcz_txjl`: passages through checkpoints, the biggest table."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from sousveil.demo import city, moments
from sousveil.demo.draft import Draft, Facts, Labels, World, copied, repeated
from sousveil.demo.mess import Clerk
from sousveil.demo.places import any_of, coordinates, pool
from sousveil.demo.text import Codes, Rng, join, padded, pick, plain, put

TABLE = "jcz_txjl"
_FIRST = dt.date(2017, 1, 1)
_STRAY = moments.day(dt.date(2099, 12, 31))
_STYLES = (0.97, 0.0, 0.01, 0.02)


def draft(world: World, size: int) -> Draft:
    """The table, in the order of time; a few records have no date and three lie in the far future."""
    rng = world.rng(TABLE)
    person = (len(world.residents) * rng.random(size) ** 1.4).astype(np.int32)
    days, seconds = moments.in_order(
        moments.happen(rng, _FIRST, moments.LAST, size), moments.hours(rng, size)
    )
    days[rng.random(size) < 0.002] = moments.MISSING
    days[rng.choice(size, 3, replace=False)] = _STRAY
    gate = rng.integers(0, len(city.CHECKPOINTS), size).astype(np.int32)
    repeats = repeated(rng, size, 0.003)
    facts = Facts(
        TABLE,
        "es/jcz_txjl.json.gz",
        copied(person, repeats),
        copied(days, repeats),
        "TGSJ",
        {"JCZMC": Labels(copied(gate, repeats), list(city.CHECKPOINTS))},
        rejects=world.sizes.mass(37, 3),
    )

    def render(rows: slice, rng: Rng) -> dict[str, pa.StringArray]:
        return _render(world, person[rows], days[rows], seconds[rows], gate[rows], rng)

    return Draft(world, facts, render, repeats)


def _render(
    world: World, person: Codes, days: Codes, seconds: Codes, gate: Codes, rng: Rng
) -> dict[str, pa.StringArray]:
    size, people = len(person), world.residents
    clerk = Clerk(rng, size)
    longitude, latitude = coordinates(rng, size)
    stray = days == _STRAY
    time = moments.mixed_moments(rng, np.where(stray, 0, days), seconds, _STYLES)
    picture = join("/pass/", padded(rng.integers(0, 10**6, size), 6), ".jpg")
    return {
        "XM": clerk.lost(clerk.name(pick(people.name, person), 0.004), 0.003),
        "XB": pool(("女", "男"), people.male[person].astype(np.int8)),
        "SFZH": clerk.identity(people, person, lost=0.04, wrong=0.008),
        "CSRQ": clerk.lost(moments.dates(people.born[person]), 0.02),
        "MZ": pool(city.ETHNIC, people.ethnic[person]),
        "HJDZ": pick(people.home, person),
        "LXDH": clerk.nothing(pick(people.phone, person), 0.12),
        "HPHM": clerk.lost(pick(world.plates, rng.integers(0, len(world.plates), size)), 0.4),
        "HPYS": clerk.lost(any_of(rng, city.PLATE_COLOURS, size, (0.8, 0.1, 0.08, 0.02)), 0.4),
        "CLLX": clerk.lost(any_of(rng, city.VEHICLE_KINDS, size), 0.4),
        "JCZMC": pool(city.CHECKPOINTS, gate),
        "JCZBH": join("9901", padded(gate + 1, 4)),
        "TGSJ": put(time, stray, "2099-12-31 00:00:00"),
        "FX": any_of(rng, ("进城", "出城"), size),
        "CDH": plain(rng.integers(1, 7, size)),
        "WZ": join('{"lon":', longitude, ',"lat":', latitude, "}"),
        "SBBH": join("KK", padded(gate * 8 + rng.integers(0, 8, size), 6)),
        "ZPLJ": clerk.lost(picture, 0.5),
        "BZ": clerk.lost(any_of(rng, (*city.REMARKS, *city.NOTHING), size), 0.9),
    }
