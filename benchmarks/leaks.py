"""Simulated leaks of invented people, with the truth: independent of the demo, with other mess.

A leak has tables of records about people of families and twins; its error rates are drawn at random. Numbers
have the region prefix 99, telephones a prefix that no network has. `MISSING` says why numbers are missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from sousveil.survey.checks import resident_id_check

MISSING = ("at random", "for a reason", "of others")
"""By chance; some people never have one; and those are written otherwise: with up to three times as many
mistakes, and with half as many records as others or half as many again."""

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
)
_GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华飞玉萍红玲建国文辉力梅鑫波莉宁斌雪丹慧颖琳晶倩婷宇浩凯健俊帆帅"
    "旭宏峰鹏翔雷龙坤林欣怡佳琪子轩梓涵晨曦思源嘉诚志远海燕春花秋月冬青若水天佑光耀永福德才兴旺世昌家和万里长青"
)
_HOMOPHONES = {
    "伟": "卫",
    "丽": "莉",
    "强": "墙",
    "军": "君",
    "静": "婧",
    "敏": "闵",
    "华": "桦",
    "建": "健",
    "文": "雯",
    "明": "铭",
}
_UYGHUR = (
    ("买买提", "MEMET"), ("艾力", "ELI"), ("阿不都热依木", "ABDUREHIM"), ("吐尔逊", "TURSUN"),
    ("古丽", "GUL"),
    ("帕提古丽", "PATIGUL"), ("努尔", "NUR"), ("艾尔肯", "ERKIN"), ("迪力夏提", "DILSHAT"),
    ("热西提", "RISHAT"),
    ("肉孜", "ROZI"), ("克里木", "KERIM"), ("库尔班", "QURBAN"), ("玉素甫", "YUSUP"),
    ("依明", "IMIN"), ("赛买提", "SEMET"),
)  # fmt: skip

Ints = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]
Rng = np.random.Generator


@dataclass(frozen=True)
class Mess:
    """The rates of one leak."""

    missing: str
    id_lost: float
    """Share of records without a number, at random."""
    never: float
    """Share of people who have no number at all, for a reason."""
    id_wrong: float
    id_two_wrong: float
    """Two characters wrong: a check digit lets one in eleven pass."""
    name_wrong: float
    other_script: float
    """Share of the records of people of Uyghur name that write it in Latin letters."""
    born_lost: float
    born_wrong: float
    phone_lost: float
    phone_changed: float
    twins: float
    tables: tuple[tuple[str, float, bool, bool], ...]
    """Name, records a person, whether it states birth dates, telephones."""
    careless: float = 1.0
    """How many times as many mistakes and gaps records of people without a number have as others."""
    fewer: float = 1.0
    """How many times as many records those people have."""


def random_mess(rng: Rng) -> Mess:
    """Error rates drawn at random; four leaks in ten have numbers missing for a reason."""
    reason = bool(rng.random() < 0.4)
    return Mess(
        MISSING[reason],
        float(rng.uniform(0.02, 0.25)),
        float(rng.uniform(0.05, 0.4)) if reason else 0.0,
        float(rng.uniform(0, 0.02)),
        float(rng.uniform(0, 0.003)),
        float(rng.uniform(0, 0.06)),
        float(rng.uniform(0, 0.4)),
        float(rng.uniform(0, 0.3)),
        float(rng.uniform(0, 0.03)),
        float(rng.uniform(0, 0.5)),
        float(rng.uniform(0, 0.2)),
        float(rng.uniform(0, 0.03)),
        (
            ("register", float(rng.uniform(0.5, 0.95)), True, bool(rng.random() < 0.7)),
            ("visits", float(rng.uniform(0.5, 3.0)), bool(rng.random() < 0.5), True),
            ("calls", float(rng.uniform(0.1, 0.8)), False, True),
        ),
    )


@dataclass(frozen=True)
class People:
    """Invented people, one place each."""

    name: list[str]
    latin: list[str | None]
    number: list[str]
    born: Ints
    """Days since 1970."""
    female: npt.NDArray[np.bool_]
    phone: Ints
    has_number: npt.NDArray[np.bool_]


@dataclass
class Leak:
    """Tables of columns, and for each record whose it is."""

    people: int
    mess: Mess
    tables: dict[str, dict[str, list[str | None]]] = field(default_factory=dict)
    truth: dict[str, Ints] = field(default_factory=dict)

    @property
    def seen(self) -> int:
        """How many people the records are about."""
        return len(np.unique(np.concatenate(list(self.truth.values()))))


def otherwise(mess: Mess, rng: Rng) -> Mess:
    """The same, but the people who never have a number are written otherwise than others."""
    return replace(
        mess,
        missing=MISSING[2],
        careless=float(rng.uniform(1, 3)),
        fewer=float(rng.uniform(0.5, 1.5)),
        never=mess.never or float(rng.uniform(0.05, 0.4)),
    )


def leak(seed: int, people: int, *, others: bool = False) -> Leak:
    """A leak about so many people; the same seed gives the same leak. `others`: written otherwise."""
    rng = np.random.default_rng([seed, people])
    mess = random_mess(rng)
    mess = otherwise(mess, rng) if others else mess
    everybody = invented(rng, people, mess)
    made = Leak(people, mess)
    for name, rate, has_born, has_phone in mess.tables:
        # Some people have many records, some one, some none.
        rates = np.where(everybody.has_number, rate, rate * mess.fewer)
        count = rng.poisson(rates * rng.gamma(1.5, 1 / 1.5, people)) + (
            rng.random(people) < np.minimum(rates, 0.9)
        )
        person = rng.permutation(np.repeat(np.arange(people), count))
        made.tables[name] = _table(rng, everybody, person, mess, has_born=has_born, has_phone=has_phone)
        made.truth[name] = person
    return made


def invented(rng: Rng, size: int, mess: Mess) -> People:
    """People in families of one surname and telephone; some are twins."""
    family = np.sort(rng.integers(0, max(size // 3, 1), size))
    weight = 1 / np.arange(1, len(_SURNAMES) + 1)
    surname = rng.choice(len(_SURNAMES), max(size // 3, 1), p=weight / weight.sum())
    given = 1 / (np.arange(len(_GIVEN)) + 8)
    first = rng.choice(len(_GIVEN), size, p=given / given.sum())
    second = rng.choice(len(_GIVEN), size, p=given / given.sum())
    short = rng.random(size) < 0.2
    born = rng.integers(-12_000, 15_000, size)
    twin = np.flatnonzero((family[1:] == family[:-1]) & (rng.random(size - 1) < mess.twins * 3)) + 1
    born[twin] = born[twin - 1]
    female = rng.random(size) < 0.5
    uyghur = rng.random(size // 3 + 1) < 0.3
    names, latin = [], []
    parts = rng.integers(0, len(_UYGHUR), (size, 2))
    for place in range(size):
        if uyghur[family[place]]:
            one, other = _UYGHUR[parts[place, 0]], _UYGHUR[parts[place, 1]]
            names.append(f"{one[0]}·{other[0]}")
            latin.append(f"{one[1]} {other[1]}")
        else:
            tail = "" if short[place] else _GIVEN[second[place]]
            names.append(_SURNAMES[surname[family[place]]] + _GIVEN[first[place]] + tail)
            latin.append(None)
    shared = rng.random(size) < 0.25
    own = rng.choice(80_000_000, size, replace=False) + 10_000_000
    phone = np.where(shared, own[np.searchsorted(family, family)], own)
    return People(
        names, latin, _numbers(rng, born, female), born, female, phone, rng.random(size) >= mess.never
    )


def _numbers(rng: Rng, born: Ints, female: npt.NDArray[np.bool_]) -> list[str]:
    days = born.astype("M8[D]").astype(str)
    region = rng.integers(990101, 990131, len(born))
    serial = rng.integers(0, 500, len(born)) * 2 + ~female
    bodies = [f"{r}{d.replace('-', '')}{s:03d}" for r, d, s in zip(region, days, serial, strict=True)]
    rows = np.array(bodies, "S17").view(np.uint8).reshape(len(bodies), 17)
    checks = resident_id_check(rows)
    return [body + chr(int(check)) for body, check in zip(bodies, checks, strict=True)]


def _table(
    rng: Rng, people: People, person: Ints, mess: Mess, *, has_born: bool, has_phone: bool
) -> dict[str, list[str | None]]:
    size = len(person)
    worse = np.where(people.has_number[person], 1.0, mess.careless)
    number: list[str | None] = [people.number[p] for p in person]
    name: list[str | None] = [people.name[p] for p in person]
    for row in np.flatnonzero(rng.random(size) < mess.other_script * worse):
        name[row] = people.latin[person[row]] or name[row]
    for row in np.flatnonzero(rng.random(size) < mess.name_wrong * worse):
        name[row] = _misspelled(rng, name[row] or "")
    for row in np.flatnonzero(rng.random(size) < mess.id_wrong):
        number[row] = _mistyped(rng, number[row] or "", 1)
    for row in np.flatnonzero(rng.random(size) < mess.id_two_wrong):
        number[row] = _mistyped(rng, number[row] or "", 2)
    for row in np.flatnonzero((rng.random(size) < mess.id_lost) | ~people.has_number[person]):
        number[row] = None
    table = {"number": number, "name": name, "row": [str(row) for row in range(size)]}
    table["sex"] = ["女" if people.female[p] else "男" for p in person]
    if has_born:
        days = people.born[person] + np.where(
            rng.random(size) < mess.born_wrong * worse, rng.choice([-30, -1, 1, 10, 365], size), 0
        )
        table["born"] = _lost(rng, days.astype("M8[D]").astype(str).tolist(), mess.born_lost * worse)
    if has_phone:
        changed = rng.random(size) < mess.phone_changed * worse
        phone = np.where(changed, rng.integers(0, 10_000_000, size), people.phone[person])
        table["phone"] = _lost(rng, [f"120{n:08d}" for n in phone.tolist()], mess.phone_lost * worse)
    return table


def _lost(rng: Rng, values: list[str], share: Shares) -> list[str | None]:
    lost = rng.random(len(values)) < share
    return [None if gone else value for value, gone in zip(values, lost, strict=True)]


def _mistyped(rng: Rng, number: str, times: int) -> str:
    for place in rng.choice(np.arange(2, 17), times, replace=False):
        digit = (int(number[place]) + int(rng.integers(1, 10))) % 10
        number = f"{number[:place]}{digit}{number[place + 1 :]}"
    return number


def _misspelled(rng: Rng, name: str) -> str:
    place = int(rng.integers(1, len(name)))
    kind = int(rng.integers(0, 4))
    if kind == 0 and len(name) > 2:
        return name[:place] + name[place + 1 :]
    if kind == 1 and place + 1 < len(name):
        return name[:place] + name[place + 1] + name[place] + name[place + 2 :]
    if kind == 2:
        return "".join(_HOMOPHONES.get(letter, letter) for letter in name)
    other = (
        _GIVEN[int(rng.integers(0, len(_GIVEN)))]
        if not name.isascii()
        else "AEIOULNRT"[int(rng.integers(0, 9))]
    )
    return name[:place] + other + name[place + 1 :]
