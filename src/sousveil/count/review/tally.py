"""From the answers on a plan's records to the reviewed interval and its reviewers' agreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from math import ceil

import numpy as np

from sousveil.count.review.errors import errors_of
from sousveil.count.review.interval import Frame, Interval, interval
from sousveil.count.review.judged import Judged
from sousveil.count.review.verdict import (
    ANSWERS,
    Looks,
    Sampled,
    against,
    first_settled,
    looked,
    ratios,
    second_settled,
)


@dataclass(frozen=True)
class Decided:
    """A sampled record with all that both reviewers answered on it."""

    sampled: Sampled
    first: Looks
    second: Looks
    shared: bool = False
    """Whether the second reviewer was given it, too."""

    @property
    def is_judged(self) -> bool:
        """Whether the first reviewer has looked at every card that hangs on no other."""
        return all(self.first.get(card.index) for card in self.sampled.cards if card.head is None)

    @property
    def is_seconded(self) -> bool:
        """Whether the second reviewer has settled every card that the first has."""
        answers = first_settled(self.sampled, self.first)
        return self.shared and len(second_settled(answers, self.second)) == len(answers)


@dataclass(frozen=True)
class Agreement:
    """How often two reviewers gave one answer at their first look, by themselves."""

    cards: int
    raw: float
    kappa: float | None
    """Cohen's kappa (1960); None where both always gave one and the same answer."""


def reviewed(decided: Sequence[Decided], frame: Frame) -> Interval | None:
    """The interval that these decisions come to; None while there are too few."""
    rows = [one for one in decided if one.is_judged]
    if not rows:
        return None
    answers = [first_settled(one.sampled, one.first) for one in rows]
    values = [astuple(ratios(one.sampled, said)) for one, said in zip(rows, answers, strict=True)]
    judged = Judged(
        np.array([one.sampled.stratum for one in rows], np.int8),
        np.array([one.sampled.guess for one in rows]),
        *np.array(values, np.float64).T,
    )
    looks = (look for one in rows for look in looked(one.sampled, one.first))
    both = [
        card
        for one, said in zip(rows, answers, strict=True)
        if one.is_seconded
        for card in against(one.sampled, said, second_settled(said, one.second))
    ]
    return interval(judged, replace(frame, errors=errors_of(looks, both)))


def more_needed(found: Interval | None, judged: int, width: float) -> int | None:
    """About how many more records must be judged for a half-width; None while nobody can say."""
    if found is None or width <= 0:
        return None
    return max(ceil(judged * ((found.half / width) ** 2 - 1)), 0)


def agreement(decided: Sequence[Decided]) -> Agreement | None:
    """The reviewers' agreement over the cards that both have judged; None where there are none."""
    pairs = [
        (looks[0], one.second[index][0])
        for one in decided
        for index, looks in one.first.items()
        if looks and one.second.get(index)
    ]
    if not pairs:
        return None
    table = np.zeros((len(ANSWERS), len(ANSWERS)))
    for first, second in pairs:
        table[ANSWERS.index(first), ANSWERS.index(second)] += 1
    table /= len(pairs)
    raw, chance = float(np.trace(table)), float(table.sum(0) @ table.sum(1))
    return Agreement(len(pairs), raw, None if chance > 1 - 1e-9 else (raw - chance) / (1 - chance))
