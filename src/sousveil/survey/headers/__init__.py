"""What a header says about its column, from lists of words by language, and from the words that
national numbers bring with them. A prior, never a proof.

meanings("LXDH", None)            {"phone": 1.0}
meanings("报警人电话", None)       {"phone": 0.88, "person_name": 0.5}
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from sousveil.survey.headers import en, european, others, zh
from sousveil.survey.types import BY_NAME, TYPES

GENERIC = 0.6
"""The most that a word says which speaks of many things."""
_LANGUAGES = (
    *(en.WORDS, others.RU, others.TR, others.UG, others.KK, others.AR),
    *(european.DE, european.FR, european.ES, european.PT, european.IT, european.PL),
)
"""Every list of written words; Chinese and its initials are read otherwise."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SPLIT = re.compile(r"[^\w]+|_")
_INITIALS = re.compile(r"[A-Za-z]{2,16}[0-9]?")


@cache
def _terms() -> dict[tuple[str, ...], frozenset[str]]:
    """Terms of written words, as tuples of words -> the types that they may mean."""
    found: dict[tuple[str, ...], set[str]] = {}
    for language in _LANGUAGES:
        for kind, terms in language.items():
            for term in terms.split():
                found.setdefault(tuple(part for part in term.split("_") if part), set()).add(kind)
    for kind, words in _own(han=False):
        for term in words:
            found.setdefault(tuple(part for part in term.split("_") if part), set()).add(kind)
    return {term: frozenset(kinds) for term, kinds in found.items()}


@cache
def _generic() -> frozenset[str]:
    return frozenset(f"{en.GENERIC} {european.GENERIC}".split())


@cache
def _han() -> dict[str, frozenset[str]]:
    own = {kind: " ".join(words) for kind, words in _own(han=True) if words}
    return _inverted(zh.WORDS | own)


def _own(*, han: bool) -> list[tuple[str, list[str]]]:
    """The words that types bring with them, those with Chinese characters or the others."""
    split = ((found.name, found.headers.split()) for found in TYPES)
    return [(kind, [word for word in words if bool(_HAN.search(word)) is han]) for kind, words in split]


@cache
def _initials() -> dict[str, frozenset[str]]:
    return _inverted(zh.PINYIN)


def _inverted(words: dict[str, str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for kind, listed in words.items():
        for word in listed.split():
            found.setdefault(word, set()).add(kind)
    return {word: frozenset(kinds) for word, kinds in found.items()}


def parts(untrusted_header: str) -> tuple[str, ...]:
    """The words of a header, in lower case: `homeAddress` and `person.home_address` give home, address."""
    whole = unicodedata.normalize("NFKC", untrusted_header).strip().rstrip(".:")
    last = re.split(r"[.:>/]", whole)[-1].strip()
    # What is left of `д.р` or `№ п/п` is no word.
    last = whole if len(last) < 2 and not _HAN.search(last) else last
    return tuple(part.casefold() for part in _SPLIT.split(_CAMEL.sub("_", last)) if part)


def meanings(untrusted_header: str, untrusted_hint: str | None = None) -> dict[str, float]:
    """The types that a header (or a comment on the column) speaks for, each with a strength of up to 1."""
    found = _meanings(untrusted_header[:200])
    if untrusted_hint:
        for kind, strength in _meanings(untrusted_hint[:200]).items():
            found[kind] = max(found.get(kind, 0.0), strength)
    return found


def _meanings(untrusted_header: str) -> dict[str, float]:
    found: dict[str, float] = {}
    words = parts(untrusted_header)
    joined = "".join(words)
    if _HAN.search(joined):
        _collect(found, _of_han(joined))
    else:
        _collect(found, _of_words(words))
        if len(words) == 1 and _INITIALS.fullmatch(joined) and max(found.values(), default=0) < 0.9:
            _collect(found, _of_initials(joined.upper()))
    return found


def _collect(found: dict[str, float], more: dict[str, float]) -> None:
    for kind, strength in more.items():
        found[kind] = max(found.get(kind, 0.0), strength)


def _of_han(header: str) -> dict[str, float]:
    """The end of a Chinese header says what it is, what stands before says whose or which."""
    found: dict[str, float] = {}
    bare = header.rstrip("0123456789一二三")
    core = bare.removesuffix("代码").removesuffix("名称")
    for word, kinds in _han().items():
        if word in (bare, header):
            strength = 1.0
        elif word == core:
            strength = 0.95
        elif bare.endswith(word) and len(word) > 1:
            strength = 0.75 + 0.2 * len(word) / len(bare)
        elif word in bare and len(word) > 1:
            strength = 0.5
        else:
            continue
        for kind in kinds:
            found[kind] = max(found.get(kind, 0.0), strength)
    if header.startswith("是否"):
        found["boolean"] = 1.0
    return found


def _of_words(words: tuple[str, ...]) -> dict[str, float]:
    """The longest terms count; a term within a longer one (`name` in `company_name`) hardly does."""
    words = tuple(filter(None, (word.rstrip("0123456789") for word in words))) or words
    spans = [
        (start, start + length)
        for length in range(min(len(words), 5), 0, -1)
        for start in range(len(words) - length + 1)
        if words[start : start + length] in _terms()
    ]
    found: dict[str, float] = {}
    for start, end in spans:
        share = (end - start) / len(words)
        strength = 0.75 + 0.25 * share if end == len(words) else 0.35 + 0.3 * share
        if any(a <= start and end <= b and (a, b) != (start, end) for a, b in spans):
            strength = min(strength, 0.4)
        if end - start == 1 and words[start] in _generic():
            strength = min(strength, GENERIC)
        _collect(found, dict.fromkeys(_terms()[words[start:end]], strength))
    return found


def _of_initials(header: str) -> dict[str, float]:
    """Pinyin initials: whole, or at the end of a longer row of them (BJR+XM)."""
    found: dict[str, float] = {}
    bare = header.rstrip("0123456789")
    for start in range(max(len(bare) - 1, 1)):
        kinds = _initials().get(bare[start:], frozenset())
        strength = 1.0 if start == 0 else 0.8 if len(bare) - start > 2 else 0.6
        for kind in kinds:
            found[kind] = max(found.get(kind, 0.0), strength)
    return found


def example_words(kind: str) -> list[str]:
    """A few words of several languages that speak for a type, for its documentation."""
    lists = (zh.WORDS, zh.PINYIN, en.WORDS, others.RU, others.TR, {kind: BY_NAME[kind].headers})
    return [word for words in lists for word in words.get(kind, "").split()[:3]]


def speaks_of(untrusted_header: str, topic: str) -> bool:
    """Whether a header speaks of a topic: `event`, `no_event`, `officer` or `subject`."""
    words = parts(untrusted_header)
    joined = "".join(words)
    if _HAN.search(joined):
        return any(word in joined for word in _topic(topic)[0])
    if set(words) & _topic(topic)[1]:
        return True
    return len(words) == 1 and joined.upper().rstrip("0123456789") in _topic(topic)[2]


@cache
def _topic(topic: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    name = topic.upper()
    written = " ".join(getattr(module, name) for module in (en, others, european))
    listed = (getattr(zh, name), written, getattr(zh, f"{name}_PINYIN", ""))
    return tuple(frozenset(words.split()) for words in listed)  # type: ignore[return-value]
