"""The contract: commands, exit codes, and the shapes of what they print, that others rely on."""

import copy
import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sousveil.survey.types import NAMES
from tests.endtoend.conftest import Job, command

COMMANDS = ("intake", "survey", "verify", "count", "findings", "publish", "status")
ITEM = {"path": str, "sha256": (str, None), "bytes": int, "format": str, "encoding": (str, None)}
ITEM |= {"status": str, "reason": str, "tables": list}
COLUMN = {"column": str, "type": str, "confidence": float, "present_share": float, "valid_share": float}
COLUMN |= {"distinct": int, "alternatives": list}
FINDING = {"id": str, "title": str, "unit": str, "by": list, "where": str, "cells": list, "withheld": int}
FINDING |= {"provenance": dict}

Shape = dict[str, Any]


def fits(value: dict[str, Any], shape: Shape) -> None:
    """Every key of the shape is there, of its type (`None` among several types: it may be null)."""
    for name, types in shape.items():
        assert name in value, name
        allowed = tuple(
            type(None) if one is None else one for one in (types if isinstance(types, tuple) else (types,))
        )
        if float in allowed:
            allowed += (int,)
        assert isinstance(value[name], allowed), (name, value[name])
        assert not isinstance(value[name], bool), name


@pytest.fixture(scope="module")
def printed(small: Job) -> Callable[[str], dict[str, Any]]:
    """The JSON of a command on the small case; each is called once."""
    kept: dict[str, dict[str, Any]] = {}

    def ask(name: str) -> dict[str, Any]:
        if name not in kept:
            done = command(*name.split(), "--case", small.case, "--json", key=small.key)
            assert done.returncode == 0, done.stdout
            assert done.stderr == ""
            kept[name] = json.loads(done.stdout)
        return kept[name]

    return ask


Ask = Callable[[str], dict[str, Any]]


@pytest.mark.parametrize("name", [*COMMANDS, "ledger verify"])
def test_json_is_one_object_and_all_there_is(printed: Ask, name: str) -> None:
    assert isinstance(printed(name), dict)


def test_intake(printed: Ask) -> None:
    document = printed("intake")
    for item in document["items"]:
        fits(item, ITEM)
        assert item["status"] in {"loaded", "partly-loaded", "counted", "refused", "unreadable"}
        assert item["reason"] or item["status"] == "loaded"
        assert re.fullmatch("[0-9a-f]{64}", item["sha256"] or "0" * 64)
        for table in item["tables"]:
            fits(table, {"table": str, "records": int, "rejects": int})
    tables = [table for item in document["items"] for table in item["tables"]]
    assert document["records"] == sum(table["records"] for table in tables)
    assert document["rejects"] == sum(table["rejects"] for table in tables)
    assert len({table["table"] for table in tables}) == len(tables)


def test_the_hashes_are_those_of_the_files(small: Job, printed: Ask) -> None:
    dump = small.folder / "demo" / "dump"
    files = {path.relative_to(dump).as_posix(): path for path in dump.rglob("*") if path.is_file()}
    found = {item["path"]: item for item in printed("intake")["items"]}
    compared = [name for name in files if name in found]
    assert len(compared) > 10
    for name in compared:
        data = files[name].read_bytes()
        assert found[name]["sha256"] == hashlib.sha256(data).hexdigest()
        assert found[name]["bytes"] == len(data)


def test_survey(printed: Ask) -> None:
    paths = {item["path"] for item in printed("intake")["items"]}
    for table in printed("survey")["tables"]:
        fits(table, {"table": str, "item": str, "records": int, "columns": list})
        assert table["item"] in paths
        for column in table["columns"]:
            fits(column, COLUMN)
            assert column["type"] in NAMES
            assert all(0 <= column[name] <= 1 for name in ("confidence", "present_share", "valid_share"))
            assert 0 <= column["distinct"] <= table["records"]
            for other in column["alternatives"]:
                fits(other, {"type": str, "confidence": float})
                assert other["type"] in NAMES


def test_verify(printed: Ask) -> None:
    tables = {table["table"] for table in printed("survey")["tables"]}
    tests = printed("verify")["tests"]
    assert tests
    for test in tests:
        fits(test, {"id": str, "table": str, "columns": list, "reading": str, "why": str})
        assert {"observed", "expected"} <= test.keys()
        assert test["reading"] in {"consistent", "inconsistent", "inconclusive"}
        assert test["table"] in tables
        assert test["why"]


def test_count(printed: Ask) -> None:
    people = printed("count")["people"]
    assert "*" in {row["table"] for row in people}
    for row in people:
        fits(row, {"table": str, "estimate": int, "low": int, "high": int, "method": str})
        assert "level" in row
        assert 0 <= row["low"] <= row["estimate"] <= row["high"]


def test_findings(printed: Ask) -> None:
    findings = printed("findings")["findings"]
    assert len({finding["id"] for finding in findings}) == len(findings) > 10
    for finding in findings:
        fits(finding, FINDING)
        assert finding["unit"] in {"people", "records"}
        for cell in finding["cells"]:
            judge_cell(finding, cell)
        if finding.get("refused"):
            fits(finding["refused"], {"code": str, "message": str, "next": str})
            assert finding["cells"] == []


def judge_cell(finding: dict[str, Any], cell: dict[str, Any]) -> None:
    assert list(cell["keys"]) == finding["by"]
    assert all(isinstance(label, str) for label in cell["keys"].values())
    figures = (cell["value"], cell["low"], cell["high"])
    if cell["status"] == "withheld":
        assert figures == (None, None, None)
        return
    assert cell["status"] == "published"
    assert all(type(figure) is int for figure in figures)
    assert cell["value"] >= 10
    assert cell["low"] <= cell["value"] <= cell["high"]
    assert finding["unit"] == "people" or cell["low"] == cell["high"]


def test_what_is_published_is_what_findings_says(small: Job, printed: Ask) -> None:
    published = json.loads((small.case / "publication" / "findings.json").read_text("utf-8"))
    asked = copy.deepcopy(printed("findings"))
    for one, other in zip(published["findings"], asked["findings"], strict=True):
        # Readers are not told why: the reason may tell of a group.
        assert ("refused" in one) == ("refused" in other)
        assert one.pop("refused", {}).get("code", "NOT_RELEASED") == "NOT_RELEASED"
        assert other.pop("refused", {}).get("message", "said to members") != ""
    assert published == asked


def test_the_run_prints_its_findings(small: Job, printed: Ask) -> None:
    done = command(
        "run", small.folder / "demo" / "dump", "--case", small.case, "--json", "--quiet", key=small.key
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["findings"] == printed("findings")["findings"]


def test_the_case_on_disk(small: Job) -> None:
    expected = (
        "case.toml review.toml questions.toml custody/manifest.json custody/ledger.jsonl vault releases "
        "publication/index.html publication/methods.html publication/data publication/findings.json "
        "publication/datapackage.json publication/ro-crate-metadata.json publication/SHA256SUMS"
    )
    assert [name for name in expected.split() if not (small.case / name).exists()] == []


def test_the_checksums_are_those_of_every_file(small: Job) -> None:
    folder = small.case / "publication"
    lines = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    sums = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert sums.keys() == files - {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("name", [*COMMANDS, "ledger verify"])
def test_every_failure_has_its_shape(tmp_path: Path, name: str) -> None:
    arguments: list[str | Path] = [*name.split(), "--case", tmp_path / "nowhere"]
    done = command(*arguments, "--json", key=tmp_path / "key.txt")
    error = json.loads(done.stdout)["error"]
    fits(error, {"code": str, "message": str, "where": dict, "next": str})
    assert (done.returncode, error["code"], done.stderr) == (2, "NOT_A_CASE", "")
    told = command(*arguments, "--quiet", key=tmp_path / "key.txt")
    assert (told.returncode, told.stdout) == (2, "")
    assert "NOT_A_CASE" in told.stderr
    assert "next: sousveil" in told.stderr


@pytest.mark.parametrize("flags", [(), ("--quiet",)])
def test_stdout_carries_nothing_but_the_result(small: Job, flags: tuple[str, ...]) -> None:
    done = command("survey", "--case", small.case, *flags, key=small.key)
    assert (done.returncode, done.stderr) == (0, "")
    assert "person_name" in done.stdout


def test_a_wrong_key(small: Job, tmp_path: Path) -> None:
    made = command("intake", small.folder / "demo", "--case", tmp_path / "case", key=tmp_path / "other.txt")
    assert made.returncode == 0
    done = command("survey", "--case", small.case, "--json", key=tmp_path / "other.txt")
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (4, "WRONG_KEY")
    done = command("survey", "--case", small.case, "--json", key=tmp_path / "none.txt")
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (4, "KEY_MISSING")


def test_a_ledger_that_was_changed(small: Job, tmp_path: Path) -> None:
    shutil.copytree(small.case / "custody", tmp_path / "custody")
    shutil.copy(small.case / "case.toml", tmp_path)
    ledger = tmp_path / "custody" / "ledger.jsonl"
    assert command("ledger", "verify", "--case", tmp_path, key=small.key).returncode == 0
    ledger.write_text(ledger.read_text("utf-8").replace("survey", "nothing"), "utf-8")
    done = command("ledger", "verify", "--case", tmp_path, "--json", key=small.key)
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (6, "DOES_NOT_VERIFY")
