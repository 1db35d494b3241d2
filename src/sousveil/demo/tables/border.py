"""`border_entries`: people entering the country at the city's ports, foreign visitors and residents."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from sousveil.demo import city, moments
from sousveil.demo.draft import Draft, Facts, Labels, Sizes, World, copied, repeated
from sousveil.demo.identifiers import passports
from sousveil.demo.mess import Clerk
from sousveil.demo.places import addresses, any_of, pool
from sousveil.demo.text import Codes, Flags, Rng, join, padded, pick, put, strings

TABLE = "border_entries"
NATIONS = (*city.NATIONS, *city.RARE_NATIONS, city.HOME_NATION)
_HOME = len(NATIONS) - 1
_UNSTATED = len(NATIONS)
_FLAGGED = next(place for place, nation in enumerate(NATIONS) if nation[0] == city.FLAGGED_NATION)
_TRACKED = (dt.date(2017, 1, 1), dt.date(2018, 12, 31))
_IN_2018 = (dt.date(2018, 1, 1), dt.date(2018, 12, 31))
_BEFORE = (dt.date(2016, 1, 1), dt.date(2016, 12, 31))
_AFTER = (dt.date(2019, 1, 1), moments.LAST)
_ALARM = city.FLAGS.index("预警")


def nations(rng: Rng, sizes: Sizes) -> Codes:
    """The nations of all visitors: first those tracked over 2017 and 2018, then those of other years."""
    tracked, flagged = sizes.story(5_000), sizes.story(161)
    rare = [max(1, round(nation[3] * sizes.head)) for nation in city.RARE_NATIONS]
    weights = np.array([nation[3] for nation in city.NATIONS], float)
    counts = np.zeros(len(NATIONS) - 1, np.int64)
    counts[len(weights) :] = rare
    counts[_FLAGGED] = max(round(weights[_FLAGGED] * sizes.head), flagged + 5)
    weights[_FLAGGED] = 0
    counts[: len(weights)] += _apportioned(weights, tracked - int(counts.sum()))
    others = rng.choice(len(weights), sizes.story(1_800, 30), p=weights / weights.sum())
    tracked_ones = rng.permutation(np.repeat(np.arange(len(counts)), counts))
    return np.concatenate([tracked_ones, others]).astype(np.int32)


def _apportioned(weights: Codes, seats: int) -> Codes:
    """Seats by the largest remainders."""
    quota = weights / weights.sum() * seats
    counts: Codes = quota.astype(np.int64)
    counts[np.argsort(counts - quota, kind="stable")[: seats - int(counts.sum())]] += 1
    return np.asarray(counts)


@dataclass(frozen=True)
class _Entries:
    """Entries before they are put in order; `key` rows make a headline figure what it is."""

    person: Codes
    nation: Codes
    day: Codes
    port: Codes
    flag: Codes
    key: Flags

    def taken(self, order: Codes) -> _Entries:
        return _Entries(*(getattr(self, name)[order] for name in self.__dataclass_fields__))


def _foreign(rng: Rng, world: World) -> _Entries:
    visitors, tracked = world.visitors, world.sizes.story(5_000)
    flagged = np.flatnonzero(visitors.nation[:tracked] == _FLAGGED)[: world.sizes.story(161)]
    again = np.minimum(rng.poisson(1.2, tracked), 12)
    elsewhen = rng.poisson(0.4, tracked)
    others = np.arange(tracked, len(visitors))
    outside = np.concatenate(
        [np.repeat(np.arange(tracked), elsewhen), others, rng.choice(others, len(others) // 2)]
    )
    inside = np.repeat(np.arange(tracked), again)
    days = np.concatenate(
        [
            moments.happen(rng, *_TRACKED, tracked + len(inside)),
            np.where(
                rng.random(len(outside)) < 0.6,
                moments.happen(rng, *_BEFORE, len(outside)),
                moments.happen(rng, *_AFTER, len(outside)),
            ),
        ]
    )
    days[flagged] = moments.happen(rng, *_IN_2018, len(flagged))
    visitor = np.concatenate([np.arange(tracked), inside, outside])
    size = len(visitor)
    port = rng.choice(len(city.PORTS), size, p=city.PORT_SHARES)
    flag = rng.choice(len(city.FLAGS), size, p=(0.9, 0.085, 0.015))
    nation = visitors.nation[visitor]
    told = (nation == _FLAGGED) & moments.within(days, *_IN_2018) & (port == 0)
    flag[told & (flag == _ALARM)] = 0
    port[flagged], flag[flagged] = 0, _ALARM
    key = np.arange(size) < tracked
    nation = np.where(~key & (rng.random(size) < 0.015), _UNSTATED, nation)
    return _Entries(visitor + visitors.first, nation, days, port, flag, key)


def _domestic(rng: Rng, world: World) -> _Entries:
    size = world.sizes.mass(60_000)
    person = (len(world.residents) * rng.random(size) ** 2).astype(np.int64)
    nation = np.where(rng.random(size) < 0.02, _UNSTATED, _HOME)
    days = moments.happen(rng, _BEFORE[0], moments.LAST, size)
    port = rng.choice(len(city.PORTS), size, p=city.PORT_SHARES)
    flag = rng.choice(len(city.FLAGS), size, p=(0.985, 0.01, 0.005))
    return _Entries(person, nation, days, port, flag, np.zeros(size, np.bool_))


def draft(world: World) -> Draft:
    """The table, in the order of entering."""
    rng = world.rng(TABLE)
    parts = _foreign(rng, world), _domestic(rng, world)
    entries = _Entries(
        *(np.concatenate([getattr(p, name) for p in parts]) for name in _Entries.__dataclass_fields__)
    )
    seconds = moments.hours(rng, len(entries.day))
    order = np.lexsort((seconds, entries.day))
    entries, seconds = entries.taken(order), seconds[order]
    repeats = repeated(rng, len(order), 0.004) & ~entries.key
    facts = Facts(
        TABLE,
        "es/border_entries.json.gz",
        copied(entries.person, repeats).astype(np.int32),
        copied(entries.day, repeats),
        "RJSJ",
        {
            "GJ": Labels(copied(entries.nation, repeats), [*(nation[0] for nation in NATIONS), ""]),
            "KA": Labels(copied(entries.port, repeats), list(city.PORTS)),
            "YJBS": Labels(copied(entries.flag, repeats), list(city.FLAGS)),
        },
        rejects=world.sizes.mass(11, 2),
    )
    everybody = _Everybody(world)

    def render(rows: slice, rng: Rng) -> dict[str, pa.StringArray]:
        return _render(everybody, entries.taken(np.arange(rows.start, rows.stop)), seconds[rows], rng)

    return Draft(world, facts, render, repeats)


class _Everybody:
    """Residents and visitors in one list, by their number in the dump."""

    def __init__(self, world: World) -> None:
        residents, visitors = world.residents, world.visitors
        self.residents = residents
        self.foreign_from = visitors.first
        self.male = np.concatenate([residents.male, visitors.male])
        self.born = np.concatenate([residents.born, visitors.born])
        self.name = pa.concat_arrays([residents.name, visitors.name])
        self.phone = pa.concat_arrays([residents.phone, visitors.phone])
        self.passport = pa.concat_arrays([passports("ZE", len(residents)), visitors.passport])


def _render(all_: _Everybody, entries: _Entries, seconds: Codes, rng: Rng) -> dict[str, pa.StringArray]:
    size, person = len(entries.person), entries.person
    clerk = Clerk(rng, size)
    foreign = person >= all_.foreign_from
    name = pick(all_.name, person)
    numbers = clerk.identity(all_.residents, np.where(foreign, 0, person), lost=0.03, wrong=0.008)
    passport = _mistyped(clerk, pick(all_.passport, person), ~foreign)
    words = strings([word for place in (1, 0, 2) for word in [*(str(n[place]) for n in NATIONS), None]])
    writing = rng.choice(3, size, p=(0.6, 0.25, 0.15)) * (_UNSTATED + 1)
    flight = join(any_of(rng, city.FLIGHT_LETTERS, size), padded(rng.integers(100, 2000, size), 4))
    purpose = rng.choice(len(city.PURPOSES), size, p=city.PURPOSE_SHARES)
    return {
        "XM": clerk.name(name, 0.006),
        "YWXM": put(name, ~foreign, None),
        "XB": pool(("F", "M"), all_.male[person].astype(np.int8)),
        "CSRQ": clerk.lost(moments.mixed_dates(rng, all_.born[person], (0.5, 0.35, 0.05, 0.1)), 0.01),
        "GJ": pick(words, entries.nation + writing),
        "ZJLX": pool(("普通护照", "外国护照"), foreign.astype(np.int8)),
        "ZJHM": clerk.lost(passport, 0.01),
        "SFZH": put(numbers, foreign, None),
        "RJSJ": moments.mixed_moments(rng, entries.day, seconds, (0.7, 0.15, 0.05, 0.1)),
        "KA": pool(city.PORTS, entries.port),
        "HBH": put(flight, entries.port != 0, None),
        "SY": pool(city.PURPOSES_ZH, purpose),
        "YJBS": pool(city.FLAGS, entries.flag),
        "MDD": clerk.lost(addresses(rng, rng.integers(0, len(city.DISTRICTS), size)), 0.1),
        "LXDH": clerk.nothing(pick(all_.phone, person), 0.08),
    }


def _mistyped(clerk: Clerk, passport: pa.StringArray, may: Flags) -> pa.StringArray:
    """A few passports of residents with three wrong digits: no check digit tells, only the other number."""
    where = clerk.some(0.0005) & may
    wrong = [value[:4] + "000" + value[7:] for value in passport.filter(pa.array(where)).to_pylist()]
    return put(passport, where, strings(wrong))
