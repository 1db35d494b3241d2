"""A condition selects the rows that DuckDB selects for the SQL that a person would have meant by it."""

import datetime as dt
import random
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sousveil.case import Case
from sousveil.findings import where as language
from sousveil.findings.bases import bases, sql
from sousveil.findings.scope import Scope
from sousveil.findings.translate import predicate
from tests.support_findings import add_table, empty_case

ROWS = 150
LABELS = ["甲", "乙", "it's", "100%", "a_b", 'q"q', ""]
ON = "2018-02-28"
AGE = f"date_sub('year', c5, DATE '{ON}')"  # completed years, by DuckDB itself


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Case, Scope]]:
    case = empty_case(tmp_path_factory.mktemp("translation"))
    scope = add_table(case, "t", columns(random.Random(1)), [1] * ROWS)
    yield case, scope
    case.close()


def columns(chance: random.Random) -> dict[str, tuple[str, list[object]]]:
    def some(make: object) -> list[object]:
        return [None if chance.random() < 0.15 else make() for _ in range(ROWS)]  # type: ignore[operator]

    start = dt.datetime(2017, 12, 1)
    return {
        "cat": ("category", some(lambda: chance.choice(LABELS))),
        "n": ("number", some(lambda: float(chance.randint(-3, 3)))),
        "day": ("date", some(lambda: (start + dt.timedelta(chance.randint(0, 90))).date())),
        "at": ("datetime", some(lambda: start + dt.timedelta(hours=12 * chance.randint(0, 180)))),
        "born": ("birth_date", some(lambda: dt.date(chance.randint(1890, 2020), 2, chance.randint(27, 28)))),
        "flag": ("boolean", some(lambda: chance.random() < 0.5)),
    }


def text_literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


OPS = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
DAYS = st.integers(0, 90).map(lambda days: f"DATE '{dt.date(2017, 12, 1) + dt.timedelta(days)}'")
MOMENTS = st.integers(0, 180).map(
    lambda n: f"TIMESTAMP '{dt.datetime(2017, 12, 1) + dt.timedelta(hours=12 * n)}'"
)
TEXTS = st.sampled_from(LABELS).map(text_literal)
NUMBERS = st.integers(-3, 3).map(str) | st.just("0.5")
BANDS = {"0-17": (0, 17), "18-29": (18, 29), "30-44": (30, 44), "45-59": (45, 59), "60+": (60, 120)}


def same(inner: str, shown: str, literals: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, str]]:
    """Conditions that are the same text in the language and in SQL but for the column's name."""
    compared = st.tuples(OPS, literals).map(lambda p: f"{{}} {p[0]} {p[1]}")
    listed = st.lists(literals, min_size=1, max_size=3).map(lambda v: f"{{}} IN ({', '.join(v)})")
    between = st.tuples(literals, literals).map(lambda p: f"{{}} BETWEEN {p[0]} AND {p[1]}")
    either = compared | listed | between | st.sampled_from(["{} IS NULL", "{} IS NOT NULL"])
    return either.map(lambda form: (form.format(shown), form.format(inner)))


ATOMS = st.one_of(
    same("c1", "cat", TEXTS),
    same("c2", "n", NUMBERS),
    same("c3", "day", DAYS),
    same("c4", "at", MOMENTS),
    same("CAST(c4 AS DATE)", "at", DAYS),
    same("strftime(c4, '%Y-%m')", "month(at)", st.sampled_from(["'2017-12'", "'2018-01'", "'2018-02'"])),
    same(
        "year(c3) || '-Q' || quarter(c3)",
        "quarter(day)",
        st.sampled_from(["'2017-Q3'", "'2017-Q4'", "'2018-Q1'"]),
    ),
    same("year(c3)", "year(day)", st.sampled_from(["2017", "2018"])),
    st.sampled_from(["%'%", "_", "100%", "%_b", ""]).map(
        lambda p: (f"cat LIKE {text_literal(p)}", f"c1 LIKE {text_literal(p)}")
    ),
    st.sampled_from(sorted(BANDS)).map(
        lambda band: (
            f"age_band(born, on = '{ON}') = '{band}'",
            f"CASE WHEN {AGE} BETWEEN 0 AND 120 AND c5 <= DATE '{ON}'"
            f" THEN {AGE} BETWEEN {BANDS[band][0]} AND {BANDS[band][1]} END",
        )
    ),
    st.just(("flag", "c6")),
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        inner.map(lambda p: (f"NOT ({p[0]})", f"NOT ({p[1]})")),
        st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(
            lambda p: (f"({p[0][0]} {p[1]} {p[2][0]})", f"({p[0][1]} {p[1]} {p[2][1]})")
        ),
    ),
    max_leaves=5,
)


def selected(case: Case, scope: Scope, where: str) -> list[int]:
    node = language.where(where, scope)
    assert node is not None
    with bases(case, None) as made:
        rows = made.of(scope, {column.sql for column in scope.columns.values()})
        found = rows.filter(predicate(node, rows, scope)).select("_row").order_by("_row")
        return [row for (row,) in case.vault.engine.rows(sql(found))]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CONDITIONS)
def test_a_condition_selects_what_the_engine_selects(
    table: tuple[Case, Scope], condition: tuple[str, str]
) -> None:
    case, scope = table
    where, reference = condition
    expected = case.vault.engine.rows(f"SELECT _row FROM {scope.table.clean} WHERE {reference} ORDER BY _row")
    assert selected(case, scope, where) == [row for (row,) in expected]


def test_a_day_compared_with_a_moment_is_the_whole_day(table: tuple[Case, Scope]) -> None:
    case, scope = table
    day = selected(case, scope, "at BETWEEN DATE '2018-01-05' AND DATE '2018-01-05'")
    assert day == selected(
        case, scope, "at >= TIMESTAMP '2018-01-05 00:00' AND at < TIMESTAMP '2018-01-06 00:00'"
    )
    assert day


def test_a_condition_of_many_parts_is_compiled(table: tuple[Case, Scope]) -> None:
    case, scope = table
    where = " or ".join(f"n = {number} and cat <> 'x{number}'" for number in range(200))
    assert selected(case, scope, where) == selected(case, scope, "n in (0, 1, 2, 3) and cat is not null")


def test_no_text_of_a_question_reaches_the_engine_but_as_a_literal(table: tuple[Case, Scope]) -> None:
    case, scope = table
    for attack in ("'; DROP TABLE clean.t1; --", "' OR '1'='1", "\\' OR 1=1 --", "$$", "%' ESCAPE '%"):
        assert selected(case, scope, f"cat = {text_literal(attack)}") == []
    assert case.vault.engine.value("SELECT count(*) FROM clean.t1") == ROWS
