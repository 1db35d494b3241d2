"""The real command on a real dump: written once, run once, looked at by many tests."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from sousveil.case import Case
from tests.conftest import TRUTH_TABLE

WHOLE = int(os.environ.get("SOUSVEIL_TEST_RECORDS", "1100000"))
"""Records of the demo that the truth is held against; fewer while developing."""
SMALL = 20_000

Command = Callable[..., subprocess.CompletedProcess[str]]


@dataclass
class Job:
    """A dump, the case that `sousveil run` made of it, and everything that it printed."""

    folder: Path
    done: subprocess.CompletedProcess[str]

    @property
    def case(self) -> Path:
        return self.folder / "case"

    @property
    def key(self) -> Path:
        return self.folder / "key.txt"

    @cached_property
    def truth(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / "demo" / "truth.json").read_text("utf-8")))

    def open(self) -> Case:
        return Case.open(self.case, self.key)


def command(*arguments: str | Path, key: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run `sousveil` as a person does; output captured."""
    return subprocess.run(
        [sys.executable, "-m", "sousveil", *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**os.environ, "SOUSVEIL_KEY": str(key)},
        check=False,
        **options,
    )


def make_job(folder: Path, records: int, *, questions: bool = True) -> Job:
    """Write a demo dump and run the main job on it."""
    key = folder / "key.txt"
    written = command("demo", folder / "demo", "--records", str(records), "--quiet", key=key)
    assert written.returncode == 0, written.stderr
    asked = ["--questions", folder / "demo" / "questions.toml"] if questions else []
    done = command("run", folder / "demo" / "dump", "--case", folder / "case", *asked, key=key)
    return Job(folder, done)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """The main job on the demo at full size, with the demo's questions."""
    return make_job(tmp_path_factory.mktemp("whole"), WHOLE)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """The main job on a small demo, with the questions that the survey suggests."""
    return make_job(tmp_path_factory.mktemp("small"), SMALL, questions=False)


@pytest.fixture(scope="session")
def truth_table(pytestconfig: pytest.Config) -> list[str]:
    """Lines of the table of truth against result, printed at the end of the run."""
    return pytestconfig.stash[TRUTH_TABLE]
