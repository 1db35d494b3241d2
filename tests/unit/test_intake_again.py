"""An item read again as a person says, and its rejects looked at as shapes."""

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from sousveil import stages
from sousveil.case import Case
from sousveil.cli.app import app
from sousveil.errors import BadDialect, DiskFull, UnknownItem
from sousveil.intake import again, stage
from sousveil.intake.given import Given
from sousveil.intake.loaders import delimited
from sousveil.intake.rejected import rejected, shape
from sousveil.intake.sink import MemorySink, MemoryTable
from sousveil.intake.source import BytesSource
from sousveil.progress import Silent

ODD = "姓名#编号#备注\n" + "".join(f"张{n}#{n:04d}#说,明\n" for n in range(50)) + "990102199001011234#x\n"


@pytest.fixture
def case(tmp_path: Path) -> Case:
    dump = tmp_path / "dump"
    dump.mkdir()
    (dump / "a.csv").write_text("a,b\n1,2\n3,4\n5\n")
    with zipfile.ZipFile(dump / "z.zip", "w") as archive:
        archive.writestr("first.csv", "x,y\n" + "1,2\n" * 9)
        archive.writestr("odd.txt", ODD.encode("gb18030"))
    made = Case.make(tmp_path / "case", tmp_path / "key.txt")
    stages.take_in(made, dump, Silent())
    return made


def loaded(text: str, **said: object) -> MemoryTable:
    sink = MemorySink()
    delimited.load(BytesSource("x.txt", text.encode("utf-8"), Given.named(**said)), sink)
    return sink.tables[0]


def tables(document: dict) -> dict[str, list[tuple[int, int]]]:
    return {
        item["path"]: [(table["records"], table["rejects"]) for table in item["tables"]]
        for item in document["items"]
    }


def test_a_member_of_an_archive_is_read_again_and_the_others_stay(case: Case) -> None:
    before = tables(stage.result(case))
    after = tables(again.run(case, Silent(), "z.zip/odd.txt", Given.named(delimiter="#")))
    assert after["z.zip/odd.txt"] == [(50, 1)]
    assert {**after, "z.zip/odd.txt": None} == {**before, "z.zip/odd.txt": None}


def test_what_was_said_holds_for_a_later_intake_and_for_a_new_vault(case: Case, tmp_path: Path) -> None:
    document = again.run(case, Silent(), "z.zip/odd.txt", Given.named(delimiter="#"))
    assert tables(stage.run(case, Silent(), tmp_path / "dump")) == tables(document)
    other = Case.make(tmp_path / "other", tmp_path / "key.txt")
    (other.custody / "dialects.json").write_bytes((case.custody / "dialects.json").read_bytes())
    assert tables(stage.run(other, Silent(), tmp_path / "dump")) == tables(document)


def test_later_stages_are_stale_after_another_dialect(case: Case) -> None:
    stages.perform(case, "survey", Silent())
    assert stages.state(case, "survey") == "done"
    stages.read_again(case, "a.csv", Given.named(header=False), Silent())
    assert stages.state(case, "survey") == "stale"
    # The same counts again, of other columns.
    stages.perform(case, "survey", Silent())
    stages.read_again(case, "a.csv", Given.named(header=False, delimiter=";"), Silent())
    assert stages.state(case, "survey") == "stale"


def test_a_reading_that_is_cut_off_is_gone_on_with(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    load = stage._Intake._load

    def full(*_: object) -> None:
        raise DiskFull

    monkeypatch.setattr(stage._Intake, "_load", full)
    with pytest.raises(DiskFull):
        again.run(case, Silent(), "a.csv", Given.named(delimiter=";"))
    monkeypatch.setattr(stage._Intake, "_load", load)
    assert tables(again.run(case, Silent(), "a.csv", Given.named(delimiter=",")))["a.csv"] == [(2, 1)]
    assert not list((case.folder / "vault").rglob("original*"))


def test_the_clear_original_is_gone_after_reading_again(case: Case) -> None:
    again.run(case, Silent(), "a.csv", Given.named(delimiter=","))
    assert not list((case.folder / "vault").rglob("original*"))


def test_what_a_killed_reading_left_in_clear_is_wiped(case: Case, tmp_path: Path) -> None:
    left = case.folder / "vault" / "unsealed" / "original"
    left.parent.mkdir()
    left.write_text(ODD)
    case.close()
    with_vault = Case.open(case.folder, tmp_path / "key.txt")
    assert with_vault.vault.tables()
    assert not left.exists()
    with_vault.close()


def test_an_item_that_is_not_there_is_not_read(case: Case) -> None:
    for named in ("b.csv", "99", "item-99", "z.zip/../a.csv"):
        with pytest.raises(UnknownItem):
            again.run(case, Silent(), named, Given.named(delimiter=","))


def test_an_item_may_be_named_by_its_number(case: Case) -> None:
    assert rejected(case, "1") == rejected(case, "item-1") == rejected(case, "a.csv")


@pytest.mark.parametrize(
    ("said", "columns", "records"),
    [
        ({"delimiter": ";"}, ["k,n", "v,w"], [["1,2", "3,4"]] * 3),
        ({"delimiter": ",", "header": False}, ["", "", ""], [["k", "n;v", "w"], *[["1", "2;3", "4"]] * 3]),
        ({"delimiter": ",", "header": True, "skip": 1}, ["1", "2;3", "4"], [["1", "2;3", "4"]] * 2),
        ({"delimiter": "|", "header": True}, ["k,n;v,w"], [["1,2;3,4"]] * 3),
    ],
)
def test_what_is_given_is_not_voted_on(said: dict, columns: list[str], records: list) -> None:
    table = loaded("k,n;v,w\n" + "1,2;3,4\n" * 3, **said)
    assert table.columns == columns
    assert table.records() == [record for record in records if record != columns]


def test_a_delimiter_that_no_vote_would_find_divides() -> None:
    table = loaded("".join(f"{n} x{n}\n" for n in range(20)), delimiter="space", header=False)
    assert table.records()[3] == ["3", "x3"]
    assert loaded("aß1ß2\n", delimiter=":", header=False).records() == [["aß1ß2"]]
    assert loaded("k<>v\n1<>2\n", delimiter="<>", header=True).records() == [["1", "2"]]


def test_quotes_that_are_given_as_none_are_text() -> None:
    table = loaded('n,t\n1,"a\n2,b"\n', quote="none", header=True)
    assert table.records() == [["1", '"a'], ["2", 'b"']]


def test_an_encoding_that_is_given_is_not_guessed() -> None:
    sink = MemorySink()
    text = "имя,город\nАнна,Омск\n"
    delimited.load(BytesSource("x.csv", text.encode("koi8-r"), Given(encoding="koi8-r")), sink)
    assert sink.tables[0].records() == [["Анна", "Омск"]]
    assert sink.notes["encoding_evidence"] == "given by a person"


@pytest.mark.parametrize(
    "said",
    [
        {"delimiter": '"'},
        {"delimiter": "\n"},
        {"delimiter": "张"},
        {"delimiter": "123456"},
        {"encoding": "no-such"},
        {"encoding": "rot13"},
        {"encoding": "base64"},
        {"skip": -1},
    ],
)
def test_a_dialect_that_makes_no_sense_is_refused(said: dict) -> None:
    with pytest.raises(BadDialect):
        Given.named(**said)


def test_rejects_are_shown_without_what_they_say(case: Case) -> None:
    again.run(case, Silent(), "z.zip/odd.txt", Given.named(delimiter="#"))
    shown = json.dumps(rejected(case, "z.zip/odd.txt"), ensure_ascii=False)
    assert "9902" not in shown
    assert "1234" not in shown
    assert rejected(case, "z.zip/odd.txt")["reasons"][0]["shapes"][0]["shape"] == "9…#x"


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("张三,13800,a@b.cn", "字字,99999,x@x.xx"),
        ("Анна;07.03.1990", "xxxx;99.99.9999"),
        ("a\tb\r\n\0\x1b[31m", "x␉x␍␊␀·[99x"),
        ("ﻙﺎﻳ,١٢", "字字字,99"),
        ("²½Ⅳ", "999"),
    ],
)
def test_a_shape_keeps_signs_and_masks_letters_and_digits_of_every_script(raw: str, seen: str) -> None:
    assert shape(raw.encode("utf-8"), "utf-8") == seen


def test_the_command_shows_rejects_and_reads_again(case: Case, tmp_path: Path) -> None:
    folder, key = str(case.folder), str(tmp_path / "key.txt")
    case.close()
    runner = CliRunner()
    shown = runner.invoke(app, ["intake", "--rejects", "a.csv", "--case", folder, "--key", key])
    assert "a wrong number of fields: 1 instead of 2" in shown.stdout
    options = ["--again", "z.zip/odd.txt", "--delimiter", "#", "--json"]
    done = runner.invoke(app, ["intake", *options, "--case", folder, "--key", key])
    assert json.loads(done.stdout)["rejects"] == 2
    for wrong in (["--again", "a.csv"], ["--delimiter", ";"], ["--rejects", "a", "--again", "b"]):
        assert runner.invoke(app, ["intake", *wrong, "--case", folder, "--key", key]).exit_code == 2
