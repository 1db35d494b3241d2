"""Which encoding of single bytes a text is in, by its letters.

Statistical detectors are made for prose. A register is digits, codes and names, often all in capitals, and
there they have next to no confidence, or see Chinese in Russian capitals. So the words with a letter beyond
ASCII are read in every encoding that can be, and each reading is compared with how often each letter stands
in each language (`letters.json`, made by benchmarks/letter_shares.py from the Unicode CLDR). A wrong reading
betrays itself by signs within words, capitals in their midst and letters that no one language has.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_ENCODINGS = {
    "latin": (
        "cp1252", "cp1250", "cp1254", "cp1257", "iso8859-2", "iso8859-15", "iso8859-16", "cp850", "cp852",
        "cp857", "cp775", "iso8859-13", "iso8859-3", "mac-roman", "mac-latin2",
    ),
    "cyrillic": ("cp1251", "koi8-r", "koi8-u", "cp866", "iso8859-5", "mac-cyrillic", "kz1048", "cp855"),
    "greek": ("cp1253", "iso8859-7", "cp737"),
    "hebrew": ("cp1255", "iso8859-8", "cp862"),
    "arabic": ("cp1256", "iso8859-6"),
}  # fmt: skip
"""By script; of encodings that read a text alike, the first one named is taken."""
_RARE = {"iso8859-16", "iso8859-13", "iso8859-3", "cp775", "cp855", "cp737"} | {
    "mac-roman",
    "mac-latin2",
    "mac-cyrillic",
}
_FOR_RARE = 20.0
"""How many nats more an encoding must have that hardly anybody used."""
_WORD = re.compile(rb"[A-Za-z\x80-\xff]+")
_MOST_WORDS = 600
_FEWEST_WORDS = 3
_FEWEST_BYTES = 4
_FOREIGN = math.log(1e-7)
"""The log likelihood of a letter that a language does not have."""
_BROKEN = 8.0
"""What a sign within a word, or a capital in its midst, costs besides."""
_LEAST_LIKELY = -4.3
"""Mean log likelihood of a letter: 2.9 to 3.9 below zero where the reading is right."""
_MARGIN = 5.0
"""How many nats likelier it has to be, in all, than the next that reads the text otherwise."""
_LEAST_KNOWN = 0.8
_MOST_BROKEN = 0.1


@dataclass(frozen=True)
class Reading:
    """What the words look like in one encoding, as one language."""

    encoding: str
    language: str
    letters: int
    likelihood: float
    known: float
    """Share of the characters beyond ASCII that are letters of the language."""
    broken: float
    """The same of those that no word can have there."""

    @property
    def holds(self) -> bool:
        """Whether it is a text of that language beyond doubt."""
        return self.likelihood >= _LEAST_LIKELY and self.known >= _LEAST_KNOWN and self.broken <= _MOST_BROKEN


def by_letters(lines: Sequence[bytes], fits: Callable[[str], bool]) -> Reading | None:
    """The most likely reading of the lines, or None where they hold too little, or none is convincing.

    `fits` says whether the text as a whole decodes in an encoding.
    """
    words = _words(lines)
    if len(words) < _FEWEST_WORDS or sum(len(word.translate(None, _ASCII)) for word in words) < _FEWEST_BYTES:
        return None
    found: dict[str, Reading] = {}
    for script, encodings in _ENCODINGS.items():
        for encoding in encodings:
            readings = _readings(words, encoding, script)
            if readings and fits(encoding):
                found[encoding] = max(readings, key=lambda reading: reading.likelihood)
    if not found:
        return None
    best = max(found.values(), key=lambda reading: round(reading.likelihood, 9))
    text = _text(words, best.encoding)
    rivals = (other for other in found.values() if _text(words, other.encoding) != text)
    nearest = max((other.likelihood for other in rivals), default=-math.inf)
    return best if best.holds and (best.likelihood - nearest) * best.letters >= _MARGIN else None


_ASCII = bytes(range(0x80))
_ALIKE = str.maketrans("ȘșȚț", "ŞşŢţ")
"""Romanian has a comma below two letters, and a cedilla in old encodings."""


def _words(lines: Sequence[bytes]) -> list[bytes]:
    """Different words with a byte beyond ASCII, spread over the lines."""
    found = list(dict.fromkeys(word for line in lines for word in _WORD.findall(line) if not word.isascii()))
    return found[:: max(1, len(found) // _MOST_WORDS)][:_MOST_WORDS]


def _text(words: list[bytes], encoding: str) -> str:
    return str(b" ".join(words), encoding).translate(_ALIKE)


def _readings(words: list[bytes], encoding: str, script: str) -> list[Reading]:
    """The words in one encoding, as each language of its script; none where they do not decode."""
    try:
        texts = [str(word, encoding) for word in words]
    except UnicodeDecodeError:
        return []
    letters: Counter[str] = Counter()
    broken, beyond = 0.0, 0
    for text in texts:
        core = _core(text)
        # Quotation marks and the like stand at the ends of words; a wrong reading has signs everywhere, and
        # control characters of ISO 6429, which no text has.
        broken += (len(text) - len(core)) / 2 + sum("\x80" <= sign <= "\x9f" for sign in text)
        signs = sum(not letter.isalpha() for letter in core)
        broken += signs if _in_one_case(core) else sum(not letter.isascii() for letter in core)
        beyond += sum(not letter.isascii() for letter in text)
        letters.update(core.replace("İ", "i").translate(_ALIKE).lower())
    total, shares = letters.total() or 1, _shares()[script]
    cost = _BROKEN * broken + _FOR_RARE * (encoding in _RARE)
    strange = Counter({letter: n for letter, n in letters.items() if not letter.isascii()})
    return [
        Reading(
            encoding,
            language,
            total,
            (sum(n * of.get(letter, _FOREIGN) for letter, n in letters.items()) - cost) / total,
            sum(n for letter, n in strange.items() if letter in of) / (strange.total() or 1),
            broken / beyond,
        )
        for language, of in shares.items()
    ]


def _core(text: str) -> str:
    """A word without the signs at its ends."""
    begin, end = 0, len(text)
    while begin < end and not text[begin].isalpha():
        begin += 1
    while end > begin and not text[end - 1].isalpha():
        end -= 1
    return text[begin:end]


def _in_one_case(core: str) -> bool:
    """Whether a word is in capitals, or in small letters but for its first, or in a script without either."""
    return core in ("", core.upper(), core.lower()) or core[1:] == core[1:].lower()


@cache
def _shares() -> dict[str, dict[str, dict[str, float]]]:
    """By script and language: the log likelihood of each letter."""
    data = json.loads(Path(__file__).with_name("letters.json").read_text("utf-8"))
    return {
        script: {
            language: {letter: math.log(per / sum(of.values())) for letter, per in of.items()}
            for language, of in languages.items()
        }
        for script, languages in data.items()
    }
