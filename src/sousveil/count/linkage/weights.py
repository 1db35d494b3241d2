"""Weights after Fellegi and Sunter (1969): how much more likely an agreement is of one person than of two.

`m`, how often two records of one person agree so far, starts from a prior worth `STRENGTH` pairs and is
learnt: from pairs of records that a valid number proves to be of one person where there are such, else by
expectation and maximisation over the candidate pairs. `u`, how often two people agree by chance, is the share
of the people who have that very value, so that a rare name weighs more than a common one.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sousveil.count.attach import pack
from sousveil.count.grouping import distinct, grouped
from sousveil.count.linkage.facts import ALIKE, DIFFERENT, FIELDS, MET, SAME, Facts, Levels, Rows
from sousveil.count.records import NO_DAY, Codes

Bits = npt.NDArray[np.float64]

STRENGTH = 100.0
"""Pairs of records that the prior of `m` is worth."""
BACKGROUND = 1000.0
"""People whom nobody counted: a value that only one of few records has is no rare one for that."""
_FAMILY = 4.0
"""Bits that a shared telephone or address is worth at most where the names differ: families share them."""

_M = {
    #         different, near, alike, same
    "name": (0.02, 0.05, 0.03, 0.90),
    "born": (0.02, 0.03, 0.00, 0.95),
    "phone": (0.28, 0.02, 0.00, 0.70),
    "number": (0.05, 0.90, 0.00, 0.05),
    "sex": (0.02, 0.00, 0.00, 0.98),
    "nation": (0.03, 0.00, 0.00, 0.97),
}
_M_TEXT = (0.15, 0.07, 0.08, 0.70)
_NEAR_BY_CHANCE = {"name": 1e-3, "born": 5e-3, "phone": 5e-3, "number": 1e-6}
_NEAR_TEXT_BY_CHANCE = 3e-2
_ALIKE_BY_CHANCE = 1e-4
_ALIKE_TEXT_BY_CHANCE = 3e-3
_FAMILY_FIELDS = ("phone", "address")


@dataclass(frozen=True)
class Weights:
    """The weights of one run."""

    m: Bits
    """By field and level: how often two records of one person agree so far; `MET` is as `SAME`."""
    chance: Bits
    """By field and level: how often two people do; the share of the value itself stands for `SAME`."""
    shares: tuple[Bits, ...]
    """The share of the people who have a value, by field and the value's code; empty for days (`days`)."""
    bags: Bits
    days: tuple[npt.NDArray[np.int32], Bits]
    people: float
    matches: float | None = None
    """The share of all pairs that are of one person, where it was learnt."""

    def among(self, size: int) -> Weights:
        """The weights for pairs among so many records: any of them may be the same person as another."""
        people = size + BACKGROUND if self.matches is None else 1 / self.matches
        return dataclasses.replace(self, people=people)

    @property
    def prior(self) -> float:
        """Log2 odds that a record is a given person's before anything is compared."""
        return float(-np.log2(self.people))

    def bits(self, facts: Facts, one: Rows, found: Levels, *, uncounted: bool = False) -> Bits:
        """Log2 odds of each pair, the prior included; `one` are the records whose values are weighed.

        `uncounted` weighs them as if the people of these records were not among the people known.
        """
        itself = 1 / self.people if uncounted else 0.0
        total = np.full(found.shape[1], self.prior)
        apart = found[0] == DIFFERENT
        for place in facts.parts:
            apart |= found[place] == DIFFERENT
        for place, field in enumerate(facts.fields):
            level = found[place]
            if not level.any():
                continue
            gained = np.log2(self.m[place] / self.chance[place])[level]
            gained[level == 0] = 0.0
            if field == "name":
                gained = self._names(facts, one, level, gained, itself)
            else:
                same = np.flatnonzero(level == SAME)
                share = self._less(self._share(facts, place, field, one[same]), itself)
                gained[same] = np.log2(self.m[place, SAME] / share)
            if field.startswith(_FAMILY_FIELDS):
                gained = np.where(apart, np.minimum(gained, _FAMILY), gained)
            total += gained
        return total

    def _less(self, share: Bits, itself: float) -> Bits:
        """Shares without one person; a value that nobody else has counts as half a person's."""
        return share if not itself else np.maximum(share - itself, 0.5 * itself)

    def _names(self, facts: Facts, one: Rows, level: Levels, gained: Bits, itself: float) -> Bits:
        name = facts.name[one]
        same = np.flatnonzero(level == SAME)
        gained[same] = np.log2(self.m[0, SAME] / self._less(self.shares[0][name[same]], itself))
        # The same letters in two scripts are as good as the same name, but more people have them.
        for place, of in ((ALIKE, ALIKE), (MET, SAME)):
            here = np.flatnonzero(level == place)
            bags = self._less(self.bags[facts.forms.bag_codes[name[here]]], itself)
            gained[here] = np.log2(self.m[0, of] / np.maximum(bags, _ALIKE_BY_CHANCE / 10))
        return gained

    def _share(self, facts: Facts, place: int, field: str, rows: Rows) -> Bits:
        if field == "born":
            days, share = self.days
            at = np.minimum(np.searchsorted(days, facts.born[rows]), len(days) - 1)
            return np.where(days[at] == facts.born[rows], share[at], share.min())
        if field == "sex":
            return np.full(len(rows), 0.5)
        if field == "number":
            return np.full(len(rows), 1e-6)
        return self.shares[place][codes_of(facts, field)[rows]]


def _by_chance(field: str) -> list[float]:
    is_text = field not in FIELDS
    near = _NEAR_TEXT_BY_CHANCE if is_text else _NEAR_BY_CHANCE.get(field, 1.0)
    different = 0.5 if field == "sex" else 1.0 if near == 1.0 else 1.0 - near
    return [1.0, different, near, _ALIKE_TEXT_BY_CHANCE if is_text else _ALIKE_BY_CHANCE, 1.0, 1.0]


def by_chance(facts: Facts) -> Bits:
    """How often two people agree, by field and level, before it is measured."""
    return np.array([_by_chance(field) for field in facts.fields])


def _prior(facts: Facts) -> Bits:
    """`m` before anything is learnt, by field and level."""
    found = np.array([[1.0, *_M.get(field, _M_TEXT), 0.0] for field in facts.fields]) + 1e-6
    found[:, MET] = found[:, SAME]
    return found


def codes_of(facts: Facts, field: str) -> Codes:
    """The codes of a field that has some."""
    return {
        "phone": facts.phone.codes,
        "nation": facts.nation,
        **{kind: text.codes for kind, text in facts.texts.items()},
    }[field]


def weights(facts: Facts, known: Rows, person: Rows, people: int | None) -> Weights:
    """The weights before anything is learnt, from `known` records and whom each of them is about.

    `people` are those that there are; None where nobody knows, and `person` is only a guess.
    """
    size = None if people is None else people + BACKGROUND
    name = facts.name[known]
    names = _shares(name, person, len(facts.forms.length), size)
    bags = _shares(np.where(name >= 0, facts.forms.bag_codes[name], -1), person, len(names), size)
    shares = [names]
    for field in facts.fields[1:]:
        if field == "phone" or field == "nation" or field in facts.texts:
            codes = codes_of(facts, field)
            shares.append(_shares(codes[known], person, int(codes.max(initial=-1)) + 1, size))
        else:
            shares.append(np.zeros(0))
    born = np.where(facts.born[known] != NO_DAY, facts.born[known], facts.inside[known])
    days, place = np.unique(born[born != NO_DAY], return_inverse=True)
    of_days = _shares(place.astype(np.int32), person[born != NO_DAY], len(days), size)
    if not len(days):
        days = np.array([NO_DAY], np.int32)
    everybody = float(len(distinct(person))) if size is None else size
    return Weights(_prior(facts), by_chance(facts), tuple(shares), bags, (days, of_days), max(everybody, 1.0))


def _once(values: Codes, person: Rows) -> Codes:
    """Each value once for each person who has it."""
    return values[grouped(pack(person, values))[1]]


def _shares(codes: Codes, person: Rows, size: int, people: float | None) -> Bits:
    """The share of the people who have each value. Each person counts once, however many records say it.

    Else a record that is compared with the others would itself make its value commoner. Where nobody knows
    how many people there are, they are those who state the field, and the more others the more of the values
    stand alone (Good 1953): a list of many names has not all of them, one of four regions has.
    """
    there = codes >= 0
    values = _once(codes[there], person[there])
    counts = np.bincount(values, minlength=max(size, 1)).astype(np.float64)
    if people is None:
        people = counts.sum() + BACKGROUND * (float((counts == 1).sum()) / max(float(counts.sum()), 1.0)) ** 2
    share: Bits = (counts + 0.5) / max(people, 1.0)
    return share


def learnt(weights: Weights, facts: Facts, found: Levels, belief: Bits) -> Weights:
    """The weights with `m` after pairs that are of one person with the probability `belief`."""
    m, prior = weights.m.copy(), _prior(facts)
    for place in range(len(m)):
        seen = np.bincount(np.minimum(found[place], SAME), weights=belief, minlength=SAME + 1)
        seen[0] = 0.0
        m[place, 1:MET] = (seen[1:] + STRENGTH * prior[place, 1:MET]) / (seen.sum() + STRENGTH)
    m[:, MET] = m[:, SAME]
    return dataclasses.replace(weights, m=m)
