"""Run again: nothing is done twice, a cut-off run goes on, the same input gives the same bytes."""

import filecmp
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sousveil.case import Case
from tests.endtoend.conftest import Job, command


def same(one: Path, other: Path) -> bool:
    """Whether two folders hold the same files with the same bytes."""
    names = sorted(path.relative_to(one).as_posix() for path in one.rglob("*") if path.is_file())
    others = sorted(path.relative_to(other).as_posix() for path in other.rglob("*") if path.is_file())
    return names == others and not filecmp.cmpfiles(one, other, names, shallow=False)[1]


def run_on(job: Job, folder: Path) -> subprocess.CompletedProcess[str]:
    return command("run", job.folder / "demo" / "dump", "--case", folder / "case", key=job.key)


def test_the_same_dump_gives_the_same_publication(small: Job, tmp_path: Path) -> None:
    done = run_on(small, tmp_path)
    assert done.returncode == 0, done.stderr
    assert same(small.case / "publication", tmp_path / "case" / "publication")
    assert same(small.case / "releases", tmp_path / "case" / "releases")


def test_a_second_run_changes_nothing(small: Job, tmp_path: Path) -> None:
    shutil.copytree(small.case, tmp_path / "case")
    ledger = (tmp_path / "case" / "custody" / "ledger.jsonl").read_text()
    done = run_on(small, tmp_path)
    assert done.returncode == 0, done.stderr
    assert same(small.case / "publication", tmp_path / "case" / "publication")
    assert same(small.case / "releases", tmp_path / "case" / "releases")
    stages = {line.split('"did": "')[1].split('"')[0] for line in _added(tmp_path, ledger)}
    assert stages <= {"intake begun", "manifest", "intake"}


def _added(folder: Path, before: str) -> list[str]:
    after = (folder / "case" / "custody" / "ledger.jsonl").read_text()
    assert after.startswith(before)
    return after[len(before) :].splitlines()


@pytest.mark.parametrize("way", [signal.SIGKILL, signal.SIGINT])
@pytest.mark.parametrize("share", [0.15, 0.4, 0.6, 0.8])
def test_a_run_that_was_cut_off_goes_on(
    small: Job, tmp_path: Path, way: signal.Signals, share: float
) -> None:
    """Cut off at some point of its way, run again: the same publication as without the cut."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "sousveil",
            "run",
            str(small.folder / "demo" / "dump"),
            "--case",
            str(tmp_path / "case"),
        ],
        env={**os.environ, "SOUSVEIL_KEY": str(small.key)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell lets what runs behind ignore Ctrl-C, and a child inherits that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    time.sleep(share * _seconds_of_a_run(small))
    process.send_signal(way)
    out, err = process.communicate()
    if way == signal.SIGINT and process.returncode != 0:
        assert process.returncode == 130
        assert "INTERRUPTED" in err
        assert "Traceback" not in out + err
    done = run_on(small, tmp_path)
    assert done.returncode == 0, done.stderr
    assert same(small.case / "publication", tmp_path / "case" / "publication")
    assert not list((tmp_path / "case").rglob("*.part"))


_seconds: list[float] = []


def _seconds_of_a_run(job: Job) -> float:
    if not _seconds:
        folder = job.folder / "timed"
        began = time.monotonic()
        run_on(job, folder)
        _seconds.append(time.monotonic() - began)
    return _seconds[0]


def test_an_edit_of_the_review_wins_on_the_next_run(small: Job, tmp_path: Path) -> None:
    shutil.copytree(small.case, tmp_path / "case")
    review = tmp_path / "case" / "review.toml"
    text = review.read_text("utf-8")
    edited = text.replace(' = "organisation"', ' = "text"', 1)
    assert edited != text
    review.write_text(edited, "utf-8")
    assert run_on(small, tmp_path).returncode == 0
    assert review.read_text("utf-8") == edited
    case = Case.open(tmp_path / "case", small.key)
    try:
        from sousveil.survey.current import current

        types = [t for table in current(case).tables.values() for t in table.types.values()]
    finally:
        case.close()
    assert types.count("organisation") == text.count(' = "organisation"') - 1
