"""How often the proposal fails to show the right person: measured on records whose number is hidden from it.

A ghost is a record with a valid number whose holder has other records, too. The ghosts are chosen so that
they are like the records without a number (the same fields filled in, in the same table), as often as there
are such records. The proposal is asked for each as for any record, in two ways:

- with the number and the documents of the ghost alone hidden: does it show the holder? So it would be if
  everybody had a number on some record.
- with those of all the holder's records hidden, which then fall into as many pieces as they do not share name
  and birth date, or name and telephone: how much does it show of them, people near other people among them?
  So it would be if nobody without a number had one anywhere.

The truth is taken to lie between the two. Both hold for others only as far as numbers are missing for no
reason that has to do with how hard somebody is to find; that is why they widen the interval on one side and
never narrow it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sousveil.count.records import NO_DAY, NONE, Flags
from sousveil.count.review.cards import Cards, Family, Places, grouped
from sousveil.count.review.propose import ASKED, Barred, Proposals

GHOSTS = 1_500
"""Records tried."""
LEAST = 50
"""Fewer than these measure nothing."""
ASSUMED = 0.10
"""The share missed that is allowed for where no ghost can be made, since no table has numbers."""


@dataclass(frozen=True)
class Missed:
    """The share of the right people that the proposal does not show."""

    tried: int
    missed: float

    @property
    def measured(self) -> bool:
        """Whether there were enough ghosts to say anything."""
        return self.tried >= LEAST

    @property
    def share(self) -> float:
        """The best estimate."""
        return self.missed / self.tried if self.measured else ASSUMED

    @property
    def most(self) -> float:
        """The upper end of the 95 % interval."""
        return at_most(self.missed, self.tried) if self.measured else 2 * ASSUMED


def at_most(found: float, tried: int) -> float:
    """The upper end of the 95 % interval of a share (Agresti and Coull 1998)."""
    size, share = tried + 4, (found + 2) / (tried + 4)
    return float(share + 1.96 * np.sqrt(share * (1 - share) / size))


def measure(proposals: Proposals, table: Places, rng: np.random.Generator) -> tuple[Missed, Missed]:
    """Try ghosts either way; `table` is the table of each card's first record."""
    chosen = _choose(proposals.cards, table, rng)
    if not len(chosen):
        return Missed(0, 0), Missed(0, 0)
    return _of_holders(proposals, chosen), _of_pieces(proposals, chosen)


def _of_holders(proposals: Proposals, chosen: Places) -> Missed:
    """How often the holder is not shown, whose other records have the number."""
    cards = proposals.cards
    asked = cards.traits.take(chosen).without_identifiers()
    every = np.arange(len(chosen))
    nobody = np.full(len(chosen), NONE, np.int64)
    itself = np.where(np.bincount(cards.of)[chosen] > 1, NONE, chosen)
    found = proposals.beside(asked, every, Barred(nobody, itself, np.ones(len(cards), np.bool_)))
    number = cards.traits.number
    right = number[found.card] == number[chosen[found.query]]
    right |= cards.person[found.card] == cards.person[chosen[found.query]]
    hit = np.zeros(len(chosen), np.bool_)
    hit[found.query[right]] = True
    return Missed(len(chosen), int((~hit).sum()))


def _of_pieces(proposals: Proposals, chosen: Places) -> Missed:
    """How much of what makes a ghost's ratio smaller is not shown, were the holder torn to pieces."""
    cards = proposals.cards
    family = Family(cards.person)
    card, ghost = family.of(cards.person[chosen])
    torn = cards.person.copy()
    torn[np.unique(card)] = cards.people + _pieces(cards, np.unique(card))
    pieces, near = Family(torn), proposals.with_people(torn)
    shown = np.zeros(0, np.int64)
    place, person = np.arange(len(chosen)), torn[chosen]
    for _ in range(2):  # people near the ghost, then people near the pieces among them
        asked, query = pieces.of(person, ASKED)
        barred = Barred(torn[chosen[place]], np.full(len(place), NONE), np.ones(len(cards), np.bool_))
        found = near.beside(cards.traits.take(asked).without_identifiers(), query, barred)
        right = cards.person[found.card] == cards.person[chosen[place[found.query]]]
        place, person = place[found.query[right]], torn[found.card[right]]
        shown = np.union1d(shown, (place << 32) | person)
    size = np.bincount(cards.of)[card]
    mine = torn[card] == torn[chosen[ghost]]
    seen = mine | np.isin((ghost << 32) | torn[card], shown)
    own, part, whole = (np.bincount(ghost, size * here, minlength=len(chosen)) for here in (mine, seen, True))
    split, found_split = 1 - own / whole, 1 - own / part
    tried = int((split > 0).sum())
    return Missed(tried, tried * (1 - float(found_split.sum() / split.sum())) if tried else 0)


def _pieces(cards: Cards, card: Places) -> Places:
    """The piece that each of these cards is in: of one predicted person, joined by what they say."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    person, traits = cards.person[card], cards.traits.take(card)
    joined = np.arange(len(card))
    links = [joined]
    for other, nothing in ((traits.born, NO_DAY), (traits.phone, NONE)):
        here = np.flatnonzero((traits.name >= 0) & (other != nothing))
        of, first = grouped([person[here], traits.name[here], other[here]])
        to = joined.copy()
        to[here] = here[first[of]]
        links.append(to)
    ends = np.concatenate(links)
    graph = coo_array((np.ones(len(ends), np.int8), (np.tile(joined, len(links)), ends)), (len(card),) * 2)
    labels: Places = connected_components(graph.tocsr(), directed=False)[1].astype(np.int64)
    return labels


def _choose(cards: Cards, table: Places, rng: np.random.Generator) -> Places:
    """Cards to hide the number of: their holder has another record, and they look like those without."""
    number = cards.traits.number
    there = number >= 0
    held = np.bincount(number[there], np.bincount(cards.of)[there], minlength=1)
    able = there & (held[number] > 1) & cards.sure
    without = ~there & (cards.traits.passport < 0)
    pattern = _pattern(cards, table)
    wanted = np.bincount(pattern[without], minlength=int(pattern.max(initial=0)) + 1).astype(float)
    have = np.bincount(pattern[able], minlength=len(wanted))
    places = np.flatnonzero(able & (wanted[pattern] > 0))
    if len(places) < LEAST:  # nothing like them: any will do rather than none
        places, weight = np.flatnonzero(able), np.ones(int(able.sum()))
    else:
        weight = (wanted / np.maximum(have, 1))[pattern[places]]
    if len(places) < LEAST:
        return np.zeros(0, np.int64)
    size = min(GHOSTS, len(places))
    return rng.choice(places, size, replace=False, p=weight / weight.sum())


def _pattern(cards: Cards, table: Places) -> Places:
    """Which fields a card has, in which table."""
    traits = cards.traits
    filled: list[Flags] = [traits.name >= 0, traits.born != NO_DAY, traits.phone >= 0, traits.alias >= 0]
    found = table.astype(np.int64)
    for flags in filled:
        found = found * 2 + flags
    return found
