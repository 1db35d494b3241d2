"""`暂住人口` and `网吧上网`: temporary residents, and who went online in internet cafés."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from sousveil.demo import city, moments
from sousveil.demo.draft import Draft, Facts, World, copied, repeated
from sousveil.demo.identifiers import mac_addresses
from sousveil.demo.mess import Clerk
from sousveil.demo.places import any_of, pool
from sousveil.demo.tables.companies import names
from sousveil.demo.text import Codes, Rng, join, padded, pick, plain, put

TABLE = "暂住人口"
CAFES_TABLE = "网吧上网"
_FIRST = dt.date(2016, 3, 1)
_CAFES_FIRST = dt.date(2018, 6, 1)


def temporary(world: World) -> Draft:
    """Temporary residents in the order of registering, with old and full-width identity numbers."""
    rng, size = world.rng(TABLE), world.sizes.mass(60_000)
    person = rng.integers(0, len(world.residents), size).astype(np.int32)
    days = np.sort(moments.happen(rng, _FIRST, moments.LAST, size))
    repeats = repeated(rng, size, 0.005)
    facts = Facts(
        TABLE,
        "暂住/暂住人口.tsv",
        copied(person, repeats),
        copied(days, repeats),
        "登记日期",
        rejects=world.sizes.mass(9, 2),
    )

    def render(rows: slice, rng: Rng) -> dict[str, pa.StringArray]:
        return _resident(world, person[rows], days[rows], rng)

    return Draft(world, facts, render, repeats)


def _resident(world: World, person: Codes, days: Codes, rng: Rng) -> dict[str, pa.StringArray]:
    size, people = len(person), world.residents
    clerk = Clerk(rng, size)
    landlord = rng.integers(0, len(people), size)
    company = names(world)
    sex = people.male[person] + 2 * clerk.some(0.3)
    wrong_birth = clerk.some(0.003)
    born = put(moments.dates(people.born[person]), wrong_birth, "1900-01-01")
    phone = clerk.nothing(clerk.wide(pick(people.phone, person), 0.03), 0.06)
    return {
        "姓名": clerk.name(pick(people.name, person), 0.005),
        "性别": pool(("女", "男", "2", "1"), sex),
        "身份证号": clerk.identity(people, person, lost=0.03, wrong=0.008, old=0.1, wide=0.05),
        "出生日期": clerk.lost(born, 0.01),
        "民族": pool(city.ETHNIC, people.ethnic[person]),
        "户籍地址": pick(people.home, person),
        "暂住地址": pick(people.address, person),
        "联系电话": phone,
        "从业单位": clerk.nothing(pick(company, rng.integers(0, len(company), size)), 0.5),
        "职业": any_of(rng, city.JOBS, size),
        "登记日期": moments.mixed_dates(rng, days, (0.4, 0.25, 0.2, 0.15)),
        "暂住事由": any_of(rng, city.STAY_REASONS, size, (0.5, 0.2, 0.1, 0.1, 0.05, 0.05)),
        "房主姓名": pick(people.name, landlord),
        "房主电话": pick(people.phone, landlord),
    }


def cafes(world: World) -> Draft:
    """Sessions in internet cafés, in the order of time."""
    rng, size = world.rng(CAFES_TABLE), world.sizes.mass(60_000)
    person = (len(world.residents) * rng.random(size) ** 2).astype(np.int32)
    days, seconds = moments.in_order(
        moments.happen(rng, _CAFES_FIRST, moments.LAST, size), moments.hours(rng, size) // 2
    )
    facts = Facts(CAFES_TABLE, "备份/2019.zip/网吧上网.csv", person, days, "上机时间")

    def render(rows: slice, rng: Rng) -> dict[str, pa.StringArray]:
        return _session(world, person[rows], days[rows], seconds[rows], rng)

    return Draft(world, facts, render)


def _session(world: World, person: Codes, days: Codes, seconds: Codes, rng: Rng) -> dict[str, pa.StringArray]:
    size, people = len(person), world.residents
    clerk = Clerk(rng, size)
    subnet, host = rng.integers(0, 256, size), rng.integers(1, 255, size)
    return {
        "姓名": clerk.name(pick(people.name, person), 0.003),
        "身份证号": clerk.identity(people, person, lost=0.004, wrong=0.003),
        "性别": pool(("女", "男"), people.male[person].astype(np.int8)),
        "民族": pool(city.ETHNIC, people.ethnic[person]),
        "网吧名称": any_of(rng, city.CAFES, size),
        "机号": padded(rng.integers(1, 300, size), 3),
        "上机时间": moments.moments(days, seconds),
        "下机时间": moments.moments(days, seconds + rng.integers(600, 40_000, size)),
        "IP": join("10.9.", plain(subnet), ".", plain(host)),
        "MAC": mac_addresses(rng, size),
    }
