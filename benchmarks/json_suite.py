"""JSONTestSuite (Nicolas Seriot, "Parsing JSON is a minefield") against our loaders and DuckDB's readers.

`python -m benchmarks.json_suite FOLDER`: FOLDER is `test_parsing` of a check-out. Each file is tried as a
whole document, and, where it is one line, as the value of a member in a line of its own between two good
lines; both must take every `y_` file and no `n_` file. (`i_` files are left to the reader: the table says how
many are taken.)
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import duckdb

from sousveil.intake.loaders import json as documents
from sousveil.intake.loaders import jsonl
from sousveil.intake.sink import MemorySink, Unreadable
from sousveil.intake.source import BytesSource

GOOD = b'{"v": 1, "w": 2}\n'
EMPTY = "no object and no row in it", "no element of it is a JSON object"
"""What a valid document is told that holds no records."""


def our_document(data: bytes) -> bool:
    """Whether our loader of documents takes it as valid and whole, records or not."""
    sink = MemorySink()
    try:
        documents.load(BytesSource("x.json", data), sink)
    except Unreadable as error:
        return str(error) in EMPTY
    broken = any(reason == jsonl.BROKEN for table in sink.tables for _, reason, _ in table.rejects)
    return not broken and sink.partly_reason is None


def our_line(data: bytes) -> bool:
    """Whether our loader of lines takes it as the value of a member."""
    sink = MemorySink()
    jsonl.load(BytesSource("x.ndjson", GOOD + b'{"v": ' + data + b', "w": 2}\n' + GOOD), sink)
    (table,) = sink.tables
    assert len(table.records()) + len(table.rejects) == 3, "a record is lost"
    return not table.rejects


def their_document(data: bytes) -> bool:
    """Whether DuckDB's reader takes it."""
    return _read(data, "read_json(?, format='auto')")


def their_line(data: bytes) -> bool:
    """Whether DuckDB's reader takes it as the value of a member in a line, others of which are good."""
    line = GOOD + b'{"v": ' + data + b', "w": 2}\n' + GOOD
    return _read(line, "read_json(?, format='newline_delimited', columns={v: 'JSON', w: 'VARCHAR'})")


def _read(data: bytes, reader: str) -> bool:
    with tempfile.NamedTemporaryFile(suffix=".json") as file, duckdb.connect() as db:
        file.write(data)
        file.flush()
        try:
            db.execute(f"FROM {reader}", [file.name]).fetchall()
        except (duckdb.Error, UnicodeDecodeError):
            return False
    return True


READERS: dict[str, Callable[[bytes], bool]] = {
    "our documents": our_document,
    "our lines": our_line,
    "DuckDB documents": their_document,
    "DuckDB lines": their_line,
}


def main(folder: Path) -> None:
    """Try every file with every reader and print how many each takes."""
    files = [path for path in sorted(folder.iterdir()) if path.name[:2] in ("y_", "n_", "i_")]
    taken: dict[str, Counter[str]] = {name: Counter() for name in READERS}
    tried: dict[str, Counter[str]] = {name: Counter() for name in READERS}
    wrong: list[str] = []
    for path in files:
        data, kind = path.read_bytes(), path.name[0]
        for name, takes in READERS.items():
            if name.endswith("lines") and (b"\n" in data.strip() or (not data.isascii() and _wide(data))):
                continue
            tried[name][kind] += 1
            accepts = takes(data.strip(b"\n") if name.endswith("lines") else data)
            taken[name][kind] += accepts
            if name.startswith("our") and ((kind == "y" and not accepts) or (kind == "n" and accepts)):
                wrong.append(f"{name}: {path.name}")
    print(f"{'':<20}{'y_ taken':>14}{'n_ taken':>14}{'i_ taken':>14}")
    for name in READERS:
        cells = (f"{taken[name][kind]} of {tried[name][kind]}" for kind in "yni")
        print(f"{name:<20}" + "".join(f"{cell:>14}" for cell in cells))
    print(*wrong, sep="\n")


def _wide(data: bytes) -> bool:
    """Whether it is UTF-16 or UTF-8 with a mark: that says how a file is written, not what is in a line."""
    return data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")) or b"\0" in data


if __name__ == "__main__":
    main(Path(sys.argv[1]))
