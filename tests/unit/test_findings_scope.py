"""What a question may see of a table: by the review, and never what the survey found to identify."""

import datetime as dt
from pathlib import Path

import pytest

from sousveil.errors import BadQuestion, Identifying, UnknownTable
from sousveil.findings.scope import KINDS, about_people, named, scopes_of
from sousveil.survey.types import ASKABLE, IDENTIFYING
from tests.support_findings import add_table, empty_case

DAY = dt.date(2018, 1, 1)
FOUND = {
    "present_share": 1.0,
    "valid_share": 1.0,
    "evidence": "",
    "reason": "",
    "mixed": [],
    "forms": [],
    "inside": [],
}


def test_the_kinds_are_the_types_that_may_be_asked_for() -> None:
    assert set(KINDS) == ASKABLE | {"birth_date"}
    assert set(KINDS) & IDENTIFYING == {"birth_date"}


def test_the_review_decides_and_cannot_lift_what_the_values_prove(tmp_path: Path) -> None:
    case = empty_case(tmp_path)
    columns = {
        "port": ("category", ["A"]),
        "name": ("category", ["X"]),
        "born": ("date", [DAY]),
        "day": ("date", [DAY]),
        "code": ("category", ["7"]),
        "lost": ("category", ["7"]),
    }
    add_table(case, "visits", columns, [1])
    case.vault.engine.run("ALTER TABLE clean.t1 DROP COLUMN c6")
    types = ["category", "person_name", "birth_date", "date", "unknown", "category"]
    surveyed = [
        {"cid": cid, "type": name, "identifying": name in IDENTIFYING, **FOUND, "distinct": 1}
        for cid, name in enumerate(types, start=1)
    ]
    entry = {"tid": 1, "kind": "event", "event_date": 4, "person": [2], "columns": surveyed}
    case.vault.put_document("survey", {"tables": [entry]})
    review = '[tables.visits]\nkind = "event"\nevent_date = "born"\n[tables.visits.columns]\n'
    (case.folder / "review.toml").write_text(
        review + 'name = "category"\nborn = "date"\ncode = "category"\nport = "address"\n', "utf-8"
    )
    scope = named(scopes_of(case), "visits")
    kinds = {name: column.kind for name, column in scope.columns.items()}
    assert kinds == {
        "port": None,
        "name": None,
        "born": "birth",
        "day": "day",
        "code": "label",
        "lost": "label",
    }
    assert scope.event_date is None  # a birth date dates no record, whatever review.toml says
    with pytest.raises(Identifying):
        scope.usable("name")
    with pytest.raises(BadQuestion, match="could not be brought"):
        scope.usable("lost")
    with pytest.raises(UnknownTable, match="did you mean 'visits'"):
        named(scopes_of(case), "visit")
    case.close()


def test_what_nobody_can_explain_is_no_label(tmp_path: Path) -> None:
    """Names in a form that no type knows: a person may call them a category, but nobody has proved it."""
    case = empty_case(tmp_path)
    values = [f"name {number}" for number in range(40)]
    add_table(case, "visits", {"who": ("category", values), "n": ("number", list(range(40)))}, [1] * 40)
    surveyed = [
        {"cid": cid, "type": "unknown", "identifying": False, **FOUND, "distinct": 40} for cid in (1, 2)
    ]
    entry = {"tid": 1, "kind": "other", "event_date": None, "person": [], "columns": surveyed}
    case.vault.put_document("survey", {"tables": [entry]})
    (case.folder / "review.toml").write_text('[tables.visits.columns]\nwho = "category"\nn = "number"\n')
    columns = named(scopes_of(case), "visits").columns
    assert (columns["who"].kind, columns["n"].kind) == (None, "number")
    case.close()


def test_a_table_counts_what_the_count_says_and_a_column_has_its_comment(tmp_path: Path) -> None:
    case = empty_case(tmp_path)
    for name in ("visits", "points", "notes"):
        add_table(case, name, {"lb": ("category", ["A"]), "n": ("number", [1.0])}, [1])
    case.vault.engine.run("UPDATE meta.columns SET hint = '类别：1涉恐，2涉稳' WHERE cid = 1")
    case.vault.engine.run("UPDATE meta.columns SET hint = '电话 990102199001011234' WHERE cid = 2")
    case.forget()
    entry = {"kind": "other", "event_date": None, "person": [], "columns": []}
    case.vault.put_document("survey", {"tables": [entry | {"tid": tid} for tid in (1, 2, 3)]})
    assert {scope.unit for scope in scopes_of(case).values()} == {"people"}
    case.vault.put_document("count", {"1": {"unit": "people"}, "2": {"unit": "vehicles"}})
    scopes = scopes_of(case)
    assert [scope.unit for scope in scopes.values()] == ["people", "vehicles", "records"]
    assert [scope.name for scope in about_people(scopes)] == ["visits"]
    assert [column.hint for column in scopes["visits"].columns.values()] == ["类别", ""]
    case.close()
