"""`sousveil count review` as a person meets it: over a pipe, on a terminal, killed; nothing can be chosen."""

import json
import os
import pty
import re
import select
import subprocess
import sys
import time

import click
import pytest

from sousveil.case import Case
from sousveil.cli.app import app
from sousveil.cli.count import review
from sousveil.count.review.store import Store
from sousveil.errors import SousveilError
from tests.support_review import PEOPLE, name_of, number_of, world

COMMAND = [sys.executable, "-m", "sousveil", "count"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = world(tmp_path_factory.mktemp("cli"))
    made.case.close()
    return made.case.folder


def environment(folder):
    return {**os.environ, "SOUSVEIL_KEY": str(folder.parent / "key"), "TERM": "xterm"}


def called(folder, *arguments, keys=""):
    return subprocess.run(
        [*COMMAND, *arguments, "--case", str(folder)],
        input=keys, capture_output=True, text=True, env=environment(folder), check=False,
    )  # fmt: skip


def answers(folder):
    case = Case.open(folder, folder.parent / "key")
    try:
        engine = case.vault.engine
        Store(case.vault)
        return [answer for (answer,) in engine.rows("SELECT answer FROM review.answers ORDER BY seq")]
    finally:
        case.close()


def values():
    return [
        text for person in range(PEOPLE) for text in (number_of(person), name_of(person), name_of(person)[1:])
    ]


def test_over_a_pipe_each_line_is_an_answer_and_no_value_is_shown(folder):
    before = len(answers(folder))
    done = called(folder, "review", "--json", "--reviewer", "Ada", keys="y\nwhat\nno\nb\nunsure\nq\n")
    assert done.returncode == 0, done.stderr
    assert answers(folder)[before:] == ["y", "u"]
    document = json.loads(done.stdout)["review"]
    assert document["table"] == "*" and document["interval"] is None and not document["finished"]
    assert "Is it the same person?" in done.stderr and "birth date" in done.stderr
    ledger = (folder / "custody" / "ledger.jsonl").read_text("utf-8")
    assert json.loads(ledger.splitlines()[-1])["detail"] == {
        "table": "*", "reviewer": "Ada", "second": False, "answers": 2, "decisions": document["decisions"],
    }  # fmt: skip
    said = done.stdout + done.stderr + ledger
    assert [value for value in values() if value in said] == []
    assert not re.search(r"[0-9]{6,}", done.stderr)


def test_a_killed_sitting_keeps_every_answer_that_was_followed_by_a_question(folder):
    before = len(answers(folder))
    sitting = subprocess.Popen(
        [*COMMAND, "review", "--case", str(folder)],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(folder),
    )  # fmt: skip
    for _ in range(3):
        _until(sitting, "Is it the same person?")
        sitting.stdin.write("u\n")
        sitting.stdin.flush()
    _until(sitting, "Is it the same person?")
    sitting.kill()
    sitting.communicate()
    assert answers(folder)[before:] == ["u"] * 3


def test_a_second_reviewer_for_whom_there_is_nothing_yet_is_told_so(tmp_path):
    made = world(tmp_path)
    made.judge(made.sitting(reviewer="Ada"), at_most=1)
    sitting = made.sitting(reviewer="Ben", second=True)
    made.case.close()
    assert sitting.question() is None
    done = called(made.case.folder, "review", "--second", "--reviewer", "Ben")
    assert done.returncode == 0 and "judged nothing yet of the share" in done.stdout


def _until(sitting, words):
    for line in sitting.stderr:
        if words in line:
            return
    raise AssertionError("it ended before it asked")


def test_on_a_terminal_it_has_a_screen_of_its_own_that_is_wiped(folder):
    before = len(answers(folder))
    controller, terminal = pty.openpty()
    sitting = subprocess.Popen(
        [*COMMAND, "review", "--case", str(folder), "--quiet"],
        stdin=terminal, stderr=terminal, stdout=subprocess.PIPE, env=environment(folder),
    )  # fmt: skip
    os.close(terminal)
    seen = _read(controller, "go on later")
    os.write(controller, b"u")
    seen += _read(controller, "go on later")
    os.write(controller, b"q")
    seen += _read(controller, "\x1b[?1049l")
    assert sitting.wait(30) == 0
    sitting.stdout.close()
    os.close(controller)
    assert seen.index("\x1b[?1049h") < seen.index("Is it the same person?")
    assert seen.rstrip().endswith("\x1b[2J\x1b[3J\x1b[H\x1b[?1049l")
    assert answers(folder)[before:] == ["u"]


def _read(controller, words):
    seen, end = "", time.monotonic() + 60
    while words not in seen and time.monotonic() < end:
        if select.select([controller], [], [], 1)[0]:
            seen += os.read(controller, 65_536).decode("utf-8", "replace")
    assert words in seen
    return seen


def test_no_option_and_no_key_can_name_a_record():
    assert {parameter.name for parameter in review.params} == {
        "table", "width", "decisions", "reviewer", "second", "folder", "key", "as_json", "quiet", "debug",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["review", "--table", "nothing"], 2, "NOT_REVIEWABLE"),
        (["review", "--second", "--table", "visits"], 2, "nobody has judged"),
        (["review", "--width", "0"], 2, "half-width"),
        (["review", "--width", "40%"], 2, "half-width"),
        (["review", "--decisions", "0"], 2, "USAGE"),
        (["review", "王伟"], 2, "USAGE"),
    ],
)
def test_what_can_not_be_reviewed_is_refused_with_a_reason(folder, arguments, code, says):
    with pytest.raises((SousveilError, click.UsageError)) as refused:
        app.main(
            ["count", *arguments, "--case", str(folder), "--key", str(folder.parent / "key")],
            standalone_mode=False,
        )
    error = refused.value
    assert error.exit_code == code
    assert says in f"{getattr(error, 'code', 'USAGE')} {error}"


def test_count_needs_a_case_and_review_one_of_its_own(folder):
    for arguments in (["count"], ["count", "review"]):
        with pytest.raises(click.MissingParameter, match="folder"):
            app.main(arguments, standalone_mode=False)
    done = called(folder, "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["people"][-1]["table"] == "*"
