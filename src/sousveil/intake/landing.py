"""Where frames of the child land: checked once more, and written into the vault, an item a transaction."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sousveil.intake.naming import clean, column_names, unique
from sousveil.intake.protocol import MOST_COLUMNS, BadFrame, Frame
from sousveil.vault import Engine

MOST_TABLES = 5000
GROUP = 122_880
"""Rows of a row group of the engine: whole groups are written once, parts of one are written again."""
LARGEST_WAIT = 96 << 20
"""Bytes of a table's rows that may wait for their group to fill."""
CELLS = 4_000_000
"""Cells that are inserted at once: the engine ran out of memory at 20 million of a thousand columns."""
UNFINISHED = "unfinished"
"""The status of an archive whose members are still being taken in."""
_STATUSES = ("loaded", "partly-loaded", "counted", "refused", "unreadable")


@dataclass
class _Table:
    tid: int
    name: str
    columns: list[str]
    hints: list[str]
    records: int = 0
    rejects: int = 0
    last: int = 0
    """The number of the last row."""
    waiting: list[pa.RecordBatch] = field(default_factory=list)
    held: int = 0
    """Rows that wait to be put into the vault."""


@dataclass
class Item:
    """An item of the dump on its way into the catalogue."""

    number: int
    untrusted_path: str
    parent: int | None
    sha256: str | None = None
    size: int = 0
    format: str = "unknown"
    encoding: str | None = None
    status: str = UNFINISHED
    reason: str = ""
    notes: dict[str, Any] = field(default_factory=dict)


class Landing:
    """Takes the frames for one file of the dump. `first` is the item number of the file itself."""

    def __init__(self, engine: Engine, first: int, path: str, sha256: str, size: int) -> None:
        self.engine = engine
        self.first = first
        self.path = path
        self.sha256, self.size = sha256, size
        self.open: list[Item] = []
        """Items that have begun and not ended: archives, and the innermost."""
        self.tables: list[_Table] = []
        self.rows = 0
        self.at = 0
        self.last_number = -1
        self._in_transaction = False
        self._taken: set[str] | None = None

    def take(self, frame: Frame) -> None:
        """Take one frame. Raises `BadFrame` where it must not be."""
        handler = _HANDLERS.get(frame.kind)
        if handler is None:
            raise BadFrame("kind")
        handler(self, frame)

    def abandon(self, reason: str) -> None:
        """The child died: what the innermost item has is kept as partly loaded."""
        if self.last_number < 0:
            self.last_number = 0
            self.open.append(Item(self.first, self.path, None, self.sha256, self.size))
        if self.open:
            item = self.open[-1]
            some = bool(self.rows_of_item()) or (
                not self.tables and self.last_number > item.number - self.first
            )
            item.status, item.reason = ("partly-loaded" if some else "unreadable"), reason
            self._close(item)

    def abandon_all(self, reason: str) -> None:
        """The child died for good: the archives around what it died in end here, too."""
        while self.open:
            self.abandon(reason)

    def fail(self) -> None:
        """Forget what the innermost item has: the engine can't take it."""
        self._drop(Frame({}))

    def roll_back(self) -> None:
        """Forget what is not committed: this run is being interrupted."""
        if self._in_transaction:
            self.engine.roll_back()
            self._in_transaction = False

    def rows_of_item(self) -> int:
        """Rows that the innermost item has so far."""
        return sum(table.records for table in self.tables)

    def _item(self, frame: Frame) -> None:
        number = frame.number("number", 1 << 31)
        untrusted_name = str(frame.untrusted.get("name", ""))[:4000]
        if self.tables or number <= self.last_number or (number == 0) != (self.last_number < 0):
            raise BadFrame("item")
        self.last_number = number
        if number == 0:
            item = Item(self.first, self.path, None, self.sha256, self.size)
        else:
            parent = self._parent(frame.number("parent", number))
            item = Item(self.first + number, f"{parent.untrusted_path}/{untrusted_name}", parent.number)
        self.open.append(item)

    def _parent(self, number: int) -> Item:
        """The archive that a member belongs to; it enters the catalogue before its first member does."""
        for item in self.open:
            if item.number == self.first + number:
                self._store(item)
                return item
        # An archive that an earlier run has begun: it is in the catalogue already.
        found = self.engine.rows("SELECT path FROM meta.items WHERE item = ?", [self.first + number])
        if not found:
            raise BadFrame("parent")
        return Item(self.first + number, found[0][0], None)

    def _table(self, frame: Frame) -> None:
        if not self.open or len(self.tables) >= MOST_TABLES:
            raise BadFrame("table")
        self._begin()
        hints = [clean(hint) for hint in frame.texts("hints")]
        columns = column_names(frame.texts("columns"))
        if len(hints) != len(columns):
            raise BadFrame("table")
        name = unique(clean(str(frame.untrusted.get("name", ""))) or "table", self._names())
        self._names().add(name)
        tid = int(self.engine.value("SELECT coalesce(max(tid), 0) + 1 FROM meta.tables"))
        table = _Table(tid, name, columns, hints)
        self.tables.append(table)
        listed = "".join(f", c{place} VARCHAR" for place in range(1, len(columns) + 1))
        self.engine.run(f"CREATE TABLE raw.t{tid} (_row BIGINT{listed})")
        item = self.open[-1].number
        self.engine.run("INSERT INTO meta.tables VALUES (?, ?, ?, 0, 0)", [tid, name, item])

    def _columns(self, frame: Frame) -> None:
        table = self._of(frame)
        names = column_names(frame.texts("names"), table.columns)
        if len(table.columns) + len(names) > MOST_COLUMNS:
            raise BadFrame("columns")
        self._insert(table, table.held)
        for place in range(len(table.columns) + 1, len(table.columns) + len(names) + 1):
            self.engine.run(f"ALTER TABLE raw.t{table.tid} ADD COLUMN c{place} VARCHAR")
        table.columns += names
        table.hints += [""] * len(names)

    def _rows(self, frame: Frame) -> None:
        table = self._of(frame)
        batch = frame.batch(len(table.columns))
        numbers = batch.column(0)
        if not len(numbers) or numbers[0].as_py() <= table.last:
            raise BadFrame("rows")
        if len(numbers) > 1 and not pc.all(pc.greater(numbers[1:], numbers[:-1])).as_py():
            raise BadFrame("rows")
        table.last = numbers[-1].as_py()
        table.waiting.append(batch)
        table.held += batch.num_rows
        if table.held >= GROUP or sum(b.nbytes for b in table.waiting) > LARGEST_WAIT:
            self._insert(table, table.held // GROUP * GROUP or table.held)
        table.records += batch.num_rows
        self.rows += batch.num_rows
        self.at = max(self.at, frame.number("at", 1 << 62))

    def _insert(self, table: _Table, size: int) -> None:
        """Put the first `size` rows that wait into the vault."""
        if not size:
            return
        waiting = pa.Table.from_batches(table.waiting)
        step = max(2048, CELLS // (len(table.columns) + 1))
        for start in range(0, size, step):
            with self.engine.lend(arrived=waiting.slice(start, min(step, size - start))):
                self.engine.run(f"INSERT INTO raw.t{table.tid} SELECT * FROM arrived")  # noqa: S608  # our number
        table.waiting = waiting.slice(size).to_batches()
        table.held -= size

    def _rejects(self, frame: Frame) -> None:
        table = self._of(frame)
        batch = frame.rejects()
        plain = [_plain(reason) for reason in batch.column(1).to_pylist()]
        size = batch.num_rows
        arrived = pa.table(
            {
                "tid": pa.repeat(pa.scalar(table.tid, pa.int32()), size),
                "item": pa.repeat(pa.scalar(self.open[-1].number, pa.int32()), size),
                "_row": batch.column(0),
                "reason": pa.array(plain, pa.string()),
                "raw": batch.column(2),
            }
        )
        with self.engine.lend(arrived=arrived):
            self.engine.run("INSERT INTO raw.rejects SELECT * FROM arrived")
        table.rejects += size

    def _drop(self, _: Frame) -> None:
        self.roll_back()
        self.tables, self._taken = [], None

    def _end(self, frame: Frame) -> None:
        item = self.open[-1] if self.open else None
        if item is None or item.number != self.first + frame.number("number", 1 << 31):
            raise BadFrame("end")
        item.status = str(frame.untrusted.get("status"))
        if item.status not in _STATUSES:
            raise BadFrame("status")
        item.reason = frame.word("reason")
        item.format = frame.word("format") or "unknown"
        item.encoding = frame.word("encoding") or None
        if item.number != self.first and re.fullmatch("[0-9a-f]{64}", str(frame.untrusted.get("sha256"))):
            item.sha256 = str(frame.untrusted["sha256"])
            item.size = frame.number("bytes", 1 << 62)
        item.notes = _notes(frame.untrusted.get("notes"))
        self._close(item)

    def _close(self, item: Item) -> None:
        if (
            item.status == "unreadable"
            and not self.rows_of_item()
            and not any(t.rejects for t in self.tables)
        ):
            self._drop(Frame({}))
        self._begin()
        for table in self.tables:
            self._insert(table, table.held)
            self.engine.run(
                "UPDATE meta.tables SET records = ?, rejects = ? WHERE tid = ?",
                [table.records, table.rejects, table.tid],
            )
            for cid, (name, hint) in enumerate(zip(table.columns, table.hints, strict=True), 1):
                self.engine.run(
                    "INSERT INTO meta.columns VALUES (?, ?, ?, ?)", [table.tid, cid, name, hint or None]
                )
        self._store(item)
        self.engine.run("COMMIT")
        self._in_transaction = False
        self.tables = []
        self.open.remove(item)

    def _store(self, item: Item) -> None:
        kept = json.dumps(item.notes, ensure_ascii=False)
        self.engine.run(
            "INSERT OR REPLACE INTO meta.items VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                item.number,
                item.untrusted_path,
                item.sha256,
                item.size,
                item.format,
                item.encoding,
                item.status,
                item.reason,
                item.parent,
                kept,
            ],
        )

    def _begin(self) -> None:
        if not self._in_transaction:
            self.engine.run("BEGIN TRANSACTION")
            self._in_transaction = True

    def _of(self, frame: Frame) -> _Table:
        return self.tables[frame.number("table", len(self.tables))]

    def _names(self) -> set[str]:
        if self._taken is None:
            found = self.engine.rows("SELECT name FROM meta.tables")
            self._taken = {name for (name,) in found}
        return self._taken


_HANDLERS = {
    "item": Landing._item,
    "table": Landing._table,
    "columns": Landing._columns,
    "rows": Landing._rows,
    "rejects": Landing._rejects,
    "drop": Landing._drop,
    "end": Landing._end,
}


def _plain(reason: Any) -> str:
    return Frame({"reason": reason}).word("reason")


def _notes(untrusted: Any) -> dict[str, Any]:
    """Evidence for the manifest: numbers and short plain words under plain keys."""
    if not isinstance(untrusted, dict):
        return {}
    notes: dict[str, Any] = {}
    for key, value in list(untrusted.items())[:50]:
        name = Frame({"key": key}).word("key")
        if isinstance(value, int | float):
            notes[name] = value
        elif len(str(value)) <= 3:
            notes[name] = clean(str(value)) or "none"
        else:
            notes[name] = Frame({"value": value}).word("value")
    return notes
