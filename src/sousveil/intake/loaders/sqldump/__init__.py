"""SQL dumps (mysqldump, pg_dump, SQLite's .dump, SQL Server's scripts), read as a stream, never carried out.

`walk` goes from statement to statement, `inserts` and `copy` read rows, in bulk where it can be (`bulk`) and
exactly where it must be (`values`, `expressions`), `ddl` learns the columns, `tables` hands over.
"""

from __future__ import annotations

from sousveil.intake.loaders.sqldump.walk import Walker
from sousveil.intake.sink import Sink
from sousveil.intake.source import Source

__all__ = ["load"]


def load(source: Source, sink: Sink) -> None:
    """Read a dump into tables, in the order of their CREATE TABLE or first INSERT.

    Rows that can't be read are rejects with their number; a dump that ends in the middle is partly loaded.
    Raises `Unreadable` where nothing in it makes a table.
    """
    Walker(source, sink).walk()
