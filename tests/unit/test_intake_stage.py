"""A whole dump: what becomes of every file, and that a run goes on where it was cut off."""

import errno
import gzip
import json
import os
import signal
import sqlite3
import tarfile
import time
import zipfile
from pathlib import Path

import pyrage
import pytest
from xlsxwriter import Workbook

from sousveil.case import Case
from sousveil.custody.originals import sealed_at
from sousveil.errors import DiskFull, DumpMissing, EngineFailure, NothingReadable
from sousveil.intake import stage
from sousveil.intake.client import ChildDied, Parser
from sousveil.intake.landing import Landing
from sousveil.intake.pictures import shown_item
from sousveil.intake.protocol import BadFrame, Frame
from sousveil.progress import Silent

CSV = "姓名,编号,备注\n张三,1,无\n李四,2,无\n王五,3\n"
SECRET = "990102199001011234"


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case.make(tmp_path / "case", tmp_path / "key.txt")


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    folder = tmp_path / "dump"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.csv").write_text(CSV)
    (folder / "sub" / "a.csv").write_bytes(CSV.encode("gb18030"))
    (folder / "b.ndjson.gz").write_bytes(gzip.compress(b'{"x":"1","y":2}\n{"x":"3","z":4}\nbroken\n'))
    (folder / "cut.csv.gz").write_bytes(gzip.compress((CSV * 3000).encode())[:-200])
    (folder / "张三丰.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    (folder / f"{SECRET}.csv").write_text(CSV)
    (folder / "junk.bin").write_bytes(bytes(range(256)) * 9)
    (folder / "truth.json").write_text('{"sousveil": "demo truth"}')
    (folder / "link.csv").symlink_to("/etc/passwd")
    with zipfile.ZipFile(folder / "q.zip", "w") as archive:
        archive.writestr("人员.csv", CSV)
        archive.writestr("../out.csv", CSV)
        archive.writestr("more.csv", CSV)
    return folder


def statuses(document: dict) -> dict[str, str]:
    return {item["path"]: item["status"] for item in document["items"]}


def content(case: Case) -> list:
    """Everything that intake has put into the vault, ids included."""
    engine = case.vault.engine
    tables = [engine.rows(f"SELECT * FROM {table.raw} ORDER BY _row") for table in case.vault.tables()]
    rejects = engine.rows("SELECT * FROM raw.rejects ORDER BY ALL")
    return [tables, rejects, engine.rows("SELECT * FROM meta.items ORDER BY item"), case.vault.tables()]


def test_every_file_is_an_item_with_a_status(case: Case, dump: Path) -> None:
    document = stage.run(case, Silent(), dump)
    found = statuses(document)
    pictures = [path for path in found if path.endswith(".jpg")]
    assert len(pictures) == 1
    assert pictures[0].startswith("item-")
    assert {path: status for path, status in found.items() if not path.startswith("item-")} == {
        "a.csv": "loaded",
        "b.ndjson.gz": "loaded",
        "cut.csv.gz": "partly-loaded",
        "junk.bin": "unreadable",
        "link.csv": "refused",
        "q.zip": "loaded",
        "q.zip/人员.csv": "loaded",
        "q.zip/../out.csv": "refused",
        "q.zip/more.csv": "loaded",
        "sub/a.csv": "loaded",
        "truth.json": "counted",
    }
    tables = {t["table"]: (t["records"], t["rejects"]) for item in document["items"] for t in item["tables"]}
    assert tables["a"] == tables["a_2"] == tables["人员"] == (2, 1)
    assert tables["b"] == (2, 1)
    assert document["records"] == sum(records for records, _ in tables.values())
    assert document == stage.result(case)


def test_identifying_names_are_shown_nowhere(case: Case, dump: Path) -> None:
    document = stage.run(case, Silent(), dump)
    shown = json.dumps(document, ensure_ascii=False) + (case.custody / "manifest.json").read_text("utf-8")
    assert SECRET not in shown
    assert "张三" not in shown


def test_originals_are_sealed_and_the_manifest_leads_to_them(case: Case, dump: Path) -> None:
    stage.run(case, Silent(), dump)
    items = json.loads((case.custody / "manifest.json").read_text("utf-8"))["items"]
    entry = next(item for item in items if item["path"] == "a.csv")
    sealed = case.folder / entry["original"]
    assert CSV.encode()[:20] not in sealed.read_bytes()
    assert pyrage.decrypt(sealed.read_bytes(), case.originals_keys()) == (dump / "a.csv").read_bytes()
    member = next(item for item in items if item["path"] == "q.zip/more.csv")
    assert member["container"] == "q.zip"
    assert len(member["sha256"]) == 64
    assert entry["notes"]["encoding_evidence"] == "strict UTF-8"


def test_a_second_run_changes_nothing(case: Case, dump: Path) -> None:
    first = stage.run(case, Silent(), dump)
    before = content(case)
    assert stage.run(case, Silent(), dump) == first
    assert content(case) == before


@pytest.mark.parametrize("cut", (1, 8, 17, 27))
def test_a_run_that_is_cut_off_anywhere_goes_on(
    tmp_path: Path, dump: Path, cut: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Case.make(tmp_path / "whole", tmp_path / "key.txt")
    expected = stage.run(whole, Silent(), dump)
    case = Case.make(tmp_path / "cut", tmp_path / "key.txt")
    taken = 0
    take = Landing.take

    def interrupted(self: Landing, frame: Frame) -> None:
        nonlocal taken
        taken += 1
        if taken == cut:
            raise KeyboardInterrupt
        take(self, frame)

    with monkeypatch.context() as patched:
        patched.setattr(Landing, "take", interrupted)
        with pytest.raises(KeyboardInterrupt):
            stage.run(case, Silent(), dump)
    assert stage.run(case, Silent(), dump) == expected
    assert content(case) == content(whole)


def test_a_file_that_has_changed_replaces_what_it_was(case: Case, dump: Path) -> None:
    stage.run(case, Silent(), dump)
    (dump / "a.csv").write_text(CSV + "赵六,4,无\n")
    document = stage.run(case, Silent(), dump)
    assert [
        t["records"] for item in document["items"] if item["path"] == "a.csv" for t in item["tables"]
    ] == [3]
    assert list(statuses(document)).count("a.csv") == 1


def test_a_file_without_permission_is_unreadable_and_the_rest_goes_on(
    case: Case, dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal = stage.seal

    def forbidden(file: Path, *rest):
        if file.name == "b.ndjson.gz":
            raise PermissionError(errno.EACCES, "no")
        return seal(file, *rest)

    monkeypatch.setattr(stage, "seal", forbidden)
    document = stage.run(case, Silent(), dump)
    item = next(item for item in document["items"] if item["path"] == "b.ndjson.gz")
    assert (item["status"], item["reason"]) == ("unreadable", "no permission to read it")
    monkeypatch.undo()
    assert statuses(stage.run(case, Silent(), dump))["b.ndjson.gz"] == "loaded"


def test_a_full_disk_is_said_so(case: Case, dump: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(stage, "seal", full)
    with pytest.raises(DiskFull):
        stage.run(case, Silent(), dump)
    monkeypatch.undo()
    assert stage.run(case, Silent(), dump)["records"]


def test_nothing_there_and_nothing_readable(case: Case, tmp_path: Path) -> None:
    with pytest.raises(DumpMissing):
        stage.run(case, Silent(), tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(NothingReadable):
        stage.run(case, Silent(), tmp_path / "empty")
    (tmp_path / "empty" / "x.jpg").write_bytes(b"\xff\xd8\xff")
    with pytest.raises(NothingReadable):
        stage.run(case, Silent(), tmp_path / "empty")


def test_one_file_is_a_dump_too(case: Case, dump: Path) -> None:
    assert statuses(stage.run(case, Silent(), dump / "a.csv")) == {"a.csv": "loaded"}


def test_the_case_within_the_dump_is_left_out(tmp_path: Path, dump: Path) -> None:
    case = Case.make(dump / "case", tmp_path / "key.txt")
    assert not any(path.startswith("case/") for path in statuses(stage.run(case, Silent(), dump)))


def children(parser: Parser) -> list[int]:
    assert parser._process is not None
    pid = parser._process.pid
    return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_child_that_is_killed_leaves_what_it_had_read(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "big"
    folder.mkdir()
    rows = "".join(f"{n},name {n},text text text text text\n" for n in range(600_000))
    (folder / "a.csv").write_text("n,name,text\n" + rows)
    (folder / "b.csv").write_text(CSV)
    parsers: list[Parser] = []
    start = Parser._started

    def started(self: Parser):
        parsers.append(self)
        return start(self)

    take = Landing.take

    def killing(self: Landing, frame: Frame) -> None:
        take(self, frame)
        if frame.kind == "rows" and self.path == "a.csv":
            for pid in children(parsers[-1]):
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)

    monkeypatch.setattr(Parser, "_started", started)
    monkeypatch.setattr(Landing, "take", killing)
    document = stage.run(case, Silent(), folder)
    assert statuses(document) == {"a.csv": "partly-loaded", "b.csv": "loaded"}
    loaded = document["items"][0]["tables"][0]["records"]
    assert 0 < loaded < 600_000
    assert case.vault.engine.value("SELECT count(*) FROM raw.t1") == loaded


def test_a_member_whose_reader_dies_does_not_take_the_others_along(
    case: Case, dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames = Parser.frames

    def dying(self: Parser, path: Path, name: str, skip, given):
        for frame in frames(self, path, name, skip, given):
            yield frame
            if frame.kind == "table" and frame.untrusted["name"] == "人员":
                self.stop()
                raise ChildDied("its reader was stopped by a fault")

    monkeypatch.setattr(Parser, "frames", dying)
    found = statuses(stage.run(case, Silent(), dump))
    assert found["q.zip/人员.csv"] == "unreadable"
    assert found["q.zip/more.csv"] == "loaded"
    assert found["q.zip"] == "loaded"


def test_a_reader_that_can_not_even_start_leaves_no_item_out(
    case: Case, dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames = Parser.frames

    def dying(self: Parser, path: Path, name: str, skip, given):
        if name == "a.csv":
            raise ChildDied("its reader could not be started or was stopped")
        yield from frames(self, path, name, skip, given)

    monkeypatch.setattr(Parser, "frames", dying)
    found = statuses(stage.run(case, Silent(), dump))
    assert (found["a.csv"], found["b.ndjson.gz"]) == ("unreadable", "loaded")


def test_files_that_need_seeking_are_read_within_archives_too(case: Case, tmp_path: Path) -> None:
    database = tmp_path / "x.db"
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE t (a, b)")
        connection.execute("INSERT INTO t VALUES ('x', 1)")
    connection.close()
    workbook = Workbook(tmp_path / "x.xlsx")
    workbook.add_worksheet("表").write_row(0, 0, ["a", "b"])
    workbook.worksheets()[0].write_row(1, 0, ["x", "y"])
    workbook.close()
    folder = tmp_path / "dump"
    folder.mkdir()
    with zipfile.ZipFile(tmp_path / "inner.zip", "w") as inner:
        inner.write(database, "x.db")
    with tarfile.open(folder / "all.tar.gz", "w:gz") as archive:
        for name in ("inner.zip", "x.xlsx"):
            archive.add(tmp_path / name, name)
    document = stage.run(case, Silent(), folder)
    tables = {item["path"]: [t["table"] for t in item["tables"]] for item in document["items"]}
    assert tables["all.tar.gz/inner.zip/x.db"] == ["t"]
    assert tables["all.tar.gz/x.xlsx"] == ["表"]
    assert document["records"] == 2


@pytest.mark.parametrize(
    "header",
    [
        {"kind": "no such"},
        {"kind": "rows", "table": 0},
        {"kind": "rows", "table": -1, "at": 0},
        {"kind": "table", "name": "x", "columns": "abc", "hints": []},
        {"kind": "table", "name": "x", "columns": ["a"] * 5000, "hints": []},
        {"kind": "end", "number": 5, "status": "loaded"},
        {"kind": "end", "number": 0, "status": "fine"},
        {"kind": "item", "number": 3, "name": "x", "parent": 9},
    ],
)
def test_frames_that_must_not_be_are_refused(case: Case, header: dict) -> None:
    landing = Landing(case.vault.engine, 1, "x.csv", "0" * 64, 1)
    landing.take(Frame({"kind": "item", "number": 0, "name": "x.csv", "parent": None}))
    with pytest.raises(BadFrame):
        landing.take(Frame(header))


def test_words_of_the_child_are_plain() -> None:
    assert Frame({"reason": "a wrong number of fields: 2 instead of 3"}).word("reason").startswith("a wrong")
    for bad in (SECRET, "张三", "x" * 300, "<b>"):
        assert bad not in Frame({"reason": bad}).word("reason")


@pytest.mark.parametrize(
    ("path", "format", "hidden"),
    [
        ("p/张三.jpg", "jpeg", True),
        ("p/张三_2.jpg", "jpeg", True),
        ("p/Li Wei.jpg", "jpeg", True),
        ("p/IMG_0001.jpg", "jpeg", False),
        ("p/zp_0001.jpg", "jpeg", False),
        ("p/17600000000000.jpg", "jpeg", True),
        ("张三.csv", "delimited", False),
        ("README.txt", "text", False),
        ("关于备份的通知.pdf", "pdf", False),
        ("旧台账.xlsx", "spreadsheet", False),
        ("p/玉素甫·买买提.png", "unknown", True),
    ],
)
def test_pictures_named_like_a_person_are_veiled(case: Case, path: str, format: str, hidden: bool) -> None:
    assert ("item-7" in shown_item(case, 7, path, format)) is hidden


def test_sealed_originals_lie_under_their_hash() -> None:
    assert sealed_at(Path("o"), "ab").name == "ab.age"


def test_what_the_engine_can_not_take_is_left_out_and_the_rest_goes_on(
    case: Case, dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert = Landing._insert

    def failing(self: Landing, table, size: int) -> None:
        if table.name == "a":
            raise EngineFailure("the engine ran out of memory")
        insert(self, table, size)

    monkeypatch.setattr(Landing, "_insert", failing)
    found = statuses(stage.run(case, Silent(), dump))
    assert (found["a.csv"], found["sub/a.csv"], found["q.zip/more.csv"]) == (
        "unreadable",
        "unreadable",
        "loaded",
    )


def test_a_bomb_is_refused_member_by_member(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "dump"
    folder.mkdir()
    (folder / "ok.csv").write_text(CSV)
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(8):
            archive.writestr(f"{number}.bin", bytes(100 << 20))
    found = statuses(stage.run(case, Silent(), folder))
    assert found["ok.csv"] == "loaded"
    assert found["bomb.zip/7.bin"] == "refused"
