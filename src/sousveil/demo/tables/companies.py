"""The workbook: companies with dangerous materials, their staff, and the police's informants."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sousveil.demo import city, moments
from sousveil.demo.draft import Draft, Facts, Labels, World
from sousveil.demo.identifiers import credit_codes
from sousveil.demo.mess import Clerk
from sousveil.demo.places import addresses, any_of, pool
from sousveil.demo.text import Codes, Rng, join, padded, pick, plain, put

TABLE = "危化企业"
STAFF_TABLE = "从业人员"
INFORMANTS_TABLE = "耳目"
_ITEM = "台账/单位台账.xlsx"
_FOREIGN_SHARE = 0.25
_OWNERS = tuple(nation[1] for nation in city.NATIONS[:8])


def names(world: World) -> pa.StringArray:
    """The companies' names, all different."""
    count = world.sizes.story(976, 24)
    row = np.arange(count)
    marks, trades, places = len(city.MARKS), len(city.TRADES), ("", *(d[:2] for d in city.DISTRICTS))
    ends = ("有限公司", "股份有限公司", "厂")
    return join(
        pool(places, row // (marks * trades) % len(places)),
        pool(city.MARKS, row % marks),
        pool(city.TRADES, row // marks % trades),
        pool(ends, row * 7 // 3 % len(ends)),
    )


def companies(world: World) -> Draft:
    """One record a company, with who represents it."""
    rng, name = world.rng(TABLE), names(world)
    size, people = len(name), world.residents
    adults = np.flatnonzero(moments.ages(people.born, moments.CUT_OFF) >= 25)
    person = rng.choice(adults, size).astype(np.int32)
    foreign = np.arange(size) < int(size * _FOREIGN_SHARE)
    kinds = len(city.OWNERSHIPS) // 2
    ownership = rng.permutation(np.where(foreign, kinds, 0) + rng.integers(0, kinds, size)).astype(np.int32)
    district = rng.integers(0, len(city.DISTRICTS), size).astype(np.int32)
    facts = Facts(
        TABLE,
        _ITEM,
        person,
        labels={
            "企业性质": Labels(ownership, list(city.OWNERSHIPS)),
            "所属区县": Labels(district, list(city.DISTRICTS)),
        },
    )

    def render(rows: slice, rng: Rng) -> dict[str, pa.StringArray]:
        clerk, here = Clerk(rng, rows.stop - rows.start), district[rows]
        owner = any_of(rng, _OWNERS, len(here))
        return {
            "序号": plain(np.arange(rows.start, rows.stop) + 1),
            "单位名称": name[rows.start : rows.stop],
            "统一社会信用代码": credit_codes(rng, here + 990_101),
            "企业性质": pool(city.OWNERSHIPS, ownership[rows]),
            "外资国别": put(owner, ownership[rows] < kinds, None),
            "法定代表人": pick(people.name, person[rows]),
            "法人身份证号": clerk.identity(people, person[rows], lost=0.0, wrong=0.004),
            "联系电话": pick(people.phone, person[rows]),
            "单位地址": addresses(rng, here),
            "所属区县": pool(city.DISTRICTS, here),
            "危险物品种类": any_of(rng, city.MATERIALS, len(here)),
        }

    return Draft(world, facts, render)


def staff(world: World) -> Draft:
    """Staff who handle the materials; every company has some."""
    rng, name = world.rng(STAFF_TABLE), names(world)
    size = world.sizes.story(9_000)
    adults = np.flatnonzero(moments.ages(world.residents.born, moments.CUT_OFF) >= 18)
    person = rng.choice(adults, size, replace=False).astype(np.int32)
    company = rng.permutation(np.concatenate([np.arange(len(name)), rng.integers(0, len(name), size)])[:size])
    post = rng.integers(0, len(city.POSTS), size).astype(np.int32)
    facts = Facts(
        STAFF_TABLE,
        _ITEM,
        person,
        labels={
            "性别": Labels(world.residents.male[person].astype(np.int8), ["F", "M"]),
            "岗位": Labels(post, list(city.POSTS)),
        },
    )

    def render(rows: slice, rng: Rng) -> dict[str, pa.StringArray]:
        here = rows.stop - rows.start
        return _person(world, person[rows], rows.start, "序号", rng) | {
            "单位名称": pick(name, company[rows]),
            "岗位": pool(city.POSTS, post[rows]),
            "危险物品种类": any_of(rng, city.MATERIALS, here),
        }

    return Draft(world, facts, render)


def informants(world: World) -> Draft:
    """People who inform the police; a few are entered twice."""
    rng, sizes = world.rng(INFORMANTS_TABLE), world.sizes
    adults = np.flatnonzero(moments.ages(world.residents.born, moments.CUT_OFF) >= 18)
    person = rng.choice(adults, sizes.story(4_200, 40), replace=False)
    person = rng.permutation(np.concatenate([person, person[: sizes.story(100, 2)]])).astype(np.int32)
    district = world.residents.district[person]
    facts = Facts(
        INFORMANTS_TABLE,
        _ITEM,
        person,
        labels={
            "性别": Labels(world.residents.male[person].astype(np.int8), ["F", "M"]),
            "所属区县": Labels(district, list(city.DISTRICTS)),
        },
    )

    def render(rows: slice, rng: Rng) -> dict[str, pa.StringArray]:
        here = rows.stop - rows.start
        return _person(world, person[rows], rows.start, "编号", rng) | {
            "住址": pick(world.residents.address, person[rows]),
            "所属区县": pool(city.DISTRICTS, district[rows]),
            "类别": any_of(rng, city.INFORMANT_KINDS, here, (0.4, 0.1, 0.3, 0.15, 0.05)),
            "联络民警": join("民警", plain(rng.integers(1, 400, here))),
        }

    return Draft(world, facts, render)


def _person(world: World, person: Codes, first: int, counter: str, rng: Rng) -> dict[str, pa.StringArray]:
    people, clerk = world.residents, Clerk(rng, len(person))
    row = np.arange(first, first + len(person)) + 1
    return {
        counter: plain(row) if counter == "序号" else join("EM", padded(row, 5)),
        "姓名": pick(people.name, person),
        "性别": pool(("女", "男"), people.male[person].astype(np.int8)),
        "身份证号": clerk.identity(people, person, lost=0.02, wrong=0.004),
        "出生日期": moments.dates(people.born[person]),
        "手机号": clerk.lost(pick(people.phone, person), 0.03),
    }
