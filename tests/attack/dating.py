"""A8: the agency has its own log. From which day on could the dump have been copied, by what was printed?

Whoever holds the log counts, for every day, the records up to its end, and compares that with each printed
number. The last day that agrees with all of them is the best that the numbers tell; the distance to the day
on which the dump was truly copied is what the attacker is off by.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.attack import product
from tests.attack.reading import Claim, Group, claims

FIRST = dt.date(2017, 3, 1)


@dataclass(frozen=True)
class Log:
    """What the agency knows: the day of each record, until the copy was taken."""

    days: tuple[dt.date, ...]
    copied: dt.date

    @classmethod
    def made(cls, seed: int) -> Log:
        """A log of about 400 days."""
        chance = np.random.default_rng([8, seed])
        length = 380 + int(chance.integers(60))
        days = [FIRST + dt.timedelta(n) for n in range(length) for _ in range(int(chance.integers(3, 12)))]
        return cls(tuple(days), days[-1])


def published(log: Log, folder: Path) -> list[Claim]:
    """What the product prints of a dump that ends with the log."""
    rows = "".join(
        f"{product.identity(n % 700)},{'KAZ' if n % 3 else 'RUS'},{day.isoformat()}\n"
        for n, day in enumerate(log.days)
    )
    questions = (
        product.ask("all", "entries", count="records")
        + product.ask("months", "entries", by="month(entered)", count="records")
        + product.ask("years", "entries", by="year(entered)", count="records")
    )
    tables = {"entries.csv": "resident_id,nationality,entered\n" + rows}
    return claims(list(product.findings(folder, tables, questions).values()))


def days_off(log: Log, printed: Sequence[Claim]) -> int:
    """By how many days the attacker misses the copy, at best."""
    day, fitting = log.days[0], []
    while day <= log.copied:
        counted = [one for one in log.days if one <= day]
        if all(claim.value == _count(counted, claim.group) for claim in printed):
            fitting.append(day)
        day += dt.timedelta(1)
    return min(((log.copied - one).days for one in fitting), default=10_000)


def _count(days: Sequence[dt.date], group: Group) -> int:
    label = group.labels[0] if group.labels else ""
    return sum(day.isoformat().startswith(label) for day in days)


def everything(log: Log) -> list[Claim]:
    """Known to be bad: an exact count of all that was copied."""
    return [Claim("records", Group(""), len(log.days))]
