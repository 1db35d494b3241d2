"""A table that people have marked as sensitive: no finding is about it, and nothing of it is published."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from sousveil.case import Case
from sousveil.errors import Sensitive
from sousveil.findings.model import Question
from sousveil.findings.questions import check, checked
from sousveil.findings.scope import about_people
from sousveil.findings.suggest import suggested
from sousveil.publish import stage
from tests.support_findings import add_table, empty_case
from tests.support_publication import verified


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return empty_case(tmp_path)


def test_no_question_is_about_it(case: Case) -> None:
    scope = add_table(case, "informants", {"rank": ("category", ["a", "b"] * 20)}, list(range(40)))
    question = Question("q", "Q", "people", "informants")
    checked({"informants": scope}, question)
    hidden = {"informants": replace(scope, sensitive=True)}
    with pytest.raises(Sensitive):
        checked(hidden, question)
    asked, refused = check(hidden, [question])
    assert (asked, refused["q"].code) == ([], "SENSITIVE")
    assert about_people(hidden) == []
    assert [q.table for q in suggested(hidden, case.made_on, lambda _: True, lambda _: 5)] == ["*"]


def test_the_report_says_nothing_of_how_it_verified(case: Case) -> None:
    rows = verified()
    table = rows["tests"][0]["table"]
    assert table in json.dumps(rows)
    held = stage._without_sensitive(case, rows)
    assert held == rows
    (case.folder / "review.toml").write_text(f"[tables.{json.dumps(table)}]\nsensitive = true\n", "utf-8")
    held = stage._without_sensitive(case, rows)
    assert table not in {row["table"] for row in held["tests"]}
    assert len(held["tests"]) < len(rows["tests"])
