"""Moments written out in words or in an unusual order, rewritten in the plain forms that `dates` reads.

Weekdays, `г.` and ordinal endings go, months named in Russian, Turkish or German get their English name, a
half of the day stands at the end, a time that stood before its date comes after it:
`Mon Mar  5 14:05:00 2018`, `5 марта 2018 г.`, `2018年3月5日 下午2:05`, `05-MAR-18 02.05.00.000000 PM`.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sousveil.normalise.tidy import any_byte, byte_set
from sousveil.survey.checks import Truths

_MONTHS = (
    ("jan", "янв", "oca", "jän"),
    ("feb", "фев", "şub"),
    ("mar", "мар", "mär"),
    ("apr", "апр", "nis"),
    ("may", "ма[йя]", "mai"),
    ("jun", "июн", "haz"),
    ("jul", "июл", "tem"),
    ("aug", "авг", "ağu"),
    ("sep", "сен", "eyl"),
    ("oct", "окт", "eki", "okt"),
    ("nov", "ноя", "kas"),
    ("dec", "дек", "ara", "dez"),
)
_WEEKDAY = (
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|пн|вт|ср|чт|пт|сб|вс|понедельник|вторник|среда|"
    r"четверг|пятница|суббота|воскресенье"
)
_CLOCK = r"[0-9]{1,2}[:时時点][0-9]{1,2}(?:[:分][0-9]{0,2}秒?)?"

_REWRITES = (
    (r"[ ,(（]*(?:星期|周|礼拜)[一二三四五六日天][)）]?", " "),
    (rf"^(?:{_WEEKDAY})[.,]? ", ""),
    (r"^([a-z]{3}) +([0-9]{1,2}) ([0-9:]{5,8}) (?:[a-z]{3,4} )?([0-9]{4})$", r"\1 \2 \4 \3"),
    *(
        (rf"([0-9][-. ]*)(?:{'|'.join(others)})\pL*\.?", rf"\1{english}")
        for english, *others in _MONTHS
        if others
    ),
    (r"([0-9]{4}) ?(?:года|год|г\.?)(?:$|[ ,]+)", r"\1 "),
    (r"([0-9])(?:st|nd|rd|th)\b(?: of)?", r"\1"),
    (rf"(?:上午|凌晨|早上|清晨) ?({_CLOCK})", r" \1 am"),
    (rf"(?:下午|晚上|傍晚) ?({_CLOCK})", r" \1 pm"),
    (r" ([0-9]{2})\.([0-9]{2})\.([0-9]{2})(?:\.[0-9]+)?( [ap]m)?$", r" \1:\2:\3\4"),
    (rf"^({_CLOCK}),? +([0-9].{{5,}})$", r"\2 \1"),
    (r"([0-9]{1,2})\. ?([a-z]{3})", r"\1 \2"),
    (r"([0-9]) *([-/.年月]) *", r"\1\2"),
    (r"([0-9]) +(日)", r"\1\2"),
    (r" ?(?:هـ|ه|a\.?h\.?)$", ""),
    (r" {2,}", " "),
    (r"[ .,]+$", ""),
)
_MAY = (
    rf"(?i)(?:^|[-0-9 ,./])(?:{'|'.join('|'.join(names) for names in _MONTHS)})|[上下]午|"
    r"星期|周[一二三四五六日天]|礼拜|凌晨|早上|清晨|傍晚|晚上|"
    rf"[0-9]{{4}} ?(?:г\.|года?)|[0-9] ?(?:ه|A\.?H)|[0-9][-/.]? [-/.年月]?[0-9年月]|^{_CLOCK},? [0-9]"
)
"""What a moment that needs rewriting holds; without it a text is left alone, which is fast."""
_DIGITS = byte_set(b"0123456789")
_WORDS = byte_set(bytes([ord(" "), *range(ord("A"), ord("Z") + 1), *range(ord("a"), 256)]))
_SHAPE = r"^.{0,12}[0-9].{6,36}$"


def plainer(clean: pa.StringArray) -> tuple[pa.StringArray, Truths]:
    """The texts that may be moments, rewritten, and which of the texts those are."""
    if not any_byte(clean, _DIGITS) or not any_byte(clean, _WORDS):
        return clean.slice(0, 0), np.zeros(len(clean), np.bool_)
    may = pc.match_substring_regex(clean, _MAY).fill_null(False)
    if pc.any(may).as_py():
        may = pc.and_(may, pc.match_substring_regex(clean, _SHAPE).fill_null(False))
    chosen: Truths = may.to_numpy(zero_copy_only=False)
    if not chosen.any():
        return clean.slice(0, 0), chosen
    texts = pc.utf8_lower(clean.filter(may))
    for pattern, plain in _REWRITES:
        texts = pc.replace_substring_regex(texts, pattern, plain)
    return texts, chosen
