"""A8: the agency has its own log. From which day on could the dump have been copied, by what was printed?

Whoever holds the log counts, for every day, the records that the table held at its end, and compares that
with each printed number. The last day that agrees with all of them is the best that the numbers tell; the
distance to the day on which the dump was truly copied is what the attacker is off by.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sousveil.policy import Policy
from tests.attack import product
from tests.attack.reading import Claim, Group, claims

FIRST = dt.date(2017, 3, 1)
LATER = 120
"""Days for which the agency's log goes on after the copy."""


@dataclass(frozen=True)
class Log:
    """What the agency knows: the day of each record, after the copy, too, and how long records are kept."""

    days: tuple[dt.date, ...]
    copied: dt.date
    kept: int = 100_000
    """Days after which a record is deleted."""

    @classmethod
    def made(cls, seed: int, kept: int = 100_000) -> Log:
        """A log of about 400 days up to the day of the copy, and of a few months after it."""
        chance = np.random.default_rng([8, seed])
        length = 380 + int(chance.integers(60))
        days = [
            FIRST + dt.timedelta(n) for n in range(length + LATER) for _ in range(int(chance.integers(3, 12)))
        ]
        return cls(tuple(days), FIRST + dt.timedelta(length - 1), kept)

    def held(self, day: dt.date) -> list[dt.date]:
        """The records that the table held at the end of a day."""
        oldest = day - dt.timedelta(self.kept) if self.kept < 10_000 else dt.date.min
        return [one for one in self.days if oldest < one <= day]


def published(log: Log, folder: Path, *, dated: bool = True) -> list[Claim]:
    """What the product prints of a dump that was copied on the log's last day.

    Without `dated` the table has no column that says when a record was made.
    """
    rows = "".join(
        f"{product.identity(n % 700)},{'KAZ' if n % 3 else 'RUS'}" + f",{day.isoformat()}" * dated + "\n"
        for n, day in enumerate(log.held(log.copied))
    )
    questions = product.ask("all", "entries", count="records")
    if dated:
        questions += product.ask("months", "entries", by="month(entered)", count="records")
        questions += product.ask("years", "entries", by="year(entered)", count="records")
    tables = {"entries.csv": "resident_id,nationality" + ",entered" * dated + "\n" + rows}
    return claims(list(product.findings(folder, tables, questions).values()))


def days_off(log: Log, printed: Sequence[Claim]) -> int:
    """By how many days the attacker misses the copy, at best."""
    day, fitting = log.days[0], []
    while day <= log.copied:
        counted = log.held(day)
        if all(claim.value == _count(counted, claim.group) for claim in printed):
            fitting.append(day)
        day += dt.timedelta(1)
    return min(((log.copied - one).days for one in fitting), default=10_000)


def days_among(log: Log, printed: Sequence[Claim], until: dt.date) -> int:
    """Among how many days the copy lies for one who reads the cut-off beside the numbers.

    Where nothing but the cut-off bounds them, these are all days from it to the end of the log.
    """
    last = log.copied + dt.timedelta(LATER)
    after = [until + dt.timedelta(n) for n in range((last - until).days + 1)]
    held = ([one for one in log.held(day) if one <= until] for day in after)
    return sum(all(claim.value == _count(days, claim.group) for claim in printed) for days in held)


def _count(days: Sequence[dt.date], group: Group) -> int:
    label = group.labels[0] if group.labels else ""
    return sum(day.isoformat().startswith(label) for day in days)


def days_left(log: Log, before: int = 60) -> int:
    """Among how many days the last record lies for one who knows the program and reads the cut-off."""
    stop = cut_off(log.copied, before)
    around = [log.copied + dt.timedelta(n) for n in range(-60, 61)]
    return sum(cut_off(day, before) == stop for day in around)


def days_left_by_chance(log: Log, folder: Path, spread: int = 60) -> int:
    """The same where the product has drawn up to `spread` days more, which only its vault knows."""
    rows = "".join(
        f"{product.identity(n % 700)},{day.isoformat()}\n" for n, day in enumerate(log.held(log.copied))
    )
    found = product.findings(
        folder,
        {"entries.csv": "resident_id,entered\n" + rows},
        product.ask("all", "entries", count="records"),
        Policy(cut_off_spread_days=spread),
    )
    stop = dt.date.fromisoformat(found["all"]["provenance"]["cut_off"])
    possible = [
        day
        for day in (log.copied + dt.timedelta(n) for n in range(-200, 201))
        if any(cut_off(day, 60 + more) == stop for more in range(spread + 1))
    ]
    return len(possible) if log.copied in possible else 0


def cut_off(latest: dt.date, before: int) -> dt.date:
    """The end of the last whole month at least so many days before a day, as docs/questions.md has it."""
    limit = latest - dt.timedelta(before)
    if limit.day == calendar.monthrange(limit.year, limit.month)[1]:
        return limit
    return limit.replace(day=1) - dt.timedelta(1)


def everything(log: Log) -> list[Claim]:
    """Known to be bad: an exact count of all that was copied."""
    return [Claim("records", Group(""), len(log.held(log.copied)))]
