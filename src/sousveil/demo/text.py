"""Columns of text, made a column at a time with Arrow and numpy: the demo's way of being fast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Codes = np.ndarray[Any, np.dtype[Any]]
"""Whole numbers that point into a list of words (or days, or people)."""
Flags = np.ndarray[Any, np.dtype[np.bool_]]
Rng = np.random.Generator


def strings(values: Sequence[str | None]) -> pa.StringArray:
    """A column of text from a short Python list."""
    return pa.array(values, pa.string())


def pick(words: pa.StringArray, codes: Codes) -> pa.StringArray:
    """The word of each code."""
    return words.take(pa.array(codes))


def join(*parts: pa.StringArray | str) -> pa.StringArray:
    """The parts of each row, one after another; null where a part is null."""
    return pc.binary_join_element_wise(*parts, "")


def join_or_drop(parts: Sequence[pa.StringArray | str]) -> pa.StringArray:
    """The parts of each row, one after another; a null part leaves nothing."""
    return pc.binary_join_element_wise(*parts, "", null_handling="replace", null_replacement="")


def put(column: pa.StringArray, where: Flags, values: pa.StringArray | str | None) -> pa.StringArray:
    """The column with the rows of `where` replaced, in order, by `values` (or all by one value)."""
    if not where.any():
        return column
    replacement = pa.scalar(values, pa.string()) if values is None or isinstance(values, str) else values
    return pc.replace_with_mask(column, pa.array(where), replacement)


def from_bytes(characters: Codes) -> pa.StringArray:
    """A column of ASCII words of one width from a matrix of bytes, a row a word."""
    size, width = characters.shape
    offsets = np.arange(0, (size + 1) * width, width, dtype=np.int32)
    data = np.ascontiguousarray(characters, dtype=np.uint8)
    return pa.StringArray.from_buffers(size, pa.py_buffer(offsets), pa.py_buffer(data))


def digits(numbers: Codes, width: int) -> Codes:
    """The decimal digits of numbers as a matrix of ASCII bytes, padded with zeros to `width`."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return (np.asarray(numbers, dtype=np.int64)[:, None] // powers % 10 + ord("0")).astype(np.uint8)


def padded(numbers: Codes, width: int) -> pa.StringArray:
    """Numbers as text, padded with zeros to `width` digits."""
    return from_bytes(digits(numbers, width))


def plain(numbers: Codes) -> pa.StringArray:
    """Numbers as text."""
    return pc.cast(pa.array(numbers), pa.string())


def content(column: pa.StringArray) -> memoryview:
    """All bytes of a column that holds no null, one row after another, without a copy."""
    offsets = np.frombuffer(column.buffers()[1], np.int32)[column.offset : column.offset + len(column) + 1]
    whole = memoryview(column.buffers()[2] or b"")
    return whole[int(offsets[0]) : int(offsets[-1])]


def holds(column: pa.StringArray, characters: bytes) -> bool:
    """Whether any of the ASCII characters occurs anywhere in the column."""
    data = np.frombuffer(column.buffers()[2] or b"", np.uint8)
    return any(bool((data == character).any()) for character in characters)
