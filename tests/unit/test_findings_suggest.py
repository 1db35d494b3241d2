"""The questions that are asked where nobody has written any."""

import datetime as dt
from dataclasses import replace

from sousveil.findings.model import Question
from sousveil.findings.questions import check
from sousveil.findings.scope import Scope
from sousveil.findings.suggest import MAX_COLUMNS, suggested
from sousveil.vault import Table
from tests.support_findings import scope_of

ON = dt.date(2018, 3, 31)
COLUMNS = {
    "entered": "datetime",
    "GJ": "nationality",
    "性别": "sex",
    "born": "birth_date",
    "port of entry": "category",
    "类别": "category",
    "name": "person_name",
    "company": "organisation",
    "n": "number",
    "many": "category",
    "proved": "category",
}


def table(name: str = "border_entries", kind: str = "event", tid: int = 1, **columns: str) -> Scope:
    scope = scope_of(columns or COLUMNS, identifying=["proved"])
    inside = Table(tid, name, 1, 100, 0, ())
    return replace(scope, name=name, table=inside, kind=kind, event_date=scope.columns.get("entered"))


def cells(question: Question) -> int:
    return 61 if question.by == ("many",) else 5


def ask(*scopes: Scope, has_people: bool = True) -> dict[str, Question]:
    by_name = {scope.name: scope for scope in scopes}
    questions = suggested(by_name, ON, lambda _: has_people, cells)
    asked, refused = check(by_name, questions)
    assert len(asked) == len(questions) == len({question.id for question in questions})
    assert not refused
    return {question.id: question for question in questions}


def test_an_event_is_broken_down_by_records_and_its_people_by_people() -> None:
    found = ask(table())
    assert list(found) == [
        "people",
        "border-entries-records",
        "border-entries-people",
        "border-entries-records-by-month",
        "border-entries-people-by-nationality",
        "border-entries-people-by-sex",
        "border-entries-people-by-age",
        "border-entries-minors",
        "border-entries-records-by-port-of-entry",
        "border-entries-records-by-类别",
    ]
    assert found["border-entries-people-by-nationality"].title == "People in border_entries, by nationality"
    assert found["border-entries-people-by-age"].title == "People in border_entries, by age on 31 March 2018"
    assert found["border-entries-records-by-month"].by == ("month(entered)",)
    assert found["border-entries-minors"].where == "age_band(born, on = '2018-03-31') = '0-17'"
    assert found["border-entries-minors"].title == "Minors in border_entries, under 18 on 31 March 2018"


def test_a_register_is_broken_down_by_people() -> None:
    found = ask(table(kind="register"))
    assert "border-entries-people-by-port-of-entry" in found


def test_a_table_that_does_not_tell_people_apart_is_broken_down_by_records() -> None:
    found = ask(replace(table(), unit="vehicles"), has_people=False)
    assert {one.count for one in found.values() if one.by} == {"records"}


def test_identifying_columns_and_long_lists_are_never_suggested() -> None:
    by = {entry for question in ask(table()).values() for entry in question.by}
    assert by.isdisjoint({"name", "born", "company", "many", "proved", "entered"})


def test_ids_are_unique_and_say_nothing_of_identifying_names() -> None:
    names = ["a b", "a-b", "重点人员", "990102199001011234"]
    found = ask(*(table(name, tid=tid) for tid, name in enumerate(names, start=1)))
    assert {"a-b-records", "a-b-records-2", "重点人员-records", "table-4-records"} <= set(found)


def test_wide_tables_are_not_asked_for_every_column() -> None:
    wide = {f"c{number}": "category" for number in range(40)}
    assert len([one for one in ask(table(**wide)).values() if one.by]) == MAX_COLUMNS


def test_vehicles_are_called_vehicles() -> None:
    found = ask(replace(table(), unit="vehicles"), has_people=False)
    assert found["border-entries-vehicles"].title == "Vehicles in border_entries"
    assert found["border-entries-vehicles"].count == "people"
    assert "border-entries-minors" not in found


def test_where_nothing_can_be_told_apart_only_records_are_asked_for() -> None:
    found = ask(replace(table(), unit="records"), has_people=False)
    assert {one.count for one in found.values() if one.table != "*"} == {"records"}


def test_a_title_says_what_the_dump_says_of_a_column() -> None:
    scope = table(kind="list", lb="category")
    scope.columns["lb"] = replace(scope.columns["lb"], hint="类别")
    assert ask(scope)["border-entries-people-by-lb"].title == "People in border_entries, by lb (类别)"


def test_a_table_may_have_visitors_of_every_country() -> None:
    scope = table()
    found = suggested({"border_entries": scope}, ON, lambda _: True, lambda one: 61 if one.by else 1)
    assert [one.id for one in found if one.by] == [
        "border-entries-records-by-month",
        "border-entries-people-by-nationality",
    ]


def test_a_column_that_reads_like_a_function_is_not_suggested() -> None:
    assert [one for one in ask(table("t", "event", 1, **{"month(x)": "category"})).values() if one.by] == []
