"""Delimited text in any encoding: CSV with quotes where they are needed, TSV without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc

from sousveil.demo.draft import Block, Draft
from sousveil.demo.formats.lines import copied, with_broken
from sousveil.demo.text import content, holds, join, join_or_drop

_SPECIAL = b',"\r\n'


def write(
    out: IO[bytes], draft: Draft, encoding: str, delimiter: str = ",", end: str = "\r\n", bom: bytes = b""
) -> Iterator[int]:
    """Write a table with a header; yields the number of records so far."""
    for block in draft.blocks():
        if not block.first:
            out.write(bom + (delimiter.join(block.columns) + end).encode(encoding))
        lines = copied(_lines(block, delimiter, end), block)
        lines = with_broken(lines, block, _ragged(block, delimiter, end))
        text = content(lines)
        out.write(text if encoding == "utf-8" else str(text, "utf-8").encode(encoding))
        yield block.first + len(block)


def _lines(block: Block, delimiter: str, end: str) -> pa.StringArray:
    parts: list[pa.StringArray | str] = []
    for column in block.columns.values():
        parts.extend((_quoted(column) if delimiter == "," else column, delimiter))
    return join_or_drop([*parts[:-1], end])


def _quoted(column: pa.StringArray) -> pa.StringArray:
    if not holds(column, _SPECIAL):
        return column
    quoted = join('"', pc.replace_substring(column, '"', '""'), '"')
    return pc.if_else(pc.match_substring_regex(column, '[,"\r\n]'), quoted, column)


def _ragged(block: Block, delimiter: str, end: str) -> list[str]:
    """Broken lines with too few or too many fields, made of the first three columns, which need no quotes."""
    width = len(block.columns)
    few = [column.take(pa.array(block.broken)).to_pylist() for column in list(block.columns.values())[:3]]
    starts = [delimiter.join(value or "" for value in row) for row in zip(*few, strict=True)]
    return [
        start + (delimiter * 2 if place % 2 else f"{delimiter}9" * width) + end
        for place, start in enumerate(starts)
    ]
