"""People known by travel documents alone who are somebody with a number, or somebody's other document."""

import dataclasses
import random
from functools import cache

import numpy as np

from sousveil.count.estimate import Estimate, estimates
from sousveil.count.linkage.presence import _MOST, compared, ranks
from sousveil.count.rules import assign
from sousveil.count.subjects import Subject
from sousveil.vault import Table
from tests.support_people import Told, phone, records_of, resident

_READ = (
    "王WANG 李LI 张ZHANG 刘LIU 陈CHEN 杨YANG 赵ZHAO 黄HUANG 周ZHOU 吴WU 徐XU 孙SUN 胡HU 朱ZHU 高GAO "
    "安AN 柏BAI 宝BAO 冰BING 波BO 畅CHANG 晨CHEN 成CHENG 川CHUAN 春CHUN 慈CI 翠CUI 达DA 丹DAN 东DONG "
    "恩EN 芳FANG 飞FEI 枫FENG 刚GANG 光GUANG 海HAI 浩HAO 红HONG 华HUA 静JING 兰LAN 明MING 平PING "
    "强QIANG 山SHAN 文WEN 晓XIAO 英YING 云YUN 志ZHI"
)
READ = {word[0]: word[1:] for word in _READ.split()}
SIGNS = list(READ)


def somebody(rng: random.Random, place: int) -> Told:
    born = f"{rng.randint(1950, 2004)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    name = rng.choice(SIGNS[:15]) + "".join(rng.choices(SIGNS[15:], k=2))
    number = resident(born.replace("-", ""), 1 + place % 998, f"9901{place // 998:02}")
    return Told(id=number, name=name, born=born, phone=phone(place))


def journey(rng: random.Random, one: Told, passport: str) -> Told:
    """A passenger's record: no characters, often no birth date, now and then another given name."""
    name = one.name or ""
    if rng.random() < 0.1:
        name = name[:2] + rng.choice(SIGNS[15:])
    latin = f"{READ[name[0]]}/{''.join(READ[sign] for sign in name[1:])}"
    return Told(passport=passport, name=latin, born=None if rng.random() < 0.3 else one.born)


def estimate(register: list[Told], journeys: list[Told]) -> dict[int | None, Estimate]:
    """The estimate of the two tables 1 and 2, and of both."""
    records = records_of([*register, *journeys])
    first = slice(0, len(register))
    parts = {1: first, 2: slice(first.stop, len(records))}
    tables = tuple(
        (Subject(Table(tid, str(tid), tid, part.stop - part.start, 0, ()), {}, {}, (("c1",),)), part)
        for tid, part in parts.items()
    )
    flights = np.arange(len(records)).astype(np.uint64)
    found, whole = estimates(assign(dataclasses.replace(records, tables=tables, rest=flights)), parts)
    return {**found, None: whole}


@cache
def flown(known: float, renewed: float = 0.0, order: int = 0) -> tuple[dict[int | None, Estimate], int, int]:
    """A register of 1,500, journeys of 700 of whom so many are in it; how many people there are, and flew."""
    rng = random.Random(31)
    people = [somebody(rng, place) for place in range(1_500 + 700)]
    register = people[:1_500]
    inside = round(700 * known)
    flying = rng.sample(register, inside) + people[1_500 : 1_500 + 700 - inside]
    journeys = []
    for place, one in enumerate(flying):
        for again in range(rng.choice((1, 1, 2, 3))):
            other = again > 0 and rng.random() < renewed
            journeys.append(journey(rng, one, f"ZE{3_000_000 + 2 * place + other}"))
    lot = random.Random(order)
    lot.shuffle(journeys)
    lot.shuffle(register)
    return estimate(register, journeys), 1_500 + 700 - inside, 700


def test_people_known_by_passport_in_one_table_and_by_number_in_another_are_counted_once():
    found, people, _ = flown(0.9)
    whole = found[None]
    missed = whole.keyed - people
    assert missed > 100, "or there would be nothing to correct"
    assert abs(whole.twice - missed) < 0.2 * missed
    assert abs(whole.estimate / people - 1) < 0.02
    assert whole.likely[0] <= people <= whole.likely[1]
    assert found[1].twice == 0


def test_strangers_with_passports_stay_people_of_their_own():
    found, people, _ = flown(0.3)
    assert abs(found[None].estimate / people - 1) < 0.03
    assert found[None].likely[0] <= people <= found[None].likely[1]


def test_a_new_passport_makes_nobody_anew():
    found, people, flew = flown(0.9, renewed=0.5)
    assert found[2].keyed > 1.05 * flew and found[None].keyed > 1.1 * people, "or nothing were to correct"
    assert abs(found[None].estimate / people - 1) < 0.025
    assert found[2].likely[0] <= flew <= found[2].likely[1]


def test_the_order_of_the_records_moves_no_figure():
    one, other = (flown(0.9, 0.5, order)[0] for order in (0, 1))
    for table in one:
        assert (one[table].estimate, one[table].likely) == (other[table].estimate, other[table].likely)


def test_where_too_few_are_found_nothing_is_taken_off_and_the_range_allows_for_all():
    rng = random.Random(8)
    register = [somebody(rng, place) for place in range(60)]
    journeys = [journey(rng, one, f"ZE{3_000_000 + place}") for place, one in enumerate(register[:20])]
    whole = estimate(register, journeys)[None]
    assert whole.papers > 0
    assert whole.twice == 0 and whole.likely_twice == (0, whole.papers)


def test_of_many_documents_some_are_compared_by_lot_with_all_their_records():
    document = np.repeat(np.arange(30_000), 3)
    content = np.random.default_rng(1).integers(0, 2**63, len(document)).astype(np.uint64)
    rank = ranks(document, content)
    assert sorted(set(rank)) == list(range(1, 30_001))
    joined = document % 10 > 0
    taken = compared(rank, joined)
    assert 0.9 * _MOST / 2 < (taken & joined).sum() < 1.1 * _MOST / 2
    assert taken[~joined].all()
    assert len(set(document[taken]) & set(document[~taken])) == 0
