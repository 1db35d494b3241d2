"""How much the suite tries: all of it, or as much as the default tests have time for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """How much of everything is tried."""

    sets: int
    wide: int
    """Sets that use the whole language of questions."""
    dumps: int
    """Dumps of several tables, and tables of which the codes are read."""
    years: int
    weeks: int
    live: tuple[int, int]
    """Cases through the whole product, each for so many weeks."""
    logs: int
    chains: range
    known_bad: int
    draws: int
    demo: int
    """Records of the demo whose publication is attacked; 0 for none."""


QUICK = Sizes(
    sets=6,
    wide=4,
    dumps=8,
    years=1,
    weeks=4,
    live=(1, 4),
    logs=1,
    chains=range(10, 11),
    known_bad=4,
    draws=150,
    demo=60_000,
)
FULL = Sizes(
    sets=500,
    wide=500,
    dumps=300,
    years=4,
    weeks=52,
    live=(4, 12),
    logs=12,
    chains=range(100),
    known_bad=60,
    draws=3_000,
    demo=1_100_000,
)
