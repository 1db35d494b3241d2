"""questions.toml: what may stand in it, and what is said of what may not."""

from pathlib import Path

import pytest

from sousveil.errors import BadQuestion, UnknownColumn, UnknownTable
from sousveil.findings import questions as toml
from sousveil.findings.model import Question
from sousveil.gate.language.refs import canonical, function
from tests.support_findings import scope_of

GOOD = """
# a comment
[[question]]
id    = "visitors-by-nationality"
title = "Foreign visitors, by nationality"
count = "people"
table = "t"
where = "nationality <> 'CHN'"
by    = ["nationality"]

[[question]]
id = "all"
count = "people"
table = "*"
"""
SCOPES = {"t": scope_of({"nationality": "nationality", "kind": "category", "name": "person_name"})}


def read(folder: Path, text: str) -> list[Question]:
    (folder / "q.toml").write_text(text, "utf-8")
    return toml.read(folder / "q.toml")[0]


def section(**settings: str) -> str:
    given = {"id": '"a"', "count": '"people"', "table": '"t"'} | settings
    return "[[question]]\n" + "".join(f"{name} = {value}\n" for name, value in given.items())


def test_a_file_is_read_with_the_line_of_each_question(tmp_path: Path) -> None:
    (tmp_path / "q.toml").write_text(GOOD, "utf-8")
    questions, lines = toml.read(tmp_path / "q.toml")
    assert [question.id for question in questions] == ["visitors-by-nationality", "all"]
    assert questions[0].by == ("nationality",)
    assert questions[1].title == "all"
    assert lines == {"visitors-by-nationality": 3, "all": 11}


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    questions = [
        Question("a", 'A "title"', "records", "中文 表", "\"类 别\" = 'it''s'", ("month(入境)", "kind")),
        Question("b", "B", "people", "*"),
    ]
    assert read(tmp_path, toml.write(questions)) == questions


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[question]\n", "TOML"),
        ("title = 'a'\n", "nothing but sections"),
        ("[question]\nid = 'a'\n", "nothing but sections"),
        (section(wher='"n = 1"'), "'where'"),
        (section(colour='"red"'), "no such setting"),
        ("[[question]]\nid = 'a'\ncount = 'people'\n", "no `table`"),
        (section(id="3"), "`id` must be a text"),
        (section(id='"a b"'), "letters"),
        (section(id='"../../a"'), "letters"),
        (section(id='"990102199001011234"'), "identity number"),
        (section(count='"persons"'), '"people" or "records"'),
        (section(by='["a", 3]'), "list of texts"),
        (section(by='["a", "b", "c", "d"]'), "at most"),
        (section(table='"*"', by='["a"]'), "whole case"),
        (section(table='"*"', count='"records"'), "whole case"),
        (section() + section(), "same id"),
        (section() + section(id='"A"'), "same id"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadQuestion, match=said) as caught:
        read(tmp_path, text)
    assert caught.value.exit_code == 2


def test_a_mistake_is_named_with_its_question_and_line(tmp_path: Path) -> None:
    with pytest.raises(BadQuestion) as caught:
        read(tmp_path, GOOD + section(id='"late"', count='"all"'))
    assert caught.value.where == {"question": "late", "line": 15}


def test_a_missing_file_and_a_file_that_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(BadQuestion, match="does not exist"):
        toml.read(tmp_path / "none.toml")
    (tmp_path / "q.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadQuestion, match="can't be read"):
        toml.read(tmp_path / "q.toml")


def test_questions_are_checked_against_the_tables() -> None:
    def ask(**settings: object) -> Question:
        return Question(**({"id": "a", "title": "A", "count": "people", "table": "t"} | settings))  # type: ignore[arg-type]

    with pytest.raises(UnknownTable, match="did you mean 'table_of_visits'"):
        toml.check({"table_of_visits": SCOPES["t"]}, [ask(table="table_of_visit")])
    with pytest.raises(UnknownColumn, match="did you mean 'kind'") as caught:
        toml.check(SCOPES, [ask(by=("kinds",))], {"a": 7})
    assert caught.value.where == {"question": "a", "line": 7, "in": "by", "table": "t"}
    with pytest.raises(BadQuestion, match="twice"):
        toml.check(SCOPES, [ask(by=("kind", '"kind"'))])


def test_a_column_is_called_by_its_name_whether_it_was_asked_in_quotes_or_not() -> None:
    scopes = {"t": scope_of({"警情类别": "category", "geo.zone": "category", "报警时间": "datetime"})}
    asked, _ = toml.check(
        scopes,
        [
            Question("a", "A", "people", "t", "", ("警情类别", "geo.zone", "month(报警时间)")),
            Question("b", "B", "people", "t", "", ('"警情类别"', '"geo.zone"', 'month("报警时间")')),
        ],
    )
    assert asked[0].question.by == ("警情类别", "geo.zone", "month(报警时间)")
    assert asked[1].question.by == ("警情类别", "geo.zone", 'month("报警时间")')
    assert asked[0].by == asked[1].by


@pytest.mark.parametrize("name", ["month(x)", "YEAR (x), n", "age_band(x, on = 1", '"a"'])
def test_a_name_that_reads_as_something_else_cannot_be_grouped_by(name: str) -> None:
    scopes = {"t": scope_of({name: "category", "a": "category"})}
    with pytest.raises(BadQuestion, match="looks like a function"):
        toml.check(scopes, [Question("a", "A", "people", "t", "", (name,))])


@pytest.mark.parametrize(
    "name", ["警情类别", "geo.zone", "人数(人)", "monthly", "a, on = 'x'", 'a"b', "f(x)"]
)
def test_the_gate_reads_a_column_by_name_as_that_column(name: str) -> None:
    asked, _ = toml.check(
        {"t": scope_of({name: "category"})}, [Question("a", "A", "people", "t", "", (name,))]
    )
    assert canonical(asked[0].question.by[0]) == name
    assert function(name) == ""


def test_a_question_that_identifies_is_refused_and_the_others_go_on() -> None:
    questions = [
        Question("bad", "Bad", "people", "t", "name = 'x'"),
        Question("good", "Good", "people", "t", "", ("kind",)),
    ]
    asked, refused = toml.check(SCOPES, questions)
    assert [one.question.id for one in asked] == ["good"]
    assert refused["bad"].code == "IDENTIFYING"


def test_conditions_that_mean_the_same_are_one_population() -> None:
    wheres = ["kind = 'a' and nationality <> 'CHN'", "not (nationality in ('CHN') or kind <> 'a')"]
    asked, _ = toml.check(SCOPES, [Question(str(n), "", "people", "t", w) for n, w in enumerate(wheres)])
    assert asked[0].population(None) == asked[1].population(None)
