"""Clean delimited text as columns: every quote, width and record of it is known to be sound."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv

from sousveil.intake.dialect import Dialect
from sousveil.intake.structure import scan

NULL = "\x01null\x01"
"""What stands for a field that a short record leaves out."""


def parsed(text: bytes, dialect: Dialect, count: int) -> pa.RecordBatch:
    """So many records of clean text as a batch of text columns; the empty field is an empty text."""
    try:
        batch = _parsed(text, dialect)
    except pa.ArrowInvalid:
        batch = None
    return batch if batch is not None and batch.num_rows == count else _parsed_exactly(text, dialect)


def compact(data: bytes, starts: NDArray[np.int64], tail: int, good: NDArray[np.bool_]) -> bytes:
    """The good records only, each with its line's end; `tail` is where the last of all ends."""
    if good.all():
        return data[int(starts[0]) : tail]
    edges = np.flatnonzero(np.diff(good.astype(np.int8), prepend=0, append=0))
    pieces = [
        data[int(starts[first]) : (int(starts[after]) if after < len(starts) else tail)]
        for first, after in zip(edges[::2], edges[1::2], strict=True)
    ]
    return b"".join(pieces)


def filled(text: bytes, dialect: Dialect, fields: NDArray[np.int64]) -> bytes:
    """Short records with null in the fields that they leave out."""
    delimiter = bytes((dialect.splitter.delimiter,))
    found = scan(text, dialect.splitter.quote, dialect.splitter.delimiter, dialect.splitter.escape)
    keep = found.ends > found.starts
    fill = delimiter + NULL.encode()
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
            null_values=[NULL],
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
        if fields is not None and text[place:end].removesuffix(b"\r"):
            rows.append([None if value == NULL.encode() else value.decode("utf-8") for value in fields])
        place = end + 1
    names = [f"c{place}" for place in range(1, dialect.width + 1)]
    columns = [pa.array([row[place] for row in rows], pa.string()) for place in range(dialect.width)]
    return pa.record_batch(columns, names=names)
