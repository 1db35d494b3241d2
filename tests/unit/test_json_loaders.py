"""Lines of JSON and JSON documents as tables."""

import json

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sousveil.intake import objects
from sousveil.intake.loaders import json as documents
from sousveil.intake.loaders import jsonl
from sousveil.intake.sink import MemorySink, MemoryTable, Unreadable
from sousveil.intake.source import BytesSource


def lines(data: bytes | str) -> MemoryTable:
    sink = MemorySink()
    jsonl.load(BytesSource("export.ndjson", data.encode() if isinstance(data, str) else data), sink)
    return sink.tables[0]


def document(data: bytes | str) -> list[MemoryTable]:
    sink = MemorySink()
    documents.load(BytesSource("export.json", data.encode() if isinstance(data, str) else data), sink)
    return sink.tables


def as_dicts(table: MemoryTable) -> list[dict[str, str]]:
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.records()]
    return [{key: value for key, value in row.items() if value is not None} for row in rows]


def test_members_of_an_elasticsearch_envelope_stand_under_their_own_names() -> None:
    table = lines(
        '{"_index":"i","_id":"1","_source":{"XM":"张三","WZ":{"lon":124.10,"lat":2}}}\n'
        '{"_index":"i","_id":"2","_source":{"XM":"李四","xm":"x"}}\n'
    )
    assert table.name == "export"
    assert as_dicts(table) == [{"XM": "张三", "WZ.lon": "124.10", "WZ.lat": "2"}, {"XM": "李四", "xm": "x"}]


def test_mongodbs_wrappers_give_way() -> None:
    table = lines(
        '{"_id":{"$oid":"5f00"},"at":{"$date":{"$numberLong":"1514764800000"}},"n":{"$numberInt":"7"}}\n'
        '{"_id":{"$oid":"5f01"},"at":{"$date":"2018-01-01T08:00:00Z"},"n":null}\n'
    )
    assert as_dicts(table) == [
        {"_id": "5f00", "at": "2018-01-01T00:00:00Z", "n": "7"},
        {"_id": "5f01", "at": "2018-01-01T08:00:00Z"},
    ]


def test_action_lines_are_no_records() -> None:
    table = lines('{"index":{"_id":"1"}}\n{"a":"x","b":1}\n{"index":{"_id":"2"}}\n{"a":"y","b":2}\n')
    assert as_dicts(table) == [{"a": "x", "b": "1"}, {"a": "y", "b": "2"}]


@pytest.mark.parametrize(
    "number", ["1.10", "1e5", "-0.0", "12345678901234567890123", "990102199001011234", "0", "1E+2"]
)
def test_numbers_keep_the_text_that_they_were_written_as(number: str) -> None:
    table = lines(f'{{"n":{number},"s":"\\"n\\":5"}}\n' * 3 + f'{{"x":{{"n":9.9}},"n" : {number}}}\n')
    assert [row["n"] for row in as_dicts(table)] == [number] * 4


def test_broken_lines_are_rejected_and_counted_in_their_place() -> None:
    table = lines('{"a":1,"b":2}\n{"a":\n\n[1]\n"x"\nnull\n{"a":3,"b":4},\n{"a":NaN}\n{"a":5,"b":6}')
    assert [(number, raw) for number, _, raw in table.rejects] == [
        (2, b'{"a":'),
        (3, b"[1]"),
        (4, b'"x"'),
        (5, b"null"),
        (7, b'{"a":NaN}'),
    ]
    assert [n for batch, _ in table.batches for n in batch.to_pylist()] == [1, 6, 8]


def test_lines_before_the_first_object_are_rejected_too() -> None:
    table = lines('garbage\n{"a":"x","b":"y"}\n')
    assert table.rejects == [(1, jsonl.BROKEN, b"garbage")]


def test_no_object_at_all_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        lines("1\n2\n3\n")


def test_late_members_become_columns_and_earlier_rows_hold_null() -> None:
    rows = [{"a": str(n)} for n in range(5000)] + [{"a": "x", "b": {"c": [1, "二"]}, "d": True}]
    table = lines("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    assert as_dicts(table)[0] == {"a": "0"}
    assert as_dicts(table)[-1] == {"a": "x", "b.c": '[1,"二"]', "d": "true"}


def test_a_member_that_is_now_text_now_object() -> None:
    table = lines('{"a":"x","k":1}\n{"a":{"b":"y"},"k":2}\n{"a":3,"k":3}\n')
    assert as_dicts(table) == [{"a": "x", "k": "1"}, {"a.b": "y", "k": "2"}, {"a": "3", "k": "3"}]


def test_members_beyond_the_most_columns_are_kept_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "MOST_COLUMNS", 3)
    table = lines('{"a":"1","b":"2"}\n{"c":"3","d":"4","e":"5"}\n{"a":"6","d":"7"}\n')
    assert as_dicts(table)[1]["c"] == "3"
    assert json.loads(as_dicts(table)[1][objects.OTHERS]) == {"d": "4", "e": "5"}
    assert json.loads(as_dicts(table)[2][objects.OTHERS]) == {"d": "7"}


def test_a_line_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "LONGEST_LINE", 1000)
    table = lines('{"a":"x","b":"y"}\n' + "x" * 5000)
    assert len(table.records()) == 1
    assert len(table.rejects) == 1


def test_deep_nesting_ends_nothing() -> None:
    deep = '{"a":' * 60 + "1" + "}" * 60
    far = "[" * 5000 + "]" * 5000
    table = lines(f'{{"k":"x","z":1}}\n{deep}\n{{"k":{far},"z":2}}\n{{"k":{"[" * 500}1{"]" * 500},"z":3}}\n')
    assert len(table.records()) + len(table.rejects) == 4
    assert any(column.startswith("a.a.a") for column in table.columns)


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**60), 2**60), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(["a", "b", "名"]), inner, max_size=2)
    ),
    max_leaves=5,
)
ROWS = st.lists(
    st.dictionaries(st.sampled_from(["x", "y", "号", "a.b"]), VALUES, min_size=2), min_size=1, max_size=8
)


def flat(node: dict, prefix: str = "") -> dict:
    found: dict = {}
    for key, value in node.items():
        if isinstance(value, dict):
            found |= flat(value, f"{prefix}{key}.")
        elif value is not None:
            text = value if isinstance(value, str) else orjson.dumps(value).decode()
            found[prefix + key] = text
    return found


@settings(deadline=None)
@given(ROWS)
def test_lines_and_documents_hold_what_was_written(rows) -> None:
    rows = [row for row in rows if all("$" not in key for key in row)]
    rows = [{key: value for key, value in row.items() if key != "a.b"} | {"z": "1"} for row in rows]
    data = [orjson.dumps(row) for row in rows]
    expected = [flat(row) for row in rows]
    assert as_dicts(lines(b"\n".join([*data, b'{"z":"1","w":"2"}']))) == [*expected, {"z": "1", "w": "2"}]
    assert as_dicts(document(b"[" + b",\n ".join(data) + b"]")[0]) == expected
    assert as_dicts(document(orjson.dumps(rows, option=orjson.OPT_INDENT_2))[0]) == expected


@settings(deadline=None)
@given(ROWS, st.integers(60, 300))
def test_the_size_of_chunks_changes_nothing(rows, size) -> None:
    data = orjson.dumps([row | {"z": '"}],[{\\'} for row in rows], option=orjson.OPT_INDENT_2)
    source = BytesSource("x.json", data)
    sink = MemorySink()
    chunks = iter(documents.Transcript(source, size=size))
    first = next(chunks)
    if b"{" in first:
        documents._stream(first, chunks, source, sink, documents.Transcript(source))
        assert as_dicts(sink.tables[0]) == as_dicts(document(data)[0])


def test_an_unclosed_text_in_an_array_costs_its_element_only() -> None:
    table = document('[\n  {"a":1},\n  {"a":"open},\n  {"a":3},\n  {"a":4}\n]')[0]
    assert [row["a"] for row in as_dicts(table)] == ["1", "3", "4"]
    assert table.rejects == [(2, jsonl.BROKEN, b'{"a":"open},')]


def test_values_between_objects_are_rejected() -> None:
    table = document('[{"a":1},2,"x",{"a":3}]')[0]
    assert [row["a"] for row in as_dicts(table)] == ["1", "3"]
    assert [raw for _, _, raw in table.rejects] == [b'2,"x"']


@pytest.mark.parametrize("between", ["\n", "", ",\n", "\r\n\r\n"])
def test_objects_one_after_the_other_are_records(between: str) -> None:
    rows = [{"xm": f"张{n}", "of": {"a": [{"b": n}]}, "text": "} {"} for n in range(30)]
    text = between.join(json.dumps(row, indent=2, ensure_ascii=False) for row in rows)
    sink = MemorySink()
    documents.load(BytesSource("a.json", text.encode()), sink)
    (table,) = sink.tables
    assert table.rejects == []
    assert sink.partly_reason is None
    assert [row[0] for row in table.records()] == [row["xm"] for row in rows]


def test_a_broken_object_among_others_costs_only_itself() -> None:
    whole = json.dumps({"a": 1, "b": 2}, indent=1)
    sink = MemorySink()
    documents.load(
        BytesSource("a.json", f'{whole}\n{whole}\n{{\n "a": oops\n}}\n{whole}\n{{\n "a'.encode()), sink
    )
    (table,) = sink.tables
    assert [row[0] for row in table.records()] == ["1", "1", "1"]
    assert [number for number, _, _ in table.rejects] == [3, 5]


def test_an_array_that_is_cut_off_is_partly_loaded() -> None:
    sink = MemorySink()
    documents.load(BytesSource("x.json", b'[{"a":1},{"a":2},{"a"'), sink)
    assert sink.partly_reason == "it is cut off"
    assert len(sink.tables[0].records()) == 2
    assert [raw for _, _, raw in sink.tables[0].rejects] == [b'{"a"']


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"total":2,"data":[{"a":1},{"a":2}]}', {"export": [{"a": "1"}, {"a": "2"}]}),
        ('{"RECORDS":[{"a":1}]}', {"export": [{"a": "1"}]}),
        ('{"people":[{"a":1}],"cars":[{"p":2}]}', {"people": [{"a": "1"}], "cars": [{"p": "2"}]}),
        ('{"hits":{"total":1,"hits":[{"_id":"1","_source":{"XM":"x"}}]}}', {"export": [{"XM": "x"}]}),
        ('{"columns":["x","y"],"rows":[[1,2],[3,null]]}', {"export": [{"x": "1", "y": "2"}, {"x": "3"}]}),
        ('[["x","y"],[1,2]]', {"export": [{"x": "1", "y": "2"}]}),
        (
            '{"k1":{"a":1},"k2":{"a":2},"k3":{"a":3}}',
            {"export": [{"key": "k1", "a": "1"}, {"key": "k2", "a": "2"}, {"key": "k3", "a": "3"}]},
        ),
        ('{"name":"x","n":1}', {"export": [{"name": "x", "n": "1"}]}),
    ],
)
def test_tables_are_found_wherever_they_stand(text: str, expected: dict) -> None:
    assert {table.name: as_dicts(table) for table in document(text)} == expected


@pytest.mark.parametrize("text", ["[1,2,3]", "[]", "{}", '{"a":', "[[],[]]"])
def test_documents_without_a_table_are_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        document(text)


def test_both_values_of_a_member_named_twice_are_kept() -> None:
    sink = MemorySink()
    data = b'{"a":1,"b":2,"a":3}\n{"a":1,"b":{"c" : 1, "c" :2}}\n{"a":"x\\":", "b":":5", "a":"x\\":"}\n'
    jsonl.load(BytesSource("x", data), sink)
    assert as_dicts(sink.tables[0]) == [
        {"a": "1", "b": "2", "a_2": "3"},
        {"a": "1", "b.c": "1", "b.c_2": "2"},
        {"a": 'x":', "b": ":5"},
    ]
    assert sink.notes["objects_with_repeated_members"] == 2


@pytest.mark.parametrize("data", ['[{"a":1,"a":2}]', '{"data":[{"a":1,"a":2}]}'])
def test_members_named_twice_in_documents(data: str) -> None:
    assert as_dicts(document(data)[0]) == [{"a": "1", "a_2": "2"}]


@pytest.mark.parametrize("data", ["[{}", "[{", '[{}, "", [{'])
def test_an_array_that_does_not_close_is_not_called_empty(data: str) -> None:
    with pytest.raises(Unreadable, match="not valid JSON"):
        document(data)
