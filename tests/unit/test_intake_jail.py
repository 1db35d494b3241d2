"""Intake within the jail: what stands is told, what is missing is warned of, and a case can insist."""

import bz2
import gc
import gzip
import json
import os
import signal
from pathlib import Path

import pytest

from sousveil.case import Case
from sousveil.errors import BadCase, BadPasswords, JailMissing
from sousveil.intake import stage, worker
from sousveil.intake.asked import Asked, read_passwords
from sousveil.intake.client import ChildDied, Parser
from sousveil.intake.jail import WALLS
from sousveil.policy import Policy
from sousveil.progress import Silent
from tests import archives


class Heard(Silent):
    """Keeps the warnings."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def warn(self, message: str) -> None:
        self.warnings.append(message)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case.make(tmp_path / "case", tmp_path / "key.txt")


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    folder = tmp_path / "dump"
    folder.mkdir()
    (folder / "a.csv").write_text("a,b\n1,2\n3,4\n")
    return folder


@pytest.fixture
def half_a_jail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Parser, "walls", lambda _: ("writing", "limits"))


def test_the_result_says_which_walls_stand(case: Case, dump: Path) -> None:
    heard = Heard()
    assert stage.run(case, heard, dump)["jail"] == {"walls": list(WALLS), "missing": []}
    assert heard.warnings == []


@pytest.mark.usefixtures("half_a_jail")
def test_missing_walls_are_warned_of_once_and_loudly(case: Case, dump: Path) -> None:
    (dump / "b.csv").write_bytes((dump / "a.csv").read_bytes())
    heard = Heard()
    jail = stage.run(case, heard, dump)["jail"]
    assert jail == {"walls": ["writing", "limits"], "missing": ["reading", "network", "programs"]}
    assert len(heard.warnings) == 1
    assert "NOT FULLY JAILED" in heard.warnings[0]
    assert "reading, network, programs" in heard.warnings[0]


@pytest.mark.usefixtures("half_a_jail")
def test_a_person_can_insist_on_the_jail(case: Case, dump: Path) -> None:
    with pytest.raises(JailMissing, match="reading, network, programs"):
        stage.run(case, Silent(), dump, Asked(insist=True))
    assert stage.result(case)["items"] == []


@pytest.mark.usefixtures("half_a_jail")
def test_a_case_can_insist_on_the_jail(case: Case, dump: Path) -> None:
    case.policy = Policy(jail="insist")
    with pytest.raises(JailMissing):
        stage.run(case, Silent(), dump)


def test_the_policy_of_the_jail_is_one_of_two_words() -> None:
    with pytest.raises(BadCase, match="jail"):
        Policy.read({"jail": "perhaps"})


def test_a_fork_whose_wall_has_fallen_reads_nothing(dump: Path) -> None:
    ours, theirs = os.pipe()
    with os.fdopen(theirs, "wb", buffering=0) as out:
        request = {"path": os.fsencode(dump / "a.csv").hex(), "name": "a.csv", "skip": [], "passwords": []}
        assert worker._fork(request, out, ("reading", "a wall that fell")) == worker.BROKEN_JAIL
    with os.fdopen(ours, "rb") as said:
        assert said.read() == b""


def test_a_child_that_stands_still_is_stopped(dump: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Parser() as parser:
        parser.walls()
        assert parser._process is not None
        os.kill(parser._process.pid, signal.SIGSTOP)
        monkeypatch.setattr("sousveil.intake.client.PATIENCE", 0)
        with pytest.raises(ChildDied, match="stood still"):
            list(parser.frames(dump / "a.csv", "a.csv", ()))


def test_a_child_does_not_outlive_its_parent(dump: Path) -> None:
    gc.collect()
    ours, theirs = os.pipe()
    parent = os.fork()
    if not parent:
        parser = Parser()
        parser.walls()
        assert parser._process is not None
        os.write(theirs, str(parser._process.pid).encode())
        os._exit(0)
    os.waitpid(parent, 0)
    child = int(os.read(ours, 20))
    for pipe in (ours, theirs):
        os.close(pipe)
    assert _ends(child)


def _ends(process: int) -> bool:
    """Whether a process is gone, or only its entry is left, within a second."""
    import time

    for _ in range(100):
        try:
            if Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.01)
    return False


def test_a_locked_archive_is_read_when_its_password_comes_later(case: Case, dump: Path) -> None:
    (dump / "z.zip").write_bytes(archives.zipped_with_aes({"in.csv": b"a,b\n1,2\n"}, "密码"))
    assert stage.run(case, Silent(), dump)["records"] == 2
    wrong = stage.run(case, Silent(), dump, Asked(passwords=("no",)))
    assert {item["status"] for item in wrong["items"] if "in.csv" in item["path"]} == {"refused"}
    opened = stage.run(case, Silent(), dump, Asked(passwords=("no", "密码")))
    assert opened["records"] == 3
    assert [item["status"] for item in opened["items"]] == ["loaded"] * 3
    assert stage.run(case, Silent(), dump, Asked(passwords=("no",))) == opened
    kept = [path.read_bytes() for path in case.custody.rglob("*") if path.is_file()]
    assert not any("密码".encode() in data or json.dumps("密码")[1:-1].encode() in data for data in kept)


def test_a_damaged_stream_of_which_nothing_comes_is_no_empty_file(case: Case, dump: Path) -> None:
    whole = gzip.compress(b"a,b\n1,2\n" * 1000)
    (dump / "cut.csv.gz").write_bytes(whole[:10])
    (dump / "broken.csv.bz2").write_bytes(bz2.compress(b"a,b\n1,2\n" * 1000)[:30])
    (dump / "none.csv.gz").write_bytes(gzip.compress(b""))
    found = {item["path"]: item for item in stage.run(case, Silent(), dump)["items"]}
    for name in ("cut.csv.gz", "broken.csv.bz2"):
        assert (found[name]["status"], found[name]["reason"]) == ("unreadable", "it is cut off")
    assert found["none.csv.gz"]["status"] == "counted"


def test_passwords_are_read_one_a_line(tmp_path: Path) -> None:
    file = tmp_path / "passwords"
    file.write_text("\ufeff密码 1\r\n\nzwei\n", "utf-8")
    assert read_passwords(file) == ("密码 1", "zwei")
    for content in (b"", b"\n\n", b"\xff\xfe\xfd", b"x\n" * 200, b"x" * 2000):
        file.write_bytes(content)
        with pytest.raises(BadPasswords):
            read_passwords(file)
    with pytest.raises(BadPasswords):
        read_passwords(tmp_path / "none")
