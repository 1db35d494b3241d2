"""Countries in whatever way people write them, to ISO 3166-1 alpha-3.

Codes and names are those of ISO 3166 and the CLDR (`country_names.txt`, made by benchmarks/country_names.py);
the forms below are those that both lack. A name that could be two countries is none.

`country` knows the languages that dumps are mostly in; `countries` asks all other languages of the CLDR for
what is then left.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

import pyarrow as pa

from sousveil.normalise.demonyms import DEMONYMS
from sousveil.normalise.former import FORMER
from sousveil.normalise.tidy import known, tidy

_MOST = 2_000
"""More different texts than this that no quick language knows are no names of countries."""

_ALSO = {
    "CHN": "中国大陆 中國大陸 中国公民 中华人民共和国 内地 中國 国内 prc chinese mainlandchina кнр çin",
    "HKG": "香港 中国香港 香港特区 香港特别行政区 hongkongchina hongkongsar hongkonger",
    "MAC": "澳门 中国澳门 澳门特区 澳门特别行政区 macau macaochina macanese",
    "TWN": "台湾 中国台湾 台湾地区 中华台北 臺灣 taiwanchina chinesetaipei taiwanese",
    "USA": "美利坚合众国 美国人 us usa america unitedstatesofamerica american сша abd",
    "GBR": "大不列颠及北爱尔兰联合王国 英格兰 苏格兰 uk gb britain greatbritain england british englishman "
    "англия великобритания ingiltere",
    "RUS": "俄罗斯联邦 俄国 俄联邦 俄羅斯 russianfederation russian россия рф rusya",
    "KOR": "韩国 南韩 大韩民国 韓國 southkorea korea republicofkorea korearepublic southkorean южнаякорея",
    "PRK": "朝鲜 北朝鲜 朝鲜民主主义人民共和国 northkorea dprk northkorean кндр",
    "JPN": "日本国 japanese",
    "DEU": "德意志联邦共和国 德國 german",
    "FRA": "法兰西共和国 法國 french",
    "KAZ": "哈萨克 哈薩克斯坦 哈萨克斯坦共和国 kazakh kazakhstani казахстан",
    "KGZ": "吉尔吉斯 吉尔吉斯坦 吉尔吉斯共和国 kyrgyz kirghizstan kirgizstan kyrgyzstani киргизия",
    "TJK": "塔吉克 塔吉克共和国 tajik tadjikistan tadzhikistan",
    "TKM": "土库曼 turkmen",
    "UZB": "乌兹别克 乌兹别克共和国 乌兹别克斯坦共和国 uzbek uzbekistani",
    "TUR": "土耳其共和国 turkey turkish türk turk turkiye",
    "PAK": "巴基斯坦伊斯兰共和国 巴铁 pakistani",
    "AFG": "阿富汗伊斯兰共和国 afghan",
    "IND": "印度共和国 indian",
    "IRN": "伊朗伊斯兰共和国 iranian persia",
    "SYR": "叙利亚阿拉伯共和国 syrian syria",
    "IRQ": "iraqi",
    "SAU": "沙特 沙特阿拉伯王国 沙乌地阿拉伯 saudi saudiarabian ksa",
    "ARE": "阿联酋 阿拉伯联合酋长国 uae emirati",
    "EGY": "阿拉伯埃及共和国 egyptian",
    "MNG": "蒙古国 外蒙古 mongolian",
    "VNM": "越南社会主义共和国 vietnamese vietnam socialistrepublicofvietnam",
    "LAO": "老挝人民民主共和国 laotian laos",
    "MMR": "缅甸联邦共和国 缅甸联邦 burma burmese myanmar",
    "THA": "泰王国 thai",
    "MYS": "马来西亚联邦 大马 malaysian",
    "SGP": "新加坡共和国 singaporean",
    "IDN": "印尼 印度尼西亚共和国 indonesian",
    "PHL": "菲律宾共和国 filipino philippine",
    "AUS": "澳洲 澳大利亚联邦 australian",
    "NZL": "新西兰王国 纽西兰 newzealander",
    "CAN": "canadian",
    "ITA": "意大利共和国 italian",
    "ESP": "spanish spaniard",
    "PRT": "portuguese",
    "NLD": "荷兰王国 荷蘭 holland dutch thenetherlands",
    "CHE": "瑞士联邦 swiss",
    "AUT": "austrian",
    "BEL": "belgian",
    "SWE": "swedish",
    "NOR": "norwegian",
    "DNK": "danish",
    "FIN": "finnish",
    "POL": "polish",
    "UKR": "ukrainian",
    "BLR": "白俄罗斯 白罗斯 belarusian byelorussia белоруссия",
    "AZE": "azerbaijani азербайджан",
    "GEO": "格鲁吉亚共和国 georgian грузия",
    "ARM": "armenian",
    "GRC": "greek",
    "HUN": "hungarian",
    "ROU": "romanian",
    "BGR": "bulgarian",
    "CZE": "捷克共和国 czech czechrepublic czechia",
    "SVK": "slovak",
    "SRB": "serbian",
    "HRV": "croatian",
    "IRL": "爱尔兰共和国 irish",
    "ISR": "israeli",
    "JOR": "jordanian",
    "LBN": "lebanese",
    "YEM": "yemeni",
    "OMN": "omani",
    "KWT": "kuwaiti",
    "QAT": "qatari",
    "BHR": "bahraini",
    "BGD": "孟加拉 bangladeshi",
    "LKA": "srilankan",
    "NPL": "nepali nepalese",
    "BTN": "bhutanese",
    "KHM": "柬埔寨王国 cambodian",
    "BRA": "brazilian",
    "ARG": "argentine argentinian",
    "MEX": "mexican",
    "CHL": "chilean",
    "COL": "colombian",
    "PER": "peruvian",
    "CUB": "cuban",
    "ZAF": "南非共和国 southafrican",
    "NGA": "nigerian",
    "KEN": "kenyan",
    "ETH": "ethiopian",
    "GHA": "ghanaian",
    "MAR": "moroccan",
    "DZA": "algerian",
    "TUN": "tunisian",
    "LBY": "libyan",
    "SDN": "sudanese",
    "SOM": "somali somalian",
    "TZA": "tanzania tanzanian",
    "UGA": "ugandan",
    "COD": "刚果民主共和国 刚果金 drc democraticrepublicofthecongo",
    "COG": "刚果共和国 刚果布 republicofthecongo",
    "CIV": "象牙海岸 ivorycoast cotedivoire",
    "MKD": "马其顿 macedonia",
    "VAT": "梵蒂冈城国 vatican holysee",
    "PSE": "palestine palestinian",
    "VEN": "venezuela venezuelan",
    "BOL": "bolivia bolivian",
    "MDA": "moldova moldovan",
}

_OF = re.compile(r"(?<=.)[籍人]$|(?<=\w{4})l[ıiuü]$")
"""What makes somebody of a country: 美国籍, Iraklı; not `Bali`, which is no one of BA."""
_BRACKETED = re.compile(r"^(.+?)\s*[(\[（【]\s*(.+?)\s*[)\]）】]$|^(.+?)\s*[-/|,:]\s*(.+)$")


def fold(name: str) -> str:
    """A name without case, accents of compatibility, spaces and punctuation; marks of a script stay."""
    plain = unicodedata.normalize("NFKC", name).replace("İ", "i").casefold()
    return "".join(sign for sign in plain if unicodedata.category(sign)[0] in "LMN").replace("ё", "е")


@cache
def _names() -> dict[str, str]:
    """Folded name -> alpha-3, of the languages that dumps are mostly in, with the forms listed here."""
    names = _listed(1)
    for forms in (_ALSO, FORMER, DEMONYMS):
        names |= {fold(name): code for code, also in forms.items() for name in also.split()}
    return names


@cache
def _all_names() -> dict[str, str]:
    """Folded name -> alpha-3, of every language of the CLDR."""
    return _listed(2) | _names()


def _listed(field: int) -> dict[str, str]:
    """Folded name -> alpha-3, of one field of the list of names."""
    lines = Path(__file__).with_name("country_names.txt").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    return {name: row[0] for row in rows for name in row[field].split()}


def country(untrusted_text: str | None) -> str | None:
    """The alpha-3 code of one text (`中国`, `CHN`, `China`, `CN-中国`, `Kazakh`), or None."""
    return _code(untrusted_text, _names())


def _code(untrusted_text: str | None, names: dict[str, str]) -> str | None:
    if untrusted_text is None or len(untrusted_text) > 80:
        return None
    folded = fold(untrusted_text)
    direct = names.get(folded) or names.get(_OF.sub("", folded))
    if direct:
        return direct
    parts = _BRACKETED.match(untrusted_text)
    if parts is None:
        return None
    codes = {names.get(fold(part)) for part in parts.groups() if part}
    return codes.pop() if len(codes) == 1 else None


def countries(values: pa.StringArray) -> pa.StringArray:
    """Texts to alpha-3 codes, null where a text is no country's name in any language of the CLDR."""
    named = known(tidy(values)).dictionary_encode()
    texts = named.dictionary.to_pylist()
    codes = [country(text) for text in texts]
    left = [place for place, code in enumerate(codes) if code is None and any(map(str.isalpha, texts[place]))]
    if left and len(left) <= _MOST:
        for place in left:
            codes[place] = _code(texts[place], _all_names())
    return pa.array(codes, pa.string()).take(named.indices)
