"""The weights where nobody has a number: learnt from the records alone, by expectation and maximisation.

After Winkler (1988) and Fellegi and Sunter (1969). How often two records of one person agree (`m`) is learnt
from pairs that share a key, each weighed by how likely it is of one person; how often two people do
(`chance`), from pairs drawn at random, each weighed by how likely it is not. How rare a value is, is counted
over the people that the records seem to be about, so that who has many records does not make his own name a
common one; the people and the weights are made from each other in turn.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from sousveil.count.linkage.blocks import mixed
from sousveil.count.linkage.facts import MET, SAME, Facts, Levels, Rows, levels
from sousveil.count.linkage.persons import among, components
from sousveil.count.linkage.weights import Bits, Weights, by_chance, learnt, weights

_TURNS = 3
_ROUNDS = 6
_RANDOM = 100_000
_MOST = 400_000
"""Pairs that are learnt from; of more, those of the smallest hash."""
_LIKELY = 0.99
_TAKEN = 30.0
"""Random pairs that what is taken for granted of chance agreements is worth."""
_UNSEEN = 0.5
"""Pairs that every level counts for at least: what was not drawn may yet happen."""


def unsupervised(facts: Facts, rows: Rows) -> Weights:
    """The weights of records of whom no number says whose they are.

    `rows` come in an order that their content makes, so that nothing hangs on where the records stand.
    """
    label = np.arange(len(rows))
    found = weights(facts, rows, label, None)
    if len(rows) < 2:
        return found
    pairs = _Pairs.of(facts, rows)
    for turn in range(_TURNS):
        start = weights(facts, rows, label, None)
        if turn:
            start = dataclasses.replace(start, m=found.m, chance=found.chance, matches=found.matches)
        found = _maximised(start, facts, rows, pairs)
        likely = _belief(found.among(len(rows)).bits(facts, pairs.one, pairs.levels)) >= _LIKELY
        label = components(len(rows), pairs.at[0][likely], pairs.at[1][likely])
    return found


def adapted(start: Weights, facts: Facts, rows: Rows) -> Weights:
    """The weights where people have numbers, but too few records each to learn from: `m` after `rows`.

    They come in an order that their content makes.
    """
    return dataclasses.replace(_maximised(start, facts, rows, _Pairs.of(facts, rows)), matches=None)


@dataclasses.dataclass(frozen=True)
class _Pairs:
    """Candidate pairs, as records and as places, and random ones; with how far they agree."""

    one: Rows
    at: tuple[Rows, Rows]
    levels: Levels
    random: Rows
    random_levels: Levels

    @classmethod
    def of(cls, facts: Facts, rows: Rows) -> _Pairs:
        one, other, found = among(facts, rows)
        place = np.full(len(facts), -1, np.int64)
        place[rows] = np.arange(len(rows))
        many = min(_RANDOM, len(rows) * (len(rows) - 1) // 2)
        drawn = (mixed(np.arange(2 * many)) % np.uint64(len(rows))).astype(np.int64)
        left, right = rows[drawn[:many]], rows[drawn[many:]]
        apart = left != right
        left, right = left[apart], right[apart]
        return cls(one, (place[one], place[other]), found, left, levels(facts, left, right))


def _maximised(start: Weights, facts: Facts, rows: Rows, pairs: _Pairs) -> Weights:
    """Weights that `m`, `chance` and the share of pairs of one person no longer change."""
    every = max(len(rows) * (len(rows) - 1) / 2, 1.0)
    before = by_chance(facts)
    taken = slice(None, None, max(1, len(pairs.one) // _MOST))
    for _ in range(_ROUNDS):
        belief = _belief(start.among(len(rows)).bits(facts, pairs.one[taken], pairs.levels[:, taken]))
        start = learnt(start, facts, pairs.levels[:, taken], belief)
        matches = float(belief.sum()) * (taken.step or 1)
        apart = 1 - _belief(start.among(len(rows)).bits(facts, pairs.random, pairs.random_levels))
        start = dataclasses.replace(
            start, chance=_chance(before, pairs.random_levels, apart), matches=(matches + 0.5) / every
        )
    return start


def _chance(before: Bits, found: Levels, apart: Bits) -> Bits:
    """How often people agree by chance, from random pairs and what was taken for granted `before`."""
    chance = before.copy()
    for place in range(len(chance)):
        seen = np.bincount(found[place], weights=apart, minlength=MET + 1)
        told = seen[1:].sum()
        if told > 0:
            share = (seen + _TAKEN * before[place]) / (told + _TAKEN)
            chance[place, 1:SAME] = np.maximum(share, _UNSEEN / (told + _TAKEN))[1:SAME]
    return chance


def _belief(bits: Bits) -> Bits:
    belief: Bits = 1 / (1 + np.exp2(-np.clip(bits, -60, 60)))
    return belief
