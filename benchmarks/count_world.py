"""A made-up dump of any size with the truth, for `count_million.py`: nothing in common with the demo's.

Five tables of a town: a register of homes, clinic visits, pensions (old numbers of 15 digits), airline
passengers (pinyin, passports that are renewed) and complaints (a few clerks' own numbers under many names).
Families share a surname and often a telephone; twins share a birth date and half of the given name; few
surnames cover most people. Mistakes: digits swapped or wrong, characters that sound or look alike, names cut
off or turned round, day and month swapped, telephones changed. Numbers have the region prefix 99, telephones
a prefix that no network has.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pc_csv

from sousveil.survey.checks import resident_id_check

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Texts = npt.NDArray[Any]
Rng = np.random.Generator

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
GIVEN = (
    "安柏宝冰波彩灿昌畅超朝晨成诚驰川春慈翠达丹道德冬东恩尔发凡芳菲丰枫福富刚歌功光贵国海涵汉航豪和恒红宏"
    "虹鸿厚华怀欢焕辉慧吉继佳嘉坚建健江娇杰洁捷金锦进晶菁景静君俊凯康科可克兰乐磊黎礼丽立利莲良林琳玲凌岭"
    "龙露伦美萌梦敏明茗铭墨牧楠宁佩鹏平萍琪奇启谦巧钦琴青清晴庆秋泉群然仁荣容蓉如瑞润森山珊善尚韶绍升生胜"
    "诗石时世书淑树双顺思松素涛天田婷廷庭同彤琬婉伟威薇维文雯武希熙喜霞夏仙贤娴香祥翔晓欣新馨鑫信星兴杏雄"
    "秀旭轩雪雅妍岩燕扬阳瑶耀业烨怡宜义艺逸毅音殷银英盈颖永勇友宇雨玉裕元圆源远月悦云韵泽展哲贞珍真振正志"
    "智忠洲竹柱卓子梓紫"
)
_BORN_FIRST, _BORN_LAST = -14_600, 17_800
"""From 1930 to 2018, in days since 1970."""


@dataclass(frozen=True)
class Town:
    """Its people, one place each."""

    surname: Ints
    given: Ints
    """Two places in `GIVEN` a person; the second is -1 for a short name."""
    born: Ints
    serial: Ints
    family: Ints
    phone: Ints
    never: Flags
    """Who has no number at all."""

    def __len__(self) -> int:
        return len(self.born)


@dataclass(frozen=True)
class Layout:
    """A table: its columns, how many records a person has in it, and how well it is kept."""

    name: str
    columns: str
    share: float
    """Of the people, how many are in it."""
    again: float
    """Records that each of them has besides the first, on average."""
    number_lost: float
    other_lost: float
    wrong: float


LAYOUTS = (
    Layout("homes", "HZXM GMSFHM CSNY XB DZ SJ", 0.9, 0.0, 0.04, 0.05, 0.005),
    Layout("clinic", "patient id_card dob mobile ward", 0.35, 2.2, 0.22, 0.12, 0.03),
    Layout("pensions", "姓名 身份证 出生日期 联系电话 月额", 0.3, 0.0, 0.06, 0.1, 0.01),
    Layout("passengers", "pax_name passport pax_born flight", 0.25, 1.5, 0.0, 0.08, 0.02),
    Layout("complaints", "tel who id_no topic", 0.3, 0.8, 0.45, 0.1, 0.04),
)


def town(rng: Rng, people: int, *, reason: bool) -> Town:
    """People in families; where numbers are missing for a reason, most children and some others have none."""
    family = np.sort(rng.integers(0, max(people * 2 // 5, 1), people))
    households = int(family.max()) + 1
    weight = 1 / (np.arange(len(SURNAMES)) + 2.0)
    of_house = rng.choice(len(SURNAMES), households, p=weight / weight.sum())
    surname = np.where(
        rng.random(people) < 0.3, rng.choice(len(SURNAMES), people, p=weight / weight.sum()), of_house[family]
    )
    common = 1 / (np.arange(len(GIVEN)) + 12.0)
    given = rng.choice(len(GIVEN), (people, 2), p=common / common.sum())
    given[rng.random(people) < 0.12, 1] = -1
    born = rng.integers(_BORN_FIRST, _BORN_LAST, people)
    twin = np.flatnonzero((family[1:] == family[:-1]) & (rng.random(people - 1) < 0.015)) + 1
    born[twin], surname[twin], given[twin, 0] = born[twin - 1], surname[twin - 1], given[twin - 1, 0]
    own = rng.permutation(people) + 10_000_000
    shared = rng.random(people) < 0.25
    phone = np.where(shared, family + 60_000_000, own)
    child = born > _BORN_LAST - 16 * 365
    never = (rng.random(people) < np.where(child, 0.7, 0.05)) & reason
    return Town(surname, given, born, rng.integers(0, 1000, people), family, phone, never)


def numbers(made: Town, who: Ints) -> npt.NDArray[np.uint8]:
    """The resident numbers of people, a row of 18 characters each."""
    dates = made.born[who].astype("M8[D]")
    months = dates.astype("M8[M]")
    year = dates.astype("M8[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day = (dates - months).astype(np.int64) + 1
    region = 990_100 + made.family[who] % 60
    whole = ((region * 10_000 + year) * 10_000 + month * 100 + day) * 1_000 + made.serial[who]
    body = (whole[:, None] // 10 ** np.arange(16, -1, -1) % 10 + ord("0")).astype(np.uint8)
    return np.column_stack([body, resident_id_check(body)]).astype(np.uint8)


@cache
def _syllables(signs: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin

    return tuple(lazy_pinyin(sign)[0].upper() for sign in signs)


def names(rng: Rng, made: Town, who: Ints, wrong: float, *, latin: bool) -> Texts:
    """Names as a table writes them, with its mistakes."""
    family, given = np.array(list(SURNAMES)), np.array([*GIVEN, ""])
    mistaken = _mistaken_signs(rng, made.given[who], rng.random(len(who)) < wrong)
    if latin:
        family, given = np.array(_syllables(SURNAMES)), np.array([*_syllables(GIVEN), ""])
        first = np.char.add(family[made.surname[who]], "/")
        return np.char.add(np.char.add(first, given[mistaken[:, 0]]), given[mistaken[:, 1]])
    one, other = family[made.surname[who]], np.char.add(given[mistaken[:, 0]], given[mistaken[:, 1]])
    turned = rng.random(len(who)) < wrong / 4
    return np.where(turned, np.char.add(other, one), np.char.add(one, other))


def _mistaken_signs(rng: Rng, given: Ints, where: Flags) -> Ints:
    """A character that sounds alike, one that was misread, or the last one cut off."""
    out = given.copy()
    sounds = np.array(_syllables(GIVEN))
    order = np.argsort(sounds, kind="stable")
    nearby = np.empty(len(order), np.int64)
    nearby[order] = np.roll(order, 1)
    kind = rng.integers(0, 3, len(given))
    place = np.where(given[:, 1] < 0, 0, rng.integers(0, 2, len(given)))
    rows = np.arange(len(given))
    old = given[rows, place]
    new = np.where(kind == 0, nearby[old], rng.integers(0, len(GIVEN), len(given)))
    change = where & (kind < 2)
    out[rows[change], place[change]] = new[change]
    out[where & (kind == 2), 1] = -1
    return out


def days(rng: Rng, born: Ints, wrong: float, lost: float, form: str) -> Texts:
    """Birth dates with their mistakes, in one of three ways of writing."""
    shift = rng.choice([1, -1, 10, -10, 31, 365, -366, 3_652], len(born))
    dates = np.where(rng.random(len(born)) < wrong, born + shift, born).astype("M8[D]")
    text = np.datetime_as_string(dates)
    if form == "tight":
        text = np.char.replace(text, "-", "")
    elif form == "slashes":
        text = np.char.replace(text, "-", "/")
    return np.where(rng.random(len(born)) < lost, "", text)


def written(rng: Rng, made: Town, who: Ints, table: Layout) -> Texts:
    """Numbers as a table writes them: lost, mistyped, of the old form, or a clerk's own."""
    rows = numbers(made, who)
    size = len(who)
    place = rng.integers(6, 17, size)
    slip = rng.random(size) < table.wrong
    at, next_ = np.arange(size), np.minimum(place + 1, 16)
    swapped = slip & (rng.random(size) < 0.4)
    one, other = rows[at, place].copy(), rows[at, next_].copy()
    rows[at[swapped], place[swapped]], rows[at[swapped], next_[swapped]] = other[swapped], one[swapped]
    typed = slip & ~swapped
    rows[at[typed], place[typed]] = (one[typed] - 48 + rng.integers(1, 10, int(typed.sum()))) % 10 + 48
    if table.name == "complaints":
        clerk = rng.random(size) < 0.004
        rows[clerk] = numbers(made, np.arange(3))[rng.integers(0, 3, int(clerk.sum()))]
    text = np.ascontiguousarray(rows).view("S18").ravel().astype("U18")
    if table.name == "pensions":
        old = (made.born[who] < 5_400) & (rng.random(size) < 0.6)
        short = np.ascontiguousarray(rows[:, [*range(6), *range(8, 17)]]).view("S15").ravel().astype("U18")
        text = np.where(old, short, text)
    return np.where(made.never[who] | (rng.random(size) < table.number_lost), "", text)


def phones(rng: Rng, made: Town, who: Ints, lost: float) -> Texts:
    """Telephones: some lost, some changed since."""
    changed = rng.random(len(who)) < 0.12
    number = np.where(changed, rng.integers(80_000_000, 99_999_999, len(who)), made.phone[who])
    return np.where(rng.random(len(who)) < lost, "", np.char.add("120", number.astype("U8")))


def passports(rng: Rng, who: Ints) -> Texts:
    """Passports: a person's second one comes after the first; a few are missing."""
    second = rng.random(len(who)) < 0.3
    number = np.char.add("ZE", (3_000_000 + 2 * who + second).astype("U8"))
    return np.where(rng.random(len(who)) < 0.05, "", number)


def write(folder: Path, people: int, seed: int, *, reason: bool) -> tuple[int, int]:
    """Write the dump; returns how many records it has and how many people they are about."""
    rng = np.random.default_rng(seed)
    made = town(rng, people, reason=reason)
    folder.mkdir(parents=True, exist_ok=True)
    seen, records = np.zeros(people, np.bool_), 0
    for table in LAYOUTS:
        inside = np.flatnonzero(rng.random(people) < table.share)
        who = rng.permutation(np.repeat(inside, 1 + rng.poisson(table.again, len(inside))))
        seen[who] = True
        records += len(who)
        columns = dict(zip(table.columns.split(), _columns(rng, made, who, table), strict=True))
        pc_csv.write_csv(
            pa.table({name: pa.array(found) for name, found in columns.items()}), folder / f"{table.name}.csv"
        )
    return records, int(seen.sum())


def _columns(rng: Rng, made: Town, who: Ints, table: Layout) -> list[Texts]:
    lost, wrong = table.other_lost, table.wrong
    name = names(rng, made, who, wrong, latin=table.name == "passengers")
    if table.name == "passengers":
        flight = np.char.add("QX", rng.integers(100, 999, len(who)).astype("U3"))
        return [name, passports(rng, who), days(rng, made.born[who], wrong, lost, "tight"), flight]
    number, phone = written(rng, made, who, table), phones(rng, made, who, lost)
    if table.name == "complaints":
        return [phone, name, number, rng.choice(["噪音", "道路", "供水", "其他"], len(who))]
    form = {"homes": "tight", "clinic": "dashes", "pensions": "slashes"}[table.name]
    born = days(rng, made.born[who], wrong, lost, form)
    if table.name == "homes":
        sex = np.where(made.serial[who] % 2 == 1, "男", "女")
        home = np.char.add(np.char.add("和平路", (made.family[who] % 900 + 1).astype("U4")), "号")
        return [name, number, born, sex, home, phone]
    other = (
        rng.integers(1, 40, len(who)).astype("U4")
        if table.name == "clinic"
        else rng.integers(800, 4000, len(who)).astype("U5")
    )
    return [name, number, born, phone, other]
