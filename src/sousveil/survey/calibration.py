"""From the score of a verdict to a confidence that promises no more than was measured.

Scores add up evidence by rules of thumb. How often a claim of some score is right was measured on tables
made by one generator (Faker, 26 locales) and fitted monotonically (isotonic regression by pooled adjacent
violators; Zadrozny and Elkan 2002): `STEPS` is that map, printed by `python -m benchmarks.survey_types CORPUS
--fit`. The confidence is the lower of score and map: made tables are cleaner than leaked ones, so that what
was measured may take from a score, and never adds. On the tables of another generator (mimesis) the
benchmark shows what the confidence is worth.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

STEPS: tuple[tuple[float, float], ...] = ((0.0, 0.0), (0.45, 0.7), (0.571, 0.875), (0.901, 0.999))
"""(score, confidence): between two steps the confidence is interpolated."""
_FEWEST = 25
"""Claims that a bin must hold."""


def calibrated(score: float) -> float:
    """The confidence for a score, both 0 to 1."""
    return min(score, _measured(score))


def _measured(score: float) -> float:
    place = bisect_right([low for low, _ in STEPS], score)
    if place == 0:
        return STEPS[0][1]
    if place == len(STEPS):
        return STEPS[-1][1]
    (low, before), (high, after) = STEPS[place - 1], STEPS[place]
    return before + (after - before) * (score - low) / (high - low)


def fitted(pairs: Iterable[tuple[float, bool]]) -> tuple[tuple[float, float], ...]:
    """The steps from scores and whether their claims were right.

    A bin's confidence is the lower of its share and (right + 1) / (claims + 2), so that few claims promise
    little.
    """
    claims_at: dict[float, list[bool]] = {}
    for score, right in pairs:
        claims_at.setdefault(round(score, 2), []).append(right)
    pools: list[list[float]] = []  # [scores, right, claims]
    for score, rights in sorted(claims_at.items()):
        pools.append([score * len(rights), float(sum(rights)), float(len(rights))])
        while len(pools) > 1 and (
            pools[-2][2] < _FEWEST or pools[-2][1] / pools[-2][2] >= pools[-1][1] / pools[-1][2]
        ):
            last = pools.pop()
            pools[-1] = [one + other for one, other in zip(pools[-1], last, strict=True)]
    return tuple(
        (round(scores / claims, 3), round(min(right / claims, (right + 1) / (claims + 2)), 3))
        for scores, right, claims in pools
    )
