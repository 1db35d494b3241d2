"""Delimited text: the dialect, the fast way, and what happens to rows that do not fit."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sousveil.intake.dialect import propose
from sousveil.intake.header import is_header
from sousveil.intake.lenient import LONGEST_FIELD, Splitter, repair
from sousveil.intake.loaders import delimited
from sousveil.intake.sink import MemorySink, MemoryTable, Unreadable
from sousveil.intake.source import BytesSource


def loaded(data: bytes | str, name: str = "x.csv") -> tuple[MemoryTable, MemorySink]:
    sink = MemorySink()
    delimited.load(BytesSource(name, data.encode() if isinstance(data, str) else data), sink)
    return sink.tables[0], sink


def numbers(table: MemoryTable) -> list[int]:
    read = [number for batch, _ in table.batches for number in batch.to_pylist()]
    return sorted([*read, *(number for number, _, _ in table.rejects)])


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "^", "\x01"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_delimiters_and_encodings(delimiter: str, encoding: str) -> None:
    rows = [["姓名", "日期", "编号"], ["张三", "2018-01-02", "7"], ["李四", "2018-01-03", "8"]]
    text = "".join(delimiter.join(row) + "\r\n" for row in rows)
    table, _ = loaded(text.encode(encoding))
    assert table.columns == rows[0]
    assert table.records() == rows[1:]


@settings(deadline=None)
@given(
    st.integers(2, 4).flatmap(
        lambda width: st.lists(
            st.lists(
                st.text(st.sampled_from(list('ab,"\n\r\\1 张')), max_size=5), min_size=width, max_size=width
            ),
            min_size=1,
            max_size=30,
        )
    ),
    st.sampled_from(["\n", "\r\n"]),
)
def test_whatever_csv_writes_is_read_again(rows, end) -> None:
    width = len(rows[0])
    plain = [[str(number)] * width for number in range(10)]
    rows = [[f"v{place}" for place in range(width)], *plain, *([*row[:-1], row[-1] + "."] for row in rows)]
    out = io.StringIO()
    csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    table, _ = loaded(out.getvalue())
    assert table.records() == rows[1:]
    assert table.rejects == []


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["a,b,c", '"a,b,c', 'a"b,c,d', '"a\nb",c,d', "a,b", 'a,"b"c",d', "", 'x,"y""z",w', '"']
        ),
        max_size=60,
    )
)
def test_every_record_is_loaded_or_rejected_whatever_its_quotes(lines) -> None:
    table, _ = loaded("h1,h2,h3\n" + "1,2,3\n" * 40 + "".join(line + "\n" for line in lines))
    seen = numbers(table)
    assert seen == list(range(1, len(seen) + 1))
    assert table.records().count(["a", "b", "c"]) <= lines.count("a,b,c")


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["a,b,c", '"a,b,c', "a,b", 'a"b,c,d', '"a\nb",c,d', '"a,""b",c,d']), max_size=40
    ),
    st.integers(200, 900),
)
def test_the_size_of_chunks_changes_nothing(lines, size) -> None:
    data = ("h1,h2,h3\n" + "1,2,3\n" * 40 + "".join(line + "\n" for line in lines)).encode()
    whole, _ = loaded(data)
    sink = MemorySink()
    transcript = delimited.Transcript(BytesSource("x.csv", data), size=size)
    dialect = propose(data)
    assert dialect is not None
    reader = delimited._Reader(dialect, sink, "x", transcript)
    chunks = iter(transcript)
    for chunk, final in delimited._with_last(next(chunks), chunks):
        reader.take(chunk, final=final)
    table = sink.tables[0]
    assert (table.records(), table.rejects) == (whole.records(), whole.rejects)


def test_an_open_quote_costs_its_line_only() -> None:
    table, _ = loaded("a,b,c\n" + "1,2,3\n" * 5 + '"open,2,3\n' + "4,5,6\n" * 5)
    assert [raw for _, _, raw in table.rejects] == [b'"open,2,3']
    assert table.records() == [["1", "2", "3"]] * 5 + [["4", "5", "6"]] * 5


def test_an_open_quote_in_a_long_file_does_not_eat_it() -> None:
    rows = [f"{n},x,{n * 7}" for n in range(30_000)]
    rows[100] = '"100,x,7'
    rows[20_000] = 'a,"x,7'
    table, _ = loaded("a,b,c\n" + "\n".join(rows) + "\n")
    assert [number for number, _, _ in table.rejects] == [101, 20_001]
    assert len(table.records()) == 29_998


def test_stray_quotes_are_themselves() -> None:
    table, _ = loaded('n,s,t\n1,12" pipe,x\n2,"he said "no" ok",y\n3,plain,z\n')
    assert table.records() == [["1", '12" pipe', "x"], ["2", 'he said "no" ok', "y"], ["3", "plain", "z"]]


def test_ragged_rows_are_rejected_with_their_bytes_in_the_files_encoding() -> None:
    text = "姓名,编号,备注\n" + "张三,1,无\n" * 20 + "李四,2\n王五,3,无,多\n"
    table, _ = loaded(text.encode("gb18030"))
    assert [raw for _, _, raw in table.rejects] == [
        "李四,2".encode("gb18030"),
        "王五,3,无,多".encode("gb18030"),
    ]
    assert [number for number, _, _ in table.rejects] == [21, 22]
    assert all("王五" not in reason for _, reason, _ in table.rejects)


def test_bytes_that_are_no_text_cost_their_record_only() -> None:
    good = "张三,1,无\n".encode("gb18030")
    data = "姓名,编号,备注\n".encode("gb18030") + good * 30 + b"\xff\xff,2,x\n" + good
    table, _ = loaded(data)
    assert len(table.records()) == 31
    assert table.rejects == [(31, delimited.NOT_TEXT, b"\xff\xff,2,x")]


def test_trailing_fields_left_out_by_custom_are_null() -> None:
    table, _ = loaded("a,b,c,d\n" + "1,2,3,4\n" + "1,2\n" * 10 + "1,2,3\n")
    assert table.records()[1] == ["1", "2", None, None]
    assert table.rejects == []


def test_an_empty_field_is_an_empty_text_and_null_words_are_kept() -> None:
    table, _ = loaded('a,b,c\n1,,NULL\n2,"",\\N\n3,NA,nan\n')
    assert table.records() == [["1", "", "NULL"], ["2", "", "\\N"], ["3", "NA", "nan"]]


def test_a_title_above_the_header_is_kept_as_a_reject() -> None:
    table, _ = loaded("报表,\n\n姓名,日期,数\n张三,2018-01-02,3\n李四,2018-01-02,3\n王五,2018-01-02,4\n")
    assert table.columns == ["姓名", "日期", "数"]
    assert [raw.decode() for _, _, raw in table.rejects] == ["报表,"]


def test_the_line_under_a_header_is_no_record() -> None:
    table, _ = loaded("id,name\n--,-----\n1,abc\n2,cde\n")
    assert table.records() == [["1", "abc"], ["2", "cde"]]


def test_lone_returns_within_fields_are_kept() -> None:
    table, _ = loaded("a,b\n1,x\ry\n2,z\n3,w\n")
    assert table.records() == [["1", "x\ry"], ["2", "z"], ["3", "w"]]


def test_prose_is_no_table() -> None:
    with pytest.raises(Unreadable):
        loaded("Dear reader,\nthis is a letter, with commas, of some length.\n\nIt ends.\nYours\n", "x.txt")


@pytest.mark.parametrize(
    ("first", "rows", "expected"),
    [
        (["name", "born"], [["abc", "1990-01-01"]] * 3, True),
        (["姓名", "性别"], [["张三", "男"], ["李四", "女"]], True),
        (["张三", "男"], [["李四", "女"], ["王五", "男"]], False),
        (["abc", "990102199001011234"], [["def", "990102199001011242"]], False),
        (["1", "2"], [["3", "4"]], False),
    ],
)
def test_header_or_not(first: list[str], rows: list[list[str]], expected: bool) -> None:
    assert is_header(first, rows) is expected


def test_repair_takes_linear_time_on_quotes_only() -> None:
    data = b'"' * 300_000 + b"\n" + b'a,"' * 50_000 + b"\n"
    made = repair(data, Splitter(0x2C), 3, final=True)
    assert made.tail == b""
    assert len(made.rejected) >= 1
    assert len(data) > LONGEST_FIELD


def test_backslashes_escape_quotes_where_they_do() -> None:
    table, _ = loaded('a,b,c\n1,"say \\"hi\\", x",2\n3,"p\\\\",4\n5,plain,6\n')
    assert table.records() == [["1", 'say "hi", x', "2"], ["3", "p\\", "4"], ["5", "plain", "6"]]


def test_a_backslash_before_a_closing_quote_is_itself() -> None:
    table, _ = loaded('a,b\n"c:\\x\\","1"\n"c:\\y\\","2"\n')
    assert table.records() == [["c:\\x\\", "1"], ["c:\\y\\", "2"]]


@pytest.mark.parametrize("written", ["||", "----", "|~|", "^|^", "::", ", "])
def test_delimiters_of_several_characters(written: str) -> None:
    rows = [["姓名", "日期", "编号"], ["张三", "2018-01-02", ""], ["李四", "2018-01-03", "8"]]
    table, sink = loaded("".join(written.join(row) + "\n" for row in rows))
    assert table.columns == rows[0]
    assert table.records() == rows[1:]
    assert sink.notes["delimiter"] == written


def test_a_long_delimiter_within_a_quoted_field_is_text_and_a_broken_record_keeps_its_bytes() -> None:
    table, _ = loaded("a||b\n" + "0||n\n" * 500 + '1||"x||y"\n2||b||c\n3||\x1d\n4||d\n')
    assert table.records()[500:] == [["1", "x||y"], ["4", "d"]]
    assert [number for number, _, _ in table.rejects] == [502, 503]
    assert table.rejects[0][2] == b"2||b||c"


def test_a_single_delimiter_with_empty_fields_is_no_long_one() -> None:
    table, sink = loaded("a|b|c\n1||2\n3||4\n5|6|7\n")
    assert sink.notes["delimiter"] == "|"
    assert table.records()[0] == ["1", "", "2"]


@pytest.mark.parametrize("size", [40, 200, 1 << 20])
def test_several_tables_in_one_file_are_told_by_their_headers(size: int) -> None:
    first = "name,born,number\n" + "".join(f"someone,199{n % 10}-01-01,{n}\n" for n in range(20))
    second = "plate,day\n" + "".join(f"T{n},2018-01-0{n % 9 + 1}\n" for n in range(20))
    data = (first + "\nA second list\n" + second).encode()
    dialect = propose(data)
    assert dialect is not None
    sink = MemorySink()
    transcript = delimited.Transcript(BytesSource("x.csv", data), size=size)
    reader = delimited._Reader(dialect, sink, "x", transcript)
    chunks = iter(transcript)
    for chunk, final in delimited._with_last(next(chunks), chunks):
        reader.take(chunk, final=final)
    assert [table.columns for table in sink.tables] == [["name", "born", "number"], ["plate", "day"]]
    assert [len(table.records()) for table in sink.tables] == [20, 20]
    assert [raw for _, _, raw in sink.tables[0].rejects] == [b"A second list"]


def test_rows_with_a_delimiter_too_many_are_no_second_table() -> None:
    rows = ["甲乙,丙丁,戊己\n"] * 8
    table, sink = loaded("a,b,c\n" + "".join(rows[:4]) + "甲,乙,丙,丁\n" * 4 + "".join(rows[4:]))
    assert len(sink.tables) == 1
    assert (len(table.records()), len(table.rejects)) == (8, 4)


def test_a_header_that_comes_again_is_no_record() -> None:
    table, _ = loaded('a,b\n"a",b\n1,x\n2,y\na,b\n3,z\n')
    assert table.columns == ["a", "b"]
    assert table.records() == [["1", "x"], ["2", "y"], ["3", "z"]]
    assert [(number, reason, raw) for number, reason, raw in table.rejects] == [
        (1, delimited.HEADER_AGAIN, b'"a",b'),
        (4, delimited.HEADER_AGAIN, b"a,b"),
    ]


def test_an_almost_empty_row_above_the_header_is_a_title() -> None:
    table, _ = loaded("A list,,,\n,,,\nname,born,no,place\nx,2018,1,y\nz,2019,2,y\n")
    assert table.columns == ["name", "born", "no", "place"]
    assert len(table.rejects) == 2


def test_an_empty_name_too_many_shifts_no_column() -> None:
    table, _ = loaded("name,,born,no\n" + "x,2018,1\n" * 5)
    assert table.columns == ["name", "born", "no"]
    assert table.records() == [["x", "2018", "1"]] * 5


def test_a_stray_quote_in_the_header_costs_no_name() -> None:
    table, _ = loaded('"name,"born",no\n' + 'x,"2018",1\n' * 5)
    assert table.columns == ["name", "born", "no"]
    assert len(table.records()) == 5


def test_a_record_whose_quotes_may_enclose_a_delimiter_is_rejected() -> None:
    good = 'cup,"round, red",7\n'
    table, _ = loaded("name,what,no\n" + good * 9 + 'cup"round, red",7\n' + '12" pipe,6 feet,7\n' + good)
    assert [raw for _, _, raw in table.rejects] == [b'cup"round, red",7']
    assert table.records()[9] == ['12" pipe', "6 feet", "7"]


def test_stray_quotes_are_characters_in_a_text_that_quotes_nothing() -> None:
    table, _ = loaded('name,size,no\n12" pipe,6",7\n' + "x,y,8\n" * 5)
    assert table.records()[0] == ['12" pipe', '6"', "7"]
    assert not table.rejects


def test_a_header_without_records_is_a_table_of_none() -> None:
    table, _ = loaded("name,born,no\n")
    assert (table.columns, table.records()) == (["name", "born", "no"], [])


def test_a_delimiter_at_the_ends_of_lines_divides_nothing() -> None:
    assert propose(b"DROP TABLE a;\nDROP TABLE b;\nDROP VIEW c;\n") is None


def test_fields_quoted_after_blanks_are_not_one_column() -> None:
    assert propose(b'name "what it is" 7\n' * 5, single=True) is None


@pytest.mark.parametrize("text", [b"", b"\n\n", b"\r\n\r\n", b" \n", b"\n \n\n"])
def test_blank_lines_are_no_table(text: bytes) -> None:
    assert propose(text) is None


_PIECES = ["a", "b,c", "1,2,3", "x;y", '"', "'", "\\", ",", ",,", ", ", "||", "----", "\n", "\n\n", "\r\n"]
_PIECES += ["\r", "name,born\n", "1,2018\n", "\0", "\x1d", "张三", " "]


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(_PIECES), max_size=60).map("".join), st.booleans())
def test_any_text_is_a_table_of_numbered_records_or_none(text, known) -> None:
    data = ("name,born,no\n" + "x,2018,1\n" * 9 if known else "") + text
    try:
        _, sink = loaded(data)
    except Unreadable:
        return
    for table in sink.tables:
        found = numbers(table)
        assert len(set(found)) == len(found)
        # Only the header, rulers and lines of nothing stand between.
        assert not found or found[-1] <= len(found) + 2
