"""A column type: what its values look like, what proves them, and what may be done with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from sousveil.survey.checks import Check, Truths
from sousveil.survey.evidence import GLANCE, Evidence, beats_chance


class Weight(NamedTuple):
    """How much speaks for a type."""

    confidence: float
    """0 to 1, header included."""
    by_values: float
    """0 to 1, without what the header says."""
    reason: str
    """In a few words, without a value."""
    verdict: str = ""
    """One of `VERDICTS`; empty where nothing but the header speaks."""
    truth: float | None = None
    """The share of right-shaped values whose check digits hold beyond chance, (p - p0) / (1 - p0)."""


PROVED, SHAPE, CHANCE, MIXED = "proved", "shape only", "check at chance", "mixed"
VERDICTS = (PROVED, SHAPE, CHANCE, MIXED)
"""What the values say: check digits hold beyond chance; only the shape is right; the shape is right and check
digits hold no more often than by chance; values of several types."""


NOTHING = Weight(0.0, 0.0, "")
_FAR = 0.2
"""A type whose shape fewer of the values have is not weighed."""
_AKIN = 0.85
"""How far a header of identity numbers in general speaks for those of one country."""


@dataclass(frozen=True)
class ColumnType:
    """One type of the contract's list, mostly data."""

    name: str
    summary: str
    """One sentence for docs/types.md: what it is."""
    canonical: str
    """One sentence for docs/types.md: what its clean form is."""
    fits: Callable[[Evidence], Truths]
    """Which values have the right shape; with a header's support."""
    sure: Callable[[Evidence], Truths] | None = None
    """Which values have a shape that says it without a header; `fits` where None."""
    holds: Callable[[Evidence], Truths] | None = None
    """Which of them are valid: what `valid_share` counts; `fits` where None."""
    check: Check | None = None
    """Which compact texts are valid, without a column around them: what the clean form keeps."""
    plain: Callable[[pa.StringArray], pa.StringArray] | None = None
    """What is left to do to a compact text to make it canonical."""
    widths: tuple[int, ...] = ()
    """Lengths of compact texts of the right shape; any where empty. Saves trying the pattern."""
    lettered: bool = False
    """Each of its values has a letter, of whatever script. Saves trying the pattern on numbers."""
    headers: str = ""
    """Words of headers in any language that are this type's own; `_` joins the words of one term."""
    chance: float | None = None
    """The share of right-shaped values that `holds` passes by luck; None where passing proves nothing."""
    alone: float = 0.0
    """Confidence by shape alone."""
    proved: float = 0.97
    """Confidence where the check is passed far beyond chance."""
    named: float = 0.9
    """How far a header that speaks for it closes the gap to certainty, where the shape is right."""
    least: float = 0.7
    """Least share of the distinct values that must have the shape."""
    least_named: float = 0.4
    """The same where the header speaks for it."""
    identifying: bool = False
    """Questions refuse it, and nothing published may hold one of its values."""
    strong: bool = False
    """A valid value says by itself who a person is."""
    national: bool = False
    """A national identity number: a header that speaks of identity numbers speaks for it, too."""
    askable: bool = False
    """`where` and `by` may use it (dates only through their functions)."""
    through: str = ""
    """How questions may use it, where only in part, for docs/types.md."""
    rivals: tuple[str, ...] = ()
    """Types that it is taken for most easily."""
    gaps: bool = False
    """Numbers that count upward without gaps are none of these."""
    beside: bool = False
    """What stands beside the column counts too: weighed again once the other columns are known."""
    weigh_by: Callable[[Evidence], Weight] | None = None
    """A rule of its own instead of the common one."""

    def right(self, e: Evidence) -> Truths:
        """Which values have the right shape, of those that are there."""
        return self.fits(e) & e.there

    def valid(self, e: Evidence) -> Truths:
        """Which values are valid."""
        right = self.right(e)
        return right if self.holds is None else right & self.holds(e)

    def weigh(self, e: Evidence) -> Weight:
        """How much speaks for this type of the column."""
        if not e.distinct or (self.lettered and not e.lettered) or (self.gaps and e.counter):
            return NOTHING
        if self._far_off(e):
            return NOTHING
        return self.weigh_by(e) if self.weigh_by else self.weigh_shape(e)

    def _far_off(self, e: Evidence) -> bool:
        """Whether lengths or a few of the values show that the shape is wrong; saves looking at all."""
        if self.widths and sum(e.widths.get(width, 0) for width in self.widths) < _FAR * e.distinct:
            return True
        return e.distinct > 3 * GLANCE and e.glance.share(self.right(e.glance)) < _FAR

    def weigh_shape(self, e: Evidence) -> Weight:
        """The common rule: shape, then check against chance, then header."""
        strength = e.meanings.get(self.name, 0.0)
        right = self.right(e)
        share = e.share(right)
        if share < (self.least_named if strength >= 0.5 else self.least):
            return NOTHING
        found = self._by_values(e, right)
        if self.national and found.by_values:
            strength = max(strength, _AKIN * e.meanings.get("cn_resident_id", 0.0))
        confidence = 1 - (1 - found.by_values) * (1 - self.named * strength)
        reason = found.reason
        if strength >= 0.5 and confidence > found.by_values:
            reason = f"{reason}, header agrees" if reason else "shape and header agree"
        damped = 1.0 if share > 0.97 else share**0.5
        return found._replace(
            confidence=confidence * damped, by_values=found.by_values * damped, reason=reason
        )

    def _by_values(self, e: Evidence, right: Truths) -> Weight:
        """What the values say by themselves: shape, then the check against chance."""
        surely = right if self.sure is None else self.sure(e) & right
        alone = self.alone if e.share(surely) >= self.least else 0.0
        if self.holds is None or self.chance is None:
            return Weight(alone, alone, "shape" if alone else "", SHAPE)
        tries, hits = int(right.sum()), int((right & self.holds(e)).sum())
        truth = max(0.0, (hits / tries - self.chance) / (1 - self.chance))
        if not beats_chance(hits, tries, self.chance):
            return Weight(
                alone, alone, "right shape, but its check digits pass only by chance", CHANCE, round(truth, 4)
            )
        if truth >= 0.5:
            by_values, reason = max(alone, self.proved), "check digits hold"
        else:
            by_values = alone + (self.proved - alone) * truth * 0.5
            reason = "check digits hold for a part"
        return Weight(by_values, by_values, reason, PROVED, round(truth, 4))


def nothing(e: Evidence) -> Truths:
    """No value."""
    return np.zeros(len(e.untrusted_values), np.bool_)


def anything(e: Evidence) -> Truths:
    """Every value that is there."""
    return e.there


def named(weight: float, e: Evidence, name: str, gap: float = 0.9) -> float:
    """A confidence by values, raised by what the header says for a type."""
    return 1 - (1 - weight) * (1 - gap * e.meanings.get(name, 0.0))


_PERSONAL = frozenset(
    ("person_name", "passport", "cn_resident_id", "birth_date", "sex", "mrz", "phone", "email")
)
"""Types of columns that hardly stand in a table of anything but people; of countries' numbers, all."""


def beside_a_person(e: Evidence) -> bool:
    """Whether something that belongs to a person stands beside the column."""
    return any(
        strength >= 0.7 and (name in _PERSONAL or (name[2:3] == "_" and name[:3] != "cn_"))
        for name, strength in e.witnesses.items()
    )
