"""Rows and values that the survey looks at: a sample to choose types, every value for shares."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from sousveil.normalise.tidy import whole
from sousveil.survey.evidence import Evidence
from sousveil.survey.headers import meanings
from sousveil.vault import Column, Engine, Table

ROWS = 6_000
"""Rows of a sample."""
VALUES = 2_000
"""Distinct values of a sample that are looked at."""
FEW = 300
"""A column with fewer values in the sample is asked for more of its own."""
LONGEST = 400
"""Characters of a value that the sample keeps."""
_PRIME = 2_147_483_647


def rows_of(engine: Engine, table: Table) -> pa.Table:
    """A sample of whole rows, spread evenly over the table, the same at each run: all columns, as text."""
    columns = ", ".join(f"left({column.sql}, {LONGEST}) AS {column.sql}" for column in table.columns)
    if not table.columns:
        return pa.table({})
    chosen = ""
    if table.records > ROWS:
        # Multiples of a number modulo a prime are spread evenly, and need no random numbers.
        chosen = f"WHERE (_row * 48271) % {_PRIME} < {int(_PRIME * ROWS / table.records)}"
    return engine.table(f"SELECT {columns} FROM {table.raw} {chosen}")  # noqa: S608


def evidence_of(engine: Engine, table: Table, column: Column, sampled: pa.Table) -> Evidence:
    """What a sample of rows says of one column; where it has few values, the first ones of the table too."""
    values = whole(sampled.column(column.sql))
    if len(values) - values.null_count < FEW and len(values) < table.records:
        values = whole(
            engine.table(
                f"SELECT left({column.sql}, {LONGEST}) AS v FROM {table.raw} "  # noqa: S608
                f"WHERE {column.sql} IS NOT NULL AND trim({column.sql}) <> '' LIMIT {VALUES}"
            ).column("v")
        )
    return evidence_in(values, column, table.records)


def evidence_in(values: pa.StringArray, column: Column, rows: int) -> Evidence:
    """What some of a column's values say, repeated as they stand; `rows` is how many the table has."""
    named = values.dictionary_encode()
    indices = named.indices.drop_null().to_numpy()
    counts = np.bincount(indices, minlength=len(named.dictionary)).astype(np.int64)
    return Evidence(
        untrusted_values=named.dictionary.slice(0, VALUES),
        counts=counts[:VALUES],
        seen=len(values),
        rows=rows,
        meanings=meanings(column.name, column.hint),
    )


def parts_of(engine: Engine, table: Table, column: Column, like: Evidence) -> Iterator[Evidence]:
    """All distinct values of a column with their counts, part by part, each as evidence of its own."""
    for batch in engine.batches(
        f"SELECT {column.sql} AS v, count(*) AS n FROM {table.raw} WHERE {column.sql} IS NOT NULL GROUP BY 1"  # noqa: S608
    ):
        yield Evidence(
            untrusted_values=whole(batch.column("v")),
            counts=batch.column("n").to_numpy(),
            seen=table.records,
            rows=table.records,
            meanings=like.meanings,
            reading=like.reading or like.reading_found,
        )
