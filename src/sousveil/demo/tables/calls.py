"""`110接处警`: calls to the police, with their stories."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from sousveil.demo import city, moments
from sousveil.demo.draft import Draft, Facts, Labels, World, copied, repeated
from sousveil.demo.mess import Clerk
from sousveil.demo.places import any_of, coordinates, pool, streets
from sousveil.demo.text import Codes, Rng, join, padded, pick, plain, put, strings

TABLE = "110接处警"
_FIRST = dt.date(2016, 1, 1)
_UNKNOWN_CALLER = 0.004
_STORIES = 5_000


def draft(world: World) -> Draft:
    """The table, in the order of time."""
    rng, size = world.rng(TABLE), world.sizes.mass(200_000)
    person = (len(world.residents) * rng.random(size) ** 1.2).astype(np.int32)
    person[rng.random(size) < _UNKNOWN_CALLER] = -1
    days, seconds = moments.in_order(
        moments.happen(rng, _FIRST, moments.LAST, size), moments.hours(rng, size)
    )
    kind = rng.choice(len(city.CALLS), size, p=city.CALL_SHARES).astype(np.int32)
    district = rng.integers(0, len(city.DISTRICTS), size).astype(np.int32)
    repeats = repeated(rng, size, 0.003)
    offices = [f"{name[:-1]}分局" for name in city.DISTRICTS]
    facts = Facts(
        TABLE,
        "110/110接处警.csv",
        copied(person, repeats),
        copied(days, repeats),
        "报警时间",
        {
            "警情类别": Labels(copied(kind, repeats), list(city.CALLS)),
            "所属分局": Labels(copied(district, repeats), offices),
        },
        rejects=world.sizes.mass(23, 3),
    )
    stories = _stories(rng)

    def render(rows: slice, rng: Rng) -> dict[str, pa.StringArray]:
        columns = _caller(world, person[rows], days[rows], seconds[rows], rows.start, rng)
        return columns | _case(
            offices,
            stories,
            kind[rows],
            district[rows],
            pick(columns["报警人"], np.arange(rows.stop - rows.start)),
            rng,
        )

    return Draft(world, facts, render, repeats)


def _stories(rng: Rng) -> pa.StringArray:
    """What callers say, a few thousand wordings."""
    return strings(
        [
            city.CALL_STORIES[place % len(city.CALL_STORIES)].format(
                city.STREETS[int(rng.integers(0, len(city.STREETS)))],
                int(rng.integers(1, 400)) * 50,
                int(rng.integers(2, 30)),
            )
            for place in range(_STORIES)
        ]
    )


def _caller(
    world: World, person: Codes, days: Codes, seconds: Codes, first: int, rng: Rng
) -> dict[str, pa.StringArray]:
    size, people = len(person), world.residents
    clerk, nobody = Clerk(rng, size), person < 0
    who = np.where(nobody, 0, person)
    sex = pool(("女", "男"), people.male[who].astype(np.int8))
    return {
        "接警编号": join("J", padded(np.arange(first, first + size) + 10**8, 10)),
        "报警时间": moments.mixed_moments(rng, days, seconds, (0.93, 0.0, 0.0, 0.07)),
        "报警人": put(clerk.name(pick(people.name, who), 0.004), nobody, "匿名"),
        "性别": put(sex, nobody, None),
        "身份证号": put(clerk.identity(people, who, lost=0.035, wrong=0.006), nobody, None),
        "联系电话": put(clerk.lost(pick(people.phone, who), 0.01), nobody, None),
    }


def _case(
    offices: list[str], stories: pa.StringArray, kind: Codes, district: Codes, name: pa.StringArray, rng: Rng
) -> dict[str, pa.StringArray]:
    size = len(kind)
    clerk = Clerk(rng, size)
    longitude, latitude = coordinates(rng, size)
    story = join("报警人", name, pick(stories, rng.integers(0, _STORIES, size)))
    return {
        "警情类别": pool(city.CALLS, kind),
        "警情级别": any_of(rng, city.CALL_GRADES, size, (0.02, 0.13, 0.6, 0.25)),
        "所属分局": pick(strings(offices), district),
        "派出所": any_of(rng, city.STATIONS, size),
        "案发地址": join(city.CITY, pool(city.DISTRICTS, district), streets(rng, size)),
        "经度": clerk.lost(longitude, 0.1),
        "纬度": clerk.lost(latitude, 0.1),
        "简要警情": story,
        "处理结果": any_of(rng, city.CALL_RESULTS, size),
        "处警民警": join("民警", plain(rng.integers(1, 400, size))),
        "备注": any_of(rng, (*city.NOTHING, *city.REMARKS), size, (0.5, 0.15, 0.15, 0.1, *[0.0125] * 8)),
    }
