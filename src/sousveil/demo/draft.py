"""A table of the dump before it is written: what is true of its records, and how they read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol
from zlib import crc32

import numpy as np
import pyarrow as pa

from sousveil.demo.people import Residents, Visitors
from sousveil.demo.text import Codes, Flags, Rng

BLOCK = 100_000
"""Records made and written at a time, which bounds the memory."""


@dataclass(frozen=True)
class Sizes:
    """How many there are of everything, for a dump of so many records."""

    records: int

    @property
    def head(self) -> float:
        """The scale of the headline figures: whole from 200,000 records on."""
        return min(1.0, self.records / 200_000)

    @property
    def bulk(self) -> float:
        """The scale of the big tables: 1 at 1.1 million records."""
        return self.records / 1_100_000

    def story(self, full: int, least: int = 12) -> int:
        """The size of a headline figure that is `full` in a full dump."""
        return max(min(least, full), round(full * self.head))

    def mass(self, full: int, least: int = 40) -> int:
        """The size of something big that is `full` at 1.1 million records."""
        return max(least, round(full * self.bulk))


@dataclass(frozen=True)
class World:
    """Who lives in the dump, and how big it is."""

    seed: int
    sizes: Sizes
    residents: Residents
    visitors: Visitors
    plates: pa.StringArray
    """The plates of the city's vehicles."""

    def rng(self, *purpose: str | int) -> Rng:
        """The random numbers of one purpose: the same for the same seed, whatever else is made."""
        return generator(self.seed, *purpose)


def generator(seed: int, *purpose: str | int) -> Rng:
    """Random numbers of their own for a seed and a purpose."""
    words = [part if isinstance(part, int) else crc32(part.encode("utf-8")) for part in purpose]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *words])))


class Labels(NamedTuple):
    """What a column says, row by row, as findings will call it: codes into names; "" is not stated."""

    codes: Codes
    names: list[str]


@dataclass(frozen=True)
class Facts:
    """What is true of the records of a table, in the order in which they are written."""

    table: str
    item: str
    person: Codes
    """Who each record is about; -1 for nobody. Of a table of vehicles, the vehicle."""
    day: Codes | None = None
    """The day of each event, `MISSING` where the record has none; None for a list."""
    day_column: str = ""
    labels: dict[str, Labels] = field(default_factory=dict)
    born: dict[str, Codes] = field(default_factory=dict)
    """Birth dates as written, by column."""
    rejects: int = 0
    unit: str = "people"

    @property
    def records(self) -> int:
        """How many records load."""
        return len(self.person)


@dataclass(frozen=True)
class Block:
    """Some records in a row, ready to be written."""

    first: int
    """The number of the first record, from 0."""
    columns: dict[str, pa.StringArray]
    repeats: Codes
    """Rows of the block that are written as a copy of the row before them."""
    broken: Codes
    """Rows of the block after which a broken line stands."""

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))


Render = Callable[[slice, Rng], dict[str, pa.StringArray]]


class Seeded(Protocol):
    """Whatever has random numbers of its own for every purpose."""

    def rng(self, *purpose: str | int) -> Rng:
        """The random numbers of one purpose."""


@dataclass(frozen=True)
class Draft:
    """A table that can be written, block by block."""

    world: Seeded
    facts: Facts
    render: Render
    repeats: Flags | None = None
    hints: dict[str, str] = field(default_factory=dict)
    """Comments on the columns, for formats that have them."""

    def blocks(self) -> Iterator[Block]:
        """Make the records, block by block."""
        facts, world = self.facts, self.world
        broken = broken_rows(world.rng(facts.table, "broken"), facts.records, facts.rejects)
        for number, first in enumerate(range(0, facts.records, BLOCK)):
            rows = slice(first, min(first + BLOCK, facts.records))
            columns = self.render(rows, world.rng(facts.table, "render", number))
            repeats = np.flatnonzero(self.repeats[rows]) if self.repeats is not None else np.arange(0)
            here = broken[(broken >= first) & (broken < rows.stop)] - first
            yield Block(first, columns, repeats, here)


def broken_rows(rng: Rng, records: int, rejects: int) -> Codes:
    """After which records a broken line stands: never after the first."""
    return np.sort(rng.choice(np.arange(1, records), rejects, replace=False))


def repeated(rng: Rng, records: int, share: float) -> Flags:
    """Which records are whole copies of the one before: never two in a row, never the first of a block."""
    chosen = rng.random(records) < share
    chosen[::BLOCK] = False
    chosen[1:] &= ~chosen[:-1]
    return chosen


def copied(values: Codes, repeats: Flags) -> Codes:
    """A column in which the repeated rows say what the row before them says."""
    where = np.flatnonzero(repeats)
    out = values.copy()
    out[where] = values[where - 1]
    return out
