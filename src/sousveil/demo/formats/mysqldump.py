"""A mysqldump: CREATE TABLE with comments on the columns, INSERTs of many rows, backslash escapes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sousveil.demo.draft import Block, Draft
from sousveil.demo.text import content, holds, join, join_or_drop, pick, put, strings

_HEAD = """-- MySQL dump 10.13  Distrib 5.7.26, for Linux (x86_64)
--
-- Host: 10.0.9.11    Database: lcga
-- ------------------------------------------------------
-- Server version\t5.7.26-log

/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!40101 SET NAMES utf8mb4 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;

"""
_TAIL = """/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;

-- Dump completed on 2019-06-20 23:10:02
"""
_TABLE = """--
-- Table structure for table `{table}`
--

DROP TABLE IF EXISTS `{table}`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8 */;
CREATE TABLE `{table}` (
{columns},
  PRIMARY KEY (`{key}`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `{table}`
--

LOCK TABLES `{table}` WRITE;
/*!40000 ALTER TABLE `{table}` DISABLE KEYS */;
"""
_ROWS = 2_000  # rows of one INSERT


def head(out: IO[bytes]) -> None:
    """Begin the dump."""
    out.write(_HEAD.encode())


def tail(out: IO[bytes]) -> None:
    """End the dump."""
    out.write(_TAIL.encode())


def write(out: IO[bytes], draft: Draft, numbers: frozenset[str]) -> Iterator[int]:
    """Write one table; yields the number of records so far. Columns of `numbers` stand without quotes."""
    table = draft.facts.table
    for block in draft.blocks():
        if not block.first:
            out.write(_create(draft, list(block.columns), numbers).encode())
        out.write(content(_rows(block, table, numbers)))
        yield block.first + len(block)
    out.write(f";\n/*!40000 ALTER TABLE `{table}` ENABLE KEYS */;\nUNLOCK TABLES;\n\n".encode())


def _create(draft: Draft, names: list[str], numbers: frozenset[str]) -> str:
    columns = []
    for place, name in enumerate(names):
        kind = "int(11) NOT NULL" if not place else "double DEFAULT NULL" if name in numbers else ""
        comment = f" COMMENT '{draft.hints[name]}'" if name in draft.hints else ""
        columns.append(f"  `{name}` {kind or 'varchar(255) DEFAULT NULL'}{comment}")
    return _TABLE.format(table=draft.facts.table, columns=",\n".join(columns), key=names[0])


def _rows(block: Block, table: str, numbers: frozenset[str]) -> pa.StringArray:
    row = np.arange(block.first, block.first + len(block))
    start = np.where(row % _ROWS, 0, np.where(row == 0, 1, 2))
    insert = f"INSERT INTO `{table}` VALUES ("  # noqa: S608  # a file is written, nothing is run
    parts: list[pa.StringArray | str] = [pick(strings([",(", insert, f";\n{insert}"]), start)]
    for name, column in block.columns.items():
        parts.extend((column if name in numbers else _quoted(column), ","))
    return join_or_drop([*parts[:-1], ")"])


def _quoted(column: pa.StringArray) -> pa.StringArray:
    for character, escaped in (("\\", "\\\\"), ("'", "\\'"), ('"', '\\"'), ("\n", "\\n")):
        if holds(column, character.encode()):
            column = pc.replace_substring(column, character, escaped)
    missing = column.is_null().to_numpy(zero_copy_only=False)
    return put(join("'", column, "'"), missing, "NULL")
