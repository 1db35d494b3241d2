"""Workbooks: sheets as tables, headers found, cells as text."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter

from sousveil.intake.loaders import spreadsheet
from sousveil.intake.loaders.spreadsheet import load
from sousveil.intake.sink import MemorySink, Unreadable
from sousveil.intake.source import BytesSource


def book(write: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        write(made)
    return out.getvalue()


def sheet(*rows: list[object], name: str = "表") -> bytes:
    def write(made: xlsxwriter.Workbook) -> None:
        day = made.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        page = made.add_worksheet(name)
        for place, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, (dt.date, dt.time)):
                    page.write_datetime(place, column, value, day)
                elif value is not None:
                    page.write(place, column, value)

    return book(write)


def read(data: bytes) -> MemorySink:
    sink = MemorySink()
    load(BytesSource("book.xlsx", data), sink)
    return sink


PEOPLE = [
    ["张三", "990102199001011234", 1],
    ["李四", "990102199101011234", 2],
    ["王五", "990102199201011234", 3],
]


def test_a_sheet_with_a_header() -> None:
    table = read(sheet(["姓名", "身份证号", "序号"], *PEOPLE)).tables[0]
    assert (table.name, table.columns) == ("表", ["姓名", "身份证号", "序号"])
    assert table.records() == [[a, b, str(c)] for a, b, c in PEOPLE]


def test_a_title_above_the_header_is_kept_as_a_reject() -> None:
    sink = read(sheet(["某某台账（2018年）"], [], ["姓名", "身份证号", "序号"], *PEOPLE))
    assert sink.tables[0].columns == ["姓名", "身份证号", "序号"]
    assert len(sink.tables[0].records()) == 3
    assert [(number, raw.decode()) for number, _, raw in sink.tables[0].rejects] == [
        (1, "某某台账（2018年）")
    ]
    assert [n for part, _ in sink.tables[0].batches for n in part.to_pylist()] == [2, 3, 4]


def merged(*rows: list[object], spans: tuple[tuple[int, int, int, int], ...]) -> bytes:
    """A sheet whose cells are merged: first row, first column, last row, last column."""

    def write(made: xlsxwriter.Workbook) -> None:
        page = made.add_worksheet("表")
        for place, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    page.write(place, column, value)
        for span in spans:
            page.merge_range(*span, rows[span[0]][span[1]])

    return book(write)


def test_a_header_of_two_rows_takes_the_names_below_merged_cells() -> None:
    table = read(
        merged(
            ["2018 年汇总"],
            ["基本信息", None, "登记", None, "序号"],
            ["姓名", "证件号", "类别", "单位", None],
            *[[name, card, "甲", "东风派出所", n] for name, card, n in PEOPLE],
            spans=((0, 0, 0, 4), (1, 0, 1, 1), (1, 2, 1, 3), (1, 4, 2, 4)),
        )
    ).tables[0]
    assert table.columns == ["姓名", "证件号", "类别", "单位", "序号"]
    assert [row[0] for row in table.records()] == ["张三", "李四", "王五"]
    assert len(table.rejects) == 1


def test_a_name_that_stands_below_two_groups_keeps_its_group() -> None:
    table = read(
        merged(
            ["本人", None, "担保人", None],
            ["姓名", "证件号", "姓名", "证件号"],
            *[[name, card, "赵六", card] for name, card, _ in PEOPLE],
            spans=((0, 0, 0, 1), (0, 2, 0, 3)),
        )
    ).tables[0]
    assert table.columns == ["本人.姓名", "本人.证件号", "担保人.姓名", "担保人.证件号"]


def test_a_title_over_all_columns_is_no_part_of_the_header() -> None:
    table = read(
        merged(["名单", None, None], ["姓名", "证件号", "序号"], *PEOPLE, spans=((0, 0, 0, 2),))
    ).tables[0]
    assert table.columns == ["姓名", "证件号", "序号"]


def test_a_record_below_merged_cells_is_not_taken_for_names() -> None:
    rows = [
        ["甲", "乙", None],
        ["张三", "东风派出所", "一级"],
        ["李四", "城关派出所", "一级"],
        ["王五", "东风派出所", "二级"],
    ]
    table = read(merged(*rows, spans=((0, 1, 0, 2),))).tables[0]
    assert "张三" in [cell for row in table.records() for cell in row]


def test_a_sheet_without_a_header_loses_no_row() -> None:
    table = read(sheet(*PEOPLE)).tables[0]
    assert table.columns == ["", "", ""]
    assert len(table.records()) == 3


def test_cells_become_the_shortest_text() -> None:
    moment, day = dt.datetime(2018, 3, 4, 10, 11), dt.datetime(2018, 3, 4)
    rows = [[12.0, moment, True], [12.5, day, False], [-0.1, dt.time(12, 0), " x "], [1e-7, None, "007"]]
    table = read(sheet(["a", "b", "c"], *rows)).tables[0]
    assert table.records() == [
        ["12", "2018-03-04 10:11:00", "TRUE"],
        ["12.5", "2018-03-04", "FALSE"],
        ["-0.1", "12:00:00", " x "],
        ["1e-07", None, "007"],
    ]


def test_long_numbers_that_lost_digits_are_noted() -> None:
    sink = read(sheet(["号码"], [990102199001011234], [12001234567]))
    assert sink.notes["numbers_longer_than_a_cell_keeps"] == 1
    assert sink.tables[0].records() == [["990102199001011200"], ["12001234567"]]


def test_empty_columns_and_rows_fall_away_and_ragged_rows_are_filled() -> None:
    table = read(sheet([None, "a", "b", None, "c"], [None, "x1"], [], [None, "x2", "2", None, "3"])).tables[0]
    assert table.columns == ["a", "b", "c"]
    assert table.records() == [["x1", None, None], ["x2", "2", "3"]]


def test_a_column_without_a_name_that_has_values_late_is_added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "BATCH_CELLS", 100)
    rows = [[f"x{n}", str(n)] for n in range(500)]
    table = read(sheet(["a", "b"], *rows, ["y", "1", "late"])).tables[0]
    assert table.columns == ["a", "b", ""]
    assert table.records()[-1] == ["y", "1", "late"]
    assert table.records()[0] == ["x0", "0", None]


def test_hidden_and_empty_sheets() -> None:
    def write(made: xlsxwriter.Workbook) -> None:
        made.add_worksheet("one").write_row(0, 0, ["a", "b"])
        made.add_worksheet("empty")
        hidden = made.add_worksheet("hidden")
        hidden.write_column(0, 0, ["a", 1, 2])
        hidden.hide()
        made.add_chartsheet("chart")

    sink = read(book(write))
    assert [(table.name, table.columns, table.records()) for table in sink.tables] == [
        ("one", ["a", "b"], []),
        ("hidden", ["a"], [["1"], ["2"]]),
    ]
    assert sink.notes == {"hidden_sheets": 1, "empty_sheets": 1}


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04rubbish", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600]
)
def test_rubbish_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read(data)


def test_a_workbook_cut_off_is_unreadable() -> None:
    data = sheet(["a"], ["1"])
    with pytest.raises(Unreadable):
        read(data[: len(data) // 2])


def test_a_workbook_that_unfolds_too_far_is_refused_before_it_is_unfolded() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>" + b" " * (8 << 20))
    with pytest.raises(Unreadable, match="unfolds"):
        read(out.getvalue())


def test_an_empty_workbook_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        read(book(lambda made: made.add_worksheet("x") and None))
