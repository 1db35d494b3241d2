"""One day for the case after which nothing is counted: robust against dates that are not plausible."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sousveil.case import Case
from sousveil.findings import stage
from sousveil.findings.bases import bases
from sousveil.findings.cutoff import cut_off, end_of_month, last_day
from sousveil.findings.model import ExactTable, Question
from sousveil.findings.questions import check
from sousveil.findings.scope import Scope
from sousveil.findings.tabulate import Tabulation
from sousveil.progress import Silent
from tests.support_findings import add_table, empty_case


@pytest.mark.parametrize(
    ("latest", "end"),
    [
        ((2019, 6, 20), (2019, 3, 31)),
        ((2019, 6, 29), (2019, 4, 30)),
        ((2019, 6, 28), (2019, 3, 31)),
        ((2020, 4, 29), (2020, 2, 29)),
        ((2020, 1, 15), (2019, 10, 31)),
    ],
)
def test_a_whole_month_ends_sixty_days_before(
    latest: tuple[int, int, int], end: tuple[int, int, int]
) -> None:
    assert end_of_month(dt.date(*latest), 60) == dt.date(*end)


def test_the_earliest_dates_do_not_fail() -> None:
    assert end_of_month(dt.date.min, 60) == dt.date(1, 1, 31)


def test_a_stray_date_is_not_the_last_day() -> None:
    busy = [(dt.date(2019, 5, day), 3) for day in range(1, 20)]
    assert last_day(busy) == dt.date(2019, 5, 19)
    assert last_day([*busy, (dt.date(2023, 1, 1), 2), (dt.date(2025, 6, 1), 2)]) == dt.date(2019, 5, 19)
    assert last_day([(dt.date(2019, 5, 1), 5)]) == dt.date(2019, 5, 1)
    assert last_day([(dt.date(2017, 5, 1), 4), (dt.date(2019, 5, 1), 4)]) is None
    assert last_day([]) is None


def events(days: list[dt.date | None], type_name: str = "date") -> dict[str, tuple[str, list[object]]]:
    return {"on": (type_name, list(days))}


def test_dates_that_are_all_in_the_future_let_nothing_out(tmp_path: Path) -> None:
    case = empty_case(tmp_path)
    future = case.made_on + dt.timedelta(400)
    table = add_table(case, "later", events([future] * 20), [1] * 20, "on")
    until = cut_off(case, [table])
    assert until == end_of_month(case.made_on, 60)


def test_the_latest_table_decides_and_a_date_in_the_future_moves_nothing(tmp_path: Path) -> None:
    case = empty_case(tmp_path)
    future = dt.datetime.combine(case.made_on, dt.time()) + dt.timedelta(1)
    old = add_table(case, "old", events([dt.date(2018, 1, 1)] * 6), [1] * 6, "on")
    new = add_table(
        case,
        "new",
        events(
            [dt.datetime(2019, 6, 20, 23)] * 5 + [dt.datetime(future.year, 12, 31)] * 5 + [None], "datetime"
        ),
        [1] * 11,
        "on",
    )
    undated = add_table(case, "undated", events([dt.date(2020, 1, 1)] * 9), [1] * 9)
    assert cut_off(case, [old, new, undated]) == dt.date(2019, 3, 31)
    assert cut_off(case, [old]) == dt.date(2017, 10, 31)
    assert cut_off(case, [undated]) is None
    case.close()


def test_a_few_records_have_a_say_only_where_there_are_no_others(tmp_path: Path) -> None:
    case = empty_case(tmp_path)
    few = add_table(case, "few", events([dt.date(2020, 6, 1), dt.date(2021, 7, 31)]), [1, 2], "on")
    many = add_table(case, "many", events([dt.date(2019, 6, 20)] * 5), [1] * 5, "on")
    assert cut_off(case, [few, many]) == dt.date(2019, 3, 31)
    assert cut_off(case, [few]) == dt.date(2021, 5, 31)
    case.close()


def test_records_after_the_cut_off_and_without_a_date_are_not_counted(tmp_path: Path) -> None:
    case = empty_case(tmp_path)
    last = dt.datetime(2019, 3, 31, 23, 59, 59)
    days = [last, last + dt.timedelta(seconds=1), None, dt.datetime(2001, 1, 1)]
    dated = add_table(case, "dated", events(days, "datetime"), [1, 2, 3, 4], "on")
    undated = add_table(case, "undated", events(days, "datetime"), [1, 2, 3, 4])
    scopes = {"dated": dated, "undated": undated}
    asked, _ = check(scopes, [Question(name, name, "records", name) for name in scopes])
    with bases(case, dt.date(2019, 3, 31)) as made:
        tables = [Tabulation(made, scopes).table(one) for one in asked]
    assert all(isinstance(table, ExactTable) for table in tables)
    assert [table.total.records for table in tables if isinstance(table, ExactTable)] == [2, 4]
    assert [table.cut_off for table in tables if isinstance(table, ExactTable)] == [
        dt.date(2019, 3, 31),
        None,
    ]
    case.close()


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Case, dict[str, Scope]]:
    """A case with one question on one table of events, and the scopes that the stage sees."""
    case = empty_case(tmp_path)
    days = [dt.date(2018, 1, 1) + dt.timedelta(n) for n in range(200)]
    scopes = {"visits": add_table(case, "visits", events([*days]), [*range(200)], "on")}
    monkeypatch.setattr(stage, "scopes_of", lambda _: scopes)
    question = '[[question]]\nid = "all"\ncount = "people"\ntable = "visits"\n'
    (case.folder / "questions.toml").write_text(question, "utf-8")
    return case, scopes


def answer(case: Case) -> dict[str, Any]:
    return dict(stage.run(case, Silent())["findings"][0])


def assert_only_stands(again: dict[str, Any], first: dict[str, Any]) -> None:
    """No new number is told; what readers have stays true of its day."""
    assert again["refused"]["code"] == "CUTOFF"
    assert "earlier finding: all" in again["refused"]["message"]
    assert not again["cells"]
    (stands,) = again["stands"]
    assert stands["cells"] == first["cells"]
    assert stands["provenance"]["cut_off"] == first["provenance"]["cut_off"]


def test_records_that_come_later_do_not_move_the_cut_off(asked: tuple[Case, dict[str, Scope]]) -> None:
    case, _ = asked
    first = answer(case)
    assert first["provenance"]["cut_off"] == "2018-04-30"
    late = "SELECT _row + 1000, c1 + INTERVAL 1 YEAR FROM clean.t1"
    case.vault.engine.run(f"INSERT INTO clean.t1 {late}")
    case.vault.engine.run("INSERT INTO people.t1 SELECT _row + 1000, person + 1000, sure FROM people.t1")
    again = answer(case)
    assert again["cells"] == first["cells"]
    assert again["provenance"]["cut_off"] == "2018-04-30"


def test_an_earlier_cut_off_is_refused_where_something_was_released(
    asked: tuple[Case, dict[str, Scope]],
) -> None:
    case, _ = asked
    first = answer(case)
    case.policy = replace(case.policy, cut_off_days=100)
    assert_only_stands(answer(case), first)
    case.policy = replace(case.policy, cut_off_days=60)
    assert answer(case)["cells"]


def test_a_table_that_loses_its_date_is_refused_since_it_would_tell_what_lies_after_the_cut_off(
    asked: tuple[Case, dict[str, Scope]],
) -> None:
    case, scopes = asked
    first = answer(case)
    scopes["visits"] = replace(scopes["visits"], event_date=None)
    assert_only_stands(answer(case), first)


def test_another_table_is_asked_up_to_the_day_of_the_release(asked: tuple[Case, dict[str, Scope]]) -> None:
    case, scopes = asked
    answer(case)
    later: list[dt.date | None] = [dt.date(2018, 4, 1) + dt.timedelta(n) for n in range(200)]
    scopes["late"] = add_table(case, "late", events(later), [*range(200)], "on")
    question = '[[question]]\nid = "late"\ncount = "records"\ntable = "late"\n'
    (case.folder / "questions.toml").write_text(question, "utf-8")
    assert answer(case)["cells"][0]["value"] == 30


def drawn(case: Case, monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    monkeypatch.setattr("sousveil.findings.cutoff.secrets.randbelow", lambda most: min(days, most - 1))
    case.policy = replace(case.policy, cut_off_spread_days=60)


def test_days_that_only_the_vault_knows_move_the_cut_off_once(
    asked: tuple[Case, dict[str, Scope]], monkeypatch: pytest.MonkeyPatch
) -> None:
    case, _ = asked
    drawn(case, monkeypatch, 45)
    # The last record is of 2018-07-19, and 105 days before it April has not begun.
    assert answer(case)["provenance"]["cut_off"] == "2018-03-31"
    drawn(case, monkeypatch, 0)
    assert answer(case)["provenance"]["cut_off"] == "2018-03-31"
    assert "45" not in (case.folder / "case.toml").read_text("utf-8")


def test_days_drawn_anew_leave_what_was_released_where_it_is(
    asked: tuple[Case, dict[str, Scope]], monkeypatch: pytest.MonkeyPatch
) -> None:
    case, scopes = asked
    drawn(case, monkeypatch, 20)
    first = answer(case)
    for days in (0, 60):
        case.vault.put_document("cut-off days drawn", None)
        drawn(case, monkeypatch, days)
        assert answer(case)["cells"] == first["cells"]
    assert cut_off(case, scopes.values()) != dt.date.fromisoformat(first["provenance"]["cut_off"])


def test_as_many_days_as_were_asked_for_can_be_drawn(tmp_path: Path) -> None:
    case = empty_case(tmp_path)
    table = add_table(case, "new", events([dt.date(2019, 6, 20)] * 5), [1] * 5, "on")
    case.policy = replace(case.policy, cut_off_spread_days=60)
    found = set()
    for _ in range(200):
        case.vault.put_document("cut-off days drawn", None)
        found.add(cut_off(case, [table]))
    # 0 to 60 days before 2019-04-21; the earliest month is that of the last eight of them.
    assert found == {dt.date(2019, 3, 31), dt.date(2019, 2, 28), dt.date(2019, 1, 31)}
    case.close()
