"""The sink within the child: rows and rejects on their way into the pipe."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

import pyarrow as pa

from sousveil.intake import protocol
from sousveil.intake.sink import REJECT_SCHEMA, Unreadable

REJECTS_AT_ONCE = 10_000
LARGEST_REJECT = 1 << 20
"""Bytes of a rejected record that are kept; the sealed original has all of them."""


@dataclass
class OutletTable:
    """See `TableSink`."""

    outlet: Outlet
    number: int
    columns: int
    rejected: list[tuple[int, str, bytes]] = field(default_factory=list)
    kept: int = 0

    def add_columns(self, untrusted_names: Sequence[str]) -> None:
        """See `TableSink`."""
        names = [_text(name) for name in untrusted_names]
        self.columns += len(names)
        self.outlet.send({"kind": "columns", "table": self.number, "names": names})

    def rows(self, numbers: pa.Int64Array, batch: pa.RecordBatch) -> None:
        """See `TableSink`."""
        if len(numbers) != batch.num_rows or batch.num_columns != self.columns:
            raise ValueError("a batch must have one number a row and one column for each column of its table")
        if batch.num_rows:
            names = ["_row", *(f"c{place}" for place in range(1, self.columns + 1))]
            whole = pa.RecordBatch.from_arrays([numbers, *batch.columns], names=names)
            at = self.outlet.position()
            self.outlet.send({"kind": "rows", "table": self.number, "at": at}, whole)
            self.outlet.records += batch.num_rows

    def reject(self, number: int, reason: str, raw: bytes) -> None:
        """See `TableSink`."""
        self.rejected.append((number, reason, raw[:LARGEST_REJECT]))
        self.kept += len(raw)
        if len(self.rejected) >= REJECTS_AT_ONCE or self.kept > protocol.LARGEST_BATCH >> 6:
            self.flush()

    def flush(self) -> None:
        """Send the rejects that wait."""
        if self.rejected:
            columns = [
                pa.array(part, kind)
                for part, kind in zip(zip(*self.rejected, strict=True), REJECT_SCHEMA.types, strict=True)
            ]
            batch = pa.RecordBatch.from_arrays(columns, schema=REJECT_SCHEMA)
            self.outlet.send({"kind": "rejects", "table": self.number}, batch)
            self.rejected, self.kept = [], 0


@dataclass
class Outlet:
    """See `Sink`."""

    out: BinaryIO
    position: Callable[[], int] = lambda: 0
    """How far the file of the dump has been read, in bytes."""
    notes: dict[str, str | int | float] = field(default_factory=dict)
    partly_reason: str = ""
    records: int = 0
    tables: list[OutletTable] = field(default_factory=list)

    def table(
        self, untrusted_name: str, untrusted_columns: Sequence[str], hints: Sequence[str | None] | None = None
    ) -> OutletTable:
        """See `Sink`."""
        if len(untrusted_columns) > protocol.MOST_COLUMNS:
            raise Unreadable(f"more than {protocol.MOST_COLUMNS} columns")
        table = OutletTable(self, len(self.tables), len(untrusted_columns))
        self.tables.append(table)
        header = {
            "kind": "table",
            "name": _text(untrusted_name),
            "columns": [_text(name) for name in untrusted_columns],
            "hints": [_text(hint or "") for hint in (hints or [""] * len(untrusted_columns))],
        }
        self.send(header)
        return table

    def note(self, key: str, value: str | int | float) -> None:
        """See `Sink`."""
        self.notes[key] = value

    def partly(self, reason: str) -> None:
        """See `Sink`."""
        self.partly_reason = reason

    def flush(self) -> None:
        """Send all that waits."""
        for table in self.tables:
            table.flush()

    def drop(self) -> None:
        """Take back every table of the item: it is refused."""
        for table in self.tables:
            table.rejected.clear()
        self.records = 0
        self.send({"kind": "drop"})

    def send(self, header: Mapping[str, object], batch: pa.RecordBatch | None = None) -> None:
        """Send one frame."""
        protocol.write(self.out, header, batch)


def _text(untrusted: str) -> str:
    """A text that JSON can carry."""
    return untrusted.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
