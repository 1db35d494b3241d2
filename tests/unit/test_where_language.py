"""The small language of `where` and `by`: what it says, what it refuses, and that it quotes nothing."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sousveil.errors import BadQuestion, Identifying, SousveilError, UnknownColumn, UnsafeWhere
from sousveil.findings import where as language
from sousveil.findings.parser import MAX_DEPTH
from sousveil.findings.syntax import Compare, Ref, text
from sousveil.findings.tokens import MAX_LENGTH
from tests.support_findings import scope_of

SCOPE = scope_of(
    {
        "nationality": "nationality",
        "entered": "datetime",
        "day": "date",
        "date": "date",
        "born": "birth_date",
        "类别": "category",
        "order": "category",
        "geo.zone": "category",
        "人数(人)": "number",
        "110类别": "category",
        "2018": "category",
        "警情级别2": "category",
        "WZ.lon": "number",
        "n": "number",
        "flag": "boolean",
        "sex": "sex",
        "XM": "person_name",
        "SFZH": "cn_resident_id",
        "phone": "phone",
        "plate": "cn_plate",
        "home": "address",
        "lon": "longitude",
        "note": "text",
        "odd": "unknown",
        "id": "serial",
        "credit code": "cn_uscc",
        "proved": "category",
    },
    identifying=["proved"],
)


def said(where: str) -> str:
    """The canonical text of a `where`, which reads as the same condition."""
    node = language.where(where, SCOPE)
    assert node is not None
    canonical = text(node)
    assert language.where(canonical, SCOPE) == node
    return canonical


@pytest.mark.parametrize(
    ("where", "canonical"),
    [
        ("nationality <> 'CHN'", "\"nationality\" <> 'CHN'"),
        ("nationality != 'CHN'", "\"nationality\" <> 'CHN'"),
        ("'CHN' = nationality", "\"nationality\" = 'CHN'"),
        ("3 < n", '"n" > 3'),
        ("n = -2.5", '"n" = -2.5'),
        ("n between 1 and 2", '"n" <= 2 AND "n" >= 1'),
        ("n not between 1 and 2", '"n" < 1 OR "n" > 2'),
        ("not (n = 1 and not flag)", '"flag" = TRUE OR "n" <> 1'),
        ("类别 in ('乙', '甲', '乙')", "\"类别\" IN ('乙', '甲')"),
        ("类别 in ('甲')", "\"类别\" = '甲'"),
        ("类别 not like '%危_'", "\"类别\" NOT LIKE '%危_'"),
        ("类别 = 'it''s'", "\"类别\" = 'it''s'"),
        ("not sex is null", '"sex" IS NOT NULL'),
        ("order = 'a' and date >= '2018-01-01'", "\"date\" >= DATE '2018-01-01' AND \"order\" = 'a'"),
        ("date > date '2018-01-01'", "\"date\" > DATE '2018-01-01'"),
        ("geo.zone = 'a'", "\"geo.zone\" = 'a'"),
        ('"人数(人)" > 3', '"人数(人)" > 3'),
        ("警情级别2 IS NOT NULL", '"警情级别2" IS NOT NULL'),
        ("110类别 is null and n = 110", '"110类别" IS NULL AND "n" = 110'),
        ("n = 2018", '"n" = 2018'),
        ("\"2018\" = 'a'", "\"2018\" = 'a'"),
        ('WZ.lon > 3 or "WZ.lon" is null', '"WZ.lon" > 3 OR "WZ.lon" IS NULL'),
        ("entered < TIMESTAMP '2018-01-01 10:00'", "\"entered\" < TIMESTAMP '2018-01-01 10:00:00'"),
        ("month(entered) = '2018-03'", "month(\"entered\") = '2018-03'"),
        ("year(day) in (2017, '2018')", 'year("day") IN (2017, 2018)'),
        ("age_band(born, on='2018-01-01') = '0-17'", "age_band(\"born\", on = '2018-01-01') = '0-17'"),
        ("(n = 1 or n = 2) and (n = 1 or n = 2)", '"n" = 1 OR "n" = 2'),
    ],
)
def test_the_language_says(where: str, canonical: str) -> None:
    assert said(where) == canonical


def test_conditions_that_mean_the_same_have_the_same_text() -> None:
    assert said("n = 1 and (flag or sex = 'F')") == said("not (sex <> 'F' and not flag) and n = 1.0")


def test_an_empty_where_is_no_condition() -> None:
    assert language.where("  ", SCOPE) is None


@pytest.mark.parametrize(
    ("where", "named"),
    [
        ("n = (select 1)", "subquery"),
        ("n in (select 1)", "subquery"),
        ("exists (select 1)", "subquery"),
        ("n::text = 'a'", "cast"),
        ("cast(n as int) = 1", "cast"),
        ("n + 1 = 2", "arithmetic"),
        ("类别 || 'a' = 'b'", "arithmetic"),
        ("n = 1; drop table x", "more than one statement"),
        ("n = 1 -- why", "comment"),
        ("/* why */ n = 1", "comment"),
        ("n = n", "two columns"),
        ("nationality = CHN", "two columns"),
        ("1 = 1", "without a column"),
        ("n = 1 or 1 = 1", "without a column"),
        ("true", "literal"),
        ("lower(类别) = 'a'", "LOWER"),
        ("read_csv('/etc/passwd') is null", "READ_CSV"),
        ("类别 = getenv('HOME')", "function"),
        ("frobnicate(类别) = 'a'", "function"),
        ("year(month(day)) = 2018", "MONTH"),
        ("n = 1 union select 2", "UNION"),
        ("case when n = 1 then true end", "CASE"),
        ("n is distinct from 1", "IS"),
        ("n = null", "IS NULL"),
        ("n = ?", "placeholder"),
        ("n = $1", "placeholder"),
        ("类别 ilike 'a'", "ILIKE"),
        ("类别 similar to 'a'", "SIMILAR"),
        ("类别 like 'a' escape '!'", "ESCAPE"),
        ("类别 like 'a\\%'", "backslash"),
        ("类别 = e'a'", "prefix"),
        ("类别 = $$a$$", "dollar"),
        ("类别 = 'a' 'b'", "text in quotes"),
        ("n = 0x10", "word"),
        ("n[1] = 2", "square bracket"),
        ("n == 1", "=="),
        ("n = 1)", "bracket"),
    ],
)
def test_what_is_outside_the_language_is_refused_by_name(where: str, named: str) -> None:
    with pytest.raises(UnsafeWhere, match=named.replace("|", r"\|")) as caught:
        language.where(where, SCOPE)
    assert (caught.value.code, caught.value.exit_code) == ("UNSAFE_WHERE", 2)


def test_numbers_that_are_too_large_are_refused() -> None:
    for number in ("1e400", "9" * 400, "9" * 5000):
        with pytest.raises(BadQuestion):
            language.where(f"n = {number}", SCOPE)


@pytest.mark.parametrize("where", ["n =", "(n = 1", "n in (1", "n = 'a", "not", "n between 1 and"])
def test_what_is_not_finished_is_a_bad_question(where: str) -> None:
    with pytest.raises(BadQuestion):
        language.where(where, SCOPE)


def test_deep_nesting_and_long_texts_are_refused() -> None:
    brackets = MAX_DEPTH + 1
    for where in ("(" * brackets + "n = 1" + ")" * brackets, "not " * brackets + "n = 1"):
        with pytest.raises(UnsafeWhere, match="deep"):
            language.where(where, SCOPE)
    with pytest.raises(UnsafeWhere, match="longer"):
        language.where("n = 1" + " " * MAX_LENGTH, SCOPE)
    assert said("(" * MAX_DEPTH + "n = 1" + ")" * MAX_DEPTH) == '"n" = 1'


@pytest.mark.parametrize(
    "where",
    [
        "XM = '某某'",
        "XM is not null",
        "SFZH like '99%'",
        "phone = '12000000000'",
        "plate = 'x'",
        "home like '%路%'",
        "lon > 87.5",
        "note like '%a%'",
        "odd = 'a'",
        "id = 7",
        "\"credit code\" = 'a'",
        "born = DATE '2000-01-01'",
        "month(born) = '2000-01'",
        "year(born) = 2000",
        "proved = 'a'",
        "n = 1 or not (flag and XM = 'a')",
    ],
)
def test_columns_that_may_identify_are_refused(where: str) -> None:
    with pytest.raises(Identifying) as caught:
        language.where(where, SCOPE)
    assert (caught.value.code, caught.value.exit_code) == ("IDENTIFYING", 3)


@pytest.mark.parametrize("by", ["XM", "SFZH", "entered", "day", "born", "year(born)", "note", "id", "proved"])
def test_by_refuses_what_may_identify_and_exact_dates(by: str) -> None:
    with pytest.raises(Identifying):
        language.by(by, SCOPE)


@pytest.mark.parametrize(
    ("by", "ref"),
    [
        ("nationality", Ref("nationality")),
        ("类别", Ref("类别")),
        ("人数(人)", Ref("人数(人)")),
        ('"geo.zone"', Ref("geo.zone")),
        ("month(entered)", Ref("entered", "month")),
        ("YEAR( day )", Ref("day", "year")),
        ("age_band(born, on = '2018-01-01')", Ref("born", "age_band", dt.date(2018, 1, 1))),
    ],
)
def test_by_reads_columns_and_functions(by: str, ref: Ref) -> None:
    assert language.by(by, SCOPE) == ref


@pytest.mark.parametrize("by", ["n = 1", "'a'", "1", "nationality, sex", "lower(类别)", "", "age_band(born)"])
def test_by_takes_nothing_else(by: str) -> None:
    with pytest.raises(BadQuestion):
        language.by(by, SCOPE)


@pytest.mark.parametrize(
    ("where", "wanted"),
    [
        ("类别 = 3", "text in quotes"),
        ("n = '3'", "a number"),
        ("n = true", "a number"),
        ("flag = 1", "TRUE or FALSE"),
        ("sex = '男'", "'F' or 'M'"),
        ("nationality = 'China'", "alpha-3"),
        ("day = 2018", "DATE"),
        ("day > TIMESTAMP '2018-01-01 10:00:00'", "DATE"),
        ("day = '2018-02-30'", "DATE"),
        ("month(day) = 3", "'2018-03'"),
        ("year(day) = '18'", "2018"),
        ("age_band(born, on = '2018-01-01') = '10-20'", "0-17"),
        ("age_band(born, on = '2018-01-01') > '0-17'", "IN"),
        ("sex < 'M'", "IN"),
        ("n like '1%'", "LIKE"),
        ("month(n) = '2018-01'", "date"),
    ],
)
def test_a_literal_must_be_of_the_kind_of_its_column(where: str, wanted: str) -> None:
    with pytest.raises(BadQuestion, match=wanted):
        language.where(where, SCOPE)


def test_an_unknown_column_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(UnknownColumn, match="did you mean 'nationality'"):
        language.where("nationalty = 'CHN'", SCOPE)
    with pytest.raises(UnknownColumn, match="nearest name"):
        language.by("somebody", SCOPE)


def test_a_name_that_is_far_from_every_column_is_not_repeated() -> None:
    with pytest.raises(UnknownColumn) as caught:
        language.where("某甲某乙 = 'a'", SCOPE)
    assert "某甲" not in caught.value.message + repr(caught.value.where)


def test_ages_on_two_days_in_one_question_are_refused() -> None:
    one, other = (Ref("born", "age_band", dt.date(2018, 1, day)) for day in (1, 2))
    language.one_day((one, one))
    with pytest.raises(UnsafeWhere, match="more than one day"):
        language.one_day((one, other))


def test_many_conditions_are_read() -> None:
    node = language.where(" or ".join(f"n = {number}" for number in range(800)), SCOPE)
    assert node is not None
    assert len(node.parts) == 800  # type: ignore[union-attr]


SIGNS = "n = <> ( ) , . ; - + * / || :: ' \" \\ -- /* */ $$ $1 ? { } [ ] @ # % ^ ~ ! == != \0 \u202e ＝"
WORDS = "and or not in like between is null true on select from union drop cast( as case when DATE TIMESTAMP"
OPERANDS = (
    "'2018-01-01' 'SECRET' 12345 nationality born XM 类别 \"类别\" month( year( age_band( E'x' x'ab' U&'d'"
)
PIECES = st.sampled_from(f"{SIGNS} {WORDS} {OPERANDS}".split())


@given(st.lists(PIECES, max_size=12).map(" ".join) | st.text(max_size=40))
def test_any_text_is_read_or_refused_and_never_quoted(untrusted: str) -> None:
    try:
        node = language.where(untrusted, SCOPE)
    except SousveilError as error:
        shown = error.message + repr(error.where)
        assert "SECRET" not in shown
        assert "12345" not in shown
    else:
        if node is not None:
            assert language.where(text(node), SCOPE) == node


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30))
def test_a_text_literal_comes_through_unchanged(untrusted: str) -> None:
    written = untrusted.replace("'", "''")
    assert language.where(f"类别 = '{written}'", SCOPE) == Compare(Ref("类别"), "=", untrusted)
