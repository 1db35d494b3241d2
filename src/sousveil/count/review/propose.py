"""Which other people's cards a reviewer is shown beside a record: the likeliest of its neighbours.

Neighbours (`neighbours.py`) are weighed by a plain sum of how telling each agreement is, in bits, as in
Fellegi and Sunter (1969) with weights that are guessed, not estimated: they only choose what is shown. How
often they fail to show the right person is measured (`ghosts.py`), and widens the interval.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from sousveil.count.linkage.facts import ALIKE, DIFFERENT, MET, NEAR, SAME, name_levels
from sousveil.count.records import NO_DAY, Codes
from sousveil.count.review.cards import Cards, Places, Traits
from sousveil.count.review.names import matrix, shared
from sousveil.count.review.neighbours import Neighbours

Scores = npt.NDArray[np.float64]

SHOWN = 5
"""Other people shown beside a record, at most."""
ASKED = 8
"""Cards of a predicted person whose neighbours are looked for, at most."""
_SLACK = 12.0
"""Bits below even odds at which a neighbour is still worth a look."""
_NEAR = 2
"""Characters in which a mistyped number may differ from the right one."""
_AT_A_TIME = 200_000
_WIDTH = 18


@dataclass(frozen=True)
class Proposed:
    """Cards of other people beside each asked one, the likeliest first; one place a card shown."""

    query: Places
    card: Places
    odds: Scores
    """How likely it is the same person, as a guess, 0 to 1."""


@dataclass(frozen=True)
class Barred:
    """What is not proposed."""

    person: Places
    """One person (by its number) for each query, or `NONE`."""
    card: Places
    """One card for each query, or `NONE`."""
    shows: npt.NDArray[np.bool_]
    """Which cards are proposed at all."""


class Proposals:
    """What the cards of a case are proposed from; it lives in memory for as long as a plan is made."""

    def __init__(self, cards: Cards) -> None:
        self.cards = cards
        self._near = Neighbours(cards)
        texts = cards.texts
        self._letters = matrix(cards.forms.plain.to_pylist())
        self._numbers, self._failed = _bytes(texts.untrusted_numbers), _bytes(texts.untrusted_failed)
        traits = cards.traits
        self._bearers = _bearers(traits.name, cards.person, len(cards.forms.plain))
        self._even = np.log2(max(cards.people, 2))

    def with_people(self, person: Places) -> Self:
        """The same cards as those of other people, one place a card."""
        other = copy.copy(self)
        other.cards = replace(self.cards, person=person)
        return other

    def bearers(self, card: Places) -> Places:
        """How many predicted people bear the name on these cards; 0 for a card without a name."""
        return self._bearers[self.cards.traits.name[card]]

    def beside(self, asked: Traits, query: Places, barred: Barred) -> Proposed:
        """The cards to show for each query; `query` is the number of the query that each asked card is of."""
        place, card = self._near.pairs(asked)
        fits = barred.shows[card] & (self.cards.person[card] != barred.person[query[place]])
        fits &= card != barred.card[query[place]]
        place, card = place[fits], card[fits]
        score = np.concatenate(
            [np.zeros(0)]
            + [
                self._score(asked.take(place[at : at + _AT_A_TIME]), card[at : at + _AT_A_TIME])
                for at in range(0, len(place), _AT_A_TIME)
            ]
        )
        likely = score > self._even - _SLACK
        found = _best(query[place[likely]], card[likely], score[likely], self.cards.person)
        odds = 1 / (1 + np.exp2(self._even - found[2]))
        return Proposed(found[0], found[1], odds)

    def _score(self, asked: Traits, card: Places) -> Scores:
        """How much speaks for one person, in bits, for asked cards against these."""
        other = self.cards.traits.take(card)
        score = (
            self._by_number(asked, other) + self._by_name(asked, other) + _by_birth(asked.born, other.born)
        )
        score += _by_equality(asked.passport, other.passport, 18, -1)
        score += _by_equality(asked.phone, other.phone, 10, -1)
        score += _by_equality(asked.nation, other.nation, 1, -5)
        return score

    def _by_number(self, asked: Traits, other: Traits) -> Scores:
        score = _by_equality(asked.number, other.number, 20, 0)
        score += _by_equality(asked.failed, other.failed, 16, 0)
        for one, ones, two, twos, near, far in (
            (asked.number, self._numbers, other.number, self._numbers, 2.0, -25.0),
            (asked.failed, self._failed, other.number, self._numbers, 12.0, -4.0),
            (asked.number, self._numbers, other.failed, self._failed, 12.0, -4.0),
        ):
            both = np.flatnonzero((one >= 0) & (two >= 0) & ~((ones is twos) & (one == two)))
            close = (ones[one[both]] != twos[two[both]]).sum(1) <= _NEAR
            score[both] += np.where(close, near, far)
        return score

    def _by_name(self, asked: Traits, other: Traits) -> Scores:
        """The best of the names against each other."""
        best = np.full(len(asked), -np.inf)
        for one in (asked.name, asked.alias):
            for two in (other.name, other.alias):
                both = np.flatnonzero((one >= 0) & (two >= 0))
                best[both] = np.maximum(best[both], self._names(one[both], two[both]))
        return np.where(np.isfinite(best), best, 0.0)

    def _names(self, one: Codes, two: Codes) -> Scores:
        rarity = np.maximum(self._even - np.log2(np.maximum(self._bearers[two], 1)), 2.0)
        forms = self.cards.forms
        level = name_levels(forms, one, two)
        across = forms.han[one] != forms.han[two]
        letters = (level == ALIKE) | (level == MET)
        shares = [rarity, rarity - 1, rarity / 2]
        like: Scores = np.select([level == SAME, letters, level == NEAR], shares, -8.0)
        # Across scripts nothing in common says nothing; half of the characters is little, but worth a look.
        like[(level == DIFFERENT) & across] = 0.0
        rest = np.flatnonzero((level == DIFFERENT) & ~across)
        like[rest[shared(self._letters, one[rest], two[rest]) >= 0.5]] = 1.0
        return like


def _by_birth(one: Codes, two: Codes) -> Scores:
    """Equal, near (two of year, month and day; or month and day changed about), apart."""
    known = (one != NO_DAY) & (two != NO_DAY)
    parts = [_date_parts(days) for days in (one, two)]
    same = [a == b for a, b in zip(*parts, strict=True)]
    turned = same[0] & (parts[0][1] == parts[1][2]) & (parts[0][2] == parts[1][1])
    near = (same[0].astype(int) + same[1] + same[2] >= 2) | turned
    return np.where(known, np.select([one == two, near], [13.0, 3.0], -8.0), 0.0)


def _date_parts(days: Codes) -> tuple[Places, Places, Places]:
    whole = days.astype("datetime64[D]")
    months = whole.astype("datetime64[M]")
    number = months.astype(np.int64)
    return number // 12, number % 12 + 1, (whole - months).astype(np.int64) + 1


def _by_equality(one: Codes, two: Codes, same: float, apart: float) -> Scores:
    both = (one >= 0) & (two >= 0)
    return np.where(both, np.where(one == two, same, apart), 0.0)


def _best(query: Places, card: Places, score: Scores, person: Places) -> tuple[Places, Places, Scores]:
    """The best card of each person for each query, and of those the `SHOWN` best."""
    order = np.lexsort([card, -score, person[card], query])
    query, card, score = query[order], card[order], score[order]
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = (query[1:] != query[:-1]) | (person[card[1:]] != person[card[:-1]])
    query, card, score = query[fresh], card[fresh], score[fresh]
    order = np.lexsort([card, -score, query])
    query, card, score = query[order], card[order], score[order]
    rank = np.arange(len(query)) - np.searchsorted(query, query)
    kept = rank < SHOWN
    return query[kept], card[kept], score[kept]


def _bearers(name: Codes, person: Places, size: int) -> Places:
    """How many people bear each name, by its code; the last place is for no name."""
    there = name >= 0
    pairs = np.unique((name[there].astype(np.int64) << 32) | person[there])
    count = np.bincount(pairs >> 32, minlength=size + 1)
    count[-1] = 0
    return count


def _bytes(untrusted: list[str]) -> npt.NDArray[np.uint8]:
    """Texts as rows of bytes of one width, cut off or filled up; the last row is for no text."""
    whole = "".join(text[:_WIDTH].ljust(_WIDTH) for text in untrusted).encode("ascii", "replace")
    return np.frombuffer(whole + b"?" * _WIDTH, np.uint8).reshape(-1, _WIDTH)
