"""The tables of one dump: in the order in which it makes them, each with its columns and its way out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sousveil.intake.sink import Sink, TableSink
from sousveil.intake.transcript import Transcript

BATCH_ROWS = 50_000
BATCH_BYTES = 16 << 20
SINGLE_ROWS = 2000


@dataclass
class DumpTable:
    """One table: what is known of its columns, and what waits to be handed over."""

    untrusted_name: str
    untrusted_columns: list[str]
    hints: list[str | None]
    transcript: Transcript
    sink: TableSink | None = None
    number: int = 0
    """How many records were seen so far, rejects included."""
    _waiting: list[tuple[NDArray[np.int64], pa.RecordBatch]] = field(default_factory=list)
    _waiting_rows: int = 0
    _single: list[tuple[int, Sequence[str | None]]] = field(default_factory=list)
    _single_places: list[int] = field(default_factory=list)
    _waiting_bytes: int = 0

    def place(self, untrusted_names: Sequence[str]) -> list[int]:
        """Where the columns of an INSERT's list stand in the table; unknown ones are added at the right."""
        places = {name: index for index, name in reversed(list(enumerate(self.untrusted_columns)))}
        folded = {name.casefold(): index for name, index in reversed(places.items())}
        found = []
        for name in untrusted_names:
            index = places.get(name, folded.get(name.casefold()))
            if index is None or index in found:
                index = self._add_column(name)
            found.append(index)
        return found

    def _add_column(self, untrusted_name: str) -> int:
        self.flush()
        self.untrusted_columns.append(untrusted_name)
        self.hints.append(None)
        if self.sink is not None:
            self.sink.add_columns([untrusted_name])
        return len(self.untrusted_columns) - 1

    def put(self, numbers: NDArray[np.int64], columns: Sequence[pa.Array], places: Sequence[int]) -> None:
        """Keep rows for handing over: `columns[i]` (text) belongs into column `places[i]` of the table."""
        if not len(numbers):
            return
        self._gather()
        given = dict(zip(places, columns, strict=True))
        names = [f"c{index}" for index in range(len(self.untrusted_columns))]
        arrays = [
            given[index] if index in given else pa.nulls(len(numbers), pa.string())
            for index in range(len(names))
        ]
        batch = pa.RecordBatch.from_arrays(arrays, names)
        self._waiting.append((numbers, batch))
        self._waiting_rows += batch.num_rows
        self._waiting_bytes += batch.nbytes
        if self._waiting_rows >= BATCH_ROWS or self._waiting_bytes >= BATCH_BYTES:
            self.flush()

    def put_one(self, values: Sequence[str | None], places: list[int]) -> None:
        """Keep the next record, one row, for handing over."""
        if len(self._single) >= SINGLE_ROWS or places != self._single_places:
            self._gather()
            self._single_places = places
        self.number += 1
        self._single.append((self.number, values))

    def _gather(self) -> None:
        """Make a batch of the rows that were put one by one."""
        rows, self._single = self._single, []
        if rows:
            columns = [
                pa.array(column, pa.string()) for column in zip(*(row for _, row in rows), strict=True)
            ]
            self.put(np.array([number for number, _ in rows], dtype=np.int64), columns, self._single_places)

    def reject(self, reason: str, raw: bytes) -> None:
        """Hand over the next record as one that can't be read."""
        self.number += 1
        self.reject_as(self.number, reason, raw)

    def reject_as(self, number: int, reason: str, raw: bytes) -> None:
        """Hand over a record that can't be read, by its number."""
        if self.sink is not None:
            self.sink.reject(number, reason, self.transcript.reject(raw))

    def flush(self) -> None:
        """Hand over what waits."""
        self._gather()
        if self._waiting and self.sink is not None:
            numbers = np.concatenate([numbers for numbers, _ in self._waiting])
            batch = pa.concat_batches([batch for _, batch in self._waiting])
            self.sink.rows(pa.array(numbers), batch)
        self._waiting, self._waiting_rows, self._waiting_bytes = [], 0, 0


class Tables:
    """The tables of one dump by name."""

    def __init__(self, sink: Sink, transcript: Transcript) -> None:
        self._sink = sink
        self._transcript = transcript
        self._tables: dict[tuple[str, ...], DumpTable] = {}
        self._order: list[DumpTable] = []
        self.database: str | None = None
        """What the last USE statement named."""

    def create(
        self,
        untrusted_name: Sequence[str],
        untrusted_columns: Sequence[str],
        hints: Sequence[str | None] | None = None,
        *,
        if_missing: bool = False,
    ) -> DumpTable:
        """Make a table. One of that name that has no records yet, or `if_missing`, is kept."""
        key = self._key(untrusted_name)
        known = self._tables.get(key)
        if known is not None and (if_missing or known.number == 0):
            return known
        made = DumpTable(
            untrusted_name[-1],
            list(untrusted_columns),
            list(hints or [None] * len(untrusted_columns)),
            self._transcript,
        )
        self._tables[key] = made
        self._order.append(made)
        return made

    def find(self, untrusted_name: Sequence[str]) -> DumpTable | None:
        """The table of that name; an unqualified name finds a qualified one where there is only one."""
        key = self._key(untrusted_name)
        if key in self._tables:
            return self._tables[key]
        short = min(len(key), *(len(other) for other in self._tables), 2) if self._tables else 0
        for fold in (str, str.casefold):
            wanted = [fold(part) for part in key[-short:]]
            alike = [
                table for other, table in self._tables.items() if list(map(fold, other[-short:])) == wanted
            ]
            if len(alike) == 1 and short:
                return alike[0]
        return None

    def open(self, table: DumpTable) -> None:
        """Open this table and all that were made before it towards the sink, in their order."""
        if table.sink is not None:
            return
        for known in self._order:
            if known.sink is None:
                known.sink = self._sink.table(known.untrusted_name, known.untrusted_columns, known.hints)
            if known is table:
                return

    def close(self) -> int:
        """Open what is still to be opened (tables without a record), hand over what waits; how many."""
        for table in self._order:
            self.open(table)
            table.flush()
        return len(self._order)

    def _key(self, untrusted_name: Sequence[str]) -> tuple[str, ...]:
        key = tuple(untrusted_name)
        return (self.database, *key) if self.database and len(key) == 1 else key
