"""Which cards stand near a given one: those that share any one of many keys with it.

Far ones are wanted, beyond what any matcher would tie together: a review of the matcher's own candidates
can't see what the matcher never compared. So one shared field is enough: a number, a document, a failing
number or a part of one, a telephone, a birth date, a name, its letters or its consonants in any order (by
`count/forms`, across scripts); and a name
but for one character together with the year, or the month and day, of birth.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sousveil.count.grouping import distinct
from sousveil.count.records import NO_DAY, NONE, Codes, Flags
from sousveil.count.review.cards import Cards, Places, Texts, Traits
from sousveil.count.review.names import Shortened

_BLOCK = 300
"""Of a key that more cards have, so many are looked at, spread evenly: nobody could tell them apart by it."""
_END, _TAIL = 4, 8
"""A number without its last characters, and the last ones alone: a mistyped character spoils one of them."""

Family = tuple[Places, Places]
"""Places and the code of each, one row for each key that a place has."""
_NOTHING: Family = (np.zeros(0, np.int64), np.zeros(0, np.int64))


class Neighbours:
    """An index over the cards of a case; it lives in memory for as long as a plan is made."""

    def __init__(self, cards: Cards) -> None:
        texts = cards.texts
        self._forms = cards.forms
        self._short = Shortened.of(cards.forms.plain.to_pylist())
        self._parts = [_parts(texts, part) for part in (slice(None, -_END), slice(-_TAIL, None))]
        self._families = [_Index(*family) for family in self._keys(cards.traits)]

    def pairs(self, asked: Traits) -> tuple[Places, Places]:
        """Each asked place with each card near it, each pair once, in order."""
        found = [
            index.pairs(*family) for index, family in zip(self._families, self._keys(asked), strict=True)
        ]
        packed = distinct(np.concatenate([(place << 32) | card for place, card in found]))
        return packed >> 32, packed & 0xFFFFFFFF

    def _keys(self, traits: Traits) -> Iterator[Family]:
        """Every family of keys, always the same ones in the same order."""
        for codes in (traits.number, traits.passport, traits.failed, traits.phone):
            yield _present(codes)
        yield _where(traits.born != NO_DAY, traits.born)
        for numbers, failing in self._parts:
            yield _both(_part(traits.number, numbers), _part(traits.failed, failing))
        year, day = _year(traits.born), _day_of_year(traits.born)
        for everywhere, dated in self._by_name(*_both(_present(traits.name), _present(traits.alias))):
            yield everywhere
            yield from _with_birth(dated, year, day)

    def _by_name(self, places: Places, names: Places) -> Iterator[tuple[Family, Family]]:
        """The families of names: the keys that are enough, and those to be taken with a birth date."""
        forms = self._forms
        yield (places, names), (places, names)
        bags = _both(*(_at(bag, places, names) for bag in (forms.bag_codes, *forms.also)))
        yield bags, bags
        # A Chinese name shares its few consonants with too many others for them to be enough.
        telling = [np.where(forms.chinese, NONE, bones) for bones in forms.bones]
        enough, bones = (
            _both(*(_at(codes, places, names) for codes in kinds)) for kinds in (telling, forms.bones)
        )
        yield enough, bones
        yield _NOTHING, self._short.at(places, names)


class _Index:
    """One family of keys, ordered by code."""

    def __init__(self, places: Places, codes: Places) -> None:
        order = np.argsort(codes, kind="stable")
        self.places, self.codes = places[order], codes[order]

    def pairs(self, places: Places, codes: Places) -> tuple[Places, Places]:
        """Each asked place with the cards of its codes; at most `_BLOCK` a code."""
        start = np.searchsorted(self.codes, codes)
        count = np.searchsorted(self.codes, codes, side="right") - start
        shown = np.minimum(count, _BLOCK)
        of = np.repeat(np.arange(len(codes)), shown)
        inner = np.arange(len(of)) - np.repeat(np.cumsum(shown) - shown, shown)
        spread = inner * count[of] // np.maximum(shown[of], 1)
        return places[of], self.places[start[of] + spread]


def _at(codes: Codes, places: Places, names: Places) -> Family:
    """The codes of these names at places, those that have one."""
    there = codes[names] >= 0
    return places[there], codes[names[there]].astype(np.int64)


def _present(codes: Codes) -> Family:
    return _where(codes >= 0, codes)


def _where(there: Flags, codes: Codes) -> Family:
    places = np.flatnonzero(there)
    return places, codes[places].astype(np.int64)


def _both(*families: Family) -> Family:
    places, codes = zip(*families, strict=True)
    return np.concatenate(places), np.concatenate(codes)


def _with_birth(family: Family, year: Places, day: Places) -> Iterator[Family]:
    """The keys together with the year of birth, and with its month and day."""
    places, codes = family
    for part in (year, day):
        known = part[places] >= 0
        yield places[known], codes[known] * 10_000 + part[places[known]]


def _year(born: Codes) -> Places:
    years = born.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return np.where(born == NO_DAY, -1, np.clip(years, 0, 9_999))


def _day_of_year(born: Codes) -> Places:
    """Month and day as one number, below 10,000."""
    days = born.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    day = (days - months).astype(np.int64)
    return np.where(born == NO_DAY, -1, (months.astype(np.int64) % 12) * 100 + day)


def _parts(texts: Texts, part: slice) -> tuple[Places, Places]:
    """The code of a part of each valid and each failing number."""
    known: dict[str, int] = {}
    both = [
        np.array([known.setdefault(text[part], len(known)) for text in kind], np.int64)
        for kind in (texts.untrusted_numbers, texts.untrusted_failed)
    ]
    return both[0], both[1]


def _part(codes: Codes, parts: Places) -> Family:
    places = np.flatnonzero(codes >= 0)
    return places, parts[codes[places]]
