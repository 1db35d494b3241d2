"""What is compared of a record, and how far two records agree in it: a level a field, for whole arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sousveil.count.attach import pack
from sousveil.count.forms import Forms
from sousveil.count.grouping import grouped
from sousveil.count.records import NO_DAY, NONE, Coded, Codes
from sousveil.survey.checks import byte_rows

Rows = npt.NDArray[np.int64]
Levels = npt.NDArray[np.uint8]

UNKNOWN, DIFFERENT, NEAR, ALIKE, SAME, MET = range(6)
"""Unknown on either side · different · nearly the same · the same in another spelling · the same · the same
letters in two scripts, in which no two names can agree better."""

FIELDS = ("name", "born", "phone", "number", "sex", "nation")
"""What any record may state; `Facts.fields` has the texts of the case behind them."""
_NEAR_DIGITS = 2
"""Characters in which a mistyped number may differ from the right one: one typed wrong, or two swapped."""
_NEAR_TEXT = 0.8
_ALIKE_TEXT = 0.85
"""Texts whose letters agree so far (Jaro and Winkler), or that differ in one place, are alike."""
_NEAR_SAID = 0.7
_SHORT = 2
_SCRIPTS = np.array([0x0400, 0x0530, 0x0600, 0x0780, 0x3400])
"""The first code points of Cyrillic, of what follows it, of Arabic, of what follows that, and of Chinese."""


@dataclass(frozen=True)
class Facts:
    """Every array has one place a record; -1 or `NO_DAY` for what it does not say."""

    names: tuple[Codes, ...]
    """Codes of plain forms, the primary name first."""
    forms: Forms
    born: Codes
    """The stated birth date; else that inside a number which fails its check."""
    inside: Codes
    """The birth date inside a valid resident number."""
    phone: Coded
    sex: Codes
    nation: Codes
    failed: Mapping[str, Coded]
    valid: Mapping[str, Coded]
    texts: Mapping[str, Coded]
    """By kind and place (`address 2`): what else tables without any identity number say."""

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that is compared."""
        return (*FIELDS, *self.texts)

    @property
    def parts(self) -> tuple[int, ...]:
        """The places in `fields` of the parts of a name."""
        return tuple(place for place, field in enumerate(self.fields) if field.startswith("part "))

    def __len__(self) -> int:
        return len(self.born)

    @property
    def name(self) -> Codes:
        """The first name that each record states."""
        codes = self.names[0]
        for other in self.names[1:]:
            codes = np.where(codes >= 0, codes, other)
        return codes


def levels(facts: Facts, one: Rows, other: Rows) -> Levels:
    """How far each pair of records agrees in each of `facts.fields`; a field a row, a pair a column.

    `other` may carry a valid number: its birth date and digits are compared too. That of `one`
    is not looked at.
    """
    found = np.zeros((len(facts.fields), len(one)), np.uint8)
    found[0] = _names(facts, one, other)
    found[1] = np.maximum(
        _days(facts.born[one], facts.born[other]), _days(facts.born[one], facts.inside[other])
    )
    phones = facts.phone.codes
    found[2] = _plain(phones[one], phones[other])
    differ = np.flatnonzero(found[2] == DIFFERENT)
    found[2, differ] = _digits(facts.phone, facts.phone, one[differ], other[differ], 1)
    found[3] = _numbers(facts, one, other)
    found[4] = _plain(facts.sex[one], facts.sex[other])
    found[5] = _plain(facts.nation[one], facts.nation[other])
    for place, text in enumerate(facts.texts.values(), start=len(FIELDS)):
        found[place] = _written(text, text, one, other)
    if len(facts.parts) == _SHORT:
        _by_parts(facts, found, one, other)
    return found


def _by_parts(facts: Facts, found: Levels, one: Rows, other: Rows) -> None:
    """Where both records have the parts of their names, compare those, in either order, and not the whole."""
    first, second = (facts.texts[facts.fields[place]] for place in facts.parts)
    a, b = facts.parts
    parted = (found[a] > UNKNOWN) | (found[b] > UNKNOWN)
    # A given name in the field of the family name may be a mistake, and counts as one letter wrong.
    odd = np.flatnonzero((found[a] <= NEAR) & (found[b] <= NEAR))
    crossed = [
        _written(mine, theirs, one[odd], other[odd]) for mine, theirs in ((first, second), (second, first))
    ]
    crossed = [np.minimum(level, ALIKE) for level in crossed]
    better = np.minimum(*crossed) >= ALIKE
    better |= (np.maximum(*crossed) >= ALIKE) & (np.minimum(*crossed) == UNKNOWN)
    for place, level in zip((a, b), crossed, strict=True):
        found[place, odd[better]] = level[better]
        parted[odd[better]] = True
    # Names in two scripts, say, have no letters in common.
    whole = (found[0] >= NEAR) & (found[a] <= DIFFERENT) & (found[b] <= DIFFERENT)
    found[a, whole] = found[b, whole] = UNKNOWN
    found[0, parted & ~whole] = UNKNOWN


def _plain(one: Codes, other: Codes) -> Levels:
    level = np.where(one == other, np.uint8(SAME), np.uint8(DIFFERENT))
    return np.where((one < 0) | (other < 0), np.uint8(UNKNOWN), level).astype(np.uint8)


def _names(facts: Facts, one: Rows, other: Rows) -> Levels:
    best = np.zeros(len(one), np.uint8)
    for mine in facts.names:
        for theirs in facts.names:
            both = np.flatnonzero((mine[one] >= 0) & (theirs[other] >= 0) & (best != SAME))
            level = name_levels(facts.forms, mine[one[both]], theirs[other[both]])
            # Of several names those that agree in one script say more than what two scripts can.
            best[both] = np.where(level == SAME, SAME, np.maximum(best[both], level))
    return best


def name_levels(forms: Forms, one: Codes, other: Codes) -> Levels:
    """How far pairs of names agree, by the codes of their plain forms."""
    back, first = grouped(pack(np.minimum(one, other), np.maximum(one, other)))
    one, other = one[first], other[first]
    level = np.full(len(first), DIFFERENT, np.uint8)
    rest = np.flatnonzero(one != other)
    level[one == other] = SAME
    a, b = one[rest], other[rest]
    near = _bones_meet(forms, a, b)
    cut = forms.initials.has[a] | forms.initials.has[b]
    open_ = np.flatnonzero(~near & ~cut)
    near[open_] = _spelled_nearly(forms, a[open_], b[open_])
    # Of a name with initials what is left out would look like so many letters wrong.
    near[cut] = forms.initials.fit(forms.plain, a[cut], b[cut])
    level[rest[near]] = NEAR
    alike = _same_letters(forms, a, b) & ~(cut & ~near)
    level[rest[alike]] = np.where(
        _script(forms.first[a[alike]]) == _script(forms.first[b[alike]]), ALIKE, MET
    )
    return level[back]


def _same_letters(forms: Forms, one: Codes, other: Codes) -> npt.NDArray[np.bool_]:
    """Whether the letters are the same, by any reading of both."""
    same = np.zeros(len(one), np.bool_)
    bags = (forms.bag_codes, *forms.also)
    for mine in bags:
        for theirs in bags:
            if mine is forms.bag_codes or theirs is forms.bag_codes:
                same |= (mine[one] >= 0) & (mine[one] == theirs[other])
    return same


def _script(points: Codes) -> Rows:
    """A number for the script of each code point: Latin, Cyrillic, Arabic, Chinese, and what is between."""
    return np.searchsorted(_SCRIPTS, points, "right")


def _bones_meet(forms: Forms, one: Codes, other: Codes) -> npt.NDArray[np.bool_]:
    meet = np.zeros(len(one), np.bool_)
    for mine in forms.bones:
        for theirs in forms.bones:
            meet |= (mine[one] >= 0) & (mine[one] == theirs[other])
    # Two Chinese names with the same consonants are two names, not two spellings.
    return meet & ~(forms.chinese[one] & forms.chinese[other])


def _spelled_nearly(forms: Forms, one: Codes, other: Codes) -> npt.NDArray[np.bool_]:
    """One character wrong in a name of three and more; one name inside the other; letters nearly the same."""
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import cpdist

    if not len(one):
        return np.zeros(0, np.bool_)
    length = np.maximum(forms.length[one], forms.length[other])
    least = np.minimum(forms.length[one], forms.length[other])
    han = forms.han[one] & forms.han[other]
    plain = [forms.plain.take(pa.array(codes)).to_pylist() for codes in (one, other)]
    apart = cpdist(*plain, scorer=Levenshtein.distance, dtype=np.int32)
    near = np.where(han, (apart <= 1) & (length > _SHORT), apart <= (1 - _NEAR_TEXT) * length)
    near |= (apart == length - least) & (least >= 2) & (length > _SHORT) & (length <= 2 * least + 2)
    latin = np.flatnonzero(~near & ~han)
    if len(latin):
        bags = [forms.bag.take(pa.array(codes[latin])).to_pylist() for codes in (one, other)]
        near[latin] = cpdist(*bags, scorer=Levenshtein.normalized_similarity, dtype=np.float32) >= _NEAR_TEXT
    return np.asarray(near, dtype=np.bool_)


def _days(one: Codes, other: Codes) -> Levels:
    """Birth dates: the same; one of year, month and day wrong, or month and day swapped; else different."""
    level = np.where(one == other, np.uint8(SAME), np.uint8(DIFFERENT))
    rest = np.flatnonzero((one != other) & (one != NO_DAY) & (other != NO_DAY))
    parts = [_parts(days[rest]) for days in (one, other)]
    same = [mine == theirs for mine, theirs in zip(*parts, strict=True)]
    swapped = same[0] & (parts[0][1] == parts[1][2]) & (parts[0][2] == parts[1][1])
    near = (same[0].astype(np.int8) + same[1] + same[2] >= 2) | swapped
    level[rest[near]] = NEAR
    return np.where((one == NO_DAY) | (other == NO_DAY), np.uint8(UNKNOWN), level).astype(np.uint8)


def _parts(days: Codes) -> tuple[Rows, Rows, Rows]:
    dates = days.astype("M8[D]")
    months = dates.astype("M8[M]")
    year = dates.astype("M8[Y]").astype(np.int64)
    return year, months.astype(np.int64) - 12 * year, (dates - months).astype(np.int64)


def _numbers(facts: Facts, one: Rows, other: Rows) -> Levels:
    """A number that fails its check against a valid one, or against another that fails."""
    best = np.zeros(len(one), np.uint8)
    for kind, failed in facts.failed.items():
        both = _plain(failed.codes[one], failed.codes[other])
        if kind in facts.valid:
            near = _digits(failed, facts.valid[kind], one, other, _NEAR_DIGITS)
            both = np.maximum(both, near)
        best = np.maximum(best, both)
    return best


def _digits(one: Coded, other: Coded, left: Rows, right: Rows, most: int) -> Levels:
    """Numbers of one width that differ in at most so many characters are near."""
    level = np.zeros(len(left), np.uint8)
    a, b = one.codes[left], other.codes[right]
    here = np.flatnonzero((a >= 0) & (b >= 0))
    level[here] = DIFFERENT
    if len(here):
        mine, theirs = _bytes(one.texts, a[here]), _bytes(other.texts, b[here])
        if mine.shape[1] == theirs.shape[1]:
            close = (mine != theirs).sum(axis=1) <= most
            level[here[close & (mine[:, 0] > 0)]] = NEAR
    return level


def _bytes(texts: pa.StringArray, codes: Codes) -> npt.NDArray[np.uint8]:
    """The texts of these codes as rows of bytes of the commonest width; zeros for one of another width."""
    taken = texts.take(pa.array(codes))
    lengths = np.diff(np.frombuffer(taken.buffers()[1], np.int32, len(taken) + 1))
    width = int(np.bincount(lengths).argmax()) if len(lengths) else 1
    rows, chosen = byte_rows(taken, width)
    out = np.zeros((len(taken), width), np.uint8)
    out[chosen] = rows
    return out


def _written(mine: Coded, theirs: Coded, one: Rows, other: Rows) -> Levels:
    """How far texts agree, of one field or of two that were coded apart."""
    a, b = mine.codes[one], theirs.codes[other]
    level = np.where((a < 0) | (b < 0), np.uint8(UNKNOWN), np.uint8(DIFFERENT))
    both = np.flatnonzero(level)
    if mine is theirs:
        level[both[a[both] == b[both]]] = SAME
        both = both[a[both] != b[both]]
    if len(both):
        back, first = grouped(pack(a[both], b[both]))
        left = mine.texts.take(pa.array(a[both][first])).to_pylist()
        right = theirs.texts.take(pa.array(b[both][first])).to_pylist()
        level[both] = _text_levels(left, right)[back]
    return level


def _text_levels(left: list[str], right: list[str]) -> Levels:
    """One letter wrong, or nearly all letters alike; most of them alike, or one begins as the whole other."""
    from rapidfuzz.distance import OSA, JaroWinkler
    from rapidfuzz.process import cpdist

    alike = cpdist(left, right, scorer=JaroWinkler.similarity, dtype=np.float32)
    apart = cpdist(left, right, scorer=OSA.distance, dtype=np.int32)
    length = np.array([max(len(one), len(other)) for one, other in zip(left, right, strict=True)], np.int32)
    near = (alike >= _NEAR_SAID) & (apart <= length // 2)
    near |= np.array(
        [one.startswith(other) or other.startswith(one) for one, other in zip(left, right, strict=True)], bool
    )
    level = np.where(near, np.uint8(NEAR), np.uint8(DIFFERENT))
    level[(apart <= 1) & (length > _SHORT) | ((alike >= _ALIKE_TEXT) & (apart <= length // 4))] = ALIKE
    level[apart == 0] = SAME
    return level


def blank(size: int) -> Coded:
    """A field that no record states."""
    return Coded(np.full(size, NONE, np.int32), pa.array([], pa.string()))
