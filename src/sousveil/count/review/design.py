"""What is laid before the reviewer: for each sampled record the cards to judge, and how many records each is.

Three kinds of card, in the order in which they are asked about:

- own: other cards of the record's own predicted person (was the matcher right to join them?);
- other: one card each of the other people proposed (was it wrong to keep them apart?);
- rest: the remaining cards of such a person, asked only where the one shown was the same person.

The pieces of a person who was torn apart hang together by each other: one has the name and the birth date,
the next the name and the telephone. So people are proposed beside another person, too, as long as that one is
at all likely to be the same; they are asked about only where it is.

A person with many cards is not shown all of them: those that are stand for the others, in proportion.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sousveil.count.records import NONE, Flags
from sousveil.count.review.cards import Cards, Family, Places
from sousveil.count.review.propose import ASKED, Barred, Proposals, Proposed
from sousveil.count.review.sample import Sample

OWN, OTHER, REST = 0, 1, 2
_OWN_AT_MOST = 6
_REST_AT_MOST = 4
_BEYOND_AT_MOST = 3
_LIKELY = 0.02
"""How likely another person must be the same, for the people beside it to be looked for."""


@dataclass(frozen=True)
class Shown:
    """The cards shown, ordered by the place in the sample and the order of asking."""

    place: Places
    kind: npt.NDArray[np.int8]
    card: Places
    weight: npt.NDArray[np.float64]
    """The records, of this scope, that the card stands for."""
    head: Places
    """Which card (by its index here) must be the same person for this one to be asked about; else `NONE`."""


@dataclass(frozen=True)
class Design:
    """A sample and all that is shown beside it."""

    sample: Sample
    base: Places
    """The records of this scope in the group of each sampled record's own card."""
    guess: npt.NDArray[np.float64]
    """The ratio of `interval.py` as the scores of the proposal foretell it."""
    shown: Shown


def design(proposals: Proposals, sample: Sample, inside: Flags) -> Design:
    """Propose candidates for every record of a sample; `inside` says which records are in its scope."""
    cards = proposals.cards
    sizes = cards.sizes(inside)
    own_card, places = cards.of[sample.record], np.arange(len(sample))
    family, own_person = Family(cards.person), cards.person[own_card]
    asked, query = family.of(own_person, ASKED)
    asked, query = np.concatenate([own_card, asked]), np.concatenate([places, query])
    barred = Barred(own_person, np.full(len(sample), NONE, np.int64), sizes > 0)
    found = proposals.beside(cards.traits.take(asked), query, barred)
    beyond, head = _beyond(proposals, found, barred, family)
    groups = _Groups.of(cards, sizes)
    own = groups.beside(own_person, cards.group[own_card], _OWN_AT_MOST)
    other = np.concatenate([found.card, beyond.card])
    rest = groups.beside(cards.person[other], cards.group[other], _REST_AT_MOST)
    size = groups.size[cards.group[other]].astype(np.float64)
    others = _Others(np.concatenate([found.query, beyond.query]), other, size, head)
    base = groups.size[cards.group[own_card]]
    return Design(sample, base, _guess(sample, found, sizes, cards), _ordered(own, others, rest))


@dataclass(frozen=True)
class _Others:
    """The cards of other people: of the people near the sampled record, then of those near these."""

    place: Places
    card: Places
    size: npt.NDArray[np.float64]
    head: Places
    """For the latter, which of the former it is near; else `NONE`."""


def _beyond(proposals: Proposals, found: Proposed, barred: Barred, family: Family) -> tuple[Proposed, Places]:
    """Other people beside the likelier ones of those found; and the heads of all, those found before them."""
    cards = proposals.cards
    heads = np.flatnonzero(found.odds > _LIKELY)
    asked, query = family.of(cards.person[found.card[heads]], ASKED)
    place = found.query[heads]
    nobody = np.full(len(heads), NONE, np.int64)
    near = proposals.beside(
        cards.traits.take(asked), query, Barred(barred.person[place], nobody, barred.shows)
    )
    pair = (place[near.query] << 32) | cards.person[near.card]
    order = np.lexsort([near.card, -near.odds, pair])
    order = order[~np.isin(pair[order], (found.query << 32) | cards.person[found.card])]
    _, first = np.unique(pair[order], return_index=True)
    kept = np.sort(order[first])
    rank = np.arange(len(kept)) - np.searchsorted(near.query[kept], near.query[kept])
    kept = kept[rank < _BEYOND_AT_MOST]
    head = np.concatenate([np.full(len(found.query), NONE, np.int64), heads[near.query[kept]]])
    return Proposed(place[near.query[kept]], near.card[kept], near.odds[kept]), head


@dataclass(frozen=True)
class _Groups:
    """The groups of cards that have records in a scope."""

    size: Places
    """Records in the scope, by group."""
    card: Places
    """A card of each group that has any."""
    group: Places
    family: Family

    @classmethod
    def of(cls, cards: Cards, sizes: Places) -> _Groups:
        size = np.bincount(cards.group, sizes, minlength=int(cards.group.max(initial=-1)) + 1)
        order = np.lexsort([np.arange(len(sizes)), -sizes, cards.group])
        order = order[sizes[order] > 0]
        group, first = np.unique(cards.group[order], return_index=True)
        card = order[first]
        return cls(size.astype(np.int64), card, group, Family(cards.person[card]))

    def beside(self, person: Places, but: Places, most: int) -> _Limited:
        """The groups of these people with the most records, without one group each."""
        found, of = self.family.of(person)
        fits = self.group[found] != but[of]
        return _limited(self.card[found[fits]], of[fits], self.size[self.group[found[fits]]], most)


_Limited = tuple[Places, Places, npt.NDArray[np.float64]]


def _limited(card: Places, of: Places, size: Places, most: int) -> _Limited:
    """The cards with the most records for each, standing for the others: owner, card, weight."""
    order = np.lexsort([card, -size, of])
    card, of, size = card[order], of[order], size[order]
    kept = np.arange(len(of)) - np.searchsorted(of, of) < most
    width = int(of.max(initial=-1)) + 1
    whole = np.bincount(of, size, minlength=width)
    part = np.bincount(of[kept], size[kept], minlength=width)
    scale = whole / np.maximum(part, 1)
    return of[kept], card[kept], size[kept] * scale[of[kept]]


def _ordered(own: _Limited, others: _Others, rest: _Limited) -> Shown:
    """All cards in the order of asking; a card stands somewhere behind its head."""
    mine, every = len(own[0]), np.arange(len(others.place))
    of = np.concatenate([np.full(mine, NONE, np.int64), every, rest[0]])
    kind = np.repeat(np.array([OWN, OTHER, REST], np.int8), [mine, len(every), len(rest[0])])
    place = np.concatenate([own[0], others.place, others.place[rest[0]]])
    # A person near another one follows it and all its cards.
    root = np.where(others.head >= 0, others.head, every)
    within = np.where(others.head >= 0, every, NONE)
    order = np.lexsort([kind, np.append(within, NONE)[of], np.append(root, NONE)[of], place])
    now = np.empty(len(order), np.int64)
    now[order] = np.arange(len(order))
    heads = np.concatenate([np.full(mine, NONE, np.int64), others.head, rest[0]])
    head = np.where(heads >= 0, now[heads + mine], NONE)
    card = np.concatenate([own[1], others.card, rest[1]])
    weight = np.concatenate([own[2], others.size, rest[2]])
    return Shown(place[order], kind[order], card[order], weight[order], head[order])


def _guess(sample: Sample, found: Proposed, sizes: Places, cards: Cards) -> npt.NDArray[np.float64]:
    """The share of a sampled record's true person that its predicted one is, by the odds of the proposal."""
    here = np.bincount(cards.person, sizes, minlength=cards.people)[cards.person[found.card]]
    more = np.bincount(found.query, here * np.minimum(found.odds, 0.95), minlength=len(sample))
    return np.asarray(sample.own / (sample.own + more), np.float64)
