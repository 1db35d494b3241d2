"""What a reviewer sees instead of values: how what one card says stands to what the others say.

"Birth date: same day and month, the year one later" is enough to judge by and names nobody. A name is shown
masked, by its first character and its length, only where nothing shorter says how it differs.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pyarrow as pa

from sousveil.count.forms import Forms, forms_of
from sousveil.count.linkage.facts import ALIKE, MET, NEAR, SAME, name_levels
from sousveil.count.review.values import Values
from sousveil.veil import plain

Line = tuple[str, str]
"""A field and how it stands."""

_SAME_BEGINNING = 6
_NEITHER = "neither states one"


def relations(alike: Sequence[Values], other: Values, bearers: int) -> list[Line]:
    """How a card stands to the sampled record and the cards taken for the same person, field by field.

    `bearers` is how many people of the case bear the card's name, by the matcher's count.
    """
    lines = [
        ("identity number", _numbers(alike, other)),
        ("travel document", _texts((v.untrusted_document for v in alike), other.untrusted_document)),
        ("name", _names(alike, other, bearers)),
        ("birth date", _births([v.born for v in alike if v.born], other.born)),
        ("telephone", _texts((v.untrusted_phone for v in alike), other.untrusted_phone)),
        ("nationality", _plainly((v.nation for v in alike), other.nation)),
        ("sex", _plainly((v.sex for v in alike), other.sex)),
        ("address", _addresses([v.untrusted_address for v in alike], other.untrusted_address)),
    ]
    told = [(field, said) for field, said in lines if said not in ("", _NEITHER)]
    nothing = [field for field, said in lines if said == _NEITHER]
    return told + ([("neither states", ", ".join(nothing))] if nothing else [])


def _missing(here: bool, there: bool) -> str:
    """What to say where one side, or either, says nothing; an empty text where both say something."""
    if here and there:
        return ""
    if not here and not there:
        return _NEITHER
    return "only this one states any" if there else "this one states none"


def _numbers(alike: Sequence[Values], other: Values) -> str:
    mine = [v.untrusted_number or v.untrusted_failing for v in alike]
    mine = [number for number in mine if number]
    theirs = other.untrusted_number or other.untrusted_failing
    missing = _missing(bool(mine), theirs is not None)
    if missing or theirs is None:
        return missing
    said = _best([_characters(number, theirs) for number in mine if number])
    valid = any(v.untrusted_number for v in alike)
    checks = {(True, True): "both valid", (True, False): "this one's fails its check"}
    checks |= {(False, True): "the sampled one's fails its check", (False, False): "both fail their check"}
    return f"{said} ({checks[valid, other.untrusted_number is not None]})"


def _texts(mine: Iterable[str | None], theirs: str | None) -> str:
    here = [text for text in mine if text]
    missing = _missing(bool(here), theirs is not None)
    return missing if missing or theirs is None else _best([_characters(text, theirs) for text in here])


def _plainly(mine: Iterable[str | None], theirs: str | None) -> str:
    here = {text for text in mine if text}
    return _missing(bool(here), theirs is not None) or ("same" if theirs in here else "different")


def _best(said: list[tuple[int, str]]) -> str:
    return min(said)[1]


def _characters(one: str, other: str) -> tuple[int, str]:
    if one == other:
        return 0, "same"
    if len(one) == len(other):
        apart = sum(a != b for a, b in zip(one, other, strict=True))
        if apart == 2 and sorted(one) == sorted(other):
            return 1, "two characters swapped"
        if apart <= 3:
            return apart + 1, f"differs in {apart} of {len(one)} characters"
    elif one.endswith(other) or other.endswith(one):
        return 2, "the end is the same, one is shorter"
    return 99, "different"


def _names(alike: Sequence[Values], other: Values, bearers: int) -> str:
    mine = [name for v in alike for name in v.untrusted_names]
    theirs = other.untrusted_names
    missing = _missing(bool(mine), bool(theirs))
    if missing:
        return missing
    codes, forms = forms_of(pa.array([*mine, *theirs], pa.string()))
    of_mine, of_theirs = (
        list(zip(names, part, strict=True))
        for names, part in ((mine, codes[: len(mine)]), (theirs, codes[len(mine) :]))
    )
    _, said = min(_name(forms, one, two) for one in of_mine for two in of_theirs)
    common = f"; about {bearers:,} people of the case bear it" if bearers > 1 else ""
    return said + common


_Name = tuple[str, np.int32]
"""A name and the code of its plain form."""


def _name(forms: Forms, mine: _Name, theirs: _Name) -> tuple[int, str]:
    """How two names stand, the most alike first."""
    one, other = mine[0], theirs[0]
    if one == other:
        return 0, "same"
    codes = np.array([mine[1], theirs[1]], np.int32)
    if np.any(codes < 0):
        return 9, f"different: {_masked(one)} and {_masked(other)}"
    level = int(name_levels(forms, codes[:1], codes[1:])[0])
    a, b = forms.plain.take(pa.array(codes)).to_pylist()
    if level == SAME:
        return 0, "same, but for marks and spaces"
    if sorted(a) == sorted(b):
        return 1, "same characters in another order"
    masks = f"{_masked(one)} and {_masked(other)}"
    if forms.han[codes[0]] == forms.han[codes[1]]:
        return _spelled(a, b, level, masks)
    like = {MET: ", the same Latin letters", NEAR: ", alike in sound"}.get(level, "")
    return 4 if like else 5, f"in different scripts{like}: {masks}"


def _spelled(one: str, other: str, level: int, masks: str) -> tuple[int, str]:
    """How two plain names of one script stand that are not the same."""
    if len(one) == len(other):
        apart = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
        if len(apart) == 1:
            return 2, f"one of {len(one)} characters differs, number {apart[0] + 1}"
    if one in other or other in one:
        short, long = sorted((len(one), len(other)))
        return 3, f"one holds the other, {short} of {long} characters"
    if level >= NEAR:
        return 4, f"{'the same Latin letters' if level in (ALIKE, MET) else 'spelt nearly alike'}: {masks}"
    shared = len(set(one) & set(other))
    return 9 - min(shared, 3), f"different: {masks}, {shared} characters shared"


def _masked(untrusted: str) -> str:
    """A name's first character, and a sign for each other one."""
    name = plain(unicodedata.normalize("NFKC", untrusted))
    return name[:1] + "".join(c if c in "· " else "□" for c in name[1:21])


def _births(mine: list[dt.date], theirs: dt.date | None) -> str:
    missing = _missing(bool(mine), theirs is not None)
    return missing if missing or theirs is None else min(_birth(one, theirs) for one in mine)[1]


def _birth(one: dt.date, other: dt.date) -> tuple[int, str]:
    years, days = other.year - one.year, (other - one).days
    if one == other:
        return 0, "same"
    kinds: tuple[tuple[Callable[[], bool], str], ...] = (
        (lambda: (one.month, one.day) == (other.month, other.day), f"same day and month, year {years:+d}"),
        (lambda: years == 0 and (one.month, one.day) == (other.day, other.month), "day and month swapped"),
        (lambda: years == 0 and one.month == other.month, f"same year and month, day {days:+d}"),
        (lambda: years == 0 and one.day == other.day, "same year and day, another month"),
        (lambda: abs(days) <= 31, f"{days:+d} days"),
        (lambda: years == 0, "same year, another day and month"),
    )
    for rank, (holds, said) in enumerate(kinds, 1):
        if holds():
            return rank, said
    return 10 + abs(years), f"different, about {abs(days) / 365.25:.0f} years apart"


def _addresses(mine: Sequence[str | None], theirs: str | None) -> str:
    here = [text for text in mine if text]
    if not here or not theirs:
        return ""  # most tables have none: nothing to say
    if theirs in here:
        return "same"
    begins = max(_begins(one, theirs) for one in here)
    return f"the first {begins} characters are the same" if begins >= _SAME_BEGINNING else "different"


def _begins(one: str, other: str) -> int:
    place = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        place += 1
    return place
