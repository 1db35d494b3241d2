"""The stage: which questions are asked, and what is said of each answer."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import sousveil.gate
from sousveil.case import Case
from sousveil.errors import BadQuestion, Identifying, RefusedError, UnknownColumn
from sousveil.findings import questions as toml
from sousveil.findings import stage
from sousveil.findings.model import ExactTable, Populations, Question
from sousveil.progress import Silent
from tests.support_findings import add_table, empty_case

ROWS = 60


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    made = empty_case(tmp_path)
    start = dt.datetime(2018, 1, 1)
    scope = add_table(
        made,
        "visits",
        {
            "entered": ("datetime", [start + dt.timedelta(days=n + 200 * (n >= 40)) for n in range(ROWS)]),
            "port": ("category", ["A" if n % 2 else "B" for n in range(ROWS)]),
            "name": ("person_name", ["X"] * ROWS),
        },
        list(range(ROWS)),
        "entered",
        "event",
    )
    for module in (stage, toml):
        monkeypatch.setattr(module, "scopes_of", lambda _: {"visits": scope})
    monkeypatch.setattr(sousveil.gate, "release", shown, raising=False)
    yield made
    made.close()


def shown(
    case: Case,
    tables: Sequence[ExactTable],
    populations: Populations,
    *,
    known: Sequence[Question] = (),
    remember: bool = True,
    work: object = None,
    progress: object = None,
) -> dict[str, Any]:
    """A gate that shows totals of at least ten, and nothing else."""
    findings = []
    for table in tables:
        question, open_ = table.question, table.total.people >= 10 and not table.question.by
        cell = {"keys": {}, "value": table.total.value, "low": 0, "high": 0, "status": "published"}
        findings.append(
            {
                "id": question.id,
                "title": question.title,
                "unit": question.count,
                "by": list(question.by),
                "where": question.where,
                "cells": [cell] if open_ else [],
                "withheld": 0,
                **({} if open_ else {"refused": {"code": "SMALL", "message": "too small", "next": "ask"}}),
            }
        )
    return {"findings": findings}


def write(case: Case, text: str) -> None:
    (case.folder / "questions.toml").write_text(text, "utf-8")


def section(name: str, where: str = "", by: str = "[]") -> str:
    return f'[[question]]\nid = "{name}"\ncount = "people"\ntable = "visits"\nwhere = "{where}"\nby = {by}\n'


def run(case: Case) -> list[dict[str, Any]]:
    return list(stage.run(case, Silent())["findings"])


def test_without_a_file_the_suggestions_are_asked_and_written(case: Case) -> None:
    found = run(case)
    questions, _ = toml.read(case.folder / "questions.toml")
    assert [finding["id"] for finding in found] == [question.id for question in questions]
    assert "visits-records-by-port" in {question.id for question in questions}
    assert run(case) == found


def test_without_a_cut_off_ages_do_not_tell_on_which_day_the_case_was_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = empty_case(tmp_path)
    monkeypatch.setattr(made, "made_on", dt.date(2021, 3, 17))
    born = [dt.date(1950, 1, 1) + dt.timedelta(days=300 * n) for n in range(ROWS)]
    scope = add_table(made, "register", {"born": ("birth_date", born)}, list(range(ROWS)))
    for module in (stage, toml):
        monkeypatch.setattr(module, "scopes_of", lambda _: {"register": scope})
    monkeypatch.setattr(sousveil.gate, "release", shown, raising=False)
    said = f"{run(made)}{(made.folder / 'questions.toml').read_text('utf-8')}"
    made.close()
    assert "on = '2021-01-01'" in said
    assert "2021-03-17" not in said
    assert "17 March" not in said


def test_suggestions_are_made_anew_until_a_person_changes_them(case: Case) -> None:
    run(case)
    first = (case.folder / "questions.toml").read_text("utf-8")
    write(case, first + section("mine", "port = 'A'"))
    found = run(case)
    assert found[-1]["id"] == "mine"
    assert (case.folder / "questions.toml").read_text("utf-8").startswith(first)


def test_a_finding_carries_where_it_comes_from(case: Case) -> None:
    write(case, section("mine", "not port <> 'A' or port in ('A')"))
    provenance = run(case)[0]["provenance"]
    assert provenance["where"] == "\"port\" = 'A'"
    assert provenance["tables"] == ["visits"]
    assert provenance["columns"] == ["port", "entered"]
    assert provenance["cut_off"] == case.vault.document("cut_off") == "2018-06-30"
    assert provenance["question"]["table"] == "visits"
    assert len(provenance["fingerprint"]) == 64
    assert provenance["version"]


def test_a_finding_says_what_is_counted_where_people_cannot_be_told_apart(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = stage.__dict__["scopes_of"](case)["visits"]
    monkeypatch.setattr(stage, "scopes_of", lambda _: {"visits": replace(given, unit="vehicles")})
    found = {finding["id"]: finding for finding in run(case)}
    assert (found["visits-vehicles"]["unit"], found["visits-vehicles"]["of"]) == ("people", "vehicles")
    assert "of" not in found["visits-records"]
    assert "people" not in found, "nobody is told apart in the whole case"


def test_a_question_that_identifies_is_refused_and_the_others_are_answered(case: Case) -> None:
    write(case, section("bad", "", '["name"]') + section("good"))
    bad, good = run(case)
    assert (bad["id"], bad["refused"]["code"], bad["cells"]) == ("bad", "IDENTIFYING", [])
    assert good["cells"][0]["value"] == 40


def test_where_every_question_identifies_the_run_is_refused(case: Case) -> None:
    write(case, section("bad", "", '["name"]'))
    with pytest.raises(Identifying) as caught:
        run(case)
    assert caught.value.exit_code == 3
    assert caught.value.where["question"] == "bad"


def test_where_the_gate_lets_nothing_out_the_run_is_refused(case: Case) -> None:
    write(case, section("a", "", '["port"]') + section("b", "", '["name"]'))
    with pytest.raises(RefusedError) as caught:
        run(case)
    assert caught.value.where["questions"] == {"a": "SMALL", "b": "IDENTIFYING"}


def test_suggestions_that_are_all_refused_are_no_failure(case: Case) -> None:
    case.vault.engine.run("DELETE FROM people.t1")
    for _ in range(2):
        assert all("refused" in finding for finding in run(case))


def test_a_mistake_stops_the_file_before_anything_is_counted(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage, "cut_off", None)
    write(case, section("good") + section("bad", "prt = 'A'"))
    with pytest.raises(UnknownColumn, match="'port'") as caught:
        run(case)
    assert caught.value.where == {"question": "bad", "line": 7, "in": "where", "table": "visits"}
    write(case, "")
    with pytest.raises(BadQuestion, match="no \\[\\[question\\]\\]"):
        run(case)


def test_adopting_a_file_keeps_the_one_that_stood_there(case: Case, tmp_path: Path) -> None:
    given = tmp_path / "q.toml"
    given.write_text(section("a"), "utf-8")
    write(case, section("b"))
    toml.adopt(case, given)
    toml.adopt(case, given)
    assert (case.folder / "questions.toml").read_text("utf-8") == section("a")
    assert (case.folder / "questions.before.toml").read_text("utf-8") == section("b")


def test_a_file_with_a_mistake_is_not_adopted(case: Case, tmp_path: Path) -> None:
    case.vault.acknowledge("normalise", "x", {})
    write(case, section("b"))
    given = tmp_path / "q.toml"
    for mistake in (section("a", "prt = 'A'"), "[[question]]\n", ""):
        given.write_text(mistake, "utf-8")
        with pytest.raises(BadQuestion):
            toml.adopt(case, given)
    assert (case.folder / "questions.toml").read_text("utf-8") == section("b")
    with pytest.raises(BadQuestion, match="does not exist"):
        toml.adopt(case, tmp_path / "none.toml")


KNOWN = '[[known]]\nid = "log"\ncount = "people"\ntable = "visits"\nsource = "The port\'s yearbook"\n'


def test_what_readers_know_from_elsewhere_reaches_the_gate(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Question] = []

    def noting(*given: Any, known: Sequence[Question], **more: Any) -> dict[str, Any]:
        seen.extend(known)
        return shown(*given, **more)

    monkeypatch.setattr(sousveil.gate, "release", noting)
    write(case, section("q") + KNOWN)
    run(case)
    assert [(one.id, one.title, one.count, one.table) for one in seen] == [
        ("log", "The port's yearbook", "people", "visits")
    ]


@pytest.mark.parametrize(
    ("known", "error"),
    [
        (KNOWN.replace("source", "title"), BadQuestion),
        (KNOWN + 'by = ["port"]\n', BadQuestion),
        (KNOWN + KNOWN, BadQuestion),
        (KNOWN + "where = \"name = 'X'\"\n", Identifying),
        (KNOWN + "value = 3\n", BadQuestion),
    ],
)
def test_what_readers_know_is_checked_like_a_question(case: Case, known: str, error: type[Exception]) -> None:
    write(case, section("q") + known)
    with pytest.raises(error):
        run(case)
