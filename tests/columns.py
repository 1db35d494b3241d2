"""Synthetic columns of every type, made from a seed. Nobody's: regions and ranges that nobody has."""

import datetime as dt
import random
from collections.abc import Callable

import numpy as np
from stdnum import luhn
from stdnum.cn import uscc as stdnum_uscc
from stdnum.ru import inn as stdnum_inn
from stdnum.tr import tckimlik

from sousveil.survey.checks import resident_id_check
from sousveil.survey.surnames import COMMON

GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉力鹏华飞鑫波斌宇浩凯健俊帆雪莉婷玲琴"
HAN_PLACES = ("石桥", "东河", "南岭", "西泉", "北湖", "中原")


def resident_id(rng: random.Random, *, valid: bool = True) -> str:
    born = dt.date(1940, 1, 1) + dt.timedelta(rng.randrange(25_000))
    body = f"9901{rng.randrange(1, 20):02d}{born:%Y%m%d}{rng.randrange(1000):03d}"
    right = chr(resident_id_check(np.frombuffer(body.encode(), np.uint8)[None, :])[0])
    return body + (right if valid else rng.choice("0123456789X"))


def old_resident_id(rng: random.Random) -> str:
    long = resident_id(rng)
    while long[6:8] != "19":
        long = resident_id(rng)
    return long[:6] + long[8:17]


def han_name(rng: random.Random) -> str:
    return rng.choice(COMMON) + "".join(rng.choices(GIVEN, k=rng.choice((1, 2, 2))))


def dotted_name(rng: random.Random) -> str:
    parts = ("阿卜杜", "买买提", "古丽", "艾山", "吐尔逊", "热孜", "帕提曼", "努尔", "萨比尔")
    return "".join(rng.sample(parts, 2)) + rng.choice("·•．") + "".join(rng.sample(parts, 2))


def latin_name(rng: random.Random) -> str:
    parts = (
        "ARDO",
        "BELIM",
        "CORVAN",
        "DASTEK",
        "ELMORI",
        "FENWICH",
        "GORANT",
        "HALIMEK",
        "ISTOVA",
        "JURANDO",
    )
    return f"{rng.choice(parts)}{rng.choice('AEIOU')} {rng.choice(parts)}{rng.choice('NRST')}"


def russian_name(rng: random.Random) -> str:
    first = ("Ардо", "Белим", "Корван", "Дастек", "Элмор", "Горант")
    return f"{rng.choice(first)}ов {rng.choice(first)} {rng.choice(first)}{rng.choice(('ович', 'евич'))}"


def uscc(rng: random.Random) -> str:
    body = "91990" + "".join(rng.choices("0123456789", k=3)) + "".join(rng.choices("0123456789ABCDEFGH", k=9))
    return body + stdnum_uscc.calc_check_digit(body)


def digits(rng: random.Random, size: int) -> str:
    return "".join(rng.choices("0123456789", k=size))


def with_luhn(rng: random.Random, start: str, size: int) -> str:
    body = start + digits(rng, size - len(start) - 1)
    return body + luhn.calc_check_digit(body)


def tckn(rng: random.Random) -> str:
    body = rng.choice("123456789") + digits(rng, 8)
    return body + tckimlik.calc_check_digits(body)


def inn(rng: random.Random) -> str:
    body = digits(rng, 10)
    return body + stdnum_inn.calc_personal_check_digits(body)


def iin(rng: random.Random) -> str:
    while True:
        born = dt.date(1950, 1, 1) + dt.timedelta(rng.randrange(18_000))
        body = f"{born:%y%m%d}{rng.choice('34')}{digits(rng, 4)}"
        numbers = [int(d) for d in body]
        check = sum(n * w for n, w in zip(numbers, range(1, 12), strict=True)) % 11
        if check == 10:
            weights = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
            check = sum(n * w for n, w in zip(numbers, weights, strict=True)) % 11
        if check < 10:
            return body + str(check)


def mrz(rng: random.Random) -> str:
    def check(text: str) -> str:
        value = {c: n for n, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")} | {"<": 0}
        return str(sum(value[c] * (7, 3, 1)[i % 3] for i, c in enumerate(text)) % 10)

    number, born, until = f"X{digits(rng, 8)}", f"{rng.randrange(60, 99)}0{rng.randrange(1, 10)}15", "290101"
    number += check(number)
    born += check(born)
    until += check(until)
    personal = "<" * 14 + "0"
    last = f"{number}UTO{born}{rng.choice('MF')}{until}{personal}"
    return last + check(number + born + until + personal)


def moment(rng: random.Random, form: str, since: int = 2016, years: int = 4) -> str:
    at = dt.datetime(since, 1, 1) + dt.timedelta(minutes=rng.randrange(years * 525_600))
    return at.strftime(form)


Maker = Callable[[random.Random], str]

MAKERS: dict[str, tuple[str, Maker]] = {
    "person_name": ("姓名", han_name),
    "person_name dotted": ("XM", dotted_name),
    "person_name latin": ("full_name", latin_name),
    "person_name russian": ("ФИО", russian_name),
    "sex": ("XB", lambda rng: rng.choice("男女")),
    "sex words": ("gender", lambda rng: rng.choice(("Male", "Female"))),
    "birth_date": ("CSRQ", lambda rng: moment(rng, "%Y%m%d", 1935, 75)),
    "birth_date russian": ("Дата рождения", lambda rng: moment(rng, "%d.%m.%Y", 1935, 75)),
    "date": ("登记日期", lambda rng: moment(rng, "%Y-%m-%d")),
    "date at midnight": ("LRSJ", lambda rng: moment(rng, "%Y-%m-%d 00:00:00")),
    "date chinese": ("RQ", lambda rng: moment(rng, "%Y年%m月%d日")),
    "datetime": ("报警时间", lambda rng: moment(rng, "%Y-%m-%d %H:%M:%S")),
    "datetime compact": ("GCSJ", lambda rng: moment(rng, "%Y%m%d%H%M%S")),
    "datetime epoch": ("timestamp", lambda rng: str(1_500_000_000 + rng.randrange(90_000_000))),
    "datetime epoch ms": ("created_at", lambda rng: str(1_500_000_000_000 + rng.randrange(90_000_000_000))),
    "date serial": ("入境日期", lambda rng: str(42_000 + rng.randrange(2_000))),
    "nationality": ("国籍", lambda rng: rng.choice(("中国", "美国", "土耳其", "哈萨克斯坦", "法国", "CHN"))),
    "nationality codes": ("nationality", lambda rng: rng.choice(("CHN", "USA", "TUR", "KAZ", "FRA", "PAK"))),
    "cn_resident_id": ("SFZH", resident_id),
    "cn_resident_id old": ("身份证号", old_resident_id),
    "passport": ("护照号码", lambda rng: f"E{digits(rng, 8)}"),
    "mrz": ("mrz", mrz),
    "phone": ("LXDH", lambda rng: f"120{digits(rng, 8)}"),
    "phone abroad": ("mobile", lambda rng: f"+999 {digits(rng, 3)}-{digits(rng, 6)}"),
    "email": ("email", lambda rng: f"u{digits(rng, 6)}@example.org"),
    "cn_plate": ("HPHM", lambda rng: f"新{rng.choice('XYZ')}{digits(rng, 4)}{rng.choice('ABCD')}"),
    "cn_uscc": ("统一社会信用代码", uscc),
    "bank_card": ("银行卡号", lambda rng: with_luhn(rng, "999999", 19)),
    "imei": ("IMEI", lambda rng: with_luhn(rng, "99", 15)),
    "imsi": ("imsi", lambda rng: "46099" + digits(rng, 10)),
    "mac": ("MAC", lambda rng: ":".join(f"{rng.randrange(256):02X}" for _ in range(6))),
    "ip": ("ip", lambda rng: f"10.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(256)}"),
    "url": ("链接", lambda rng: f"http://example.org/p?id={digits(rng, 7)}"),
    "longitude": ("JD", lambda rng: f"{rng.uniform(80, 88):.6f}"),
    "latitude": ("WD", lambda rng: f"{rng.uniform(40, 46):.6f}"),
    "address": (
        "家庭住址",
        lambda rng: (
            f"{rng.choice(HAN_PLACES)}市{rng.choice(HAN_PLACES)}区{rng.choice(HAN_PLACES)}路"
            f"{rng.randrange(1, 900)}号{rng.randrange(1, 30)}栋"
        ),
    ),
    "organisation": (
        "公司名称",
        lambda rng: f"{rng.choice(HAN_PLACES)}{''.join(rng.choices(GIVEN, k=3))}商贸有限公司",
    ),
    "flight": ("HBH", lambda rng: f"{rng.choice(('CZ', 'MU', 'CA', 'HU'))}{rng.randrange(1000, 9999)}"),
    "category": ("警情类别", lambda rng: rng.choice(("盗窃", "纠纷", "求助", "交通事故", "火警"))),
    "category codes": ("LB", lambda rng: rng.choice(("01", "02", "03", "99"))),
    "category ethnic": ("民族", lambda rng: rng.choice(("汉族", "维吾尔族", "哈萨克族", "回族"))),
    "number": ("年龄", lambda rng: str(rng.randrange(0, 99))),
    "number decimal": ("车速", lambda rng: f"{rng.uniform(0, 120):.1f}"),
    "money": ("金额", lambda rng: f"{rng.uniform(1, 90000):.2f}"),
    "boolean": ("是否在逃", lambda rng: rng.choice("是否")),
    "boolean words": ("active", lambda rng: rng.choice(("true", "false"))),
    "text": (
        "简要案情",
        lambda rng: (
            f"报警人称在{rng.choice(HAN_PLACES)}附近丢失物品，价值{rng.randrange(10, 9999)}元，"
            f"已通知{rng.choice(HAN_PLACES)}所处理，编号{digits(rng, 5)}。"
        ),
    ),
    "image_path": ("照片", lambda rng: f"/data/face/{digits(rng, 8)}.jpg"),
    "tr_tckn": ("TC Kimlik No", tckn),
    "ru_inn": ("ИНН", inn),
    "kz_iin": ("ИИН", iin),
}
"""Case -> its header and what makes one value. The type is the first word of the case."""


def column(case: str, size: int, seed: int = 1) -> list[str]:
    rng = random.Random(f"{case}{seed}")
    make = MAKERS[case][1]
    return [make(rng) for _ in range(size)]


def counter(size: int, first: int = 1) -> list[str]:
    return [str(first + place) for place in range(size)]
