"""Which encoding a text is in.

The ladder: byte order mark → which side the NULs stand on → strict UTF-8 → share of four-byte GB18030 →
letters of one language in an encoding of single bytes → chardet.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from sousveil.intake.letters import by_letters

HEAD = 1 << 20
"""Bytes that the ladder looks at."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
GB18030 = re.compile(rb"[\x81-\xfe](?:[\x40-\x7e\x80-\xfe]|[\x30-\x39][\x81-\xfe][\x30-\x39])")
MANY_BYTES = {
    "gb18030",
    "big5",
    "big5hkscs",
    "cp932",
    "shift_jis",
    "euc-jp",
    "euc-kr",
    "cp949",
    "johab",
    "utf-8",
}
COMMON_HAN = re.compile(rb"[\xb0-\xd7][\xa1-\xfe]")
_COMMON = re.compile(rb"[\xa1-\xa9\xb0-\xd7][\xa1-\xfe]")
_BEYOND = re.compile(rb"[\x80-\xff]+")
_KOREAN = ("cp949", "euc-kr", "johab", "uhc")
_LATIN = re.compile("[A-Za-z\\u00c0-\\u024f]")
_NOT_LATIN = re.compile("[\\u0370-\\u07ff\\u0e00-\\u0eff]")
"""Greek, Cyrillic, Armenian, Hebrew, Arabic, Thai."""
_WESTERN = ("windows-1252", "cp1252", "iso-8859-1", "iso8859-1", "iso-8859-15", "iso8859-15")
_MOST_MIXED = 0.2
_LEAST_CONFIDENCE = 0.05
_LEAST_CHINESE = 0.6
SHIFTED = (
    "iso2022_jp",
    "iso2022_jp_1",
    "iso2022_jp_2",
    "iso2022_jp_2004",
    "iso2022_jp_ext",
    "iso2022_kr",
    "hz",
)
_SHIFTS = (b"\x1b$", b"~{")
ASCII = bytes(range(0x80))
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "hz": "hz", "ascii": "utf-8"}


@dataclass(frozen=True)
class Encoding:
    """What the ladder found: a Python codec's name, the length of the byte order mark, and the evidence."""

    name: str
    mark: int
    evidence: str

    @property
    def wide(self) -> bool:
        """Whether a character has two or four bytes, ASCII included."""
        return self.name in _WIDE


def detect(head: bytes, *, whole: bool = False, hint: str | None = None) -> Encoding:
    """Climb the ladder with the first bytes of a text.

    `whole` says that `head` is all there is (else it may end within a character); `hint` is an encoding that
    the text itself claims (`SET NAMES gbk`), taken only where it decodes and strict UTF-8 does not.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Encoding(name, len(mark), "byte order mark")
    wide = _by_nulls(head)
    if wide:
        return Encoding(wide, 0, "side of the NUL bytes")
    if decodes(head, "utf-8", whole):
        if not head.isascii():
            return Encoding("utf-8", 0, "strict UTF-8")
        return _shifted(head, whole) or Encoding("utf-8", 0, "only ASCII")
    if hint and _known(hint) and decodes(head, _super(hint), whole):
        return Encoding(_super(hint), 0, "claimed by the text, and decodes")
    return legacy(head, whole)


def given(head: bytes, name: str) -> Encoding:
    """The encoding that a person names, with the length of its byte order mark if there is one."""
    name = codecs.lookup(name).name
    name = _by_nulls(head) or f"{name}-le" if name in ("utf-16", "utf-32") else name
    marks = [(mark, of) for mark, of in _MARKS if head.startswith(mark) and of.startswith(name[:6])]
    mark, name = marks[0] if marks else (b"", name)
    return Encoding(_super(name), len(mark), "given by a person")


def _shifted(head: bytes, whole: bool) -> Encoding | None:
    """An encoding whose characters are pairs of ASCII between signs that shift: ISO 2022, HZ (RFC 1843)."""
    if not any(sign in head for sign in _SHIFTS):
        return None
    from chardet import detect as chardet_detect

    said = str(chardet_detect(head[: 64 << 10])["encoding"] or "")
    name = codecs.lookup(said).name if _known(said) else ""
    if name in SHIFTED and decodes(head, name, whole) and not str(head, name, "ignore").isascii():
        return Encoding(name, 0, "signs that shift between sets of characters")
    return None


@lru_cache(maxsize=1)
def legacy(head: bytes, whole: bool) -> Encoding:
    """Tell the encodings of before Unicode apart; for bytes that are not UTF-8.

    What a file is and how it is read are asked one after the other, of the same bytes.
    """
    if decodes(head, "gb18030", whole):
        found = [len(match) for match in GB18030.findall(head)]
        four = found.count(4)
        # Runs of four-byte characters hardly ever come about by chance: each needs two digits in place.
        if four >= 4 and four / len(found) > 0.02:
            return Encoding("gb18030", 0, f"{four / len(found):.0%} four-byte GB18030")
    lines = [line for line in head[: 256 << 10].splitlines() if not line.isascii()]
    utf8 = sum(decodes(line, "utf-8", True) for line in lines)
    # A line of another encoding is hardly ever strict UTF-8, so a fifth of them is proof of a mixed file.
    if utf8 > 0.2 * len(lines):
        return Encoding("utf-8", 0, f"{utf8} of {len(lines)} lines with more than ASCII are strict UTF-8")
    read = by_letters(lines, lambda name: decodes(head, name, whole))
    if read:
        return Encoding(read.encoding, 0, f"{read.known:.0%} of the letters beyond ASCII are of one language")
    good = [line for line in lines if decodes(line, "gb18030", True)]
    return _by_chardet(head, good if len(good) > 0.5 * len(lines) else lines, whole)


def _by_chardet(head: bytes, lines: list[bytes], whole: bool) -> Encoding:
    name, confidence = _said(b"\n".join(lines)[: 64 << 10] or head[: 64 << 10], lines)
    chinese = _chinese(lines) if decodes(head, "gb18030", whole) else 0.0
    # A few Chinese characters look to chardet like a few letters with accents, but these come in no pairs.
    # A few in pairs look to it like Korean, but Hangul ends where half of the Chinese is still to come.
    doubted = name not in MANY_BYTES or (name in _KOREAN and _beyond_hangul(lines))
    if doubted and chinese > 0.9 and _in_pairs(lines):
        return Encoding("gb18030", 0, "common Chinese characters, in pairs of bytes throughout")
    if name and decodes(head, name, whole):
        return Encoding(name, 0, f"chardet, {confidence:.2f}")
    if chinese >= _LEAST_CHINESE:
        return Encoding("gb18030", 0, "decodes as GB18030, not as UTF-8")
    # Mixed or damaged: the encoding that most lines take goes first, the others follow line by line.
    return _by_lines(lines, name)


def _said(sample: bytes, lines: list[bytes]) -> tuple[str, float]:
    """The first of chardet's answers that can be, and its confidence; nothing where it has no good one."""
    from chardet import detect_all

    for said in detect_all(sample):
        name, confidence = _super(str(said["encoding"] or "")), float(said["confidence"] or 0)
        # Bytes in pairs that decode strictly are evidence by themselves.
        if confidence < _LEAST_CONFIDENCE and name not in MANY_BYTES:
            break
        if not _known(name) or not _holds_ascii(name):
            continue
        if _on_too_little(name, lines):
            break
        if _of_one_script(name, sample):
            return ("cp1254" if _is_turkish(name, sample) else name), confidence
    return "", 0.0


def _is_turkish(name: str, sample: bytes) -> bool:
    """Whether a text that was taken for Western European is Turkish, which differs in six letters.

    Icelandic has the letters that stand for these there (ð, ý, þ), but neither ü nor ç.
    """
    letters = set(str(sample, name, "ignore").lower()) if name in _WESTERN else set()
    return bool(letters & set("ðýþ")) and bool(letters & set("üç"))


def _of_one_script(name: str, sample: bytes) -> bool:
    """Whether hardly a word mixes Latin letters with those of another script, as a wrong guess makes them."""
    if name in MANY_BYTES:
        return True
    words = [word for word in re.findall(r"[^\W\d_]+", str(sample, name, "ignore")) if not word.isascii()]
    mixed = sum(bool(_LATIN.search(word)) and bool(_NOT_LATIN.search(word)) for word in words)
    return mixed <= _MOST_MIXED * len(words)


def _holds_ascii(name: str) -> bool:
    """Whether ASCII is itself in an encoding: not so in those of mainframes, nor in UTF-16."""
    try:
        text = str(ASCII[9:], name)
    except UnicodeError:
        return False
    return text == str(ASCII[9:], "ascii")


def _chinese(lines: list[bytes]) -> float:
    """Share of the characters beyond ASCII that are common Chinese ones, signs, or long in GB18030."""
    found = [character for line in lines for character in GB18030.findall(line)]
    common = sum(len(character) == 4 or bool(_COMMON.fullmatch(character)) for character in found)
    return common / len(found) if found else 0.0


def _beyond_hangul(lines: list[bytes]) -> bool:
    """Whether more than a few common characters lie where a Korean encoding has only rare ones."""
    leads = [character[0] for line in lines for character in COMMON_HAN.findall(line)]
    return bool(sum(lead > 0xC8 for lead in leads) > 0.15 * len(leads))


def _in_pairs(lines: list[bytes]) -> bool:
    """Whether bytes beyond ASCII stand in even numbers everywhere, and there are four or more."""
    runs = [len(run) for line in lines for run in _BEYOND.findall(line)]
    return sum(runs) >= 4 and all(length % 2 == 0 for length in runs)


def _on_too_little(name: str, lines: list[bytes]) -> bool:
    """An encoding of single bytes takes anything: a handful of bytes is no evidence for it."""
    return name not in MANY_BYTES and sum(len(line.translate(None, ASCII)) for line in lines) < 8


def _by_lines(lines: list[bytes], said: str) -> Encoding:
    good = [line for line in lines if decodes(line, "gb18030", True)]
    names = [name for name in ("utf-8", "gb18030" if _chinese(good) >= _LEAST_CHINESE else "", said) if name]
    taken = Counter({name: sum(decodes(line, name, True) for line in lines) for name in names})
    name, count = taken.most_common(1)[0]
    if not count:
        return Encoding("utf-8", 0, "nothing decodes; UTF-8 for what does")
    return Encoding(name, 0, f"{count} of {len(lines)} lines with more than ASCII decode")


def _by_nulls(head: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: ASCII among the text leaves NULs on one side of each unit only."""
    sample = head[: 64 << 10]
    sample = sample[: len(sample) // 4 * 4]
    if len(sample) < 4 or not 0.02 < sample.count(0) / len(sample) < 0.9:
        return None
    nulls = [sample[place::4].count(0) / (len(sample) // 4) for place in range(4)]
    even, odd = (nulls[0] + nulls[2]) / 2, (nulls[1] + nulls[3]) / 2
    if min(nulls[2:]) > 0.95 and nulls[0] < 0.1:
        name = "utf-32-le"
    elif min(nulls[:2]) > 0.95 and nulls[3] < 0.1:
        name = "utf-32-be"
    elif odd > 4 * even:
        name = "utf-16-le"
    elif even > 4 * odd:
        name = "utf-16-be"
    else:
        return None
    try:
        decoded = sample.decode(name, "ignore")
    except UnicodeDecodeError:
        return None
    control = sum(c < " " and c not in "\t\r\n\f\v" for c in decoded)
    return name if control <= len(decoded) * 0.001 and _by_units(sample, name) else None


def _by_units(sample: bytes, name: str) -> bool:
    """Whether NULs are what units have, and not a few that got into a text of single bytes.

    Of blanks, commas and line ends nearly all must be whole units then; of a text without any, three NULs.
    """
    signs = [sign.encode(name) for sign in "\n\t ,;|"]
    bare = sum(sample.count(sign.strip(b"\0")) for sign in signs)
    whole = sum(sample.count(sign) for sign in signs)
    return sample.count(0) >= 3 and whole >= 0.5 * bare


def decodes(data: bytes, name: str, whole: bool) -> bool:
    """Whether bytes are strictly of an encoding; they may end within a character unless they are `whole`."""
    try:
        codecs.getincrementaldecoder(name)("strict").decode(data, whole)
    except (UnicodeError, ValueError):
        return False
    return True


def _known(name: str) -> bool:
    try:
        return bool(codecs.lookup(name)._is_text_encoding)
    except (LookupError, ValueError):
        return False


def _super(name: str) -> str:
    """The encoding that includes the named one: what calls itself GB2312 is GB18030 in the wild."""
    plain = name.lower().replace("_", "-")
    return _SUPERSETS.get(plain, plain)
