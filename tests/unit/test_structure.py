"""The scan of delimited text agrees with a reader that goes byte by byte."""

import csv
import io

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sousveil.intake.structure import escaped, marks, scan

CELLS = st.text(st.sampled_from(list('ab,"\n\t1 ;张')), max_size=6)
TABLES = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=12)
)


def written(rows, delimiter=",", quoting=csv.QUOTE_MINIMAL) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


@settings(deadline=None)
@given(TABLES, st.sampled_from([",", "\t", ";"]), st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_records_and_fields_are_those_that_were_written(rows, delimiter, quoting) -> None:
    data = written(rows, delimiter, quoting)
    found = scan(data, 0x22, ord(delimiter))
    assert found.sound
    assert len(found) == len(rows)
    assert found.fields.tolist() == [len(row) for row in rows]
    assert found.tail == len(data)
    again = [
        next(csv.reader(io.StringIO(data[s:e].decode(), newline=""), delimiter=delimiter))
        for s, e in zip(found.starts, found.ends, strict=True)
    ]
    assert again == rows


def test_a_last_record_without_a_newline_is_the_tail() -> None:
    found = scan(b'a,b\nc,"d\n', 0x22, 0x2C)
    assert len(found) == 1
    assert found.tail == 4


def test_a_return_before_the_newline_belongs_to_neither() -> None:
    found = scan(b"a,b\r\n\r\nc,d\r\n", 0x22, 0x2C)
    assert found.ends.tolist() == [3, 5, 10]


def test_stray_quotes_are_noticed() -> None:
    for data in (b'a"b,c\n', b'"a"b,c\n', b'a,b"\nc,"d\n'):
        assert not scan(data, 0x22, 0x2C).sound
    for data in (b'"a""b",c\n', b'"",""\n', b'a,"b"\r\n', b""):
        assert scan(data, 0x22, 0x2C).sound


def test_text_without_quotes_has_no_parity() -> None:
    found = scan(b'a"b\tc\n"d\te\n', None, 0x09)
    assert found.fields.tolist() == [2, 2]


def test_escapes_take_the_meaning_from_the_byte_after_them() -> None:
    data = rb"a\"b\\" + b"\\\\\\,c"
    assert escaped(np.frombuffer(data, np.uint8), 0x5C).tolist() == [data.index(b'"'), data.index(b",")]
    found = marks(rb'"a\",b",c', 0x22, b",", escape=0x5C)
    assert found.outside(0x2C).tolist() == [7]
