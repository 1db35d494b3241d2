"""The bare load: the demo's files into a plain DuckDB file, by the shortest scripts that get them right.

`python -m benchmarks.bare_load DUMP OUT.duckdb` prints a JSON line with the CPU seconds of each file. No
encryption, no hashing, no rejects kept, no accounting, no typing: the physical limit for `sousveil run`.
"""

from __future__ import annotations

import csv
import json
import re
import resource
import sqlite3
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
from python_calamine import CalamineWorkbook

BATCH = 50_000


def ndjson(db: duckdb.DuckDBPyConnection, path: Path) -> None:
    """DuckDB's reader with an explicit all-text struct; a broken line becomes a row of nulls, dropped."""
    keys = db.execute(
        "SELECT DISTINCT unnest(json_keys(_source)) FROM "
        "read_json(?, format='newline_delimited', columns={_source: 'JSON'}, ignore_errors=true)",
        [str(path)],
    ).fetchall()
    struct = ", ".join(f'"{key}" VARCHAR' for (key,) in sorted(keys))
    db.execute(
        f'CREATE TABLE "{path.name}" AS SELECT unnest(_source) FROM read_json('
        f"?, format='newline_delimited', columns={{_source: 'STRUCT({struct})'}}, ignore_errors=true) "
        "WHERE _source IS NOT NULL",
        [str(path)],
    )


def delimited(delimiter: str, encoding: str) -> Callable[[duckdb.DuckDBPyConnection, Path], None]:
    """Decoded by Python into a UTF-8 file, then DuckDB's reader with the dialect given."""

    def load(db: duckdb.DuckDBPyConnection, path: Path) -> None:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", suffix=".csv") as plain:
            with path.open(encoding=encoding, newline="") as text:
                while chunk := text.read(1 << 22):
                    plain.write(chunk)
            plain.flush()
            db.execute(
                f'CREATE TABLE "{path.name}" AS FROM read_csv('
                "?, delim=?, quote='\"', escape='\"', header=true, all_varchar=true, parallel=false, "
                "store_rejects=true, max_line_size=10000000)",
                [plain.name, delimiter],
            )

    return load


def zipped(db: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Unpacked to a file, then as delimited text."""
    with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
        for number, member in enumerate(archive.infolist()):
            out = Path(folder) / f"{path.stem}-{number}.csv"
            out.write_bytes(archive.read(member))
            delimited(",", "utf-8-sig")(db, out)


ROW = re.compile(r"\(((?:[^()']|'(?:[^'\\]|\\.|'')*')*)\)[,;]")
TABLE = re.compile(r"INSERT INTO `(\w+)`[^(]*VALUES\s*")


def mysqldump(db: duckdb.DuckDBPyConnection, path: Path) -> None:
    """A regular expression for the rows and csv.reader for their values."""
    rows: dict[str, list[list[str]]] = {}
    for table, row in _inserted(path):
        held = rows.setdefault(table, [])
        held.append(row)
        if len(held) == BATCH:
            _insert(db, table, held)
            held.clear()
    for table, held in rows.items():
        _insert(db, table, held)


def _inserted(path: Path) -> Iterator[tuple[str, list[str]]]:
    table = ""
    with path.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            start = 0
            if found := TABLE.match(line):
                table, start = found[1], found.end()
            elif not line.startswith("("):
                continue
            texts = (match[1] for match in ROW.finditer(line, start))
            for row in csv.reader(texts, quotechar="'", escapechar="\\", strict=False):
                yield table, row


def sqlite(db: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Python's sqlite3."""
    source = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    for (table,) in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        cursor = source.execute(f'SELECT * FROM "{table}"')
        while rows := cursor.fetchmany(BATCH):
            _insert(db, table, [[None if v is None else str(v) for v in row] for row in rows])
    source.close()


def spreadsheet(db: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Calamine; a workbook that it can't read is left out."""
    try:
        book = CalamineWorkbook.from_path(path)
    except Exception:  # a damaged file of the demo
        return
    for sheet in book.sheet_names:
        _insert(db, sheet, [[str(cell) for cell in row] for row in book.get_sheet_by_name(sheet).iter_rows()])


def _insert(db: duckdb.DuckDBPyConnection, table: str, rows: list[list[str]]) -> None:
    if not rows:
        return
    columns = zip(*rows, strict=True)
    batch = pa.table({f"c{n}": pa.array(column, pa.string()) for n, column in enumerate(columns)})
    db.register("batch", batch)
    db.execute(f'CREATE TABLE IF NOT EXISTS "{table}" AS FROM batch LIMIT 0')
    db.execute(f'INSERT INTO "{table}" FROM batch')
    db.unregister("batch")


FILES: dict[str, Callable[[duckdb.DuckDBPyConnection, Path], None]] = {
    "es/jcz_txjl.json.gz": ndjson,
    "es/border_entries.json.gz": ndjson,
    "110/110接处警.csv": delimited(",", "gb18030"),
    "mysql/lcga.sql": mysqldump,
    "台账/单位台账.xlsx": spreadsheet,
    "app/vehicles.db": sqlite,
    "暂住/暂住人口.tsv": delimited("\t", "utf-16"),
    "备份/2019.zip": zipped,
}


def main(dump: Path, out: Path) -> None:
    """Load every file; print what each took."""
    took = {}
    db = duckdb.connect(str(out))
    db.execute("SET memory_limit='1100MB'")
    for name, load in FILES.items():
        before = _cpu()
        load(db, dump / name)
        took[name] = round(_cpu() - before, 2)
    before = _cpu()
    db.execute("CHECKPOINT")
    took["checkpoint"] = round(_cpu() - before, 2)
    tables = db.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    rows = {name: db.execute(f'SELECT count(*) FROM "{name}"').fetchall()[0][0] for (name,) in tables}
    print(json.dumps({"cpu": took, "rows": rows}, ensure_ascii=False))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
