"""How much work a proof may be, counted in nodes and never in seconds, and who hears of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


def silent(what: str) -> None:
    """Nobody hears of it."""


@dataclass(frozen=True)
class Effort:
    """The bounds of the work on one release."""

    atoms: int = 40_000
    """Atoms of a circle of tables that programs deal with, at most; over more they take too long."""
    cells: int = 24_000_000
    """Atoms of a circle whose atoms are moved about in an array, at most: half a GiB."""
    told: Callable[[str], None] = silent
    """Hears what is being done, in words without any figure of the dump."""


DRY = Effort(atoms=4_000, cells=0)
"""For questions that are only tried: there may be many of them."""
