"""`t_zdry` and `t_lb`: people on lists, and the codes of the lists."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sousveil.demo import city, moments
from sousveil.demo.draft import Draft, Facts, Labels, World
from sousveil.demo.mess import Clerk
from sousveil.demo.places import any_of, pool
from sousveil.demo.text import Codes, Rng, join, padded, pick, plain, put, strings

TABLE = "t_zdry"
CODES_TABLE = "t_lb"
_ITEM = "mysql/lcga.sql"
_OTHER, _NO_LIST = len(city.LISTS), len(city.LISTS) + 1
_HINTS = {
    "id": "主键", "xm": "姓名", "bm": "别名", "xb": "性别", "sfzh": "身份证号", "csrq": "出生日期",
    "mz": "民族", "hjdz": "户籍地址",
    "xzz": "现住址", "lxdh": "联系电话", "lb": "人员类别", "gkjb": "管控级别", "zrdw": "责任单位",
    "zrmj": "责任民警", "zp": "照片", "bz": "备注",
}  # fmt: skip


def _listed(rng: Rng, world: World) -> tuple[Codes, Codes]:
    """Who is on which list. Some are on two; some are entered twice, the second time with errors (later)."""
    sizes = world.sizes
    people, in_seven, minors = sizes.story(25_000), sizes.story(10_000), sizes.story(430, 20)
    young = moments.ages(world.residents.born, moments.CUT_OFF) < 18
    person = np.concatenate(
        [
            rng.choice(np.flatnonzero(young), minors, replace=False),
            rng.choice(np.flatnonzero(~young), people - minors, replace=False),
        ]
    )
    person = rng.permutation(person)
    kind = np.where(rng.random(people) < 0.6, _OTHER, _NO_LIST)
    kind[:in_seven] = rng.choice(len(city.LISTS), in_seven, p=city.LIST_SHARES)
    also = rng.choice(in_seven, sizes.story(300), replace=False)
    twice = rng.choice(people, sizes.story(1_000), replace=False)
    kind_also = (kind[also] + rng.integers(1, len(city.LISTS), len(also))) % len(city.LISTS)
    return np.concatenate([person, person[also], person[twice]]), np.concatenate(
        [kind, kind_also, kind[twice]]
    )


def draft(world: World) -> Draft:
    """People on lists, in no order."""
    rng = world.rng(TABLE)
    person, kind = _listed(rng, world)
    second = np.arange(len(person)) >= len(person) - world.sizes.story(1_000)
    order = rng.permutation(len(person))
    person, kind, second = person[order].astype(np.int32), kind[order].astype(np.int32), second[order]
    residents = world.residents
    born = np.where(rng.random(len(person)) < 0.005, moments.MISSING, residents.born[person])
    facts = Facts(
        TABLE,
        _ITEM,
        person,
        labels={
            "lb": Labels(kind, [*city.LISTS, city.OTHER_LIST, ""]),
            "xb": Labels(residents.male[person].astype(np.int8), ["F", "M"]),
            "mz": Labels(residents.ethnic[person], list(city.ETHNIC)),
        },
        born={"csrq": born},
    )

    def render(rows: slice, rng: Rng) -> dict[str, pa.StringArray]:
        columns = _who(world, person[rows], born[rows], second[rows], rows.start, rng)
        return columns | _why(kind[rows], rng)

    return Draft(world, facts, render, hints=_HINTS)


def _who(
    world: World, person: Codes, born: Codes, second: Codes, first: int, rng: Rng
) -> dict[str, pa.StringArray]:
    size, people = len(person), world.residents
    clerk = Clerk(rng, size)
    name, identity = (
        pick(people.name, person),
        clerk.identity(people, person, lost=0.03, wrong=0.004, wide=0.002),
    )
    slips = Clerk(rng, int(second.sum()))
    wrong = slips.identity(people, person[second], lost=0.0, wrong=0.6)
    right = wrong.to_numpy(zero_copy_only=False) == people.identity.take(pa.array(person[second])).to_numpy(
        zero_copy_only=False
    )
    # A second entry has either a wrong number or a wrong name: with both, nothing would tell that it is one.
    names = name.filter(pa.array(second))
    varied = put(names, right, slips.name(names, 1.0).filter(pa.array(right)))
    return {
        "id": plain(np.arange(first, first + size) + 1),
        "xm": put(name, second, varied),
        "bm": clerk.lost(any_of(rng, ("老三", "眼镜", "阿黑", "刀疤", "大个子", "小K"), size), 0.95),
        "xb": pool(("女", "男"), people.male[person].astype(np.int8)),
        "sfzh": put(identity, second, wrong),
        "csrq": moments.mixed_dates(rng, born, (0.8, 0.1, 0.04, 0.06)),
        "mz": pool(city.ETHNIC, people.ethnic[person]),
        "hjdz": pick(people.home, person),
        "xzz": clerk.lost(pick(people.address, person), 0.06),
        "lxdh": clerk.lost(pick(people.phone, person), 0.12),
    }


def _why(kind: Codes, rng: Rng) -> dict[str, pa.StringArray]:
    size = len(kind)
    clerk = Clerk(rng, size)
    return {
        "lb": pick(strings([*city.LISTS, city.OTHER_LIST, None]), kind),
        "gkjb": any_of(rng, ("一级", "二级", "三级"), size, (0.1, 0.3, 0.6)),
        "zrdw": any_of(rng, city.STATIONS, size),
        "zrmj": join("民警", plain(rng.integers(1, 400, size))),
        "zp": clerk.lost(join("/photo/zp_", padded(rng.integers(1, 10**5, size), 6), ".jpg"), 0.3),
        "bz": clerk.lost(any_of(rng, city.REMARKS, size), 0.8),
    }


def codes(world: World) -> Draft:
    """The codes of the lists: nine records about nobody."""
    names = [*city.LISTS, city.OTHER_LIST, "未分类"]
    facts = Facts(CODES_TABLE, _ITEM, np.full(len(names), -1, np.int32))

    def render(rows: slice, _: Rng) -> dict[str, pa.StringArray]:
        return {
            "dm": strings([str(n) for n in range(1, len(names) + 1)])[rows.start : rows.stop],
            "mc": strings(names),
        }

    return Draft(world, facts, render, hints={"dm": "代码", "mc": "名称"})
