"""The command line's boundary: exit codes, stable errors, nothing of the dump in a message."""

import datetime as dt
import errno
import io
import json
import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sousveil import __main__ as entry
from sousveil.case import Case
from sousveil.cli.terminal import Line, Warnings, progress_for

SECRET = "990102199001011234"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def sousveil(tmp_path: Path) -> Run:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "sousveil", *arguments],
            capture_output=True,
            text=True,
            env={**os.environ, "SOUSVEIL_KEY": str(tmp_path / "key.txt")},
            check=False,
        )

    return run


def boundary(monkeypatch: pytest.MonkeyPatch, raised: BaseException, *arguments: str) -> int:
    """The exit code when the command raises this."""

    def command(**_: object) -> None:
        raise raised

    monkeypatch.setattr(entry.app, "main", command)
    monkeypatch.setattr(sys, "argv", ["sousveil", *arguments])
    with pytest.raises(SystemExit) as left:
        entry.main()
    assert isinstance(left.value.code, int)
    return left.value.code


@pytest.mark.parametrize(
    ("raised", "code", "name"),
    [
        (ValueError(SECRET), 1, "UNEXPECTED"),
        (UnicodeDecodeError("gbk", SECRET.encode(), 0, 1, SECRET), 1, "UNEXPECTED"),
        (OSError(errno.ENOSPC, SECRET), 1, "DISK_FULL"),
        (PermissionError(errno.EACCES, SECRET), 1, "NO_PERMISSION"),
        (KeyboardInterrupt(), 130, "INTERRUPTED"),
        (MemoryError(SECRET), 1, "UNEXPECTED"),
    ],
)
@pytest.mark.parametrize("flags", [(), ("--debug",), ("--json",), ("--json", "--debug")])
def test_no_failure_shows_a_value(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    raised: BaseException,
    code: int,
    name: str,
    flags: tuple[str, ...],
) -> None:
    assert boundary(monkeypatch, raised, *flags) == code
    said = capsys.readouterr()
    assert SECRET not in said.out + said.err
    if "--json" in flags:
        error = json.loads(said.out)["error"]
        assert error["code"] == name
        assert set(error) == {"code", "message", "where", "next"}
        assert error["next"]
    else:
        assert name in said.err
        assert said.out == ""


def test_debug_shows_the_lines_of_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    boundary(monkeypatch, ValueError(SECRET), "--debug")
    assert "in main" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "name"),
    [
        (["run", "/no/such/dump", "--case", "{case}"], 2, "DUMP_MISSING"),
        (["survey", "--case", "{case}"], 2, "NOT_A_CASE"),
        (["bogus"], 2, "USAGE"),
        (["run"], 2, "USAGE"),
        (["intake", "--case", "{case}"], 2, "NOT_A_CASE"),
    ],
)
def test_wrong_use_is_told_with_the_next_step(
    sousveil: Run, tmp_path: Path, arguments: list[str], code: int, name: str
) -> None:
    case = str(tmp_path / "case")
    done = sousveil(*(a.format(case=case) for a in arguments), "--json")
    assert done.returncode == code
    error = json.loads(done.stdout)["error"]
    assert error["code"] == name
    assert "CASE" not in error["next"] or "--case" not in arguments
    assert not Path(case).exists()


def test_a_case_of_a_newer_version(sousveil: Run, tmp_path: Path) -> None:
    Case.make(tmp_path / "case", tmp_path / "key.txt").close()
    settings = tmp_path / "case" / "case.toml"
    settings.write_text(settings.read_text().replace("layout = 1", "layout = 99"))
    done = sousveil("survey", "--case", str(tmp_path / "case"), "--json")
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (1, "CASE_TOO_NEW")


def test_a_wrong_and_a_missing_key(sousveil: Run, tmp_path: Path) -> None:
    case = str(tmp_path / "case")
    Case.make(Path(case), tmp_path / "key.txt").close()
    Case.make(tmp_path / "other", tmp_path / "other.txt").close()
    for key, name in ((tmp_path / "other.txt", "WRONG_KEY"), (tmp_path / "none.txt", "KEY_MISSING")):
        done = sousveil("status", "--case", case, "--key", str(key), "--json")
        assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (4, name)


def test_a_folder_with_other_files_is_not_made_a_case(sousveil: Run, tmp_path: Path) -> None:
    (tmp_path / "dump").mkdir()
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("mine")
    done = sousveil("run", str(tmp_path / "dump"), "--case", str(tmp_path / "home"))
    assert done.returncode == 2
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["letter.txt"]


def test_a_second_process_is_told_that_the_case_is_held(sousveil: Run, tmp_path: Path) -> None:
    case = Case.make(tmp_path / "case", tmp_path / "key.txt")
    with case.held("sousveil run"):
        done = sousveil("survey", "--case", str(tmp_path / "case"), "--json")
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["code"]) == (1, "CASE_BUSY")
    since = dt.datetime.fromisoformat(error["where"].pop("since"))
    assert dt.timedelta(0) <= dt.datetime.now(dt.UTC) - since < dt.timedelta(minutes=5)
    assert error["where"] == {
        "member": "founder", "command": "sousveil run", "stage": "", "process": os.getpid(),
    }  # fmt: skip


def test_status_says_what_another_process_is_doing(sousveil: Run, tmp_path: Path) -> None:
    case = Case.make(tmp_path / "case", tmp_path / "key.txt")
    case.ledger.append("survey", {})
    with case.held("sousveil run"):
        case.ledger.append("intake", {})
        case.at_work_on("normalise")
        done = sousveil("status", "--case", str(tmp_path / "case"), "--json")
        said = sousveil("status", "--case", str(tmp_path / "case"))
    found = json.loads(done.stdout)
    states = {one["stage"]: one["state"] for one in found["stages"]}
    assert (done.returncode, found["at_work"]["stage"], found["ledger"]) == (0, "normalise", 3)
    assert (states["intake"], states["normalise"], states["count"]) == ("done", "running", "missing")
    assert "founder has been at work since" in said.stdout
    freed = json.loads(sousveil("status", "--case", str(tmp_path / "case"), "--json").stdout)
    assert "at_work" not in freed


def test_a_tampered_ledger_is_exit_code_6(sousveil: Run, tmp_path: Path) -> None:
    case = Case.make(tmp_path / "case", tmp_path / "key.txt")
    case.ledger.path.write_text(case.ledger.path.read_text().replace("case made", "case found"))
    assert sousveil("ledger", "verify", "--case", str(tmp_path / "case")).returncode == 6


def test_the_first_line_of_progress_stands_at_once(tmp_path: Path) -> None:
    """Within 100 ms on an idle machine; ten times that here, since tests share the machine."""
    (tmp_path / "dump").mkdir()
    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "sousveil", "run", str(tmp_path / "dump"), "--case", str(tmp_path / "case")],
        stderr=terminal,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "SOUSVEIL_KEY": str(tmp_path / "key.txt")},
    )
    first = os.read(controller, 100)
    process.wait()
    os.close(terminal)
    os.close(controller)
    assert b"intake" in first


def test_a_pipe_gets_no_progress() -> None:
    out = io.StringIO()
    progress = progress_for(quiet=False, machine=False, out=out)
    progress.stage("intake", 10)
    progress.at("a.csv", 5, rows=100)
    progress.finished("done")
    assert out.getvalue() == ""
    progress.warn("no jail here")
    assert "no jail here" in out.getvalue()


def test_quiet_silences_warnings() -> None:
    out = io.StringIO()
    Warnings(out, silent=True).warn("x")
    assert out.getvalue() == ""


def test_a_line_shows_stage_file_rows_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    clock = iter(range(0, 1000, 10))
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    line = Line(out)
    line.stage("intake", 100)
    line.at("border.csv", 25, rows=1_234_567)
    drawn = out.getvalue().split("\r\x1b[K")[-1]
    for part in ("intake", "border.csv", "1,234,567 rows", "25%", "left"):
        assert part in drawn


def test_a_line_never_wraps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    out = io.StringIO()
    Line(out).stage("出入境记录" * 10)
    assert len(out.getvalue().split("\x1b[K")[-1]) <= 10
