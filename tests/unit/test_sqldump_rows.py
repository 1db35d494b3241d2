"""Rows of INSERT and COPY: the fast reading, the exact reading and what was written are the same."""

from itertools import cycle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sousveil.intake.loaders.sqldump import inserts, load
from sousveil.intake.sink import MemorySink
from sousveil.intake.source import BytesSource
from tests.strategies import sql_tables

HEADERS = {
    "mysql": "-- MySQL dump 10.13\n",
    "sqlite": "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n",
    "postgresql": "--\n-- PostgreSQL database dump\n--\n",
    "sqlserver": "USE [x]\nGO\n",
}


def written(kind: str, text: str | None, dialect: str) -> str:
    if kind == "null":
        return "NULL"
    if kind == "number":
        return text
    if dialect == "mysql":
        for plain, escaped in (("\\", "\\\\"), ("'", "\\'"), ("\n", "\\n"), ("\r", "\\r"), ("\0", "\\0")):
            text = text.replace(plain, escaped)
        return f"'{text}'"
    return ("N'" if dialect == "sqlserver" else "'") + text.replace("'", "''") + "'"


def row_text(row: list[tuple[str, str | None]], dialect: str, comma: str = ",") -> str:
    return "(" + comma.join(written(kind, text, dialect) for kind, text in row) + ")"


def read(text: str | bytes) -> MemorySink:
    sink = MemorySink()
    load(BytesSource("dump.sql", text if isinstance(text, bytes) else text.encode("utf-8")), sink)
    return sink


def numbers(sink: MemorySink, table: int = 0) -> list[int]:
    return [number for part, _ in sink.tables[table].batches for number in part.to_pylist()]


@given(sql_tables(least_rows=1), st.sampled_from(sorted(HEADERS)), st.data())
def test_rows_come_back_as_they_were_written(rows, dialect, data) -> None:
    comma = data.draw(st.sampled_from([",", ", ", " ,\n  "]))
    between = cycle(data.draw(st.lists(st.sampled_from([",", ",\n", " , ", ";\nI"]), min_size=1, max_size=3)))
    head = data.draw(st.sampled_from(["INSERT INTO t VALUES ", "INSERT INTO t (%s) VALUES"]))
    head = head.replace("%s", ", ".join(f"c{place}" for place in range(len(rows[0]))))
    few = data.draw(st.sampled_from([0, 1000]))
    text = HEADERS[dialect] + head + row_text(rows[0], dialect, comma)
    for row in rows[1:]:
        gap = next(between)
        text += (";\n" + head if gap.endswith("I") else gap) + row_text(row, dialect, comma)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inserts, "FIRST", few)
        sink = read(text + ";\n")
    assert sink.tables[0].rejects == []
    assert sink.tables[0].records() == [[text for _, text in row] for row in rows]
    assert numbers(sink) == list(range(1, len(rows) + 1))
    assert sink.partly_reason is None
    assert sink.notes["dialect"] == dialect


@given(sql_tables(least_rows=1), st.booleans())
def test_copied_lines_come_back_as_they_were_written(rows, crlf) -> None:
    def field(text: str | None) -> str:
        if text is None:
            return "\\N"
        for plain, escaped in (("\\", "\\\\"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
            text = text.replace(plain, escaped)
        return text

    end = "\r\n" if crlf else "\n"
    columns = ", ".join(f"c{place}" for place in range(len(rows[0])))
    lines = ["\t".join(field(text) for _, text in row) for row in rows]
    sink = read(
        HEADERS["postgresql"] + end.join([f"COPY public.t ({columns}) FROM stdin;", *lines, "\\.", ""])
    )
    assert sink.tables[0].rejects == []
    assert sink.tables[0].records() == [[text for _, text in row] for row in rows]
    assert sink.partly_reason is None


@given(sql_tables(least_rows=12), st.sampled_from(["mysql", "postgresql", "sqlite"]), st.data())
def test_odd_rows_among_plain_ones_keep_their_place(rows, dialect, data) -> None:
    odd = {
        "mysql": [
            "_binary 'ab'",
            "_binary 0x6162",
            "_utf8mb4 0x6162",
            "0x6162",
            "CAST('ab' AS char)",
            "'a' 'b'",
            "/* ) */ 'ab'",
        ],
        "postgresql": ["E'a\\x62'", "'ab'::text", "('ab')", "'a' || 'b'", "'ab' -- it's\n"],
        "sqlite": ["X'6162'", "replace('a\\b','\\','')", "unistr('\\0061\\0062')", "char(97,98)"],
    }[dialect]
    texts, expected = [], []
    for row in rows:
        strange = data.draw(st.booleans())
        value = data.draw(st.sampled_from(odd)) if strange else "'ab'"
        texts.append(row_text(row, dialect)[:-1] + "," + value + ")")
        expected.append([*(text for _, text in row), "ab"])
    sink = read(HEADERS[dialect] + "INSERT INTO t VALUES " + ",".join(texts) + ";\n")
    assert sink.tables[0].rejects == []
    assert sink.tables[0].records() == expected


@given(sql_tables(least_rows=12), st.sampled_from(sorted(HEADERS)), st.data())
def test_a_row_of_another_width_is_rejected_under_its_number(rows, dialect, data) -> None:
    bad = data.draw(st.integers(1, len(rows) - 1))
    texts = [row_text(row, dialect) for row in rows]
    texts[bad] = texts[bad][:-1] + ",1)"
    sink = read(HEADERS[dialect] + "INSERT INTO t VALUES " + ",".join(texts) + ";\n")
    assert [(number, raw.decode()) for number, _, raw in sink.tables[0].rejects] == [(bad + 1, texts[bad])]
    assert numbers(sink) == [n for n in range(1, len(rows) + 1) if n != bad + 1]
    assert sink.tables[0].records() == [[t for _, t in row] for i, row in enumerate(rows) if i != bad]


@given(sql_tables(least_rows=1, most_rows=8), st.sampled_from(sorted(HEADERS)), st.data())
def test_a_dump_cut_anywhere_loses_only_its_last_record(rows, dialect, data) -> None:
    head = HEADERS[dialect] + "INSERT INTO t VALUES "
    ends, text = [], head
    for place, row in enumerate(rows):
        text += ("," if place else "") + row_text(row, dialect)
        ends.append(len(text.encode()))
    raw = text.encode()
    cut = data.draw(st.integers(ends[0], len(raw)))
    sink = read(raw[:cut])
    whole = sum(end <= cut for end in ends)
    # A cut within a text may look like a row of its own: at most what was written before it is certain.
    assert sink.tables[0].records()[:whole] == [[t for _, t in row] for row in rows[:whole]]
    assert len(sink.tables[0].records()) + len(sink.tables[0].rejects) >= whole
    if cut not in ends and raw[cut - 1 : cut] != b",":
        assert sink.partly_reason


@given(st.binary(max_size=300), st.sampled_from(sorted(HEADERS)))
def test_rubbish_never_raises(junk, dialect) -> None:
    sink = read(
        HEADERS[dialect].encode() + b"INSERT INTO t VALUES (1,'a'),(2,'b');\nINSERT INTO t VALUES (" + junk
    )
    assert sink.tables[0].records()[:2] == [["1", "a"], ["2", "b"]]


@given(sql_tables(least_rows=9), st.integers(0, 8))
def test_a_lost_quote_costs_one_record(rows, place) -> None:
    plain = [[("number", str(n)), ("text", f"张{n}"), ("text", "x")] for n in range(20)]
    texts = [row_text(row, "mysql") for row in plain]
    texts[place] = texts[place].replace("',", ",", 1)
    sink = read(HEADERS["mysql"] + "INSERT INTO t VALUES " + ",".join(texts) + ";\n")
    assert [number for number, _, _ in sink.tables[0].rejects] == [place + 1]
    assert len(sink.tables[0].records()) == 19
