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
from pyarrow import csv

from sousveil.intake.dialect import Dialect, is_ruler, propose
from sousveil.intake.encodings import Transcript, not_utf8
from sousveil.intake.lenient import LONGEST_FIELD, WIDTH, repair
from sousveil.intake.naming import stem
from sousveil.intake.sink import Sink, TableSink, Unreadable
from sousveil.intake.source import Source
from sousveil.intake.structure import Records, scan

NOT_TEXT = "bytes that are not text in the encoding of the file"
_NULL = "\x01null\x01"
_NAMES = {0x09: "tab", 0x01: "control-A", 0x1F: "none"}


def load(source: Source, sink: Sink) -> None:
    """Load delimited text. Raises `Unreadable` where no dialect fits."""
    transcript = Transcript(source)
    chunks = iter(transcript)
    first = next(chunks, b"")
    dialect = propose(first, single=source.untrusted_name.lower().endswith((".csv", ".tsv", ".csv.gz")))
    if dialect is None:
        raise Unreadable("no delimiter divides it into a table")
    _note(sink, dialect)
    table = sink.table(stem(source.untrusted_name), dialect.header or [""] * dialect.width)
    reader = _Reader(dialect, table, transcript)
    for chunk, final in _with_last(first, chunks):
        reader.take(chunk, final=final)
    if reader.blank:
        sink.note("blank_lines", reader.blank)
    transcript.note(sink)


def _note(sink: Sink, dialect: Dialect) -> None:
    splitter = dialect.splitter
    sink.note("delimiter", _NAMES.get(splitter.delimiter, chr(splitter.delimiter)))
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
    """Takes chunks of UTF-8 text and hands rows and rejects to a table."""

    def __init__(self, dialect: Dialect, table: TableSink, transcript: Transcript) -> None:
        self.dialect = dialect
        self.table = table
        self.transcript = transcript
        self.rest = b""
        self.number = 0
        """Records seen so far, rejected ones included."""
        self.blank = 0
        self.to_skip = dialect.preamble
        self.header_due = dialect.header is not None
        self.ruler_due = dialect.header is not None

    def take(self, chunk: bytes, *, final: bool) -> None:
        """Take the next chunk of the text."""
        data = self.rest + chunk if self.rest else chunk
        if final and data and not data.endswith(b"\n"):
            data += b"\n"
        splitter, width = self.dialect.splitter, self.dialect.width
        found = scan(data, splitter.quote, splitter.delimiter, splitter.escape)
        rejected: dict[int, tuple[str, bytes]] = {}
        if splitter.quote is not None and _doubtful(data, found, width, final):
            put_right = repair(data, splitter, width, final=final)
            data, rejected, self.rest = put_right.data, put_right.rejected, put_right.tail
            found = scan(data, splitter.quote, splitter.delimiter, splitter.escape)
        else:
            self.rest = data[found.tail :]
        self._records(data, found, rejected)

    def _records(self, data: bytes, found: Records, rejected: dict[int, tuple[str, bytes]]) -> None:
        keep = found.ends > found.starts
        self.blank += int(len(keep) - np.count_nonzero(keep))
        starts, ends, fields = found.starts[keep], found.ends[keep], found.fields[keep]
        skip = self._head(data, starts, ends)
        starts, ends, fields = starts[skip:], ends[skip:], fields[skip:]
        bad = self._bad(data, starts, ends, fields, rejected)
        numbers = np.arange(self.number + 1, self.number + 1 + len(starts))
        self.number += len(starts)
        for place in np.flatnonzero(bad):
            start, end = int(starts[place]), int(ends[place])
            reason, raw = rejected.get(start) or (self._reason(fields[place]), data[start:end])
            self.table.reject(int(numbers[place]), reason, self.transcript.original(raw))
        good = ~bad
        if good.any():
            text = _compact(data, starts, found.tail, good)
            short = fields[good] < self.dialect.width
            if short.any():
                text = _filled(text, self.dialect, fields[good])
            self._parse(text, numbers[good])

    def _head(
        self,
        data: bytes,
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
    ) -> int:
        """How many records at the start are header or ruler; the preamble goes to the rejects."""
        place = 0
        while self.to_skip and place < len(starts):
            self.number += 1
            raw = data[starts[place] : ends[place]]
            self.table.reject(self.number, "before the header", self.transcript.original(raw))
            self.to_skip -= 1
            place += 1
        if self.header_due and place < len(starts):
            self.header_due = False
            place += 1
        if self.ruler_due and not self.header_due and place < len(starts):
            self.ruler_due = False
            place += is_ruler(data[starts[place] : ends[place]])
        return place

    def _bad(
        self,
        data: bytes,
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
        fields: NDArray[np.int64],
        rejected: dict[int, tuple[str, bytes]],
    ) -> NDArray[np.bool_]:
        width = self.dialect.width
        bad = (fields > width) | ((fields < 2) & (width > 1)) if self.dialect.ragged else fields != width
        if rejected:
            bad |= np.isin(starts, np.fromiter(rejected, dtype=np.int64))
        is_bad = not_utf8(data) if self.transcript.damaged else None
        if is_bad:
            for place in np.flatnonzero(~bad):
                bad[place] = is_bad(data[starts[place] : ends[place]])
        return np.asarray(bad, dtype=np.bool_)

    def _reason(self, fields: int) -> str:
        width = self.dialect.width
        return NOT_TEXT if fields == width else f"{WIDTH}: {fields} instead of {width}"

    def _parse(self, text: bytes, numbers: NDArray[np.int64]) -> None:
        try:
            batch = _parsed(text, self.dialect)
        except pa.ArrowInvalid:
            batch = None
        if batch is None or batch.num_rows != len(numbers):
            batch = _parsed_exactly(text, self.dialect)
        self.table.rows(pa.array(numbers, pa.int64()), batch)


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


def _compact(data: bytes, starts: NDArray[np.int64], tail: int, good: NDArray[np.bool_]) -> bytes:
    """The good records only, each with its line's end; `tail` is where the last of all ends."""
    if good.all():
        return data[int(starts[0]) : tail]
    edges = np.flatnonzero(np.diff(good.astype(np.int8), prepend=0, append=0))
    pieces = [
        data[int(starts[first]) : (int(starts[after]) if after < len(starts) else tail)]
        for first, after in zip(edges[::2], edges[1::2], strict=True)
    ]
    return b"".join(pieces)


def _filled(text: bytes, dialect: Dialect, fields: NDArray[np.int64]) -> bytes:
    """Short records with null in the fields that they leave out."""
    delimiter = bytes((dialect.splitter.delimiter,))
    found = scan(text, dialect.splitter.quote, dialect.splitter.delimiter, dialect.splitter.escape)
    keep = found.ends > found.starts
    fill = delimiter + _NULL.encode()
    return b"".join(
        text[start:end] + fill * (dialect.width - int(have)) + b"\n"
        for start, end, have in zip(
            found.starts[keep].tolist(), found.ends[keep].tolist(), fields.tolist(), strict=True
        )
    )


def _parsed(text: bytes, dialect: Dialect) -> pa.RecordBatch:
    """Clean delimited text as a batch of text columns, the empty field an empty text."""
    splitter = dialect.splitter
    names = [f"c{place}" for place in range(1, dialect.width + 1)]
    table = csv.read_csv(
        pa.BufferReader(text),
        read_options=csv.ReadOptions(column_names=names, block_size=len(text) + 64, use_threads=False),
        parse_options=csv.ParseOptions(
            delimiter=chr(splitter.delimiter),
            quote_char=chr(splitter.quote) if splitter.quote else False,
            double_quote=True,
            escape_char=chr(splitter.escape) if splitter.escape else False,
            newlines_in_values=splitter.quote is not None,
        ),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[_NULL],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    return table.combine_chunks().to_batches()[0]


def _parsed_exactly(text: bytes, dialect: Dialect) -> pa.RecordBatch:
    """The same, slowly, where the reader and the scan disagree (a lone return in text without quotes)."""
    rows = []
    place = 0
    while place < len(text):
        fields, end = dialect.splitter.record(text, place)
        if fields is not None and text[place:end].strip(b"\r"):
            rows.append([None if value == _NULL.encode() else value.decode("utf-8") for value in fields])
        place = end + 1
    names = [f"c{place}" for place in range(1, dialect.width + 1)]
    columns = [pa.array([row[place] for row in rows], pa.string()) for place in range(dialect.width)]
    return pa.record_batch(columns, names=names)
