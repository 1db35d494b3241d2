"""What a loader hands over: tables of text in the order of the source, and what it could not read.

A loader never fails on bad data. It calls a `Sink`: rows that it read, rejects that it could not read, both
with the number of their record in the source (from 1, counted over both, so that `loaded + rejected` is the
number of records there were).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa

REJECT_SCHEMA = pa.schema([("_row", pa.int64()), ("reason", pa.string()), ("raw", pa.binary())])


class TableSink(Protocol):
    """One table on its way out of a loader."""

    def add_columns(self, untrusted_names: Sequence[str]) -> None:
        """Add columns at the right that turned up late (ragged objects); earlier rows hold null there."""

    def rows(self, numbers: pa.Int64Array, batch: pa.RecordBatch) -> None:
        """Hand over rows: `batch` has one `pa.string()` column for each column known so far, in their order.

        `numbers` are the rows' record numbers in the source, ascending, never seen before.
        """

    def reject(self, number: int, reason: str, raw: bytes) -> None:
        """Hand over one record that can't be read: its number, a reason without any value, its bytes."""


class Sink(Protocol):
    """Where a loader puts what it reads of one item."""

    def table(
        self, untrusted_name: str, untrusted_columns: Sequence[str], hints: Sequence[str | None] | None = None
    ) -> TableSink:
        """Open a table. `hints` are comments on the columns (`COMMENT '号牌号码'`), None where there is none.

        Empty or repeated column names are allowed here; whoever receives them makes them unique.
        """

    def note(self, key: str, value: str | int | float) -> None:
        """Keep evidence for the manifest (`encoding`, `encoding_evidence`, `delimiter` …), never a value."""

    def partly(self, reason: str) -> None:
        """Say that the item could not be read to its end, and why; what was handed over stays."""


class Unreadable(Exception):  # an outcome, not a fault
    """Raised by a loader when nothing at all of the item can be read; the message holds no value."""


@dataclass
class MemoryTable:
    """A table kept in memory: for tests, and for the small."""

    name: str
    columns: list[str]
    hints: list[str | None]
    batches: list[tuple[pa.Int64Array, pa.RecordBatch]] = field(default_factory=list)
    rejects: list[tuple[int, str, bytes]] = field(default_factory=list)

    def add_columns(self, untrusted_names: Sequence[str]) -> None:
        """See `TableSink`."""
        self.columns.extend(untrusted_names)
        self.hints.extend(None for _ in untrusted_names)

    def rows(self, numbers: pa.Int64Array, batch: pa.RecordBatch) -> None:
        """See `TableSink`."""
        if len(numbers) != batch.num_rows or batch.num_columns != len(self.columns):
            raise ValueError("a batch must have one number a row and one column for each column of its table")
        if any(kind != pa.string() for kind in batch.schema.types):
            raise TypeError("every column of a batch is text")
        self.batches.append((numbers, batch))

    def reject(self, number: int, reason: str, raw: bytes) -> None:
        """See `TableSink`."""
        self.rejects.append((number, reason, raw))

    def records(self) -> list[list[str | None]]:
        """All rows as lists, short rows of earlier batches filled up with None."""
        width = len(self.columns)
        return [
            list(row) + [None] * (width - len(row))
            for _, batch in self.batches
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True)
        ]


@dataclass
class MemorySink:
    """A sink that keeps everything in memory: for tests."""

    tables: list[MemoryTable] = field(default_factory=list)
    notes: dict[str, str | int | float] = field(default_factory=dict)
    partly_reason: str | None = None

    def table(
        self, untrusted_name: str, untrusted_columns: Sequence[str], hints: Sequence[str | None] | None = None
    ) -> MemoryTable:
        """See `Sink`."""
        made = MemoryTable(
            untrusted_name, list(untrusted_columns), list(hints or [None] * len(untrusted_columns))
        )
        self.tables.append(made)
        return made

    def note(self, key: str, value: str | int | float) -> None:
        """See `Sink`."""
        self.notes[key] = value

    def partly(self, reason: str) -> None:
        """See `Sink`."""
        self.partly_reason = reason
