"""A pg_dump: CREATE TABLE and COPY from stdin, tabs, \\N for null, backslash escapes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc

from sousveil.demo.draft import Draft
from sousveil.demo.formats.lines import copied
from sousveil.demo.text import content, holds, join_or_drop, put

_HEAD = """--
-- PostgreSQL database dump
--

-- Dumped from database version 10.8
-- Dumped by pg_dump version 10.8

SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;

"""


def write(out: IO[bytes], draft: Draft) -> Iterator[int]:
    """Write a dump of one table; yields the number of records so far."""
    out.write(_HEAD.encode())
    for block in draft.blocks():
        if not block.first:
            names = [f'"{name}"' for name in block.columns]
            columns = ",\n".join(f"    {name} text" for name in names)
            table = f'public."{draft.facts.table}"'
            out.write(f"CREATE TABLE {table} (\n{columns}\n);\n\n".encode())
            out.write(f"COPY {table} ({', '.join(names)}) FROM stdin;\n".encode())
        parts: list[pa.StringArray | str] = []
        for column in block.columns.values():
            parts.extend((_escaped(column), "\t"))
        out.write(content(copied(join_or_drop([*parts[:-1], "\n"]), block)))
        yield block.first + len(block)
    out.write(b"\\.\n\n\n--\n-- PostgreSQL database dump complete\n--\n\n")


def _escaped(column: pa.StringArray) -> pa.StringArray:
    missing = column.is_null().to_numpy(zero_copy_only=False)
    for character, escaped in (("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t")):
        if holds(column, character.encode()):
            column = pc.replace_substring(column, character, escaped)
    return put(column, missing, "\\N")
