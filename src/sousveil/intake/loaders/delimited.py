"""Delimited text: CSV, TSV and their kin.

The dialect is voted on a sample and then fixed. Each chunk is scanned for its records (`structure`); records
of another width, or with bytes that are not text, become rejects with their bytes; all others go to Arrow's
CSV reader as text, and the number of rows it reads must be the number of records that were scanned. A chunk
whose quotes can't be trusted is first written anew by exact rules (`lenient`).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute as pc

from sousveil.intake.borders import border
from sousveil.intake.delimiters import Delimiter
from sousveil.intake.dialect import Dialect, propose
from sousveil.intake.header import is_ruler
from sousveil.intake.lenient import LONGEST_FIELD, WIDTH, count_dirty, repair
from sousveil.intake.naming import stem
from sousveil.intake.part import Part
from sousveil.intake.sink import Sink, TableSink, Unreadable
from sousveil.intake.source import Source
from sousveil.intake.strict import compact, filled, parsed
from sousveil.intake.structure import Records, scan
from sousveil.intake.transcript import Transcript, not_utf8

HEADER_AGAIN = "the header again"
NOT_TEXT = "bytes that are not text in the encoding of the file"
_MOST_TABLES = 100
_MOST_DIRTY = 20_000
"""Lines with odd quotes in a chunk up to which it is worth to look behind them for another table."""
_NAMES = {0x09: "tab", 0x01: "control-A", 0x1F: "none"}


def load(source: Source, sink: Sink) -> None:
    """Load delimited text. Raises `Unreadable` where no dialect fits."""
    transcript = Transcript(source)
    chunks = iter(transcript)
    first = next(chunks, b"")
    single = source.untrusted_name.lower().endswith((".csv", ".tsv", ".csv.gz"))
    dialect = propose(first, single=single, given=source.given)
    if dialect is None:
        raise Unreadable("no delimiter divides it into a table")
    _note(sink, dialect)
    if source.given.is_dialect:
        sink.note("dialect_given_by", "a person")
    reader = _Reader(dialect, sink, stem(source.untrusted_name), transcript)
    for chunk, final in _with_last(first, chunks):
        reader.take(chunk, final=final)
    reader.note(sink)
    transcript.note(sink)


def _note(sink: Sink, dialect: Dialect) -> None:
    splitter = dialect.splitter
    written = dialect.written.decode("ascii")
    sink.note("delimiter", written or _NAMES.get(splitter.delimiter, chr(splitter.delimiter)))
    sink.note("quote", chr(splitter.quote) if splitter.quote else "none")
    if splitter.escape is not None:
        sink.note("escape", chr(splitter.escape))
    sink.note("header", "first record" if dialect.header else "none")
    sink.note("dialect_share_of_sample", round(dialect.share, 4))


def _with_last(first: bytes, rest: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Chunks with a flag on the last."""
    for chunk in rest:
        yield first, False
        first = chunk
    yield first, True


class _Reader:
    """Takes chunks of UTF-8 text and hands rows and rejects to a table, or to several in turn."""

    def __init__(self, dialect: Dialect, sink: Sink, untrusted_name: str, transcript: Transcript) -> None:
        self.sink = sink
        self.untrusted_name = untrusted_name
        self.transcript = transcript
        self.delimiter = Delimiter(dialect.splitter.delimiter, dialect.written)
        self.rest = b""
        self.blank = 0
        self.tables = 0
        self._begin(dialect)

    def _begin(self, dialect: Dialect) -> None:
        """Begin a table."""
        self.dialect = dialect
        self.table: TableSink = self.sink.table(self.untrusted_name, dialect.header or [""] * dialect.width)
        self.tables += 1
        self.number = 0
        """Records of the table seen so far, rejected ones included."""
        self.to_skip = dialect.preamble
        self.header_due = dialect.header is not None
        self.ruler_due = dialect.header is not None

    def note(self, sink: Sink) -> None:
        """Put what was counted into the manifest."""
        if self.blank:
            sink.note("blank_lines", self.blank)
        if self.tables > 1:
            sink.note("tables_in_one_file", self.tables)

    def take(self, chunk: bytes, *, final: bool) -> None:
        """Take the next chunk of the text."""
        chunk = self._standing_in(chunk)
        data = self.rest + chunk if self.rest else chunk
        if final and data and not data.endswith(b"\n"):
            data += b"\n"
            self.transcript.syntax(-1)
        while True:
            found = self._scanned(data)
            at = self._border(data, found, final=final)
            if at is None:
                self._part(data, found, final=final)
                return
            cut, dialect = at
            if cut:
                self._part(data[:cut], self._scanned(data[:cut]), final=True)
            data = data[cut:]
            if dialect is None:
                self.rest = data
                return
            self._begin(dialect)

    def _scanned(self, data: bytes) -> Records:
        splitter = self.dialect.splitter
        return scan(data, splitter.quote, splitter.delimiter, splitter.escape)

    def _border(self, data: bytes, found: Records, *, final: bool) -> tuple[int, Dialect | None] | None:
        """Where in the text another table begins, with its dialect; None for that where more must be seen."""
        # One table more than the most is none: what follows then are rejects of the last.
        if self.tables == _MOST_TABLES:
            return None
        begun = self.number > 0 or not (self.to_skip or self.header_due)
        if found.sound:
            at = border(data, found, self.dialect, final=final, begun=begun)
            return None if at is None else (int(found.starts[at.place]), at.dialect)
        # Where quotes can't be trusted they hide the records' widths.
        dialect = self.dialect
        if count_dirty(data, dialect.splitter) > _MOST_DIRTY:
            return None
        put_right = repair(data, dialect.splitter, dialect.width, final=final, of_width=False)
        found = self._scanned(put_right.data)
        at = border(put_right.data, found, dialect, final=final, begun=begun)
        return None if at is None else (put_right.origin(int(found.starts[at.place])), at.dialect)

    def _standing_in(self, chunk: bytes) -> bytes:
        """The chunk with one byte for a delimiter of several."""
        if self.delimiter.written and bytes((self.delimiter.byte,)) in chunk:
            self.transcript.lines_by["none"] += 1
        return self.delimiter.in_place(chunk)

    def _part(self, data: bytes, found: Records, *, final: bool) -> None:
        """Take records of the present table."""
        splitter, width = self.dialect.splitter, self.dialect.width
        if splitter.quote is not None and _doubtful(data, found, width, final):
            put_right = repair(data, splitter, width, final=final, quoted=self.dialect.quoted)
            self.rest = put_right.tail
            self._records(Part(put_right.data, self._scanned(put_right.data), data, put_right))
        else:
            self.rest = data[found.tail :]
            self._records(Part(data, found, data))

    def _records(self, part: Part) -> None:
        self.blank += part.blank
        self.transcript.syntax(part.line_ends)
        skip = self._head(part)
        bad = self._bad(part)
        bad[:skip] = False
        numbers = np.arange(len(part.starts)) + (self.number + 1 - skip)
        self.number += len(part.starts) - skip
        for place in np.flatnonzero(bad).tolist():
            reason, _ = part.rejected.get(int(part.starts[place])) or (self._reason(part.fields[place]), b"")
            self._reject(int(numbers[place]), reason, part.raw(place))
        good = ~bad
        good[:skip] = False
        if good.any():
            self._good(part, good, numbers)

    def _good(self, part: Part, good: NDArray[np.bool_], numbers: NDArray[np.int64]) -> None:
        """Hand over the records that are read, but for those that are the header once more."""
        text = compact(part.data, part.starts, part.found.tail, good)
        if (part.fields[good] < self.dialect.width).any():
            text = filled(text, self.dialect, part.fields[good])
        batch = self._parsed(text, int(np.count_nonzero(good)))
        again = _repeats(batch, self.dialect.header)
        if len(again):
            places = np.flatnonzero(good)
            for place in places[again].tolist():
                self._reject(int(numbers[place]), HEADER_AGAIN, part.raw(place))
            good[places[again]] = False
            batch = batch.take(pa.array(np.setdiff1d(np.arange(len(places)), again)))
        size = part.size(good)
        if self.delimiter.written:
            kept = compact(part.data, part.starts, part.found.tail, good) if good.any() else b""
            size += kept.count(self.delimiter.byte) * (len(self.delimiter.written) - 1)
        self.transcript.record(size)
        if good.any():
            self.table.rows(pa.array(numbers[good], pa.int64()), batch)

    def _as_written(self, raw: bytes) -> bytes:
        """A part of the text with its delimiter of several characters."""
        if not self.delimiter.written:
            return raw
        return raw.replace(bytes((self.delimiter.byte,)), self.delimiter.written)

    def _reject(self, number: int, reason: str, raw: bytes) -> None:
        self.table.reject(number, reason, self.transcript.reject(self._as_written(raw)))

    def _head(self, part: Part) -> int:
        """How many records at the start are preamble, header or ruler; the preamble goes to the rejects."""
        place, count = 0, len(part.starts)
        while self.to_skip and place < count:
            self.number += 1
            self._reject(self.number, "before the header", part.raw(place))
            self.to_skip -= 1
            place += 1
        named = place
        if self.header_due and place < count:
            self.header_due = False
            place += 1
        if self.ruler_due and not self.header_due and place < count:
            self.ruler_due = False
            place += is_ruler(part.raw(place))
        for record in range(named, place):
            self.transcript.syntax(self._as_written(part.raw(record)))
        return place

    def _bad(self, part: Part) -> NDArray[np.bool_]:
        """Which records are not read: those of another width, and those that are not text."""
        width, fields = self.dialect.width, part.fields
        bad = (fields > width) | ((fields < 2) & (width > 1)) if self.dialect.ragged else fields != width
        if part.rejected:
            bad |= np.isin(part.starts, np.fromiter(part.rejected, dtype=np.int64))
        is_bad = not_utf8(part.data) if self.transcript.damaged else None
        if is_bad:
            for place in np.flatnonzero(~bad):
                bad[place] = is_bad(part.data[part.starts[place] : part.ends[place]])
        return np.asarray(bad, dtype=np.bool_)

    def _reason(self, fields: int) -> str:
        width = self.dialect.width
        return NOT_TEXT if fields == width else f"{WIDTH}: {fields} instead of {width}"

    def _parsed(self, text: bytes, count: int) -> pa.RecordBatch:
        batch = parsed(text, self.dialect, count)
        if not self.delimiter.written:
            return batch
        byte, written = chr(self.delimiter.byte), self.delimiter.written.decode("ascii")
        columns = [pc.replace_substring(column, byte, written) for column in batch.columns]
        return pa.record_batch(columns, names=batch.schema.names)


def _repeats(batch: pa.RecordBatch, header: tuple[str, ...] | None) -> NDArray[np.int64]:
    """Places of rows that are the header once more, as where files were put one behind the other."""
    places = np.arange(batch.num_rows)
    # Names and values of a single column may well be alike.
    for column, name in zip(batch.columns, header or (), strict=bool(header)):
        if batch.num_columns < 2 or not len(places):
            break
        same = pc.equal(pc.utf8_trim_whitespace(column.take(pa.array(places))), name)
        places = places[same.fill_null(False).to_numpy(zero_copy_only=False)]
    return places if header and batch.num_columns > 1 else places[:0]


def _doubtful(data: bytes, found: Records, width: int, final: bool) -> bool:
    """Whether the quotes of a chunk can't be trusted, or an open one at its end runs on too long."""
    if not found.sound or data.count(b"\r") != data.count(b"\r\n"):
        return True
    left = len(data) - found.tail
    if left > LONGEST_FIELD or (final and left):
        return True
    if data.count(b"\n", 0, found.tail) == len(found):
        return False
    # A record of another width that runs over lines may be one line's quote that swallowed the next lines.
    odd = np.flatnonzero(found.fields != width)
    return any(b"\n" in data[found.starts[place] : found.ends[place]] for place in odd)
