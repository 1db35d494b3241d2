"""Every byte of a text is in a record, in a reject, or syntax."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sousveil.case import Case
from sousveil.intake import stage, transcript
from sousveil.intake.accounting import PARTS
from sousveil.intake.loaders import loader
from sousveil.intake.loaders.delimited import _Reader
from sousveil.intake.sink import MemorySink, Unreadable
from sousveil.intake.source import BytesSource
from sousveil.progress import Silent

CSV = (
    '号,姓名,备注\r\n1,张三,"说\n""是"""\r\n2,李四\r\n\r\n3,王五,好\r\n'  # one short, one blank
    '号,姓名,备注\r\n4,赵六,"开\r\n5,钱七,坏"子'
)
TEXTS = {
    "delimited": [
        CSV,
        CSV.replace(",", "||"),
        "名单\r\n\r\n" + "号,姓名\r\n" + "1,张三\r\n" * 9,
        "a;b\r" + "1;2\r" * 20,
        "a,b\n" + "x,1\n" * 9 + "c,d,e\n" + "y,2,3\n" * 9,
    ],
    "ndjson": ['{"a": 1}\r\n{"a": 2, "b": "张"}\n\n{"a": 3\n[1]\n{"index": {"_id": 1}}\n{"a": 4}'],
    "json": [
        '[{"a": 1},\n {"a": "张"}, 7, {"a": 2}]\n',
        ' [\n  {"a": 1},\n  {"a": {,\n  {"a": 3}\n] rest',
        '[{"a": 1}, {"a": ',
        '{"rows": [{"a": 1}, {"a": 2}]}',
    ],
    "sql": [
        "-- 说明\nCREATE TABLE t (a int, b text);\nINSERT INTO t VALUES (1,'张'),(2,'a;b'),(3),(4,'x');\n",
        "COPY t (a, b) FROM stdin;\n1\t张\n2\n3\tx\n\\.\nSELECT 1;\n",
    ],
}
ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be", "utf-32"]
CASES = [(form, text, name) for form, texts in TEXTS.items() for text in texts for name in ENCODINGS]


def account(form: str, data: bytes) -> tuple[MemorySink, list[int]]:
    sink = MemorySink()
    loader(form)(BytesSource("x.csv", data), sink)
    return sink, [int(sink.notes[part]) for part in PARTS]


@pytest.mark.parametrize(("form", "text", "encoding"), CASES)
def test_records_rejects_and_syntax_add_up_to_the_file(form: str, text: str, encoding: str) -> None:
    data = text.encode(encoding)
    sink, parts = account(form, data)
    assert sum(parts) == len(data)
    assert min(parts) >= 0
    assert "account" not in (sink.partly_reason or "")
    assert (parts[1] > 0) == any(table.rejects for table in sink.tables)


def test_rejects_are_accounted_for_with_the_bytes_that_they_have_in_the_file() -> None:
    text = "号,姓名\n" + "1,张\n" * 9 + "李四,王五,赵六\n"
    for encoding, size in (("gb18030", 14), ("utf-8", 20), ("utf-16-le", 16)):
        _, parts = account("delimited", text.encode(encoding))
        assert parts[1] == size


@settings(deadline=None)
@given(
    st.lists(st.text(st.sampled_from(list('ab,;"\n\r\\ 张\ud800')), max_size=9), min_size=1, max_size=40),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(ENCODINGS),
)
def test_no_byte_of_any_text_is_lost(lines: list[str], end: str, encoding: str) -> None:
    data = end.join(["a,b,c", *(f"{number},x,{line}" for number, line in enumerate(lines))])
    raw = data.encode(encoding, "surrogatepass" if "utf" in encoding else "replace")
    try:
        sink, parts = account("delimited", raw)
    except Unreadable:
        return
    assert sum(parts) == len(raw)
    assert sink.partly_reason is None


def test_a_part_that_a_loader_loses_makes_the_item_partly_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcript, "CHUNK", 64)
    taken = _Reader.take

    def forgetful(self: _Reader, chunk: bytes, *, final: bool) -> None:
        if final:
            taken(self, chunk, final=final)

    data = b"a,b\n" + b"1,2\n" * 3_000_000
    monkeypatch.setattr(_Reader, "take", forgetful)
    sink, _ = account("delimited", data)
    assert "are not accounted for" in (sink.partly_reason or "")


def test_half_a_character_at_the_end_costs_only_its_record() -> None:
    data = ("号,姓名\n" + "1,张\n" * 9 + "2,王\n").encode("utf-16-le")[:-3]
    sink, parts = account("delimited", data)
    assert len(sink.tables[0].records()) == 9
    assert len(sink.tables[0].rejects) == 1
    assert sum(parts) == len(data)


def test_the_manifest_accounts_for_the_text_within_a_compressed_file(tmp_path: Path) -> None:
    dump = tmp_path / "dump"
    dump.mkdir()
    data = CSV.encode("gb18030")
    (dump / "x.csv.gz").write_bytes(gzip.compress(data))
    case = Case.make(tmp_path / "case", tmp_path / "key.txt")
    document = stage.run(case, Silent(), dump)
    assert sum(document["items"][0]["accounting"].values()) == len(data)
    manifest = json.loads((case.custody / "manifest.json").read_text("utf-8"))
    assert manifest["items"][0]["accounting"] == document["items"][0]["accounting"]
