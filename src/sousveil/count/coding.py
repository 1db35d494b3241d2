"""Texts as codes: one dictionary a kind of key for the whole case, so that one text has one code anywhere.

Nothing is hashed: two texts never share a code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from sousveil.count.records import NONE, Coded, Codes


@dataclass
class Texts:
    """The texts of one kind of key, table by table; tables without it leave a gap."""

    chunks: list[tuple[int, pa.StringArray]] = field(default_factory=list)

    def add(self, first: int, values: pa.StringArray) -> None:
        """Take in a table's values, whose first record is that of this place in the case."""
        self.chunks.append((first, values))

    def coded(self, size: int) -> Coded:
        """The codes of all of a case's so many records."""
        encoded = pa.chunked_array([values for _, values in self.chunks], pa.string()).dictionary_encode()
        codes = np.full(size, NONE, np.int32)
        for (first, values), chunk in zip(self.chunks, _chunks(encoded, self.chunks), strict=True):
            codes[first : first + len(values)] = chunk.indices.fill_null(NONE).to_numpy()
        dictionary = encoded.chunk(0).dictionary if encoded.num_chunks else pa.array([], pa.string())
        return Coded(codes, dictionary)


def _chunks(
    encoded: pa.ChunkedArray, given: list[tuple[int, pa.StringArray]]
) -> Iterator[pa.DictionaryArray]:
    """The encoded chunks, one for each given one, whether or not the empty ones were kept."""
    start = 0
    for _, values in given:
        part = encoded.slice(start, len(values))
        start += len(values)
        yield (
            part.chunk(0)
            if part.num_chunks
            else pa.DictionaryArray.from_arrays(pa.array([], pa.int32()), pa.array([], pa.string()))
        )


def coded(tables: Sequence[pa.StringArray]) -> list[Codes]:
    """The codes of one column in several tables, by one dictionary, in the order of appearance."""
    texts, first = Texts(), 0
    for values in tables:
        texts.add(first, values)
        first += len(values)
    codes = texts.coded(first).codes
    return np.split(codes, np.cumsum([len(values) for values in tables])[:-1]) if tables else []


def nothing(size: int) -> Coded:
    """A kind of key that none of so many records has."""
    return Coded(np.full(size, NONE, np.int32), pa.array([], pa.string()))


def names_of(texts: Mapping[str, Texts], size: int) -> tuple[Coded, ...]:
    """The name columns, coded together: they are laid one behind the other, then taken apart again."""
    keys = sorted(key for key in texts if key.startswith("name"))
    together = Texts(
        [(first + place * size, t) for place, k in enumerate(keys) for first, t in texts[k].chunks]
    )
    if not keys:
        return (nothing(size),)
    whole = together.coded(size * len(keys))
    return tuple(Coded(whole.codes[i * size : (i + 1) * size], whole.texts) for i in range(len(keys)))
