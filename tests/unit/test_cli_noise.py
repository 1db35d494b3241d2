"""A case with noise as its members see it: the budget before and after, margins beside every figure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sousveil.cli.app import app
from tests.attack.product import ask, identity

QUESTIONS = ask("all", "visits") + ask("ports", "visits", by="port")


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SOUSVEIL_KEY", str(tmp_path / "key.txt"))
    (tmp_path / "dump").mkdir()
    rows = [f"{identity(person)},p{person % 3}" for person in range(600)]
    (tmp_path / "dump" / "visits.csv").write_text("\n".join(["resident_id,port", *rows]) + "\n", "utf-8")
    asked = tmp_path / "questions.toml"
    asked.write_text(QUESTIONS, "utf-8")
    folder = str(tmp_path / "case")
    run = ["run", str(tmp_path / "dump"), "--case", folder, "--regime", "noise", "--quiet"]
    assert CliRunner().invoke(app, [*run, "--questions", str(asked)]).exit_code == 0
    return folder


def test_budget_and_margins_are_told_in_terminal_report_and_status(case: str) -> None:
    def said(*arguments: str) -> str:
        return CliRunner().invoke(app, [*arguments, "--case", case, "--quiet"]).stdout

    assert "Budget of noise (epsilon 1): 2 of 10 answers given, 8 left" in said("status")
    assert json.loads(said("status", "--json"))["budget"]["left"] == 8
    printed = " ".join(said("findings").split())
    assert "each with a margin of error of ±30, which holds in 19 cases of 20" in printed
    assert "2 of 10 answers given, 8 left" in printed
    assert "they would give a small one away" not in printed
    page = (Path(case) / "publication" / "index.html").read_text("utf-8")
    assert "in 19 cases of 20 the count lies in it" in page
    assert "only a valid number in this very group counts" not in page
