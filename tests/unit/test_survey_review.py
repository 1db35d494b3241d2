"""review.toml: proposed once, a person's edit wins, what values prove stays; names of people are veiled."""

import random
from pathlib import Path

import pytest

from sousveil import review
from sousveil.case import Case
from sousveil.errors import BadReview, StageMissing
from sousveil.progress import Silent
from sousveil.stages import perform
from sousveil.survey import stage
from sousveil.survey.current import askable_columns, column_types, current, identifying_columns
from sousveil.survey.types import NAMES
from tests.columns import MAKERS, column, counter, digits, han_name, moment
from tests.support import make_case

ROWS = 200


def people(seed: int = 1) -> dict[str, list[str]]:
    rng = random.Random(seed)
    return {
        "XM": [han_name(rng) for _ in range(ROWS)],
        "SFZH": column("cn_resident_id", ROWS, seed),
        "LB": [rng.choice(("甲类", "乙类", "丙类")) for _ in range(ROWS)],
    }


def edit(case: Case, old: str, new: str) -> None:
    path = case.folder / "review.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def types_of(case: Case, place: int = 0) -> dict[str, str]:
    return {c.name: name for c, name in column_types(case, case.tables[place]).items()}


def identifying(case: Case, place: int = 0) -> set[str]:
    return {c.name for c in identifying_columns(case)[case.tables[place]]}


def test_before_the_survey_nothing_holds(tmp_path: Path) -> None:
    with pytest.raises(StageMissing):
        current(make_case(tmp_path, {"t": people()}))


def test_the_proposal_is_written_and_holds(tmp_path: Path) -> None:
    case = make_case(tmp_path, {"t": people()})
    stage.run(case, Silent())
    written = review.read(case.folder / "review.toml", NAMES)
    assert written == current(case)
    assert written.of("t").types == {"XM": "person_name", "SFZH": "cn_resident_id", "LB": "category"}
    assert written.of("t").person == ("SFZH", "XM")


def test_an_edit_wins_and_is_never_overwritten(tmp_path: Path) -> None:
    case = make_case(tmp_path, {"t": people()})
    perform(case, "survey", Silent())
    edit(case, 'LB = "category"', 'LB = "text"')
    edit(case, 'kind = "list"', 'kind = "register"')
    before = (case.folder / "review.toml").read_text("utf-8")
    shown = perform(case, "survey", Silent())["tables"][0]
    assert (case.folder / "review.toml").read_text("utf-8") == before
    assert types_of(case)["LB"] == "text"
    assert shown["kind"] == "register"
    entry = next(c for c in shown["columns"] if c["column"] == "LB")
    assert (entry["type"], entry["confidence"]) == ("text", 1.0)


def test_what_an_edit_leaves_out_is_added_from_the_proposal(tmp_path: Path) -> None:
    case = make_case(tmp_path, {"t": people(), "u": people(2)})
    (case.folder / "review.toml").write_text('[tables.t.columns]\nLB = "text"\n', "utf-8")
    stage.run(case, Silent())
    written = review.read(case.folder / "review.toml", NAMES)
    assert written.of("t").types == {"XM": "person_name", "SFZH": "cn_resident_id", "LB": "text"}
    assert written.of("u").types["LB"] == "category"


def test_no_edit_lifts_what_the_values_prove(tmp_path: Path) -> None:
    case = make_case(tmp_path, {"t": people()})
    stage.run(case, Silent())
    edit(case, 'XM = "person_name"', 'XM = "category"')
    edit(case, 'SFZH = "cn_resident_id"', 'SFZH = "number"')
    assert identifying(case) == {"XM", "SFZH"}
    assert {c.name for c in askable_columns(case, case.tables[0])} == {"LB"}


def test_an_edit_can_make_a_column_identifying(tmp_path: Path) -> None:
    case = make_case(tmp_path, {"t": people()})
    stage.run(case, Silent())
    edit(case, 'LB = "category"', 'LB = "address"')
    assert "LB" in identifying(case)


def test_every_identifying_type_that_values_prove_stays_identifying(tmp_path: Path) -> None:
    """Whatever the header says: a plate under the heading of a category is a plate."""
    proved = [
        *(
            "person_name",
            "person_name dotted",
            "cn_resident_id",
            "cn_resident_id old",
            "mrz",
            "email",
            "cn_plate",
        ),
        *("cn_uscc", "bank_card", "imei", "mac", "ip", "url", "address", "image_path", "tr_tckn", "ru_inn"),
        *("kz_iin", "birth_date", "phone abroad", "text"),
    ]
    assert set(proved) <= set(MAKERS)
    # A day far back is a day of birth only beside something of a person.
    beside = {"birth_date": {"姓名": column("person_name", 300)}}
    tables = {f"t{i}": {"类别": column(name, 300), **beside.get(name, {})} for i, name in enumerate(proved)}
    case = make_case(tmp_path, tables)
    stage.run(case, Silent())
    missed = [name for i, name in enumerate(proved) if not identifying(case, i)]
    assert missed == []


def test_a_bad_edit_is_named_with_its_place(tmp_path: Path) -> None:
    case = make_case(tmp_path, {"t": people()})
    stage.run(case, Silent())
    edit(case, 'LB = "category"', 'LB = "catgory"')
    with pytest.raises(BadReview) as caught:
        current(case)
    assert caught.value.where == {"table": "t", "column": "LB", "type": "catgory"}


def test_names_that_are_values_are_veiled_everywhere(tmp_path: Path) -> None:
    name, number = "欧阳娜秀", column("cn_resident_id", 1)[0]
    rows = people()
    rows["XM"][7], rows["SFZH"][8] = name, number
    case = make_case(
        tmp_path, {"t": rows, f"{name}_材料": {"a": ["x"], name: ["y"]}, number: {"姓名": ["王伟"]}}
    )
    result = stage.run(case, Silent())
    written = (case.folder / "review.toml").read_text("utf-8")
    for shown in (str(result), written):
        assert name not in shown
        assert number not in shown
    assert [table["table"] for table in result["tables"]] == ["t", "table-2", "table-3"]
    assert result["tables"][1]["columns"][1]["column"] == "column-2"
    assert result["tables"][1]["item"] == "item-2.csv"


def test_a_line_of_headers_among_the_records_veils_nothing(tmp_path: Path) -> None:
    rows = people()
    rows["XM"][0], rows["SFZH"][0] = "姓名", "身份证号"
    case = make_case(tmp_path, {"人员": rows, "姓名": {"姓名": ["王伟"]}})
    assert [t["table"] for t in stage.run(case, Silent())["tables"]] == ["人员", "姓名"]


def test_the_values_are_looked_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = make_case(tmp_path, {"t": people()})
    perform(case, "survey", Silent())
    edit(case, 'LB = "category"', 'LB = "text"')
    monkeypatch.setattr(stage, "survey_table", lambda *_: pytest.fail("surveyed again"))
    assert perform(case, "survey", Silent())["tables"][0]["columns"][2]["type"] == "text"


def test_the_same_case_is_surveyed_alike_twice(tmp_path: Path) -> None:
    first = stage.run(make_case(tmp_path / "a", {"t": people()}), Silent())
    assert stage.run(make_case(tmp_path / "b", {"t": people()}), Silent()) == first


def roles(
    tmp_path: Path, columns: dict[str, list[str]], name: str = "t"
) -> tuple[str, str | None, list[str]]:
    found = stage.run(make_case(tmp_path, {name: columns}), Silent())["tables"][0]
    return found["kind"], found["event_date"], found["person"]


def moments(form: str, since: int = 2016, years: int = 4) -> list[str]:
    rng = random.Random(form)
    return [moment(rng, form, since, years) for _ in range(ROWS)]


def test_the_record_is_dated_by_what_happened(tmp_path: Path) -> None:
    kind, dated, _ = roles(
        tmp_path,
        people()
        | {
            "出生日期": moments("%Y-%m-%d", 1940, 60),
            "有效期至": moments("%Y-%m-%d", 2020),
            "更新时间": moments("%Y-%m-%d %H:%M:%S", 2019, 1),
            "入境时间": moments("%Y-%m-%d %H:%M"),
        },
    )
    assert (kind, dated) == ("event", "入境时间")


def test_a_list_without_events_has_no_date(tmp_path: Path) -> None:
    columns = people() | {"CSRQ": moments("%Y%m%d", 1940, 60), "有效期": moments("%Y-%m-%d", 2020)}
    assert roles(tmp_path, columns) == ("list", None, ["SFZH", "XM", "CSRQ"])


def test_the_officer_is_not_who_the_record_is_about(tmp_path: Path) -> None:
    rng = random.Random(1)
    columns = {
        "处警民警": [han_name(rng) for _ in range(ROWS)],
        "报警人": [han_name(rng) for _ in range(ROWS)],
        "民警身份证号": column("cn_resident_id", ROWS, 2),
        "报警电话": [f"120{digits(rng, 8)}" for _ in range(ROWS)],
        "报警时间": moments("%Y-%m-%d %H:%M:%S"),
    }
    assert roles(tmp_path, columns) == ("event", "报警时间", ["报警人", "报警电话"])


def test_vehicles_are_told_apart_by_their_plates(tmp_path: Path) -> None:
    columns = {"id": counter(ROWS), "hphm": column("cn_plate", ROWS), "gpssj": moments("%Y-%m-%d %H:%M:%S")}
    assert roles(tmp_path, columns) == ("event", "gpssj", ["hphm"])


def test_names_of_parts_and_of_scripts_are_one_person(tmp_path: Path) -> None:
    rng = random.Random(2)
    columns = {
        "surname": [rng.choice(("ARDO", "BELIM", "CORVAN")) + rng.choice("ABCDEFG") for _ in range(ROWS)],
        "given_names": [rng.choice(("DASTEK", "ELMOR")) + rng.choice("ABCDEFG") for _ in range(ROWS)],
        "passport_no": column("passport", ROWS),
        "nationality": column("nationality", ROWS),
        "entered": moments("%Y-%m-%d"),
    }
    assert roles(tmp_path, columns) == ("event", "entered", ["passport_no", "surname", "given_names"])
