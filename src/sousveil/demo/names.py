"""Names put together at random from common parts: Chinese, Uyghur as transcribed, Latin capitals."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sousveil.demo.text import Codes, Rng, join, pick, strings

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈"
    "钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔"
)  # fmt: skip
_GIVEN_MALE = (
    "伟强磊军勇涛杰斌波辉刚健明亮建国华文志浩宇鹏飞龙海峰林松柏岩山川江河晨阳旭东南北平安康宁福贵荣昌盛达通顺"
    "德义礼智信仁孝忠诚良才学博思远成功立业振兴家栋梁子轩梓涵俊凯豪翔锋锐坤乾元启泽润霖瑞祥庆丰年"
)  # fmt: skip
_GIVEN_FEMALE = (
    "芳娜敏静丽艳娟霞秀英玲桂兰梅红燕萍颖莹雪琳洁倩婷慧巧美月云莲真环爱妹香珍贞莉瑶怡婵雁蓓纨仪荷丹蓉眉君琴"
    "薇菁梦岚苑婕馨瑗琰韵融园艺咏卿聪澜纯毓悦昭冰爽茗羽希欣飘育滢馥筠柔竹霭凝晓欢霄枫芸菲寒伊亚宜可姬舒影荔"
)  # fmt: skip
_UYGHUR_MALE = (
    "艾力", "买买提", "吐尔逊", "艾合买提", "阿不力孜", "玉素甫", "依明", "卡德尔", "木拉提",
    "亚森", "帕尔哈提", "艾山", "库尔班",
    "热合曼", "塔依尔", "努尔麦提", "伊力亚斯", "阿里木", "吾买尔", "肉孜", "达吾提", "沙迪克",
    "地里夏提", "艾尼瓦尔", "凯赛尔",
    "麦麦提明", "阿不都热依木", "阿不都外力", "阿不都克里木", "图尔荪", "赛买提", "依布拉音",
    "加帕尔", "尼亚孜", "托合提", "巴拉提",
)  # fmt: skip
_UYGHUR_FEMALE = (
    "古丽", "阿依古丽", "帕提古丽", "热孜万", "祖丽胡玛尔", "茹仙古丽", "阿米娜", "迪丽拜尔",
    "哈丽旦", "努尔比亚", "玛依努尔",
    "古丽娜尔", "热依汗", "阿曼古丽", "早热木", "买尔哈巴", "孜拉来", "吐尔逊古丽", "艾比拜",
    "萨拉买提", "米日古丽", "阿孜古丽",
)  # fmt: skip
_SYLLABLES = (
    "MAR", "VEN", "TOR", "LIS", "KAL", "DRE", "SON", "HAL", "BRI", "NOV", "ESK", "RUD", "PEL", "OST",
    "WIN", "ZAR",
)  # fmt: skip
_ENDINGS = ("EK", "SEN", "OV", "IER", "ANI", "MANN", "TON", "ESCU", "ARDO", "INEN", "WELL", "AKI")
_GIVEN_FEMALE_LATIN = (
    "ANNA", "MARIE", "ELENA", "SARAH", "YUKI", "LAURA", "NINA", "OLGA", "GRACE", "HELEN", "IRIS",
    "JULIA", "KAREN", "MONA", "RUTH",
)  # fmt: skip
_GIVEN_MALE_LATIN = (
    "JOHN", "PETER", "IVAN", "DAVID", "KENJI", "PAUL", "MARK", "OMAR", "LUCA", "SIMON", "THOMAS",
    "VIKTOR", "ADAM", "ERIC", "NOAH",
)  # fmt: skip


def _skewed(rng: Rng, size: int, choices: int) -> Codes:
    """Codes of which the first are the commonest, as surnames are."""
    return (choices * rng.random(size) ** 1.7).astype(np.int32)


def chinese(rng: Rng, male: np.ndarray) -> pa.StringArray:
    """Han names, one for each person: a surname and one or two characters fit for the sex."""
    size = len(male)
    given = strings(["", *_GIVEN_FEMALE, *_GIVEN_MALE])
    females, males = len(_GIVEN_FEMALE), len(_GIVEN_MALE)

    def character() -> Codes:
        return np.where(male, 1 + females + rng.integers(0, males, size), 1 + rng.integers(0, females, size))

    second = np.where(rng.random(size) < 0.87, character(), 0)
    surname = pick(strings(list(_SURNAMES)), _skewed(rng, size, len(_SURNAMES)))
    return join(surname, pick(given, character()), pick(given, second))


def uyghur(rng: Rng, male: np.ndarray) -> pa.StringArray:
    """Uyghur names in Chinese transcription: the own name, a middle dot, the father's name."""
    size = len(male)
    females, males = len(_UYGHUR_FEMALE), len(_UYGHUR_MALE)
    own = np.where(male, females + rng.integers(0, males, size), rng.integers(0, females, size))
    fathers = strings(list(_UYGHUR_MALE))
    return join(
        pick(strings([*_UYGHUR_FEMALE, *_UYGHUR_MALE]), own), "·", pick(fathers, rng.integers(0, males, size))
    )


def latin(rng: Rng, male: np.ndarray) -> pa.StringArray:
    """Foreign names in capitals: surnames of invented syllables, one or two common given names."""
    size = len(male)
    given = strings(["", *_GIVEN_FEMALE_LATIN, *_GIVEN_MALE_LATIN])
    each = len(_GIVEN_FEMALE_LATIN)

    def name() -> Codes:
        return 1 + male * each + rng.integers(0, each, size)

    first, second = pick(given, name()), np.where(rng.random(size) < 0.5, name(), 0)
    space = pick(strings(["", " "]), (second > 0).astype(np.int32))
    syllables = strings(list(_SYLLABLES))
    start, middle = (pick(syllables, rng.integers(0, len(_SYLLABLES), size)) for _ in range(2))
    end = pick(strings(list(_ENDINGS)), rng.integers(0, len(_ENDINGS), size))
    return join(start, middle, end, " ", first, space, pick(given, second))
