"""No identifying value of the dump is in anything but the vault: every file walked, every output read."""

import importlib
import io
import logging
import re
import shutil
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from sousveil import __main__ as entry
from sousveil.case import Case
from sousveil.publish.egress import walk
from sousveil.publish.identifying import PROSE, sources
from sousveil.stages import STAGES
from tests.endtoend.conftest import Job, command


def outside_the_vault(job: Job) -> list[Path]:
    """Every readable file of the case that is not in the vault and not sealed."""
    return [
        path
        for path in job.case.rglob("*")
        if path.is_file() and job.case / "vault" not in path.parents and path.suffix != ".age"
    ]


def held(case: Case, text: str) -> list[Any]:
    """Which identifying columns have values in this text."""
    return list(walk(case, text))


def values_of(case: Case, limit: int = 40) -> list[str]:
    """Some identifying values of the dump, straight from the vault, to prove that the walk finds them."""
    found: list[str] = []
    for source in sources(case):
        if source.types & PROSE:  # a text is found by the identifiers in it
            continue
        column, table = source.column.sql, source.table.raw
        rows = case.vault.engine.rows(
            f"SELECT DISTINCT {column} FROM {table} WHERE length({column}) >= 7 LIMIT 2"
        )
        found += [value for (value,) in rows]
    return found[:limit]


@pytest.mark.parametrize("which", ["whole", "small"])
def test_neither_files_nor_output_hold_a_value(which: str, request: pytest.FixtureRequest) -> None:
    job: Job = request.getfixturevalue(which)
    everything = everything_outside_the_vault(job)
    case = job.open()
    try:
        assert held(case, everything) == []
    finally:
        case.close()


def everything_outside_the_vault(job: Job) -> str:
    """Every path and text of the case outside the vault, and all that the run has printed."""
    paths = outside_the_vault(job)
    assert len(paths) > 10
    texts = [path.read_text("utf-8") for path in paths]
    names = [path.relative_to(job.case).as_posix() for path in paths]
    return "\n".join([*names, *texts, job.done.stdout, job.done.stderr])


@pytest.mark.parametrize("which", ["whole", "small"])
def test_no_long_number_of_the_dump_is_outside_the_vault(which: str, request: pytest.FixtureRequest) -> None:
    """The same by other means: runs of nine digits and more, without anything of the egress check."""
    job: Job = request.getfixturevalue(which)
    written = set(re.findall(r"[0-9]{9,}", everything_outside_the_vault(job)))
    case = job.open()
    try:
        columns = [(table.raw, column.sql) for table in case.tables for column in table.columns]
        with case.vault.engine.lend(written=pa.table({"run": sorted(written)})):
            asked = "SELECT count(*) FROM {} WHERE regexp_extract({}, '[0-9]{{9,}}') IN (FROM written)"
            found = [case.vault.engine.value(asked.format(*names)) for names in columns]
    finally:
        case.close()
    assert len(columns) > 50
    assert sum(found) == 0


def test_the_walk_would_find_a_value(small: Job) -> None:
    case = small.open()
    try:
        values = values_of(case)
        assert len(values) > 10
        missed = [value for value in values if not held(case, f"some words {value} more words")]
    finally:
        case.close()
    assert missed == []


@pytest.mark.parametrize("name", ["intake", "survey", "verify", "count", "findings", "publish", "status"])
def test_no_command_prints_a_value(small: Job, name: str) -> None:
    printed = ""
    for flags in ([], ["--json"], ["--debug"]):
        done = command(name, "--case", small.case, *flags, key=small.key)
        assert done.returncode == 0, done.stderr
        printed += done.stdout + done.stderr
    case = small.open()
    try:
        assert held(case, printed) == []
    finally:
        case.close()


@pytest.mark.parametrize("flags", [("--debug",), ("--json",)])
@pytest.mark.parametrize("stage", [stage.name for stage in STAGES])
def test_no_forced_failure_shows_a_value(
    small: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str, flags: tuple[str, ...]
) -> None:
    """Each stage fails with records in its exception, as a library's would."""
    shutil.copytree(small.case, tmp_path / "case")
    case = Case.open(tmp_path / "case", small.key)
    values = values_of(case)
    case.vault.engine.run("DELETE FROM meta.stages WHERE stage <> 'intake'")
    case.close()

    def fail(*_: Any, **__: Any) -> None:
        try:
            raise ValueError(f"could not convert {values}")
        except ValueError as error:
            raise RuntimeError(values) from error

    monkeypatch.setattr(importlib.import_module(f"sousveil.{stage}.stage"), "run", fail)
    monkeypatch.setenv("SOUSVEIL_KEY", str(small.key))
    arguments = ["run", str(small.folder / "demo" / "dump"), "--case", str(tmp_path / "case"), *flags]
    monkeypatch.setattr(sys, "argv", ["sousveil", *arguments])
    out = io.StringIO()
    logging.basicConfig(stream=out, level=logging.DEBUG, force=True)
    with redirect_stdout(out), redirect_stderr(out), pytest.raises(SystemExit) as left:
        entry.main()
    assert left.value.code == 1
    assert "UNEXPECTED" in out.getvalue()
    assert [value for value in values if value in out.getvalue()] == []
