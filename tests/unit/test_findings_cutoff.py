"""One day for the case after which nothing is counted: robust against dates that are not plausible."""

import datetime as dt
from pathlib import Path

import pytest

from sousveil.findings.bases import bases
from sousveil.findings.cutoff import cut_off, end_of_month, last_day
from sousveil.findings.model import ExactTable, Question
from sousveil.findings.questions import check
from sousveil.findings.tabulate import Tabulation
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
