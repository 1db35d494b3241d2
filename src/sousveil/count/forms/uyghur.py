"""Uyghur names in Chinese characters, and how they are written in the Latin script of today (ULY).

There are several official ways: the old one (买买提, 吐尔逊), that of the tables of 2002 and later (麦麦提,
图尔荪), and those of single offices. Common names stand here with all of them; of any other name the pinyin
is compared by its consonants (`skeleton.py`). For comparison only.
"""

from __future__ import annotations

import functools
import re

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_NAMES = (
    "MEMET 买买提 麦麦提 买麦提 麦买提 · MET 买提 麦提 · ELI 艾力 艾里 · ABDU 阿不都 阿布都 阿卜杜 阿布杜 · "
    "ABDULLA 阿不都拉 阿布都拉 阿卜杜拉 阿布杜拉 · REHIM 热依木 热伊木 · REHMAN 热合曼 热赫曼 · "
    "TURSUN 吐尔逊 图尔荪 吐孙 图荪 · ROZI 肉孜 如孜 · IMIN 依明 伊敏 伊明 · YUSUP 玉素甫 玉苏普 玉素普 · "
    "MUXTAR 木合塔尔 穆合塔尔 穆赫塔尔 · MEXMUT 买合木提 麦合木提 马合木提 · YASIN 亚生 亚森 牙生 · "
    "ISMAYIL 司马义 斯马伊力 伊斯马伊力 依斯马依力 斯马义 · OMER 吾买尔 吾麦尔 乌买尔 乌麦尔 · "
    "ABLIZ 阿布力孜 阿不力孜 阿卜力孜 · KERIM 克里木 克日木 凯日木 · "
    "IBRAYIM 依布拉音 伊卜拉伊木 伊布拉音 依布拉依木 · EXMET 艾合买提 艾合麦提 艾海麦提 · "
    "SEMET 赛买提 赛麦提 · RESHIT 热西提 热希提 热夏提 · QURBAN 库尔班 · PATIGUL 帕提古丽 帕太古丽 · "
    "AYGUL 阿依古丽 阿伊古丽 · GULNAR 古丽娜尔 · GUL 古丽 · NUR 努尔 · ERKIN 艾尔肯 · "
    "DILSHAT 迪力夏提 迪里夏提 · ADIL 阿迪力 阿迪里 · HOSHUR 吾守尔 吾舒尔 · TAHIR 塔依尔 塔伊尔 · "
    "ALIM 阿里木 阿力木 · SAWUT 沙吾提 萨伍提 萨吾提 · TOXTI 托合提 托乎提 · NIYAZ 尼亚孜 尼牙孜 · "
    "EZIZ 艾则孜 艾孜孜 · QADIR 卡德尔 喀迪尔 卡迪尔 · XALIQ 哈力克 哈里克 · XELIL 海力里 海里力 · "
    "RIZWANGUL 热孜万古丽 · ZULPIQAR 祖力皮卡尔 祖力皮喀尔 · MIJIT 米吉提 · MUSA 木沙 穆萨 木萨 · "
    "DAWUT 达吾提 达伍提 · SADIQ 沙迪克 萨迪克 · ILHAM 伊力哈木 依力哈木 · PARHAT 帕尔哈提 · "
    "MERDAN 麦尔丹 买尔丹 · QEYSER 凯赛尔 凯撒尔 · ABLET 阿不来提 阿布来提 阿卜来提 · OSMAN 吾斯曼 乌斯曼 · "
    "AYNUR 阿依努尔 阿伊努尔 · ZEYNEP 再娜甫 再纳普 · TURGHUN 吐尔洪 图尔贡 图尔洪 · SATTAR 沙塔尔 萨塔尔 · "
    "YAQUP 亚库甫 雅库普 亚库普 · SULAYMAN 苏莱曼 苏来曼 · QASIM 卡斯木 喀斯木 · MIRZAT 米尔扎提 · "
    "TURDI 吐尔地 图尔迪 · MOMIN 莫明 毛明 · SEYPIDIN 赛福鼎 赛皮丁 · RAMILE 热米拉 热米莱"
)


@functools.cache
def _latin() -> dict[str, str]:
    found = {}
    for line in _NAMES.split(" · "):
        latin, *written = line.split()
        found.update(dict.fromkeys(written, latin))
    return found


@functools.cache
def _any() -> str:
    """A pattern of all of them, the longest first."""
    return "|".join(sorted(_latin(), key=len, reverse=True))


def transcribed(plain: pa.StringArray) -> npt.NDArray[np.bool_]:
    """Which names, without dots, are made of these alone."""
    return np.asarray(pc.match_substring_regex(plain, f"^(?:{_any()})+$").to_numpy(zero_copy_only=False))


def spelled(plain: pa.StringArray, least: int) -> pa.StringArray:
    """The names with these in Latin letters: names made of them alone, and parts of names of `least` signs.

    A shorter name may be a Chinese one.
    """
    long = pc.greater_equal(pc.utf8_length(plain), least).to_numpy(zero_copy_only=False)
    here = np.flatnonzero(
        (long & pc.match_substring_regex(plain, _any()).to_numpy(zero_copy_only=False)) | transcribed(plain)
    )
    if not len(here):
        return plain
    latin, pattern = _latin(), re.compile(_any())
    made = [
        pattern.sub(lambda found: latin[found.group()], name)
        for name in plain.take(pa.array(here)).to_pylist()
    ]
    mask = np.zeros(len(plain), np.bool_)
    mask[here] = True
    return pc.replace_with_mask(plain, pa.array(mask), pa.array(made, pa.string()))
