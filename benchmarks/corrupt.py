"""`make fuzz-files`: damaged files of every kind through `sousveil intake`; no run may end early.

Real files of each kind are made, damaged in many ways (bits flipped, cut off, sizes in headers that lie,
pages overwritten, swapped or repeated) and taken in, a kind at a time. Shown per kind: what became of the
files, the largest memory of all processes together, and the time a file. It fails where a run fails, where a
file is missing from the result, where memory passes a GiB, or where anything was written outside the case.

Options: `--files N` a kind (300), `--seed N`, `--corpus FOLDER` (files of a public suite instead, as they
are), `--kind NAME` (only that kind).
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pyarrow as pa
from pyarrow import parquet
from xlsxwriter import Workbook

from tests import archives

ROWS = [[f"人{n}", str(n), f"备注 {n % 7}", str(n * n)] for n in range(2_000)]
HEADER = ["姓名", "编号", "备注", "数"]
STATUSES = ("loaded", "partly-loaded", "refused", "unreadable", "counted")
LARGEST = 1 << 30
"""Bytes of memory that all processes together may have."""


def csv() -> bytes:
    """The rows as delimited text."""
    return "\n".join(",".join(row) for row in [HEADER, *ROWS]).encode()


def sqlite() -> bytes:
    """Two tables, an index and a long value on overflow pages."""
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE a (x TEXT, y INTEGER, z TEXT, w REAL)")
        connection.executemany("INSERT INTO a VALUES (?, ?, ?, ?)", ROWS)
        connection.execute("CREATE INDEX i ON a (x)")
        connection.execute("CREATE TABLE b (t TEXT PRIMARY KEY, u BLOB) WITHOUT ROWID")
        connection.executemany("INSERT INTO b VALUES (?, ?)", [(row[0], b"x" * 9000) for row in ROWS[:20]])
        connection.commit()
        return connection.serialize()


def xlsx() -> bytes:
    """A workbook of two sheets, one of them with shared strings."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        for name in ("一", "二"):
            sheet = book.add_worksheet(name)
            for place, row in enumerate([HEADER, *ROWS[:300]]):
                sheet.write_row(place, 0, row)
    return out.getvalue()


def ods() -> bytes:
    """The least that is an OpenDocument spreadsheet."""
    cell = "<table:table-cell office:value-type='string'><text:p>{}</text:p></table:table-cell>"
    lines = ("".join(map(cell.format, row)) for row in [HEADER, *ROWS[:300]])
    rows = "".join(f"<table:table-row>{line}</table:table-row>" for line in lines)
    names = ("office", "table", "text")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    content = (
        f"<?xml version='1.0'?><office:document-content {spaces}><office:body><office:spreadsheet>"
        f"<table:table table:name='一'>{rows}</table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    mime = b"application/vnd.oasis.opendocument.spreadsheet"
    return archives.zipped({"mimetype": mime, "content.xml": content.encode()})


def parquet_file(codec: str) -> bytes:
    """Several row groups, with dictionaries."""
    out = io.BytesIO()
    columns = dict(zip(HEADER, map(list, zip(*ROWS, strict=True)), strict=True))
    parquet.write_table(pa.table(columns), out, compression=codec, row_group_size=500)
    return out.getvalue()


def pressed(codec: str) -> bytes:
    """The delimited text under a codec of Arrow."""
    out = pa.BufferOutputStream()
    with pa.CompressedOutputStream(out, codec) as stream:
        stream.write(csv())
    return out.getvalue().to_pybytes()


def members() -> dict[str, bytes]:
    """What the archives hold: archives within, too."""
    return {"a.csv": csv(), "b.db": sqlite(), "c.zip": archives.zipped({"d.csv": csv()[:5000]})}


KINDS: dict[str, Callable[[], bytes]] = {
    "sqlite": sqlite,
    "xlsx": xlsx,
    "ods": ods,
    "parquet": lambda: parquet_file("snappy"),
    "parquet zstd": lambda: parquet_file("zstd"),
    "zip": lambda: archives.zipped(members()),
    "zip stored": lambda: archives.zipped(members(), zipfile.ZIP_STORED),
    "zip streamed": lambda: archives.zipped_as_stream(members()),
    "zip aes": lambda: archives.zipped_with_aes({"a.csv": csv()}, "password"),
    "tar": lambda: archives.tarred(members()),
    "7z": lambda: archives.sevenzipped(members()),
    "rar": lambda: archives.rarred(members()),
    "gzip": lambda: pressed("gzip"),
    "bz2": lambda: pressed("bz2"),
    "zstd": lambda: pressed("zstd"),
    "lz4": lambda: pressed("lz4"),
}

Damage = Callable[[random.Random, bytearray], None]


def flip_bits(chance: random.Random, data: bytearray) -> None:
    """A few bits anywhere."""
    for _ in range(chance.choice((1, 3, 20))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def cut_off(chance: random.Random, data: bytearray) -> None:
    """The end is missing, or the start."""
    if chance.random() < 0.8:
        del data[chance.randrange(1, len(data)) :]
    else:
        del data[16 : chance.randrange(16, len(data))]


def lie(chance: random.Random, data: bytearray) -> None:
    """A number near the start or the end, where headers stand, says something else."""
    span = min(len(data), chance.choice((64, 512, 4096)))
    place = chance.randrange(span) if chance.random() < 0.5 else len(data) - span + chance.randrange(span)
    size = chance.choice((1, 2, 4, 8))
    value = chance.choice(
        (0, 1, 127, 255, 1 << 15, (1 << 31) - 1, (1 << 32) - 1, (1 << 63) - 1, chance.getrandbits(63))
    )
    lying = (value & ((1 << 8 * size) - 1)).to_bytes(size, chance.choice(("little", "big")))
    data[place : place + size] = lying[: len(data) - place]


def overwrite_page(chance: random.Random, data: bytearray) -> None:
    """A page is zeros, noise, or another page."""
    page = chance.choice((512, 1024, 4096))
    place = chance.randrange(max(1, len(data) // page)) * page
    other = chance.randrange(max(1, len(data) // page)) * page
    data[place : place + page] = chance.choice(
        (bytes(page), chance.randbytes(page), data[other : other + page])
    )


def repeat(chance: random.Random, data: bytearray) -> None:
    """A piece stands twice."""
    start = chance.randrange(len(data))
    piece = data[start : start + chance.choice((4, 100, 5000))]
    data[start:start] = piece


DAMAGES: tuple[Damage, ...] = (flip_bits, cut_off, lie, overwrite_page, repeat)


def damaged(whole: bytes, count: int, chance: random.Random) -> Iterator[bytes]:
    """So many damaged versions of a file."""
    for _ in range(count):
        data = bytearray(whole)
        for damage in chance.choices(DAMAGES, k=chance.choice((1, 1, 2, 3))):
            if len(data) > 32:
                damage(chance, data)
        yield bytes(data)


def resident(pid: int) -> int:
    """Bytes that a process and its children have in memory, what they share counted once (PSS)."""
    total = 0
    for process in [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]:
        try:
            total += process.memory_full_info().pss
        except psutil.Error:
            continue
    return total


def take_in(dump: Path, case: Path) -> tuple[dict[str, object], float, int]:
    """Run intake; its result, the seconds it took and the largest memory. Fails where it fails."""
    environment = {**os.environ, "SOUSVEIL_KEY": str(case.parent / "key.txt")}
    command = [
        sys.executable,
        "-m",
        "sousveil",
        "intake",
        str(dump),
        "--case",
        str(case),
        "--json",
        "--quiet",
    ]
    began = time.perf_counter()
    with (case.parent / "out.json").open("wb") as out:
        process = subprocess.Popen(command, stdout=out, env=environment, cwd=case.parent)
        largest = 0
        while process.poll() is None:
            try:
                largest = max(largest, resident(process.pid))
            except psutil.Error:
                continue
            time.sleep(0.02)
    if process.returncode not in (0, 5):
        raise SystemExit(f"intake ended with {process.returncode}")
    result = json.loads((case.parent / "out.json").read_text("utf-8"))
    if process.returncode == 5:
        manifest = json.loads((case / "custody" / "manifest.json").read_text("utf-8"))
        result = {"items": manifest["items"]}
    return result, time.perf_counter() - began, largest


def show(name: str, dump: Path, case: Path) -> None:
    """Take a folder in and print a row about it. Fails where something is not as it must be."""
    files = sorted(path for path in dump.rglob("*") if path.is_file() and not path.is_symlink())
    before = [(path, path.stat().st_mtime_ns) for path in files]
    result, seconds, largest = take_in(dump, case)
    items = [item for item in result["items"] if item.get("container") is None]  # type: ignore[attr-defined]
    tops = {path.relative_to(dump).as_posix() for path in files}
    seen = Counter(
        item["status"] for item in items if item["path"] in tops or item["path"].startswith("item-")
    )
    after = sorted(path for path in dump.rglob("*") if path.is_file() and not path.is_symlink())
    beside = {path.name for path in case.parent.iterdir()} - {"dump", "case", "key.txt", "out.json"}
    if before != [(path, path.stat().st_mtime_ns) for path in after] or beside:
        raise SystemExit(f"{name}: something was written outside the case")
    if sum(seen.values()) < len(files):
        raise SystemExit(f"{name}: {len(files)} files, but {sum(seen.values())} items")
    counts = "".join(f"{seen[status]:>14}" for status in STATUSES)
    each = 1000 * seconds / max(len(files), 1)
    print(f"{name:<14}{len(files):>6}{counts}{largest >> 20:>8}{each:>9.0f}", flush=True)
    if largest > LARGEST:
        raise SystemExit(f"{name}: {largest >> 20} MiB of memory")


def main() -> None:
    """Make, damage, take in, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--kind", choices=list(KINDS))
    wanted = parser.parse_args()
    print(f"{'kind':<14}{'files':>6}" + "".join(f"{status:>14}" for status in STATUSES) + "     MiB  ms each")
    if wanted.corpus:
        with tempfile.TemporaryDirectory() as folder:
            show(wanted.corpus.name[:13], wanted.corpus, Path(folder) / "case")
        return
    for kind in [wanted.kind] if wanted.kind else KINDS:
        chance = random.Random(f"{wanted.seed} {kind}")
        with tempfile.TemporaryDirectory() as folder:
            dump = Path(folder) / "dump"
            dump.mkdir()
            for number, data in enumerate(damaged(KINDS[kind](), wanted.files, chance)):
                (dump / f"{number:05}.bin").write_bytes(data)
            show(kind, dump, Path(folder) / "case")


if __name__ == "__main__":
    main()
