"""What is proposed in the place of a refused question, and how little that tells."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sousveil.case import Case
from sousveil.errors import RefusedError
from sousveil.findings import questions as toml
from sousveil.findings import stage
from sousveil.findings.bases import bases
from sousveil.findings.coarser import Coarser, coarser
from sousveil.findings.model import Question
from sousveil.findings.nearest import SHOWN, Nearest
from sousveil.findings.populations import CasePopulations
from sousveil.findings.questions import checked
from sousveil.findings.scope import Scope
from sousveil.progress import Silent
from sousveil.publish.stage import build
from tests.support_findings import add_table, empty_case

ALL = ("", [])
NATIONS = ["KAZ"] * 200 + ["UZB"] * 40 + ["NPL"] * 3 + ["FRA"] * 90


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    made = empty_case(tmp_path)
    number = len(NATIONS)
    columns = {
        "nation": ("nationality", NATIONS),
        "entered": ("date", [dt.date(2018, 1, 1) + dt.timedelta(n * 7 % 300) for n in range(number)]),
        "port": ("category", ["A" if n % 3 else "B" for n in range(number)]),
        "born": ("birth_date", [dt.date(1950 + n % 60, 3, 1) for n in range(number)]),
    }
    scope = add_table(made, "visits", columns, list(range(number)), None, "list", ["born"])
    for module in (stage, toml):
        monkeypatch.setattr(module, "scopes_of", lambda _: {"visits": scope})
    made.scope = scope  # type: ignore[attr-defined]
    yield made
    made.close()


def ask(case: Case, *questions: tuple[str, list[str]]) -> list[dict[str, Any]]:
    text = "".join(
        f'[[question]]\nid = "q{n}"\ncount = "people"\ntable = "visits"\nwhere = "{where}"\nby = {by}\n'
        for n, (where, by) in enumerate(questions)
    )
    (case.folder / "questions.toml").write_text(text, "utf-8")
    return list(stage.run(case, Silent())["findings"])


def proposed(case: Case, where: str, by: list[str]) -> list[tuple[list[str], str]]:
    scope: Scope = case.scope  # type: ignore[attr-defined]
    asked = checked({"visits": scope}, Question("q", "q", "people", "visits", where, tuple(by)))
    return [(list(one.question.by), one.question.where) for one in coarser(asked)]


def test_the_nearest_question_keeps_most(case: Case) -> None:
    found = proposed(case, "", ["nation", "month(entered)"])
    assert found[:2] == [
        (["region(nation)", "month(entered)"], ""),
        (["nation", "quarter(entered)"], ""),
    ]
    assert (["nation"], "") in found
    assert (["month(entered)"], "") in found


@pytest.mark.parametrize(
    ("where", "wider"),
    [
        ("nation = 'NPL'", "region(\"nation\") = 'Southern Asia'"),
        ("nation in ('NPL', 'IND')", "region(\"nation\") = 'Southern Asia'"),
        ("month(entered) = '2018-03'", "quarter(\"entered\") = '2018-Q1'"),
        ("entered = date '2018-03-05'", "month(\"entered\") = '2018-03'"),
        ("entered > date '2018-03-05'", "month(\"entered\") >= '2018-03'"),
        ("entered < date '2018-03-05'", 'year("entered") <= 2018'),
        ("age_band(born, on = '2018-01-01') = '45-59'", "of_age(\"born\", on = '2018-01-01') = '18+'"),
    ],
)
def test_a_part_of_where_is_widened(case: Case, where: str, wider: str) -> None:
    assert wider in [condition for _, condition in proposed(case, where, [])]


def test_what_is_left_out_of_where_only_ever_adds_records(case: Case) -> None:
    where = "nation = 'UZB' AND entered BETWEEN DATE '2018-02-10' AND DATE '2018-05-20' AND port <> 'B'"
    scope: Scope = case.scope  # type: ignore[attr-defined]
    with bases(case, None) as made:
        populations = CasePopulations({"visits": scope}, made)
        question = Question("q", "q", "people", "visits", where)
        conditions = [condition for _, condition in proposed(case, where, [])]
        assert len(conditions) > 8
        for condition in conditions:
            wider = Question("w", "w", "people", "visits", condition)
            assert populations.difference(question, wider)[0] == 0, condition


def test_a_small_group_is_refused_with_questions_that_pass(case: Case) -> None:
    _, finding = ask(case, ALL, ("nation = 'UZB' AND port = 'B' AND month(entered) = '2018-03'", []))
    suggestions = finding["refused"]["suggestions"]
    assert finding["refused"]["code"] == "SMALL"
    assert 0 < len(suggestions) <= SHOWN
    for one in suggestions:
        assert set(one) == {"count", "table", "where", "by", "changes"}
        assert one["changes"]


def test_a_suggestion_passes_when_it_is_asked(case: Case) -> None:
    refused = ("nation = 'NPL'", ["port"])
    _, finding = ask(case, ALL, refused)
    chosen = finding["refused"]["suggestions"][0]
    findings = ask(case, ALL, refused, (chosen["where"].replace('"', ""), chosen["by"]))
    assert "refused" in findings[1]
    assert any(cell["status"] == "published" for cell in findings[2]["cells"])


def test_suggestions_hold_no_number_and_are_the_same_for_nobody_and_for_a_few(case: Case) -> None:
    _, few = ask(case, ALL, ("nation = 'NPL'", []))
    _, nobody = ask(case, ALL, ("nation = 'IND'", []))
    changes = [
        [
            change.replace("NPL", "X").replace("IND", "X")
            for one in finding["refused"]["suggestions"]
            for change in one["changes"]
        ]
        for finding in (few, nobody)
    ]
    assert changes[0] == changes[1] != []
    assert not any(isinstance(value, int) for one in few["refused"]["suggestions"] for value in one.values())


def test_trying_candidates_leaves_no_trace_in_the_memory(case: Case) -> None:
    ask(case, ("", ["port"]))
    before = {path.name: path.read_bytes() for path in case.releases.iterdir()}
    kept = json.dumps(case.vault.document("gate"), sort_keys=True)
    findings = ask(case, ("", ["port"]), ("nation = 'NPL'", []))
    assert findings[1]["refused"]["suggestions"]
    assert {path.name: path.read_bytes() for path in case.releases.iterdir()} == before
    assert json.dumps(case.vault.document("gate"), sort_keys=True) == kept


def test_where_all_is_refused_the_error_says_what_would_pass(case: Case) -> None:
    with pytest.raises(RefusedError) as refused:
        ask(case, ("nation = 'NPL'", []))
    said = refused.value.as_json()["error"]
    assert said["suggestions"]["q0"][0]["changes"]


def test_a_candidate_of_two_questions_is_judged_once(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[tuple[str, tuple[str, ...]]] = []

    def would_pass(self: Nearest, candidate: Coarser) -> bool:
        judged.append((candidate.question.where, candidate.question.by))
        return candidate.question.where == ""

    monkeypatch.setattr(Nearest, "_would_pass", would_pass)
    findings = ask(case, ("", []), ("nation = 'NPL'", []), ("nation = 'NPL' AND port = 'A'", []))
    alike = [one["refused"]["suggestions"][-1]["where"] for one in findings[1:]]
    assert alike == ["", ""]
    assert len(judged) == len({*judged}) > 1


def test_readers_of_the_publication_are_not_told_what_would_pass(case: Case) -> None:
    findings = ask(case, ("", []), ("nation = 'NPL'", []))
    assert "suggestions" in findings[1]["refused"]
    files = build({"findings": findings}, {"tests": []}, 10, "exact")
    assert all(b"suggestions" not in content for content in files.values())


def test_a_count_of_the_whole_case_has_no_coarser_one() -> None:
    asked = checked({}, Question("q", "q", "people", "*"))
    assert coarser(asked) == []
