"""Findings mean the same on every engine: the code keeps to expressions that DuckDB, Sail and Spark share.

No regular expression, no cast but of a literal, no folding of case, no approximate count, no SQL text of its
own but the few statements listed here.
"""

import ast
import datetime as dt
import functools
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import ibis
import ibis.expr.operations as ops
import pytest

import sousveil.findings
from sousveil.findings import where as language
from sousveil.findings.bases import sql, up_to
from sousveil.findings.scope import IBIS
from sousveil.findings.tabulate import grouped, key
from sousveil.findings.translate import predicate
from tests.support_findings import scope_of

SOURCE = Path(sousveil.findings.__file__).parent

_CASTS = ("cast", "try_cast", "as_date", "as_timestamp", "to_date", "to_timestamp", "strftime", "truncate")
_PATTERNS = ("re_search", "re_match", "re_extract", "re_replace", "re_split", "rlike", "ilike", "translate")
_FOLDING = ("initcap", "strip_accents", "levenshtein", "soundex")
_COUNTS = (
    "approx_nunique",
    "approx_median",
    "approx_quantile",
    "nunique",
    "mode",
    "arbitrary",
    "first",
    "last",
)
ELSEWHERE = frozenset((*_CASTS, *_PATTERNS, *_COUNTS, *_FOLDING, "random", "row_number", "epoch_seconds"))
"""Methods of Ibis that engines answer differently, or not all of them."""

SHARED = (
    ops.And, ops.Or, ops.Not, ops.Equals, ops.NotEquals, ops.Less, ops.LessEqual, ops.Greater,
    ops.GreaterEqual, ops.IsNull, ops.NotNull, ops.InValues, ops.StringSQLLike, ops.IfElse,
    ops.SearchedCase, ops.Coalesce, ops.ExtractYear, ops.ExtractMonth, ops.ExtractDay, ops.Add, ops.Subtract,
    ops.Multiply, ops.Literal,
    ops.Field, ops.Cast, ops.Count, ops.CountStar, ops.Sum, ops.Any, ops.Aggregate, ops.Project, ops.Filter,
    ops.UnboundTable, ops.DatabaseTable,
)  # fmt: skip
"""Everything that a question may be compiled to."""

STATEMENTS = (
    re.compile(r"(CREATE OR REPLACE TEMPORARY TABLE base_t| AS )"),
    re.compile(r"DROP TABLE IF EXISTS temp\.main\."),
    re.compile(
        r"SELECT column_name, data_type FROM duckdb_columns\(\) WHERE database_name = 'vault' "
        r"AND schema_name = 'clean' AND table_name = \?"
    ),
    re.compile(
        r"(CREATE SCHEMA IF NOT EXISTS released$|CREATE TABLE released\.|DROP TABLE IF EXISTS released\.)"
    ),
    re.compile(
        r"SELECT coalesce\(max\(.*\), 0\) FROM information_schema\.tables WHERE table_schema = 'released'"
    ),
)
"""The SQL that is not made by Ibis: it moves tables about and asks what there is, and holds no condition."""

SCOPE = scope_of(
    {
        "label": "category",
        "nation": "nationality",
        "sex": "sex",
        "flag": "boolean",
        "n": "number",
        "day": "date",
        "moment": "datetime",
        "born": "birth_date",
    }
)
WHERES = (
    "label = 'a' or label <> 'b' or label < 'c' or label in ('d', 'e') or label not like '%_$'",
    "label is null or nation is not null",
    "nation in ('KAZ', 'CHN') and sex = 'F' and flag and not (n between -1 and 2.5) and n is not null",
    "day >= date '2018-01-01' and day not in ('2018-02-03', '2018-02-04') and month(day) = '2018-03'",
    "moment = date '2018-01-01' or moment <> date '2018-01-01' or moment < timestamp '2018-01-01 10:00'",
    "moment <= date '2018-01-01' or moment > date '2018-01-01' or moment in ('2018-01-01', '2018-01-02')",
    "year(moment) in (2017, 2018) or age_band(born, on = '2018-01-01') <> '0-17'",
    "quarter(moment) between '2017-Q4' and '2018-Q1' or of_age(born, on = '2018-01-01') = '18+'",
    "region(nation) in ('Central Asia', 'Caribbean') or continent(nation) <> 'Africa'",
)
BYS = (
    "label",
    "nation",
    "sex",
    "flag",
    "n",
    "month(day)",
    "year(moment)",
    "age_band(born, on = '2018-01-01')",
    "quarter(day)",
    "of_age(born, on = '2018-01-01')",
    "region(nation)",
    "continent(nation)",
)


def sources() -> Iterator[tuple[str, ast.AST]]:
    for path in sorted(SOURCE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            yield path.name, node


def rows() -> ibis.Table:
    """A base as `bases` has it."""
    columns = {column.sql: IBIS[column.kept] for column in SCOPE.columns.values() if column.kept}
    schema = {"_row": "int64"} | columns | {"person": "int64", "sure": "boolean"}
    return ibis.table(schema, name="base_t1")


def expressions() -> Iterator[ibis.Table]:
    for text in WHERES:
        node = language.where(text, SCOPE)
        assert node is not None
        yield rows().filter(predicate(node, rows(), SCOPE))
    for text in BYS:
        ref = language.by(text, SCOPE)
        yield grouped(rows(), [functools.partial(key, ref, SCOPE)])
    for column in ("day", "moment"):
        yield up_to(rows(), replace(SCOPE, event_date=SCOPE.columns[column]), dt.date(2018, 1, 31))


def test_the_code_calls_nothing_that_engines_answer_differently() -> None:
    called = {
        (name, node.func.attr)
        for name, node in sources()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert sorted(call for call in called if call[1] in ELSEWHERE) == []


def test_the_code_holds_no_sql_but_what_is_listed() -> None:
    keywords = re.compile(r"\b(SELECT|INSERT|CREATE|DROP|UPDATE|ALTER|COPY|ATTACH|FROM|CAST|REGEXP\w*)\b")
    for name, node in sources():
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and keywords.search(node.value):
            is_prose = name in ("constructs.py", "parser.py") or "\n" in node.value
            assert is_prose or any(known.match(node.value) for known in STATEMENTS), (name, node.lineno)


def test_what_is_compiled_is_shared_by_the_engines() -> None:
    found = {type(node) for made in expressions() for node in made.op().find(ops.Node)}
    assert {kind.__name__ for kind in found if not issubclass(kind, SHARED)} == set()


def test_nothing_but_a_literal_is_cast() -> None:
    casts = [node for made in expressions() for node in made.op().find(ops.Cast)]
    assert [node for node in casts if not isinstance(node.arg, ops.Literal)] == []


@pytest.mark.parametrize("place", range(len(WHERES)))
def test_the_text_for_the_engine_has_no_pattern_but_like(place: int) -> None:
    node = language.where(WHERES[place], SCOPE)
    assert node is not None
    text = sql(rows().filter(predicate(node, rows(), SCOPE)))
    assert not re.search(r"REGEXP|RLIKE|SIMILAR|GLOB|ILIKE|\\[dwsp]|LOWER|UPPER|APPROX", text)
    assert "$" not in text.replace("'%_$'", "")
