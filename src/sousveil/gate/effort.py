"""How much work a proof may be, counted in nodes and never in seconds, and who hears of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


def silent(what: str) -> None:
    """Nobody hears of it."""


class TooLong(Exception):
    """The work on what is only tried is over its bound; never shown to anybody."""


@dataclass
class Work:
    """What is left of some work; counted in steps, never by the clock, so that all machines find the same."""

    left: int

    @property
    def is_done(self) -> bool:
        """Whether nothing is left of it."""
        return self.left <= 0

    def spend(self, steps: int) -> None:
        """Take steps off. Raises `TooLong` where none were left."""
        if self.is_done:
            raise TooLong
        self.left -= steps


@dataclass(frozen=True)
class Effort:
    """The bounds of the work on one release."""

    atoms: int = 40_000
    """Atoms of a circle of tables that programs deal with, at most; over more they take too long."""
    cells: int = 24_000_000
    """Atoms of a circle whose atoms are moved about in an array, at most: half a GiB."""
    work: Work | None = None
    """What the programs may take, in unknowns of each; None where only the rounds are bounded."""
    told: Callable[[str], None] = silent
    """Hears what is being done, in words without any figure of the dump."""

    def spend(self, unknowns: int) -> None:
        """A program of so many unknowns is about to be solved. Raises `TooLong`."""
        if self.work:
            self.work.spend(unknowns)


DRY = Effort(atoms=4_000, cells=0)
"""For questions that are only tried: there may be many of them."""
