"""SQLite files: every base table in order, typed values as text, nothing of the file carried out."""

import sqlite3
from pathlib import Path

import pytest

from sousveil.intake.loaders.sqlite import load
from sousveil.intake.sink import MemorySink, Unreadable
from sousveil.intake.source import FileSource


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a b?c#d.db"


def made(file: Path, *statements: str | tuple[str, list[tuple[object, ...]]]) -> MemorySink:
    connection = sqlite3.connect(file)
    for statement in statements:
        if isinstance(statement, str):
            connection.execute(statement)
        else:
            connection.executemany(*statement)
    connection.commit()
    connection.close()
    return read(file)


def read(file: Path) -> MemorySink:
    sink = MemorySink()
    load(FileSource(file), sink)
    return sink


def test_values_of_every_kind_become_text(file: Path) -> None:
    rows = [(5, "张", 1.0, b"\x00\xff"), (6, None, 1.5e30, "é".encode()), (7, 2**62, -0.1, "")]
    sink = made(file, 'CREATE TABLE "t ""x"(a INTEGER PRIMARY KEY, "b c", [d] REAL, e)', (
        'INSERT INTO "t ""x" VALUES (?,?,?,?)', rows))  # fmt: skip
    assert sink.tables[0].name == 't "x'
    assert sink.tables[0].columns == ["a", "b c", "d", "e"]
    assert sink.tables[0].records() == [
        ["5", "张", "1.0", "00ff"],
        ["6", None, "1.5e+30", "é"],
        ["7", str(2**62), "-0.1", ""],
    ]


def test_text_that_is_not_utf8_is_decoded_and_binary_values_stay_apart(file: Path) -> None:
    names = [
        ("某市公安局人口信息管理中心", "990102"),
        ("治安管理支队户籍科", "x"),
        ("张三李四王五赵六", None),
    ]
    rows = [(name.encode("gbk"), kind, b"\xff\x00\xfe") for name, kind in names * 20]
    sink = made(file, "CREATE TABLE t(a, b, c)", ("INSERT INTO t VALUES (CAST(? AS TEXT), ?, ?)", rows))
    assert sink.tables[0].records() == [[name, kind, "ff00fe"] for name, kind in names * 20]
    assert sink.notes["encoding"] == "utf-8, gb18030"


def test_views_virtual_tables_triggers_and_computed_columns_are_left_out(file: Path) -> None:
    sink = made(
        file,
        "CREATE TABLE t(a, b AS (a + 1), c AS (a + 2) STORED)",
        "INSERT INTO t VALUES (1)",
        "CREATE VIEW v AS WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x) SELECT n FROM x",
        "CREATE VIRTUAL TABLE f USING fts5(words)",
        "INSERT INTO f VALUES ('hello')",
    )
    assert [table.name for table in sink.tables] == ["t", "f_content"]
    assert sink.tables[0].columns == ["a", "c"]
    assert sink.tables[0].records() == [["1", "3"]]
    assert sink.tables[1].records() == [["1", "hello"]]
    assert sink.notes["virtual_tables_left_out"] == 1
    assert sink.notes["computed_columns_left_out"] == 1


def test_tables_without_rows_or_rowid(file: Path) -> None:
    sink = made(
        file,
        "CREATE TABLE w(k TEXT PRIMARY KEY, rowid) WITHOUT ROWID",
        "INSERT INTO w VALUES ('b', 1), ('a', 2)",
        "CREATE TABLE e(a)",
    )
    assert [(table.name, table.records()) for table in sink.tables] == [
        ("w", [["a", "2"], ["b", "1"]]),
        ("e", []),
    ]


def test_hostile_names_are_only_names(file: Path) -> None:
    name = "\"; DROP TABLE x; -- ']`[\n"
    quoted = name.replace('"', '""')
    sink = made(
        file,
        f'CREATE TABLE "{quoted}" ("{quoted}", "select", "", "张")',
        f'INSERT INTO "{quoted}" VALUES (1,2,3,4)',
    )
    assert (sink.tables[0].name, sink.tables[0].columns) == (name, [name, "select", "", "张"])
    assert sink.tables[0].records() == [["1", "2", "3", "4"]]


def test_rows_before_damage_are_kept(file: Path) -> None:
    rows = [(n, f"name {n}" * 20) for n in range(5000)]
    made(file, "CREATE TABLE t(a, b)", ("INSERT INTO t VALUES (?, ?)", rows))
    data = bytearray(file.read_bytes())
    half = len(data) // 2
    data[half : half + 4096 * 4] = b"\xff" * (4096 * 4)
    file.write_bytes(data)
    sink = read(file)
    records = sink.tables[0].records()
    assert 1000 < len(records) < 5000
    assert records == [[str(a), b] for a, b in rows[: len(records)]]
    assert sink.partly_reason


def test_a_file_cut_off_is_partly_loaded(file: Path) -> None:
    made(file, "CREATE TABLE t(a)", ("INSERT INTO t VALUES (?)", [("x" * 100,)] * 2000))
    file.write_bytes(file.read_bytes()[:100_000])
    try:
        sink = read(file)
    except Unreadable:
        return
    assert sink.partly_reason


@pytest.mark.parametrize("data", [b"SQLite format 3\0" + b"\xff" * 5000, b"", b"SQLite format 3\0"])
def test_rubbish_is_unreadable(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    with pytest.raises(Unreadable):
        read(file)


def test_many_rows_keep_their_order_and_numbers(file: Path) -> None:
    sink = made(
        file, "CREATE TABLE t(a, b)", ("INSERT INTO t VALUES (?, ?)", [(n, f"v{n}") for n in range(45_000)])
    )
    table = sink.tables[0]
    assert table.records() == [[str(n), f"v{n}"] for n in range(45_000)]
    assert [n for part, _ in table.batches for n in part.to_pylist()] == list(range(1, 45_001))
