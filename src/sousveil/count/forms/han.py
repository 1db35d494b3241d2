"""Chinese characters and their pinyin (pypinyin)."""

from __future__ import annotations

import functools
import json
import unicodedata
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

_SURNAMES = (
    "单 SHAN 仇 QIU 解 XIE 查 ZHA 曾 ZENG 区 OU 朴 PIAO 任 REN 盖 GE 缪 MIAO 繁 PO 翟 ZHAI 乐 YUE 折 SHE "
    "覃 QIN 秘 BI 冼 XIAN 洗 XIAN 员 YUN 召 SHAO 宓 MI 乜 NIE 尉 WEI 祭 ZHAI 种 CHONG 隗 WEI 牟 MOU 谌 CHEN "
    "逯 LU 郗 XI 纪 JI 干 GAN 应 YING 燕 YAN 华 HUA 宁 NING 佴 NAI 阚 KAN 那 NA 车 CHE 句 GOU 哈 HA "
    "黑 HEI 炅 GUI 颉 XIE 俱 JU 撒 SA 晟 CHENG 幸 XING 佟 TONG 茹 RU 郇 XUN 郄 QIE 褚 CHU "
    "葛 GE 过 GUO 教 JIAO 相 XIANG 卜 BU"
)
_ALSO_READ = (
    "朴 PARK 朴 PU 乐 LE 单 DAN 仇 CHOU 解 JIE 查 CHA 曾 CENG 区 QU 盖 GAI 翟 DI 折 ZHE 覃 TAN 秘 MI 种 ZHONG"
)
"""What the holders of such surnames, or the clerks who read them, may write as well."""
_DOUBLE_SURNAMES = {
    "尉迟": ("YU", "CHI"),
    "万俟": ("MO", "QI"),
    "长孙": ("ZHANG", "SUN"),
    "澹台": ("TAN", "TAI"),
}


def is_han(points: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """Which code points are Chinese characters."""
    found = ((points >= 0x3400) & (points <= 0x9FFF)) | ((points >= 0x20000) & (points <= 0x3FFFF))
    return np.asarray(found | (points == 0x3007), dtype=np.bool_)


def pinyin(points: npt.NDArray[np.uint32]) -> list[str]:
    """The commonest reading of each character, capital letters without tones; empty where unknown."""
    readings = _readings()
    return [_toneless(readings.get(str(point), "").partition(",")[0]) for point in points.tolist()]


@functools.cache
def _readings() -> dict[str, str]:
    """pypinyin's table of characters, by code point.

    Importing the package would read its phrases too, for a second.
    """
    spec = find_spec("pypinyin")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("pypinyin")
    found: dict[str, str] = json.loads(
        Path(spec.submodule_search_locations[0], "pinyin_dict.json").read_text("utf-8")
    )
    return found


def _toneless(reading: str) -> str:
    letters = unicodedata.normalize("NFD", reading)
    return "".join(letter for letter in letters if letter.isascii()).upper()


@functools.cache
def surnames() -> dict[int, str]:
    """Surnames whose commonest reading as a character is not that of the name."""
    words = _SURNAMES.split()
    return {ord(one): reading for one, reading in zip(words[::2], words[1::2], strict=True)}


@functools.cache
def also_read() -> tuple[dict[int, str], ...]:
    """Second and third readings of surnames, by code point: by one table a reading."""
    words = _ALSO_READ.split()
    found: list[dict[int, str]] = [{}, {}]
    for sign, reading in zip(words[::2], words[1::2], strict=True):
        found[ord(sign) in found[0]][ord(sign)] = reading
    return tuple(found)


@functools.cache
def double_surnames() -> tuple[tuple[int, int, str, str], ...]:
    """Surnames of two characters that are read otherwise: both code points and both readings."""
    return tuple((ord(name[0]), ord(name[1]), *parts) for name, parts in _DOUBLE_SURNAMES.items())
