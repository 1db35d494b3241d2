"""What is laid before the reviewer: for each sampled record the cards to judge, and how many records each is.

Three kinds of card, in the order in which they are asked about:

- own: other cards of the record's own predicted person (was the matcher right to join them?);
- other: one card each of the other people proposed (was it wrong to keep them apart?);
- rest: the remaining cards of such a person, asked only where the one shown was the same person.

A person with many cards is not shown all of them: those that are stand for the others, in proportion.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sousveil.count.records import NONE, Flags
from sousveil.count.review.cards import Cards, Places
from sousveil.count.review.propose import Barred, Proposals, Proposed
from sousveil.count.review.sample import Sample

OWN, OTHER, REST = 0, 1, 2
_OWN_AT_MOST = 6
_REST_AT_MOST = 4
_ASKED_AT_MOST = 8
"""Cards of a record's own predicted person whose neighbours are looked for."""


@dataclass(frozen=True)
class Shown:
    """The cards shown, ordered by the place in the sample and the order of asking."""

    place: Places
    kind: npt.NDArray[np.int8]
    card: Places
    weight: npt.NDArray[np.float64]
    """The records, of this scope, that the card stands for."""
    head: Places
    """For a card of the rest: which card (by its index here) must be the same person; else `NONE`."""


@dataclass(frozen=True)
class Design:
    """A sample and all that is shown beside it."""

    sample: Sample
    base: Places
    """The records of this scope on each sampled record's own card."""
    guess: npt.NDArray[np.float64]
    """The ratio of `interval.py` as the scores of the proposal foretell it."""
    shown: Shown


def design(proposals: Proposals, sample: Sample, inside: Flags) -> Design:
    """Propose candidates for every record of a sample; `inside` says which records are in its scope."""
    cards = proposals.cards
    sizes = cards.sizes(inside)
    own_card = cards.of[sample.record]
    places = np.arange(len(sample))
    family = _Family(cards)
    asked, query = family.of(cards.person[own_card], own_card, _ASKED_AT_MOST, np.ones_like(sizes))
    asked = np.concatenate([own_card, asked])
    query = np.concatenate([places, query])
    barred = Barred(cards.person[own_card], np.full(len(sample), NONE, np.int64), sizes > 0)
    found = proposals.beside(cards.traits.take(asked), query, barred)
    own, own_of = family.of(cards.person[own_card], own_card, len(cards), sizes)
    own_shown = _limited(own, own_of, sizes, _OWN_AT_MOST)
    rest, rest_of = family.of(cards.person[found.card], found.card, len(cards), sizes)
    rest_shown = _limited(rest, rest_of, sizes, _REST_AT_MOST)
    shown = _ordered(own_shown, found, sizes[found.card].astype(np.float64), rest_shown)
    return Design(sample, sizes[own_card], _guess(sample, found, sizes, cards), shown)


class _Family:
    """The cards of each predicted person."""

    def __init__(self, cards: Cards) -> None:
        self.order = np.argsort(cards.person, kind="stable")
        self.start = np.searchsorted(cards.person[self.order], np.arange(cards.people + 1))

    def of(self, person: Places, but: Places, most: int, sizes: Places) -> tuple[Places, Places]:
        """The cards of people that have records here, except one of each; and whose each is."""
        count = self.start[person + 1] - self.start[person]
        count = np.minimum(count, most + 1)
        of = np.repeat(np.arange(len(person)), count)
        inner = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
        found = self.order[self.start[person[of]] + inner]
        chosen = (found != but[of]) & (sizes[found] > 0)
        return found[chosen], of[chosen]


_Limited = tuple[Places, Places, npt.NDArray[np.float64]]


def _limited(card: Places, of: Places, sizes: Places, most: int) -> _Limited:
    """The cards with the most records for each, standing for the others: owner, card, weight."""
    order = np.lexsort([card, -sizes[card], of])
    card, of = card[order], of[order]
    kept = np.arange(len(of)) - np.searchsorted(of, of) < most
    width = int(of.max(initial=-1)) + 1
    whole = np.bincount(of, sizes[card], minlength=width)
    part = np.bincount(of[kept], sizes[card[kept]], minlength=width)
    scale = whole / np.maximum(part, 1)
    return of[kept], card[kept], sizes[card[kept]] * scale[of[kept]]


def _ordered(own: _Limited, found: Proposed, weight: npt.NDArray[np.float64], rest: _Limited) -> Shown:
    """All cards in the order of asking."""
    heads = np.concatenate([np.full(len(own[0]) + len(found.query), NONE, np.int64), rest[0]])
    place = np.concatenate([own[0], found.query, found.query[rest[0]]])
    kind = np.repeat(np.array([OWN, OTHER, REST], np.int8), [len(own[0]), len(found.query), len(rest[0])])
    turn = np.concatenate([np.arange(len(own[0])), np.arange(len(found.query)), rest[0]])
    order = np.lexsort([kind, turn, kind != OWN, place])
    card = np.concatenate([own[1], found.card, rest[1]])
    whole = np.concatenate([own[2], weight, rest[2]])
    now = np.empty(len(order), np.int64)
    now[order] = np.arange(len(order))
    head = np.where(heads >= 0, now[heads + len(own[0])], NONE)
    return Shown(place[order], kind[order], card[order], whole[order], head[order])


def _guess(sample: Sample, found: Proposed, sizes: Places, cards: Cards) -> npt.NDArray[np.float64]:
    """The share of a sampled record's true person that its predicted one is, by the odds of the proposal."""
    here = np.bincount(cards.person, sizes, minlength=cards.people)[cards.person[found.card]]
    more = np.bincount(found.query, here * np.minimum(found.odds, 0.95), minlength=len(sample))
    return np.asarray(sample.own / (sample.own + more), np.float64)
