"""The lines of the table that `make attack` prints, and what they say together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.attack.linear import Breach
from tests.attack.polytope import Contradiction


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    attack: str
    instances: int
    broken: int
    worst: str
    needed: str
    bad: bool = False
    """Tried on releases that must break."""
    limit: bool = False
    """Nothing that was promised: docs/attacks.md says that it is so, and this line how far."""

    @property
    def fails(self) -> bool:
        """Whether this line speaks against the gate, or against the suite."""
        if self.limit:
            return False
        return self.broken == 0 if self.bad else self.broken > 0


def tried(attack: Callable[[Any], list[Breach]], given: Iterable[Any]) -> tuple[int, int, str]:
    """On how many it was tried, how many it broke, and the worst of what it found."""
    number = broken = 0
    worst = ""
    for one in given:
        number += 1
        try:
            found = attack(one)
        except Contradiction:
            found = [Breach("contradiction", f"instance {getattr(one, 'number', number - 1)}")]
        if found:
            broken += 1
            first = min(found, key=lambda breach: (breach.high - breach.low, breach.what))
            told = f"[{getattr(one, 'number', number - 1)}] {first}"
            worst = min(
                filter(None, (worst, told)), key=lambda text: (": " not in text, "exact" not in text, text)
            )
    return number, broken, worst


def row(name: str, needed: str, attack: Callable[[Any], list[Breach]], given: Iterable[Any]) -> Row:
    """A line about the gate."""
    return Row(name, *tried(attack, given), needed)


def known_bad(name: str, attack: Callable[[Any], list[Breach]], given: Iterable[Any]) -> Row:
    """A line about releases that must break."""
    number, broken, _ = tried(attack, given)
    return Row(f"{name} (known bad)", number, broken, "", "broken", bad=True)


def table(rows: Sequence[Row]) -> str:
    """The rows as text."""
    heads = ("attack", "instances", "broken", "needed", "worst")
    cells = [(one.attack, str(one.instances), str(one.broken), one.needed, one.worst[:110]) for one in rows]
    widths = [max(len(line[n]) for line in (heads, *cells)) for n in range(4)]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, [*widths, 0], strict=True)).rstrip()
        for line in (heads, *cells)
    )


def verdict(rows: Sequence[Row]) -> int:
    """The exit code: 0 all held, 1 a breach, 2 the suite is void since a bad release withstood it."""
    if any(one.fails for one in rows if one.bad):
        return 2
    return int(any(one.fails for one in rows))
