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

UNKNOWN, DIFFERENT, NEAR, ALIKE, SAME = range(5)
"""Unknown on either side · different · nearly the same · the same in another spelling · the same."""

FIELDS = ("name", "born", "phone", "number", "sex", "nation", "address", "email", "other")
_NEAR_DIGITS = 2
"""Characters in which a mistyped number may differ from the right one: one typed wrong, or two swapped."""
_NEAR_TEXT = 0.8
_SHORT = 2


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
    """`address`, `email`, `other`, where the case is read in depth."""

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
    """How far each pair of records agrees in each of `FIELDS`; a field a row, a pair a column.

    `other` may carry a valid number: its birth date and digits are compared too. That of `one`
    is not looked at.
    """
    found = np.zeros((len(FIELDS), len(one)), np.uint8)
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
    for place, kind in enumerate(FIELDS[6:], start=6):
        if kind in facts.texts:
            found[place] = _written(facts.texts[kind], one, other)
    return found


def _plain(one: Codes, other: Codes) -> Levels:
    level = np.where(one == other, np.uint8(SAME), np.uint8(DIFFERENT))
    return np.where((one < 0) | (other < 0), np.uint8(UNKNOWN), level).astype(np.uint8)


def _names(facts: Facts, one: Rows, other: Rows) -> Levels:
    best = np.zeros(len(one), np.uint8)
    for mine in facts.names:
        for theirs in facts.names:
            both = np.flatnonzero((mine[one] >= 0) & (theirs[other] >= 0) & (best < SAME))
            level = name_levels(facts.forms, mine[one[both]], theirs[other[both]])
            best[both] = np.maximum(best[both], level)
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
    open_ = np.flatnonzero(~near)
    near[open_] = _spelled_nearly(forms, a[open_], b[open_])
    level[rest[near]] = NEAR
    alike = (forms.bag_codes[a] == forms.bag_codes[b]) & (forms.bag_codes[a] >= 0)
    level[rest[alike]] = ALIKE
    return level[back]


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


def _written(field: Coded, one: Rows, other: Rows) -> Levels:
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import cpdist

    a, b = field.codes[one], field.codes[other]
    level = _plain(a, b)
    rest = np.flatnonzero(level == DIFFERENT)
    if len(rest):
        texts = [field.texts.take(pa.array(codes[rest])).to_pylist() for codes in (a, b)]
        close = cpdist(*texts, scorer=Levenshtein.normalized_similarity, dtype=np.float32) >= _NEAR_TEXT
        level[rest[close]] = NEAR
    return level


def blank(size: int) -> Coded:
    """A field that no record states."""
    return Coded(np.full(size, NONE, np.int32), pa.array([], pa.string()))
