"""What crosses the pipe from the child that parses to the parent: frames of a JSON header and Arrow data.

A frame is eight bytes (the lengths of both parts, little-endian, four each), a JSON object, and an Arrow IPC
stream of one batch, or nothing. Its `kind`:

    item     number, parent, name        a file begins: itself (0), or a member of it (1, 2 …)
    table    name, columns, hints        a table of the item; tables are numbered from 0 in each item
    columns  table, names                columns that turned up late
    rows     table, at + batch           how far the file was read; `_row` and one text column for each column
    rejects  table + batch               `sink.REJECT_SCHEMA`
    note     key, value
    drop                                 the tables of the item are taken back
    end      status, reason, sha256, bytes, format, encoding, notes
    done                                 nothing follows for this file

The parent trusts none of it: lengths are bounded, each batch is validated in full, reasons are plain words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import orjson
import pyarrow as pa

from sousveil.intake.sink import REJECT_SCHEMA
from sousveil.intake.structure import Buffer

LARGEST_HEADER = 32 << 20
LARGEST_BATCH = 1 << 30
MOST_COLUMNS = 4000
_REASON = re.compile(r"[A-Za-z0-9 ,.;:()'%/+_-]{0,200}")


class BadFrame(Exception):
    """The child sent something that it must not send."""


@dataclass(frozen=True)
class Frame:
    """One frame: its header and its Arrow data, not yet validated."""

    untrusted: dict[str, Any]
    untrusted_payload: pa.Buffer | None = None

    @property
    def kind(self) -> str:
        """What the frame says it is."""
        return str(self.untrusted.get("kind"))

    def number(self, key: str, below: int) -> int:
        """A whole number from 0 to `below` - 1. Raises `BadFrame`."""
        value = self.untrusted.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < below:
            raise BadFrame(key)
        return value

    def texts(self, key: str) -> list[str]:
        """A list of texts, as many as a table may have columns. Raises `BadFrame`."""
        values = self.untrusted.get(key)
        if not isinstance(values, list) or len(values) > MOST_COLUMNS:
            raise BadFrame(key)
        if not all(isinstance(value, str) for value in values):
            raise BadFrame(key)
        return values

    def word(self, key: str) -> str:
        """A plain sentence of the child (a reason, a format), without anything that could be a value."""
        value = str(self.untrusted.get(key) or "")
        plain = _REASON.fullmatch(value) and not re.search(r"[0-9]{7}", value)
        return value if plain else "for a reason that can't be shown"

    def batch(self, columns: int) -> pa.RecordBatch:
        """The rows of a table of so many columns. Raises `BadFrame`."""
        batch = self._read()
        kinds = batch.schema.types
        if len(kinds) != columns + 1 or kinds[0] != pa.int64() or any(k != pa.string() for k in kinds[1:]):
            raise BadFrame("rows")
        return batch

    def rejects(self) -> pa.RecordBatch:
        """Rejected records. Raises `BadFrame`."""
        batch = self._read()
        if not batch.schema.equals(REJECT_SCHEMA):
            raise BadFrame("rejects")
        return batch

    def _read(self) -> pa.RecordBatch:
        if self.untrusted_payload is None:
            raise BadFrame("payload")
        try:
            with pa.ipc.open_stream(self.untrusted_payload) as reader:
                batch = reader.read_next_batch()
            batch.validate(full=True)
        except (pa.ArrowException, StopIteration, OSError):
            raise BadFrame("payload") from None
        if batch.column(0).null_count:
            raise BadFrame("payload")
        return batch


def write(out: BinaryIO, header: Mapping[str, Any], batch: pa.RecordBatch | None = None) -> None:
    """Write one frame."""
    head = orjson.dumps(header)
    payload = pa.BufferOutputStream()
    if batch is not None:
        with pa.ipc.new_stream(payload, batch.schema) as writer:
            writer.write_batch(batch)
    body = payload.getvalue()
    out.write(len(head).to_bytes(4, "little") + body.size.to_bytes(4, "little") + head)
    out.write(memoryview(body))
    out.flush()


def lengths(prefix: Buffer) -> tuple[int, int]:
    """The lengths of header and data from the first eight bytes of a frame. Raises `BadFrame`."""
    header, body = int.from_bytes(prefix[:4], "little"), int.from_bytes(prefix[4:], "little")
    if not 0 < header <= LARGEST_HEADER or body > LARGEST_BATCH:
        raise BadFrame("length")
    return header, body


def frame(header: Buffer, body: Buffer) -> Frame:
    """A frame from its two parts. Raises `BadFrame`."""
    try:
        untrusted = orjson.loads(header)
    except orjson.JSONDecodeError:
        raise BadFrame("header") from None
    if not isinstance(untrusted, dict):
        raise BadFrame("header")
    return Frame(untrusted, pa.py_buffer(body) if body else None)
