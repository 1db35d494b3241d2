"""The command line at its edges: keys that can't be, streams that are gone, odd paths and users."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sousveil.case import Case
from sousveil.custody import identity
from sousveil.errors import BadCase, KeyMissing, NotACase

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def sousveil(tmp_path: Path) -> Run:
    (tmp_path / "dump").mkdir(exist_ok=True)
    rows = "".join(f"{number},{'ab'[number % 2]}\n" for number in range(50))
    (tmp_path / "dump" / "Ведомость.csv").write_text("id,kind\n" + rows, "utf-8")

    def run(*arguments: str | Path, through: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "sousveil", *map(str, arguments)]
        if through:
            line = ["sh", "-c", f'"$@" {through}', "sh", *line]
        return subprocess.run(
            line,
            capture_output=True,
            encoding="utf-8",
            cwd=tmp_path,
            env={**os.environ, "SOUSVEIL_KEY": str(tmp_path / "key.txt"), **env},
            check=False,
        )

    return run


@pytest.mark.parametrize("key", ["dump", "/proc/nowhere/key.txt", "dangling"])
def test_a_case_that_could_not_get_its_keys_can_still_be_made(
    sousveil: Run, tmp_path: Path, key: str
) -> None:
    (tmp_path / "dangling").symlink_to("nowhere/at/all")
    done = sousveil("intake", "dump", "--case", "case", SOUSVEIL_KEY=key)
    assert done.returncode == 4, done.stderr
    assert sousveil("intake", "dump", "--case", "case").returncode == 0


def test_a_folder_with_anything_else_is_no_place_for_a_case(tmp_path: Path) -> None:
    (tmp_path / "case" / "custody").mkdir(parents=True)
    (tmp_path / "case" / "custody" / "notes.txt").write_text("mine")
    with pytest.raises(NotACase):
        Case.make(tmp_path / "case", tmp_path / "key.txt")


def test_a_user_without_home(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("SOUSVEIL_KEY", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", nowhere)
    with pytest.raises(KeyMissing):
        identity.default_key_file()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("cut_off_days = 60", "cut_off_days = -60"),
        ('regime = "exact"', 'regime = "loud"'),
        ('languages = ["en"]', "languages = [1]"),
        ("threshold = 10", "threshold = true"),
        ("layout = 1", 'layout = "one"'),
        ("made_on = ", "made_on = 1 #"),
        ("[policy]", "policy = 3\n[other]"),
    ],
)
def test_a_policy_that_can_not_be_kept_is_told(tmp_path: Path, old: str, new: str) -> None:
    file = Case.make(tmp_path / "case", tmp_path / "key.txt").folder / "case.toml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    with pytest.raises(BadCase):
        Case.open(file.parent)


def test_names_that_the_terminal_can_not_write(sousveil: Run) -> None:
    narrow = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "COLUMNS": "40"}
    assert sousveil("intake", "dump", "--case", "case", **narrow).returncode == 0
    shown = sousveil("survey", "--case", "case", **narrow)
    assert shown.returncode == 0, shown.stderr
    assert "kind" in shown.stdout
    told = sousveil("survey", "--case", "case", "--json", **narrow)
    assert json.loads(told.stdout)["tables"][0]["table"] == "Ведомость"


def test_output_that_nobody_takes(sousveil: Run) -> None:
    assert sousveil("intake", "dump", "--case", "case").returncode == 0
    assert sousveil("survey", "--case", "case", through=">&-").returncode == 0
    full = sousveil("survey", "--case", "case", "--json", through=">/dev/full")
    assert full.returncode == 1
    assert "Traceback" not in full.stderr
    gone = sousveil("survey", "--case", "nowhere", through="2>&-")
    assert gone.returncode == 2


def test_paths_of_no_text_are_told_in_plain_signs(sousveil: Run) -> None:
    missing = sousveil("run", "no\n\x1b[31m\udcff", "--case", "case", "--json")
    error = json.loads(missing.stdout)["error"]
    assert (missing.returncode, error["code"]) == (2, "DUMP_MISSING")
    assert error["message"].isprintable()
    odd = sousveil("run", "dump", "--case", "case\udcff", "--json")
    assert (odd.returncode, json.loads(odd.stdout)["error"]["code"]) == (2, "NOT_A_CASE")


@pytest.mark.parametrize("arguments", [("run", "", "--case", "case"), ("run", "dump", "--case", "")])
def test_an_empty_path_is_not_the_folder_that_one_is_in(sousveil: Run, arguments: tuple[str, ...]) -> None:
    done = sousveil(*arguments)
    assert done.returncode == 2
    assert "empty" in done.stderr


def test_no_command_shows_the_help(sousveil: Run) -> None:
    done = sousveil()
    assert done.returncode == 2
    assert done.stderr.startswith("Usage: sousveil")
    assert done.stdout == ""
