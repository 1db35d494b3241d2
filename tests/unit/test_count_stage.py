"""Count as a stage: from reviewed tables to people in the vault and the contract's result."""

import json

import pytest

from sousveil.count.cells import HIGH, LOW, NOBODY, NOT_PEOPLE, PEOPLE, VALUE
from sousveil.count.names import compatible, different
from sousveil.count.subjects import subject
from sousveil.progress import Silent
from sousveil.stages import perform
from sousveil.vault import Column, Table
from tests.support import make_case
from tests.support_people import mistyped, phone, resident

PEOPLE_AT_ALL = 60
NUMBERS = [resident(f"19{70 + p % 30}0{1 + p % 9}1{p % 9}", 2 * p + 1) for p in range(PEOPLE_AT_ALL)]
NAMES = [f"王{chr(0x4E00 + 40 * p)}{chr(0x5E00 + 7 * p)}" for p in range(PEOPLE_AT_ALL)]
BORN = [f"{n[6:10]}-{n[10:12]}-{n[12:14]}" for n in NUMBERS]


def counted(tmp_path, tables, review):
    case = make_case(tmp_path, tables)
    sections = []
    for name, (person, types) in review.items():
        sections.append(f"[tables.{name}]\nperson = {json.dumps(person)}\n[tables.{name}.columns]")
        sections += [f'{column} = "{kind}"' for column, kind in types.items()]
    (case.folder / "review.toml").write_text("\n".join(sections), "utf-8")
    result = perform(case, "count", Silent())
    return case, {row["table"]: row for row in result["people"]}


REGISTER = {"ID": NUMBERS, "XM": NAMES, "CSRQ": BORN, "LXDH": [phone(p) for p in range(PEOPLE_AT_ALL)]}
REGISTER_TYPES = {"ID": "cn_resident_id", "XM": "person_name", "CSRQ": "birth_date", "LXDH": "phone"}
CALLS = {
    "ID": [NUMBERS[0], mistyped(NUMBERS[1]), None, None, None, NUMBERS[5]],
    "XM": [NAMES[0], NAMES[1], NAMES[2], "王无名", None, NAMES[5]],
    "LXDH": [None, None, phone(2), None, None, None],
    "LB": ["a", "a", "b", "b", "b", "a"],
}
CALL_TYPES = {"ID": "cn_resident_id", "XM": "person_name", "LXDH": "phone", "LB": "category"}


@pytest.fixture(scope="module")
def case_and_rows(tmp_path_factory):
    return counted(
        tmp_path_factory.mktemp("count"),
        {
            "register": REGISTER,
            "calls": CALLS,
            "points": {"HPHM": ["宁W12345", "宁W12345", "宁W54321", None]},
        },
        {
            "register": (["ID", "XM"], REGISTER_TYPES),
            "calls": (["ID", "XM"], CALL_TYPES),
            "points": (["HPHM"], {"HPHM": "cn_plate"}),
        },
    )


def test_each_table_and_the_whole_case_have_an_estimate_between_bounds(case_and_rows):
    _, rows = case_and_rows
    assert rows["register"]["estimate"] == PEOPLE_AT_ALL
    assert (rows["calls"]["low"], rows["calls"]["estimate"], rows["calls"]["high"]) == (2, 5, 6)
    assert (rows["*"]["low"], rows["*"]["estimate"]) == (PEOPLE_AT_ALL, PEOPLE_AT_ALL + 1)
    for row in rows.values():
        assert row["low"] <= row["estimate"] <= row["high"]
        assert row["level"] is None and row["method"].endswith(".")


def test_the_same_person_has_the_same_number_in_every_table(case_and_rows):
    case, _ = case_and_rows
    engine = case.vault.engine
    register = dict(engine.rows("SELECT _row, person FROM people.t1"))
    calls = [person for (person,) in engine.rows("SELECT person FROM people.t2 ORDER BY _row")]
    assert calls == [register[1], register[2], register[3], None, None, register[6]]


def test_a_table_of_vehicles_counts_vehicles_which_are_never_people_of_the_case(case_and_rows):
    case, rows = case_and_rows
    assert (rows["points"]["estimate"], rows["points"]["unit"]) == (2, "vehicles")
    assert "vehicles, by number plate" in rows["points"]["method"]
    assert case.vault.engine.value("SELECT min(person) FROM people.t3") >= NOT_PEOPLE
    assert case.vault.document("count")["3"] == {"unit": "vehicles"}


def test_the_people_of_a_cell_are_what_the_count_says_they_are(case_and_rows):
    case, _ = case_and_rows
    found = case.vault.engine.rows(
        f"SELECT c4, {PEOPLE}, {VALUE}, {LOW}, {NOBODY}, {HIGH} FROM clean.t2 JOIN people.t2 USING (_row) "
        "GROUP BY c4 ORDER BY c4"
    )
    assert found == [("a", 3, 3, 2, 0, 3), ("b", 1, 1, 0, 2, 3)]


def test_every_record_has_its_row_in_people_once(case_and_rows):
    case, _ = case_and_rows
    for table in case.tables:
        rows = case.vault.engine.rows(f"SELECT _row FROM {table.people} ORDER BY _row")
        assert rows == case.vault.engine.rows(f"SELECT _row FROM {table.raw} ORDER BY _row")


def test_counting_again_gives_the_same(case_and_rows):
    from sousveil.count.stage import run

    case, rows = case_and_rows
    before = case.vault.engine.rows("SELECT * FROM people.t2 ORDER BY _row")
    assert {row["table"]: row for row in run(case, Silent())["people"]} == rows
    assert case.vault.engine.rows("SELECT * FROM people.t2 ORDER BY _row") == before


def test_the_result_holds_no_value_of_the_dump(case_and_rows):
    _, rows = case_and_rows
    said = json.dumps(rows, ensure_ascii=False)
    assert not any(value in said for value in (*NUMBERS, *NAMES, "宁W12345"))


def test_numbers_whose_checks_pass_only_by_chance_prove_nobody(tmp_path):
    forged = [number[:17] + "0123456789X"[p % 11] for p, number in enumerate(NUMBERS)]
    case, rows = counted(
        tmp_path,
        {"t": {"ID": forged, "XM": NAMES, "CSRQ": BORN}},
        {"t": (["ID", "XM"], {"ID": "cn_resident_id", "XM": "person_name", "CSRQ": "birth_date"})},
    )
    assert (rows["t"]["low"], rows["t"]["estimate"]) == (1, PEOPLE_AT_ALL)
    assert case.vault.engine.value("SELECT count(*) FROM people.t1 WHERE sure") == 0


def test_a_table_of_bare_names_counts_names_and_says_so(tmp_path):
    _, rows = counted(
        tmp_path, {"t": {"XM": [NAMES[0], NAMES[0], NAMES[1], None]}}, {"t": (["XM"], {"XM": "person_name"})}
    )
    assert (rows["t"]["low"], rows["t"]["estimate"], rows["t"]["high"]) == (1, 2, 4)
    assert rows["t"]["unit"] == "names"
    assert rows["*"]["estimate"] == 0


def test_a_table_in_which_nothing_is_told_apart_is_counted_in_records_and_says_so(tmp_path):
    codes = {"DM": ["1", "2", "2", "2"], "MC": ["甲", "乙", "乙", None]}
    case, rows = counted(tmp_path, {"codes": codes}, {"codes": ([], {"DM": "category", "MC": "category"})})
    row = rows["codes"]
    assert (row["estimate"], row["low"], row["high"], row["unit"]) == (3, 0, 3, "records")
    assert "counts its records, identical ones once" in row["method"]
    assert rows["*"]["estimate"] == 0
    assert "nothing is said of how many people" in rows["*"]["method"]
    assert case.vault.document("count") == {}
    assert case.vault.engine.rows("SELECT person, sure FROM people.t1") == [(None, False)] * 4


def test_an_empty_table_counts_nobody(tmp_path):
    _, rows = counted(
        tmp_path, {"t": {"ID": [], "XM": []}}, {"t": (["ID"], {"ID": "cn_resident_id", "XM": "person_name"})}
    )
    assert (rows["t"]["low"], rows["t"]["estimate"], rows["t"]["high"]) == (0, 0, 0)


def test_passports_among_the_identity_numbers_and_the_other_way_round_are_keys(tmp_path):
    mixed = [NUMBERS[0], "ZZ1234567", NUMBERS[1], "ZZ1234567"]
    _, rows = counted(
        tmp_path,
        {"a": {"ZJHM": mixed, "XM": [NAMES[0], NAMES[1], NAMES[2], NAMES[1]]}},
        {"a": (["ZJHM", "XM"], {"ZJHM": "cn_resident_id", "XM": "person_name"})},
    )
    # Whoever shows a passport may have shown an identity number before.
    assert (rows["a"]["low"], rows["a"]["estimate"]) == (2, 3)
    _, rows = counted(
        tmp_path / "other",
        {"a": {"ZJHM": mixed, "XM": [NAMES[0], NAMES[1], NAMES[2], NAMES[1]]}},
        {"a": (["ZJHM", "XM"], {"ZJHM": "passport", "XM": "person_name"})},
    )
    assert (rows["a"]["low"], rows["a"]["estimate"]) == (2, 3)


def test_a_passport_in_latin_letters_is_its_holders_and_what_is_left_is_certain_only_if_foreign(tmp_path):
    people = range(20)
    named = {"ID": NUMBERS[:20], "XM": ["王建国", "李小红"] * 10, "CSRQ": BORN[:20]}
    latin = {
        "passport": [f"ZE{3000000 + p}" for p in people],
        "name": ["WANG/JIANGUO", "LI/XIAOHONG"] * 9 + ["WANG/JIANGUO", "ZHAO/MIN"],
        "born": [*BORN[:18], None, BORN[19]],
    }
    types = {"passport": "passport", "name": "person_name", "born": "birth_date"}
    register = (["ID", "XM", "CSRQ"], {"ID": "cn_resident_id", "XM": "person_name", "CSRQ": "birth_date"})
    review = {"register": register, "passengers": ([*types], types)}
    _, rows = counted(tmp_path, {"register": named, "passengers": latin}, review)
    assert (rows["*"]["low"], rows["*"]["estimate"], rows["*"]["likely_low"]) == (20, 22, 20)
    assert "2 people known by travel documents alone" in rows["*"]["method"]
    assert rows["passengers"]["low"] == 18
    latin["nation"] = ["KAZ"] * 20
    review["passengers"] = ([*types], types | {"nation": "nationality"})
    _, rows = counted(tmp_path / "abroad", {"register": named, "passengers": latin}, review)
    assert (rows["*"]["low"], rows["*"]["estimate"]) == (22, 22)


def columns(*names: str) -> list[Column]:
    return [Column(cid, name) for cid, name in enumerate(names, start=1)]


def chosen(types: dict[str, str], person: tuple[str, ...]):
    made = dict(zip(columns(*types), types.values(), strict=True))
    table = Table(1, "t", 1, 0, 0, tuple(made))
    return subject(table, made, [column for column in made if column.name in person])


def test_a_landlords_telephone_is_not_the_tenants():
    found = chosen(
        {"姓名": "person_name", "房主姓名": "person_name", "房主电话": "phone", "出生日期": "birth_date"},
        ("姓名",),
    )
    assert found.phone is None and found.birth is None
    found = chosen({"姓名": "person_name", "电话": "phone", "房主姓名": "person_name"}, ("姓名",))
    assert found.phone == "c2"


def test_given_and_family_name_are_one_name_and_two_scripts_are_two():
    parts = {"first_name": "person_name", "last_name": "person_name", "id": "cn_resident_id"}
    assert chosen(parts, tuple(parts)).names == (("c1", "c2"),)
    scripts = {"XM": "person_name", "YWXM": "person_name", "SFZH": "cn_resident_id"}
    assert chosen(scripts, tuple(scripts)).names == (("c1",), ("c2",))


def test_without_any_word_in_the_review_the_first_of_each_kind_is_the_subject():
    found = chosen({"a": "cn_resident_id", "b": "person_name", "c": "cn_resident_id"}, ())
    assert found.numbers == {"cn_resident_id": "c1"} and found.names == (("c2",),)


@pytest.mark.parametrize(
    ("one", "other", "may_be"),
    [
        ("王伟", "王伟", True),
        ("王伟明", "王卫明", True),
        ("SMITHJOHN", "JOHNSMITH", True),
        ("SMITHJOHN", "SMITHJON", True),
        ("王伟", "WANGWEI", True),
        ("艾力·买买提", "艾力", True),
        ("王伟明", "李小红", False),
        ("SMITHJOHN", "PETROVIVAN", False),
    ],
)
def test_names_are_compatible_where_they_may_be_spellings_of_one(one, other, may_be):
    assert compatible(one, other) is may_be is compatible(other, one)


def test_different_names_are_counted_up_to_a_few():
    assert different(["王伟", "王伟", "WANGWEI"]) == 1
    assert different(["王伟明", "李小红", "赵建国", "孙丽华", "周文武"]) == 4
