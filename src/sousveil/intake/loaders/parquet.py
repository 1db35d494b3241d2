"""Parquet: its rows as text, batch by batch."""

from __future__ import annotations

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from sousveil.intake.cells import blob_text
from sousveil.intake.naming import stem
from sousveil.intake.sink import Sink, Unreadable
from sousveil.intake.source import Source, seekable

ROWS_AT_ONCE = 20_000


def load(source: Source, sink: Sink) -> None:
    """Load a Parquet file. Raises `Unreadable` where its footer is damaged."""
    with seekable(source) as stream:
        try:
            file = parquet.ParquetFile(stream)
        except (pa.ArrowException, OSError):
            raise Unreadable("its footer is damaged or cut off") from None
        table = sink.table(stem(source.untrusted_name), file.schema_arrow.names)
        first = 1
        try:
            for batch in file.iter_batches(ROWS_AT_ONCE, use_threads=False):
                texts = [_as_text(column) for column in batch.columns]
                names = [f"c{place}" for place in range(1, len(texts) + 1)]
                numbers = pa.array(np.arange(first, first + batch.num_rows), pa.int64())
                table.rows(numbers, pa.RecordBatch.from_arrays(texts, names=names))
                first += batch.num_rows
        except (pa.ArrowException, OSError):
            sink.partly("its pages are damaged from here on")


def _as_text(column: pa.Array) -> pa.StringArray:
    """A column of any kind as text: nested values as JSON, binary ones as `cells.blob_text` has them."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.dictionary_decode(), kind.value_type
    if pa.types.is_binary(kind) or pa.types.is_fixed_size_binary(kind) or pa.types.is_large_binary(kind):
        return pa.array([None if v is None else blob_text(v) for v in column.to_pylist()], pa.string())
    if pa.types.is_nested(kind):
        return pa.array([None if v is None else _json(v) for v in column.to_pylist()], pa.string())
    return pc.cast(column, pa.string())


def _json(value: object) -> str:
    return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode("utf-8")
