"""How letters of other scripts are written in Latin ones, as tables of single characters.

Cyrillic after ICAO Doc 9303 part 3; Arabic, Persian and Uyghur letters with their consonants kept apart
(short vowels are not written in Arabic and can't be made up); the Latin letters of Turkish and of both
Uyghur Latin spellings without their marks. For comparison only: nothing of it is ever shown.
"""

from __future__ import annotations

import unicodedata

_CYRILLIC = (
    "А A Б B В V Г G Д D Е E Ё E Ж ZH З Z И I Й I К K Л L М M Н N О O П P Р R С S Т T У U Ф F Х KH Ц TS "
    "Ч CH Ш SH Щ SHCH Ы Y Э E Ю IU Я IA І I Ї I Є IE Ґ G Ў U Ә E Ғ GH Қ K Ң NG Ө O Ұ U Ү U Һ H Җ J"
)
_ARABIC = (
    "ا A آ A أ A إ I ٱ A ب B پ P ت T ة A ث TH ج J چ CH ح H خ KH د D ذ DH ر R ز Z ژ ZH س S ش SH ص S ض D ط T "
    "ظ Z ع A غ GH ف F ق K ك K ک K گ G ڭ NG ل L م M ن N ه H ھ H ە E و O ۇ U ۆ O ۈ U ۋ W ؤ U ې E ى I ي Y "
    "ی Y ں N"
)
_LATIN = "ß SS Æ AE Œ OE Ø O Đ D Ð D Þ TH Ł L ı I Ə E Ɵ O Ƣ GH Ⱪ K Ⱨ H Ⱬ ZH Ŋ NG Ɣ GH Ө O"

_ASCII = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def _pairs(line: str) -> dict[str, str]:
    words = line.split()
    return dict(zip(words[::2], words[1::2], strict=True))


_WRITTEN = _pairs(_CYRILLIC) | _pairs(_ARABIC) | _pairs(_LATIN) | dict(zip(_ASCII, _ASCII, strict=True))


def roman(character: str) -> str:
    """A character in capital Latin letters; empty for a mark, a sign or a script that has no table here."""
    upper = character.upper()
    if upper in _WRITTEN:
        return _WRITTEN[upper]
    if len(upper) > 1:
        return "".join(roman(part) for part in upper)
    bare = unicodedata.normalize("NFKD", upper)
    return "".join(_WRITTEN.get(part, "") for part in bare) if bare != upper else ""
