"""Gzipped NDJSON as an Elasticsearch export has it: one envelope a line, missing members left out."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from sousveil.demo.draft import Block, Draft
from sousveil.demo.formats.lines import copied, with_broken
from sousveil.demo.text import Rng, content, from_bytes, holds, join_or_drop, put

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def write(path: Path, draft: Draft, index: str, raw: frozenset[str] = frozenset()) -> Iterator[int]:
    """Write a table; yields the number of records so far. Columns of `raw` are JSON already."""
    with path.open("wb") as file, gzip.GzipFile("", "wb", 4, file, mtime=0) as out:
        for block in draft.blocks():
            ids = draft.world.rng(draft.facts.table, "ids", block.first)
            lines = copied(_lines(block, index, _ids(ids, len(block)), raw), block)
            cut = [
                line[: len(line) * 3 // 5] + "\n" for line in lines.take(pa.array(block.broken)).to_pylist()
            ]
            out.write(content(with_broken(lines, block, cut)))
            yield block.first + len(block)


def _ids(rng: Rng, size: int) -> pa.StringArray:
    letters = memoryview(_ALPHABET)
    return from_bytes(pa.array(letters).to_numpy()[rng.integers(0, 64, (size, 20))])


def _lines(block: Block, index: str, ids: pa.StringArray, raw: frozenset[str]) -> pa.StringArray:
    parts: list[pa.StringArray | str] = [
        f'{{"_index":"{index}","_type":"_doc","_id":"', ids, '","_score":1.0,"_source":{',
    ]  # fmt: skip
    for place, (name, column) in enumerate(block.columns.items()):
        key = f'{"," if place else ""}"{name}":'
        parts.extend(_member(key, column, is_raw=name in raw, required=not place))
    return join_or_drop([*parts, "}}\n"])


def _member(
    key: str, column: pa.StringArray, *, is_raw: bool, required: bool
) -> tuple[pa.StringArray | str, ...]:
    """The parts of one member; without a value it is left out, the first one is null."""
    quote = "" if is_raw else '"'
    value = column if is_raw else _escaped(column)
    if not column.null_count:
        return key + quote, value, quote
    member = pc.binary_join_element_wise(key + quote, value, quote, "")
    return (
        put(member, column.is_null().to_numpy(zero_copy_only=False), key + "null") if required else member,
    )


def _escaped(column: pa.StringArray) -> pa.StringArray:
    for character, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n")):
        if holds(column, character.encode()):
            column = pc.replace_substring(column, character, escaped)
    return column
