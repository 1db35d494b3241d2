"""The verdict on a column: the type that most speaks for, or none, with the reason."""

from __future__ import annotations

from dataclasses import dataclass

from sousveil.survey.calibration import calibrated
from sousveil.survey.evidence import Evidence
from sousveil.survey.mixture import Mixture, mixture_of
from sousveil.survey.model import MIXED, PROVED, Weight
from sousveil.survey.types import BY_NAME, NATIONAL, TYPES

LEAST = 0.45
"""Below this confidence the survey abstains."""
DOUBTED = 0.35
"""From here on a type that the survey does not claim is still reason for care."""
PROVES = 0.6
"""From here on the values prove a type by themselves, whatever header or review say."""
VARIOUS = 0.2
"""Above this share of different values a column of an identifying type is one, whatever the review says."""


_PLAIN = frozenset(("number", "serial", "category"))


@dataclass(frozen=True)
class Verdict:
    """What the survey says of one column."""

    type: str
    confidence: float
    reason: str
    identifying: bool
    """Its values prove to be identifying; no edit of review.toml lifts that."""
    alternatives: tuple[tuple[str, float], ...] = ()
    """Other types that the values allow, best first."""
    evidence: str = ""
    """What the values say: one of `sousveil.survey.model.VERDICTS`, or empty where only the header speaks."""
    truth: float | None = None
    """The share whose check digits hold beyond chance; None for a type without any."""
    score: float = 1.0
    """The confidence before calibration: what the rules add up to."""
    mixture: Mixture | None = None
    """The parts of a column that holds identifiers of several types."""


EMPTY = Verdict("unknown", 1.0, "no value in any row", False)


Weights = dict[str, Weight]


def weigh(e: Evidence, before: Weights | None = None) -> Weights:
    """How much speaks for each type; with weights from before, only what stands beside is weighed again."""
    return {
        found.name: found.weigh(e) if before is None or found.beside else before[found.name]
        for found in TYPES
    }


def judge(e: Evidence, weights: Weights) -> Verdict:
    """The verdict on one column."""
    if not e.distinct:
        return EMPTY
    ranked = sorted(weights, key=lambda name: (-round(weights[name].confidence, 2), -weights[name].by_values))
    best = ranked[0] if weights[ranked[0]].confidence >= LEAST else "unknown"
    if best in _PLAIN and any(_belongs_to_somebody(weights[name]) for name in NATIONAL):
        best = "unknown"
    by_values = max(weights[best].by_values, PROVES)
    proved = any(
        weights[name].by_values >= (PROVES if name == best else by_values + 0.05)
        for name in ranked
        if BY_NAME[name].identifying
    )
    # Header and shape agree on an identifying type: many different values settle it, and no category is lost.
    # So does a header that is not enough for a claim: it may be names in a form that no type knows.
    doubted = best == "unknown" and any(
        weights[name].confidence >= DOUBTED for name in ranked if BY_NAME[name].identifying
    )
    various = (BY_NAME[best].identifying or doubted) and e.distinct > max(VARIOUS * e.present, 10)
    mixture = mixture_of(e, best)
    if mixture is not None:
        return _mixed(mixture, weights)
    others = tuple(
        (name, round(calibrated(weights[name].confidence), 2))
        for name in ranked
        if name not in {best, "unknown"} and weights[name].confidence >= 0.2
    )
    return Verdict(
        best,
        round(min(calibrated(weights[best].confidence), 0.99), 2),
        weights[best].reason,
        proved or various,
        others[:3],
        weights[best].verdict,
        weights[best].truth,
        weights[best].confidence,
    )


def _belongs_to_somebody(weight: Weight) -> bool:
    """Whether check digits hold: not enough to say whose number it is, too much to call it a number."""
    return weight.verdict == PROVED and weight.confidence >= DOUBTED


def _mixed(mixture: Mixture, weights: Weights) -> Verdict:
    """The verdict on a column of several types: the largest part names it, all of them are told."""
    first = weights[mixture.types[0]]
    score = min(max(first.confidence, 0.6), 0.9)
    return Verdict(
        mixture.types[0],
        round(calibrated(score), 2),
        "holds identifiers of several types",
        True,
        tuple(
            (name, round(calibrated(max(weights[name].confidence, LEAST)), 2)) for name in mixture.types[1:]
        ),
        MIXED,
        first.truth,
        score,
        mixture,
    )
