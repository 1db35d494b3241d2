"""How often the proposal fails to show the right person: measured on records whose number is hidden from it.

A ghost is a record with a valid number whose holder has other records, too. Its number and documents are
hidden, and the proposal is asked for it as for any record. The ghosts are chosen so that they are like the
records without a number (the same fields filled in, in the same table), as often as there are such records.
What is measured holds for others only as far as numbers are missing for no reason that has to do with how
hard somebody is to find; that is why it widens the interval on one side and never narrows it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sousveil.count.records import NO_DAY, NONE, Flags
from sousveil.count.review.cards import Cards, Places
from sousveil.count.review.propose import Barred, Proposals

GHOSTS = 600
"""Records tried."""
LEAST = 50
"""Fewer than these measure nothing."""
ASSUMED = 0.10
"""The share missed that is allowed for where no ghost can be made, since no table has numbers."""


@dataclass(frozen=True)
class Missed:
    """The share of the right people that the proposal does not show."""

    tried: int
    missed: int

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


def at_most(found: int, tried: int) -> float:
    """The upper end of the 95 % interval of a share (Agresti and Coull 1998)."""
    size, share = tried + 4, (found + 2) / (tried + 4)
    return float(share + 1.96 * np.sqrt(share * (1 - share) / size))


def measure(proposals: Proposals, table: Places, rng: np.random.Generator) -> Missed:
    """Try ghosts; `table` is the table of each card's first record."""
    cards = proposals.cards
    chosen = _choose(cards, table, rng)
    if not len(chosen):
        return Missed(0, 0)
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
