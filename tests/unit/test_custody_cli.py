"""Custody on the command line: exit codes, and what is refused before anything is done."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sousveil.case import Case
from sousveil.custody import unseal
from sousveil.custody.identity import Identity, make_key_file

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def sousveil(tmp_path: Path) -> Run:
    def run(*arguments: str | Path, key: str = "key.txt") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "sousveil", *map(str, arguments), "--case", str(tmp_path / "case")],
            capture_output=True,
            text=True,
            env={**os.environ, "SOUSVEIL_KEY": str(tmp_path / key)},
            check=False,
        )

    return run


def code(done: subprocess.CompletedProcess[str]) -> tuple[int, str]:
    return done.returncode, json.loads(done.stdout)["error"]["code"]


def test_a_case_with_a_second_member_and_a_recovery_key(sousveil: Run, tmp_path: Path) -> None:
    made = sousveil("new", "--name", "ana", "--recovery-key", tmp_path / "safe.txt", "--json")
    assert made.returncode == 0, made.stdout
    second = make_key_file(tmp_path / "second.txt", ())
    assert second
    assert sousveil("members", "add", "bo", second.recipient).returncode == 0
    removed = sousveil("members", "remove", "ana", "--json", key="second.txt")
    assert removed.returncode == 0, removed.stdout
    assert "copy" in removed.stderr
    listed = json.loads(sousveil("members", "list", "--json", key="second.txt").stdout)
    assert [(one["name"], one["kind"]) for one in listed["members"]] == [
        ("recovery", "recovery"),
        ("bo", "member"),
    ]
    assert code(sousveil("members", "recovery-key", "--to", tmp_path / "x.txt", "--json"))[0] == 4
    secret = str(Identity.read(tmp_path / "safe.txt").age)
    assert secret not in made.stdout + made.stderr
    assert json.loads(sousveil("ledger", "verify", "--json").stdout)["ledger"]["sound"] is True


def test_unseal_ends_with_7_where_nobody_has_approved(
    sousveil: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case.make(tmp_path / "case", tmp_path / "key.txt")
    case.ledger.append(
        "unseal requested",
        {
            "what": {"table": "t"},
            "records": 1,
            "clear": [],
            "reason": "a reason",
            "basis": unseal._basis(case),
        },
    )
    case.close()
    assert code(sousveil("unseal", "show", "u1", "--json")) == (7, "NOT_APPROVED")
    assert code(sousveil("unseal", "approve", "u1", "--json")) == (7, "NOT_APPROVED")
    assert json.loads(sousveil("unseal", "list", "--json").stdout)["left"] == 49
    assert (
        code(sousveil("unseal", "request", "--records", "1", "--reason", "a reason of mine", "--json"))[0]
        == 2
    )


def test_no_command_goes_on_from_a_ledger_that_does_not_verify(sousveil: Run, tmp_path: Path) -> None:
    case = Case.make(tmp_path / "case", tmp_path / "key.txt")
    (tmp_path / "dump.csv").write_text("id,kind\n1,x\n2,y\n3,z\n")
    ledger = case.ledger.path
    ledger.write_text(ledger.read_text().replace("case made", "case found"))
    before = ledger.read_bytes()
    for command in (
        ("run", tmp_path / "dump.csv"),
        ("intake", tmp_path / "dump.csv"),
        ("members", "recovery-key", "--to", tmp_path / "safe.txt"),
        ("rebuild",),
        ("export", "--to", tmp_path / "bag"),
        ("ledger", "verify"),
        ("ledger", "head"),
    ):
        done = sousveil(*command, "--json")
        assert code(done) == (6, "DOES_NOT_VERIFY"), command
        assert json.loads(done.stdout)["error"]["next"]
    assert ledger.read_bytes() == before
    assert not (tmp_path / "safe.txt").exists()
    assert not (tmp_path / "bag").exists()


def test_a_head_written_down_is_checked(sousveil: Run, tmp_path: Path) -> None:
    Case.make(tmp_path / "case", tmp_path / "key.txt")
    head = sousveil("ledger", "head").stdout.strip()
    assert sousveil("ledger", "verify", "--head", head).returncode == 0
    assert code(sousveil("ledger", "verify", "--head", head.replace("1:", "2:"), "--json"))[0] == 6
