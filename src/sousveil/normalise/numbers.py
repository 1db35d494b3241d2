"""Numbers, sums of money, coordinates and yes-or-no answers as text, to DOUBLE and BOOLEAN."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from sousveil.normalise.tidy import any_byte, byte_set, highest_byte, tidy

PLAIN = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?"
GROUPED = r"[+-]?[0-9]{1,3}(?:[,  '][0-9]{3})+(?:\.[0-9]+)?"
DECIMAL_COMMA = r"[+-]?[0-9]{1,3}(?:[.  ][0-9]{3})+,[0-9]+|[+-]?[0-9]+,[0-9]{1,2}|[+-]?[0-9]+,[0-9]{4,}"
CURRENCY = r"(?:¥|￥|\$|€|£|₽|₺|₸|RMB|CNY|USD|EUR|RUB|TRY|KZT)"
UNIT = r"(?:元|人民币|美元|块|万元|руб\.?|TL|CNY|RMB|USD|EUR|₽|₺|₸|€)"

_YES = (
    "是",
    "有",
    "对",
    "真",
    "Y",
    "YES",
    "TRUE",
    "T",
    "1",
    "ON",
    "ДА",
    "EVET",
    "√",
    "✓",
    "✔",
    "HA",
    "ИӘ",
    "نعم",
    "ھەئە",
    *("JA", "WAHR", "OUI", "VRAI", "SÍ", "SI", "SÌ", "SIM", "VERDADERO", "VERDADEIRO"),
    *("VERO", "TAK", "PRAWDA"),
)
_NO = (
    "否",
    "无",
    "没有",
    "不是",
    "假",
    "N",
    "NO",
    "FALSE",
    "F",
    "0",
    "OFF",
    "НЕТ",
    "HAYIR",
    "×",
    "✗",
    "X",
    "ЖОҚ",
    "لا",
    "ياق",
    *("NEIN", "FALSCH", "NON", "FAUX", "FALSO", "NÃO", "NAO", "NIE", "FAŁSZ"),
)
YES_NO = frozenset(_YES + _NO)
_ANSWERS = pa.array([*_YES, *_NO])
_MEANT = pa.array([True] * len(_YES) + [False] * len(_NO))
_MONEY_MAY = byte_set(b"$RCUETKrcuetk" + bytes(range(128, 256)))


def numbers(values: pa.StringArray) -> pa.DoubleArray:
    """Texts to DOUBLE; null where a text is no number (`1,234.5`, `1 234,5` and `1e3` are)."""
    return read(tidy(values))


def read(clean: pa.StringArray) -> pa.DoubleArray:
    """The same for tidied texts."""
    if any_byte(clean, byte_set(b", '")) or highest_byte(clean) >= 128:
        european = pc.match_substring_regex(clean, f"^(?:{DECIMAL_COMMA})$").fill_null(False)
        turned = pc.replace_substring(pc.replace_substring_regex(clean, r"[.  ]", ""), ",", ".")
        grouped = pc.match_substring_regex(clean, f"^(?:{GROUPED})$").fill_null(False)
        clean = pc.if_else(grouped, pc.replace_substring_regex(clean, "[,  ']", ""), clean)
        clean = pc.if_else(pc.and_not(european, grouped), turned, clean)
    plain = pc.match_substring_regex(clean, f"^(?:{PLAIN})$").fill_null(False)
    found = pc.cast(pc.if_else(plain, pc.replace_substring_regex(clean, r"^\+", ""), None), pa.float64())
    return pc.if_else(pc.is_finite(found), found, pa.scalar(None, pa.float64()))


def money(values: pa.StringArray) -> pa.DoubleArray:
    """Sums of money to DOUBLE, without their currency; `万元` counts ten thousand."""
    return money_of(tidy(values))


def money_of(clean: pa.StringArray) -> pa.DoubleArray:
    """The same for tidied texts."""
    if not any_byte(clean, _MONEY_MAY):
        return read(clean)
    parts = pc.extract_regex(clean, f"^(?i:{CURRENCY})? ?(?P<n>[0-9+.,' -]+?) ?(?P<u>(?i:{UNIT}))?$")
    sums = read(pc.struct_field(parts, "n"))
    myriad = pc.equal(pc.struct_field(parts, "u"), "万元").fill_null(False)
    return pc.if_else(myriad, pc.multiply(sums, 10_000.0), sums)


def degrees(values: pa.StringArray, limit: float) -> pa.DoubleArray:
    """Longitudes (`limit` 180) or latitudes (90) to DOUBLE; zero, sent by devices without a fix, is null."""
    return degrees_of(tidy(values), limit)


def degrees_of(clean: pa.StringArray, limit: float) -> pa.DoubleArray:
    """The same for tidied texts."""
    if highest_byte(clean) >= ord("A"):
        parts = pc.extract_regex(clean, r"^(?P<a>[ENSWensw]?) ?(?P<n>[+-]?[0-9.]+)[°]? ?(?P<b>[ENSWensw]?)$")
        side = pc.utf8_upper(
            pc.binary_join_element_wise(pc.struct_field(parts, "a"), pc.struct_field(parts, "b"), "")
        )
        found = read(pc.struct_field(parts, "n"))
        found = pc.if_else(pc.is_in(side, pa.array(["W", "S"])), pc.negate(found), found)
    else:
        found = read(clean)
    right = pc.and_(pc.less_equal(pc.abs(found), limit), pc.not_equal(found, 0.0))
    return pc.if_else(right, found, pa.scalar(None, pa.float64()))


def booleans(values: pa.StringArray) -> pa.BooleanArray:
    """Yes-or-no answers to BOOLEAN, null for others."""
    return _MEANT.take(pc.index_in(pc.utf8_upper(tidy(values)), _ANSWERS))
