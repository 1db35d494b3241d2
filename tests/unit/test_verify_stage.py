"""The evidence table, on dumps that are genuine, generated, forged or too small."""

import datetime as dt
import json
import random
import re
from pathlib import Path

import pytest

from sousveil.progress import Silent
from sousveil.stages import perform
from sousveil.verify import FAMILIES, TESTS, kind_of
from sousveil.verify.evidence import agreement
from tests.support import make_case
from tests.support_people import mistyped, phone, resident

SIZE = 400
TYPES = {"ID": "cn_resident_id", "XB": "sex", "CSRQ": "birth_date", "HJDZ": "address"}
CITIES = [f"{name}市" for name in ("望潮", "青塔", "石桥", "云门")]


def people(size=SIZE, seed=1):
    """Rows of ID, sex, birth date, home, all in agreement."""
    rng = random.Random(seed)
    rows = []
    for place in range(size):
        born = dt.date(1950, 1, 1) + dt.timedelta(rng.randrange(18_000))
        city = rng.randrange(4)
        serial = rng.randrange(1000)
        number = resident(f"{born:%Y%m%d}", serial, f"99010{city + 1}")
        rows.append((number, "女男"[serial % 2], born.isoformat(), f"{CITIES[city]}东区{place}号"))
    return rows


def verified(tmp_path, tables, types, event=None):
    case = make_case(tmp_path, tables)
    sections = []
    for name, columns in tables.items():
        kinds = {column: types[column] for column in columns}
        person = [column for column in columns if types[column] in ("cn_resident_id", "person_name")]
        sections.append(f"[tables.{name}]\nperson = {json.dumps(person)}\nevent_date = '{event or ''}'")
        sections.append(f"[tables.{name}.columns]")
        sections += [f'{column} = "{kind}"' for column, kind in kinds.items()]
    (case.folder / "review.toml").write_text("\n".join(sections), "utf-8")
    tests = perform(case, "verify", Silent())["tests"]
    return {(test["id"], test["table"]): test for test in tests}


def of(rows):
    return {name: [row[place] for row in rows] for place, name in enumerate(TYPES)}


@pytest.fixture(scope="module")
def genuine(tmp_path_factory):
    return verified(tmp_path_factory.mktemp("genuine"), {"t": of(people())}, TYPES)


AGREEMENTS = (
    "check-digits-cn-resident-id",
    "resident-id-birth-date",
    "resident-id-sex",
    "resident-id-region",
)


@pytest.mark.parametrize("test", AGREEMENTS)
def test_a_dump_that_agrees_with_itself_is_consistent(genuine, test):
    assert genuine[test, "t"]["reading"] == "consistent"


def test_generated_people_have_valid_numbers_but_neither_their_sex_nor_their_birth_date(tmp_path):
    rows, others = people(), people(seed=2)
    mixed = [(a[0], b[1], b[2], b[3]) for a, b in zip(rows, others, strict=True)]
    found = verified(tmp_path, {"t": of(mixed)}, TYPES)
    readings = [found[test, "t"]["reading"] for test in AGREEMENTS]
    assert readings == ["consistent", "inconsistent", "inconsistent", "inconsistent"]
    assert found["resident-id-sex", "t"]["band"] == "about what chance gives"
    assert 0.4 < found["resident-id-sex", "t"]["observed"] < 0.6


def test_forged_check_digits_read_inconsistent_and_the_rest_is_still_compared(tmp_path):
    rows = [(r[0][:17] + "0123456789X"[p % 11], *r[1:]) for p, r in enumerate(people())]
    found = verified(tmp_path, {"t": of(rows)}, TYPES)
    readings = [found[test, "t"]["reading"] for test in AGREEMENTS]
    assert readings == ["inconsistent", "consistent", "consistent", "consistent"]
    assert found["check-digits-cn-resident-id", "t"]["band"] == "about what chance gives"


def test_a_part_altered_cannot_be_told(tmp_path):
    rows = [(mistyped(r[0]) if p % 4 == 0 else r[0], *r[1:]) for p, r in enumerate(people())]
    found = verified(tmp_path, {"t": of(rows)}, TYPES)
    assert found["check-digits-cn-resident-id", "t"]["reading"] == "inconclusive"


def test_few_records_cannot_tell(tmp_path):
    found = verified(tmp_path, {"t": of(people(20))}, TYPES)
    assert {test["reading"] for (name, _), test in found.items() if name in AGREEMENTS} == {"inconclusive"}


def test_few_people_with_many_records_cannot_tell(tmp_path):
    found = verified(tmp_path, {"t": of(people(5) * 100)}, TYPES)
    assert found["resident-id-sex", "t"]["reading"] == "inconclusive"


def test_a_column_of_one_sex_cannot_tell(tmp_path):
    rows = [row for row in people(900) if row[1] == "男"]
    found = verified(tmp_path, {"t": of(rows)}, TYPES)
    assert found["resident-id-sex", "t"]["reading"] == "inconclusive"


def test_sexes_the_wrong_way_round_are_a_matter_of_codes(tmp_path):
    rows = [(r[0], {"男": "女", "女": "男"}[r[1]], *r[2:]) for r in people()]
    found = verified(tmp_path, {"t": of(rows)}, TYPES)
    assert found["resident-id-sex", "t"]["reading"] == "inconclusive"


def test_numbers_and_telephones_of_nobody_lie_in_reserved_ranges(tmp_path):
    table = of(people()) | {"LXDH": [phone(place) for place in range(SIZE)]}
    found = verified(tmp_path, {"t": table}, TYPES | {"LXDH": "phone"})
    assert found["reserved-ranges-cn-resident-id", "t"]["reading"] == "inconsistent"
    assert found["reserved-ranges-phone", "t"]["reading"] == "inconsistent"


def moments(hours, size=2_000, seed=3):
    rng = random.Random(seed)
    start = dt.datetime(2018, 1, 1)
    return [
        (start + dt.timedelta(rng.randrange(300), rng.choice(hours) * 3600 + rng.randrange(3600))).isoformat(
            " "
        )
        for _ in range(size)
    ]


@pytest.mark.parametrize(
    ("hours", "reading"), [(range(8, 22), "consistent"), (range(24), "inconsistent"), ([3], "inconclusive")]
)
def test_people_have_nights_and_generators_have_none(tmp_path, hours, reading):
    rows = people(2_000)
    table = {"ID": [row[0] for row in rows], "SJ": moments(hours)}
    found = verified(tmp_path, {"t": table}, TYPES | {"SJ": "datetime"}, event="SJ")
    assert found["hour-of-day", "t"]["reading"] == reading
    assert found["day-of-week", "t"]["reading"] == "inconclusive"


def test_machines_that_report_all_day_long_are_not_blamed(tmp_path):
    table = {"HPHM": [f"宁W{place % 90 + 10000}" for place in range(2_000)], "SJ": moments(range(24))}
    found = verified(tmp_path, {"t": table}, {"HPHM": "cn_plate", "SJ": "datetime"}, event="SJ")
    assert found["hour-of-day", "t"]["reading"] == "inconclusive"


def test_numbers_that_rise_with_time_are_consistent(tmp_path):
    table = {"BH": [f"J{place + 1000:08d}" for place in range(2_000)], "SJ": sorted(moments(range(24)))}
    types = {"BH": "serial", "SJ": "datetime"}
    assert verified(tmp_path, {"t": table}, types, event="SJ")["serial-order", "t"]["reading"] == "consistent"
    shuffled = table | {"SJ": moments(range(24))}
    found = verified(tmp_path / "other", {"t": shuffled}, types, event="SJ")
    assert found["serial-order", "t"]["reading"] == "inconclusive"


def test_records_that_repeat_others_are_counted_whatever_their_serial_number(tmp_path):
    rows = people(200) * 2
    table = of(rows) | {"BH": [str(place) for place in range(400)]}
    found = verified(tmp_path, {"t": table}, TYPES | {"BH": "serial"})
    assert found["repeated-records", "t"]["observed"] == 0.5
    assert found["repeated-records", "t"]["reading"] == "inconclusive"


def test_bands_are_words_without_any_figure_and_no_row_holds_a_value(genuine):
    said = json.dumps(list(genuine.values()), ensure_ascii=False)
    assert not any(row[0] in said or row[3] in said for row in people())
    for test in genuine.values():
        assert test["band"] and not re.search(r"[0-9%]", test["band"])
        assert test["why"].endswith(".") and test["reading"] in ("consistent", "inconsistent", "inconclusive")


def test_there_is_one_row_for_a_test_and_a_table(tmp_path):
    table = of(people()) | {"ID2": [row[0] for row in people(seed=5)]}
    case = make_case(tmp_path, {"t": table})
    tests = perform(case, "verify", Silent())["tests"]
    ids = [(test["id"], test["table"]) for test in tests]
    assert len(ids) == len(set(ids))
    assert {kind_of(name) for name, _ in ids} <= set(TESTS)


def test_a_column_that_reads_otherwise_has_a_row_of_its_own(tmp_path):
    forged = [r[0][:17] + "0123456789X"[p % 11] for p, r in enumerate(people(seed=6))]
    case = make_case(tmp_path, {"t": of(people()) | {"ID2": forged}})
    (case.folder / "review.toml").write_text(
        "[tables.t]\n[tables.t.columns]\n"
        + "\n".join(f'{k} = "{v}"' for k, v in (TYPES | {"ID2": "cn_resident_id"}).items()),
        "utf-8",
    )
    tests = perform(case, "verify", Silent())["tests"]
    found = [(t["columns"], t["reading"]) for t in tests if t["id"] == "check-digits-cn-resident-id"]
    assert found == [(["ID"], "consistent"), (["ID2"], "inconsistent")]


def test_an_agreement_that_chance_gives_nearly_always_cannot_tell():
    assert agreement("x", "t", ["a"], 100, 100, 0.95, "things").reading == "inconclusive"


def test_the_list_of_tests_the_folder_and_the_docs_agree():
    docs = (Path(__file__).parents[2] / "docs" / "verify.md").read_text("utf-8")
    assert re.findall(r"^### `(.+)`$", docs, re.MULTILINE) == list(TESTS)
    folder = {p.stem for p in Path("src/sousveil/verify").glob("*.py")}
    helpers = {"calibration", "evidence", "figures", "holidays", "land", "sample", "windows", "words"}
    others = {"__init__", "stage", *helpers}
    assert folder - others == {family.rows.__module__.rsplit(".", 1)[1] for family in FAMILIES}


def test_every_row_says_what_it_rests_on_and_what_would_change_it(genuine):
    for test in genuine.values():
        assert isinstance(test["n"], int)
        assert test["assumption"].endswith(".") and test["would_change"].endswith(".")
        assert set(test["likelihood"]) == {"genuine", "generated", "altered", "recombined"}
        assert set(test["calibration"]) == {"on", "tables", "false_alarms", "false_alarm_rate"}


def test_no_answer_ever_says_genuine(tmp_path):
    rows = people()
    case = make_case(tmp_path, {"good": of(rows), "bad": of([(r[0], "男", *r[2:]) for r in rows])})
    (case.folder / "review.toml").write_text(
        "".join(
            f"[tables.{name}.columns]\n" + "\n".join(f'{k} = "{v}"' for k, v in TYPES.items()) + "\n"
            for name in ("good", "bad")
        ),
        "utf-8",
    )
    answers = {row["table"]: row for row in perform(case, "verify", Silent())["answers"]}
    assert all("genuine" not in row["words"] for row in answers.values())
    assert all(row["answer"] in ("against", "cannot tell") for row in answers.values())
    assert "reserved-ranges-cn-resident-id" in answers["good"]["against"]
