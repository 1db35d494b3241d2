"""A plan: the sample of a scope, what is shown beside each record, and what the answers are a sample of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sousveil.count.records import Flags
from sousveil.count.review.design import Design, design
from sousveil.count.review.ghosts import Missed
from sousveil.count.review.interval import Frame
from sousveil.count.review.propose import Proposals
from sousveil.count.review.sample import LONGEST, draw
from sousveil.count.review.verdict import Card, Sampled


@dataclass(frozen=True)
class Plan:
    """All that a session needs, in the order of judging."""

    design: Design
    sampled: tuple[Sampled, ...]
    frame: Frame


def make_plan(
    proposals: Proposals,
    inside: Flags,
    missed: tuple[Missed, Missed],
    rng: np.random.Generator,
    size: int = LONGEST,
) -> Plan:
    """Draw a sample of the records for which `inside` holds, and propose candidates for each."""
    made = design(proposals, draw(proposals.cards, inside, rng, size), inside)
    sample = made.sample
    means = tuple(
        float(made.guess[sample.stratum == stratum].mean()) if np.any(sample.stratum == stratum) else 1.0
        for stratum in range(len(sample.people))
    )
    drawn = tuple(int(n) for n in np.bincount(sample.stratum, minlength=len(sample.people)))
    return Plan(made, _sampled(made), Frame(sample.people, drawn, means, *missed))


def _sampled(made: Design) -> tuple[Sampled, ...]:
    shown, sample = made.shown, made.sample
    start = np.searchsorted(shown.place, np.arange(len(sample) + 1))
    cards = [
        Card(index, int(kind), float(weight), int(head) if head >= 0 else None)
        for index, (kind, weight, head) in enumerate(zip(shown.kind, shown.weight, shown.head, strict=True))
    ]
    return tuple(
        Sampled(
            place,
            int(sample.stratum[place]),
            int(sample.own[place]),
            int(made.base[place]),
            float(made.guess[place]),
            tuple(cards[start[place] : start[place + 1]]),
        )
        for place in range(len(sample))
    )
