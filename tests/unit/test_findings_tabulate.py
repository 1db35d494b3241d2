"""Exact tables: the same as counting by hand, their labels and their order."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sousveil.case import Case
from sousveil.count import cells
from sousveil.errors import UnsafeWhere
from sousveil.findings import tabulate
from sousveil.findings.bases import bases
from sousveil.findings.labels import label
from sousveil.findings.model import ExactTable, Question
from sousveil.findings.populations import CasePopulations
from sousveil.findings.questions import check
from sousveil.findings.scope import Scope
from sousveil.findings.tabulate import Tabulation, TooFine
from tests.support_findings import add_table, empty_case

Row = tuple[str | None, dt.date | None, dt.date | None, float | None, int | None]
DAY = st.none() | st.dates(dt.date(2017, 11, 1), dt.date(2018, 2, 28))
ROWS = st.lists(
    st.tuples(
        st.none() | st.sampled_from(["甲", "乙", "丙"]),
        DAY,
        st.none() | st.dates(dt.date(1890, 1, 1), dt.date(2020, 1, 1)),
        st.none() | st.sampled_from([1.0, 2.5, -10.0]),
        st.none() | st.integers(1, 6),
    ),
    max_size=40,
)


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    made = empty_case(tmp_path)
    yield made
    made.close()


def add(case: Case, rows: list[Row], name: str = "t") -> Scope:
    cat, day, born, number, person = ([row[place] for row in rows] for place in range(5))
    columns: dict[str, tuple[str, list[Any]]] = {
        "cat": ("category", cat),
        "day": ("date", day),
        "born": ("birth_date", born),
        "n": ("number", number),
        "flag": ("boolean", [None if n is None else n > 0 for n in number]),
    }
    return add_table(case, name, columns, person)


def table(case: Case, scopes: dict[str, Scope], question: Question) -> ExactTable:
    asked, refused = check(scopes, [question])
    assert not refused
    with bases(case, None) as made:
        found = Tabulation(made, scopes).table(asked[0])
    assert isinstance(found, ExactTable)
    return found


def labels_of(row: Row) -> tuple[str, str, str, str]:
    cat, day, born, number, _ = row
    band = ""
    if born and born <= dt.date(2018, 1, 1):
        age = 2018 - born.year - ((born.month, born.day) > (1, 1))
        names = {0: "0-17", 18: "18-29", 30: "30-44", 45: "45-59", 60: "60+"}
        band = "" if age > 120 else names[max(first for first in names if first <= age)]
    return (
        cat or "",
        f"{day:%Y-%m}" if day else "",
        band,
        "" if number is None else {1.0: "1", 2.5: "2.5", -10.0: "-10"}[number],
    )


BY = ("cat", "month(day)", "age_band(born, on = '2018-01-01')", "n")


def _with_truths(case: Case, scope: Scope, rows: list[Row], places: list[int]) -> None:
    """The gate's own counts, by truths and labels, are those by hand, too."""
    expected: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        truths = ("01"[row[0] == "甲"], "01"[row[3] is not None and row[3] > 0])
        expected.setdefault((*truths, *(labels_of(row)[place] for place in places)), []).append(row)
    with bases(case, None) as made:
        populations = CasePopulations({"t": scope}, made)
        found = populations.joint("t", ["cat = '甲'", "n > 0"], [BY[place] for place in places])
    assert found == {
        key: (len(some), len({row[4] for row in some if row[4]})) for key, some in expected.items()
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, st.lists(st.sampled_from(range(4)), unique=True, max_size=3))
def test_cells_are_what_counting_by_hand_gives(case: Case, rows: list[Row], places: list[int]) -> None:
    scope = add(case, rows)
    by = tuple(BY[place] for place in places)
    expected: dict[tuple[str, ...], tuple[int, set[int]]] = {}
    for row in rows:
        key = tuple(labels_of(row)[place] for place in places)
        records, people = expected.get(key, (0, set()))
        expected[key] = (records + 1, people | ({row[4]} if row[4] else set()))
    for count in ("records", "people"):
        found = table(case, {"t": scope}, Question("a", "A", count, "t", "", by))
        cells = {cell.keys: (cell.records, cell.people) for cell in found.cells}
        assert cells == ({key: (n, len(people)) for key, (n, people) in expected.items()} if by else {})
        assert found.total.records == len(rows)
        assert found.total.people == len({row[4] for row in rows if row[4]})
        for cell in (*found.cells, found.total):
            assert cell.low <= cell.value <= cell.high
            assert count == "people" or (cell.low, cell.value, cell.high) == (cell.records,) * 3
    _with_truths(case, scope, rows, places)
    case.vault.engine.run("DELETE FROM meta.tables; DELETE FROM meta.columns")
    for schema in ("clean", "people"):
        case.vault.engine.run(f"DROP TABLE {schema}.t1")
    case.forget()


def test_the_whole_case_counts_a_person_once(case: Case) -> None:
    one = add(case, [("甲", None, None, None, person) for person in (1, 1, 2, None)], "one")
    two = add(case, [("甲", None, None, None, person) for person in (2, 3)], "two")
    found = table(case, {"one": one, "two": two}, Question("a", "A", "people", "*"))
    assert (found.total.records, found.total.people) == (6, 3)


def test_a_table_without_records(case: Case) -> None:
    found = table(case, {"t": add(case, [])}, Question("a", "A", "people", "t", "", ("cat",)))
    assert found.cells == ()
    assert (found.total.records, found.total.people, found.total.value) == (0, 0, 0)


def test_months_ascend_and_categories_go_by_size(case: Case) -> None:
    days = [dt.date(2018, 2, 1), dt.date(2017, 12, 1), None, dt.date(2018, 1, 1), dt.date(2018, 1, 2)]
    rows: list[Row] = [
        (cat, day, None, None, person)
        for person, (cat, day) in enumerate(zip(["乙", "甲", None, "丙", "丙"], days, strict=True))
    ]
    scopes = {"t": add(case, [*rows, *rows, (None, None, None, None, None)])}
    months = table(case, scopes, Question("a", "A", "records", "t", "", ("month(day)",)))
    assert [cell.keys[0] for cell in months.cells] == ["2017-12", "2018-01", "2018-02", ""]
    categories = table(case, scopes, Question("a", "A", "records", "t", "", ("cat",)))
    assert [(cell.keys[0], cell.value) for cell in categories.cells] == [
        ("丙", 4),
        ("乙", 2),
        ("甲", 2),
        ("", 3),
    ]


def test_the_columns_and_the_population_are_named(case: Case) -> None:
    scopes = {"t": add(case, [("甲", None, None, None, 1)])}
    found = table(case, scopes, Question("a", "A", "people", "t", "n in (1)", ("cat",)))
    assert found.columns == ("n", "cat")
    assert found.population == 'table t; where "n" = 1'


def test_too_many_cells_are_not_handed_on(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabulate, "MAX_CELLS", 1)
    scopes = {"t": add(case, [("甲", None, None, None, 1), ("乙", None, None, None, 1)])}
    asked, _ = check(scopes, [Question("a", "A", "people", "t", "", ("cat",))])
    with bases(case, None) as made:
        assert isinstance(Tabulation(made, scopes).table(asked[0]), TooFine)


def test_nothing_is_left_in_the_engine(case: Case) -> None:
    table(case, {"t": add(case, [("甲", None, None, None, 1)])}, Question("a", "A", "people", "t"))
    assert case.vault.engine.rows("SELECT 1 FROM duckdb_tables() WHERE temporary") == []


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("month", 2018 * 12 + 2, "2018-03"),
        ("month", 987 * 12 + 11, "0987-12"),
        ("year", 2018, "2018"),
        ("age_band", 4, "60+"),
        ("truth", False, "false"),
        ("number", 1e16, "1e+16"),
        ("number", float("nan"), ""),
        ("label", "甲", "甲"),
        ("sex", None, ""),
    ],
)
def test_labels(kind: str, value: object, shown: str) -> None:
    assert label(kind, value) == shown


def test_the_difference_of_two_populations_counts_people(case: Case) -> None:
    rows: list[Row] = [
        ("甲", None, None, 1.0, 1),
        ("甲", None, None, 1.0, 2),
        ("乙", None, None, 1.0, 2),
        ("乙", None, None, 1.0, 3),
        ("丙", None, None, 1.0, None),
        ("丙", None, None, 1.0, None),
    ]
    scopes = {"t": add(case, rows)}

    def ask(count: str, where: str) -> Question:
        return Question("a", "A", count, "t", where)

    with bases(case, None) as made:
        populations = CasePopulations(scopes, made)
        assert populations.difference(ask("people", "cat = '甲'"), ask("people", "cat = '乙'")) == (1, 1)
        assert populations.difference(ask("records", "cat = '甲'"), ask("records", "cat = '乙'")) == (2, 2)
        assert populations.difference(ask("people", ""), ask("people", "cat = '甲'")) == (1, 0)
        assert populations.difference(ask("people", ""), ask("people", "cat <> '丙'")) == (0, 0)
        assert populations.difference(ask("records", ""), ask("records", "cat <> '丙'")) == (1, 0)
        assert populations.difference(ask("people", "n = 1"), ask("people", "")) == (0, 0)
        assert populations.difference(ask("people", "n = 2"), ask("people", "n = 3")) == (0, 0)


def test_the_people_of_a_cell_are_those_of_the_count(case: Case) -> None:
    rows: list[Row] = [("甲" if n % 3 else "乙", None, None, None, n % 7 or None) for n in range(50)]
    scope = add(case, rows)
    case.vault.engine.run("UPDATE people.t1 SET sure = (_row % 4 = 0) WHERE person IS NOT NULL")
    found = table(case, {"t": scope}, Question("a", "A", "people", "t", "", ("cat",)))
    sql = f"SELECT c1, {cells.PEOPLE}, {cells.VALUE}, {cells.LOW}, {cells.HIGH} "
    expected = case.vault.engine.rows(sql + "FROM clean.t1 JOIN people.t1 USING (_row) GROUP BY 1")
    got = [(cell.keys[0], cell.people, cell.value, cell.low, cell.high) for cell in found.cells]
    assert sorted(got) == sorted(expected)


def test_vehicles_and_devices_are_no_people_of_the_whole_case(case: Case) -> None:
    plates: list[Row] = [("甲", None, None, None, cells.NOT_PEOPLE + n) for n in range(5)]
    scopes = {"plates": add(case, plates, "plates"), "t": add(case, [("甲", None, None, None, 1)] * 3, "t")}
    assert table(case, scopes, Question("a", "A", "people", "plates")).total.people == 5
    assert table(case, scopes, Question("a", "A", "people", "*")).total.people == 1
    with bases(case, None) as made:
        tabulation = Tabulation(made, scopes)
        assert [tabulation.tells_people_apart(scope) for scope in scopes.values()] == [False, True]


def test_records_of_nobody_known_widen_the_whole_case_only_where_they_are_about_people(case: Case) -> None:
    of_nobody: list[Row] = [("甲", None, None, None, None)] * 5
    points = replace(add(case, of_nobody, "points"), unit="vehicles")
    scopes = {"points": points, "t": add(case, [("甲", None, None, None, 1), *of_nobody[:2]], "t")}
    total = table(case, scopes, Question("a", "A", "people", "*")).total
    assert (total.low, total.value, total.high) == (1, 1, 3)


def test_populations_by_ages_on_different_days_are_held_against_each_other(case: Case) -> None:
    # The gate does so after every release; only a person may not ask for both days at once.
    born = [dt.date(1990 + n % 30, 1 + n % 12, 5) for n in range(90)]
    scopes = {"t": add_table(case, "t", {"born": ("birth_date", born)}, list(range(90)))}
    minors = "of_age(born, on = '{}-01-01') = '0-17'"
    asked = Question("q", "Q", "people", "t", f"{minors.format(2018)} AND {minors.format(2019)}")
    with pytest.raises(UnsafeWhere):
        check(scopes, [asked])
    with bases(case, None) as made:
        found = CasePopulations(scopes, made).remainder(asked, [])
    assert found == sum(dt.date(2001, 1, 1) < day <= dt.date(2018, 1, 1) for day in born) > 0
