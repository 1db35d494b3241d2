"""What a case promises: the settings of `[policy]` in case.toml, and what they may be."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from sousveil.errors import BadCase

REGIMES = ("exact", "noise")
MAX_EPSILON = 10
"""Above this, noise promises nothing that is worth its name."""


@dataclass(frozen=True)
class Policy:
    """What a case promises; `[policy]` in case.toml."""

    threshold: int = 10
    """k: no cell of 1 to k-1 people is ever released."""
    regime: str = "exact"
    """`exact` numbers with groups hidden, or numbers with `noise`; can't be changed once the case is made."""
    epsilon: float = 1.0
    """The budget of the noisy regime, for all of its answers together."""
    answers: int = 10
    """How many different questions the budget is for."""
    cells_per_person: int = 2
    """In how many cells of a table of people one person counts, with noise."""
    records_per_person: int = 4
    """How many records of one person count in a table of records, with noise."""
    languages: tuple[str, ...] = ("en",)
    cut_off_days: int = 60
    """Findings stop at the end of a whole month at least this many days before the latest record."""
    cut_off_spread_days: int = 0
    """Up to so many days more, drawn by chance for the case: who knows this program then can't count back."""
    jail: str = "warn"
    """Where a wall of the parsers' jail is missing on this system: `warn` and go on, or `insist` on all."""
    unseal_per_request: int = 10
    """Records that one unseal request may ask for."""
    unseal_total: int = 50
    """Records that all unseal requests of the case may ask for, approved or not."""
    unseal_alone: bool = False
    """Whether a member may approve their own request; holds only where it was so when the case was made."""

    @classmethod
    def read(cls, settings: Any) -> Self:
        """The policy of a case.toml. Raises `BadCase` where it is none that this version can keep."""
        if not isinstance(settings, dict) or not settings.keys() <= cls.__dataclass_fields__.keys():
            raise BadCase("case.toml has a [policy] setting that this version does not know")
        policy = cls(**settings)
        least_of = {"threshold": 3, "cut_off_days": 0, "unseal_per_request": 0, "unseal_total": 0}
        least_of |= {"answers": 1, "cells_per_person": 1, "records_per_person": 1, "cut_off_spread_days": 0}
        for name, least in least_of.items():
            value = getattr(policy, name)
            if type(value) is not int or value < least:
                raise BadCase(f"case.toml: {name} must be a whole number of at least {least}")
        if policy.regime not in REGIMES:
            raise BadCase('case.toml: regime must be "exact" or "noise"')
        if type(policy.epsilon) not in (int, float) or not 0 < policy.epsilon <= MAX_EPSILON:
            raise BadCase(f"case.toml: epsilon must be a number above 0, of at most {MAX_EPSILON}")
        if policy.jail not in ("warn", "insist"):
            raise BadCase('case.toml: jail must be "warn" or "insist"')
        if type(policy.unseal_alone) is not bool:
            raise BadCase("case.toml: unseal_alone must be true or false")
        if not all(isinstance(language, str) for language in policy.languages):
            raise BadCase("case.toml: languages must be a list of texts")
        return replace(policy, languages=tuple(policy.languages))

    def settings(self) -> dict[str, Any]:
        """The policy as TOML and JSON hold it."""
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()
        }
