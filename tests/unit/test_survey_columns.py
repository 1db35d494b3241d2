"""What the survey says of columns: right types, abstention, honest shares, no guess against a check."""

import random
from pathlib import Path

import pytest

from sousveil.progress import Silent
from sousveil.survey import stage
from tests.columns import (
    HAN_PLACES,
    MAKERS,
    column,
    counter,
    digits,
    han_name,
    latin_name,
    moment,
    resident_id,
    with_luhn,
)
from tests.support import make_case

NEEDS_A_HEADER = frozenset(
    {
        *("person_name latin", "datetime epoch", "datetime epoch ms", "date serial", "passport", "phone"),
        *("longitude", "latitude", "number", "money", "birth_date", "birth_date russian"),
    }
)
"""Right by header only: the values alone could be something else."""


def survey(tmp_path: Path, columns: dict[str, list], hints: dict[str, str] | None = None) -> dict[str, dict]:
    """One table surveyed: what is said of each column, by its name."""
    case = make_case(tmp_path, {"t": columns}, hints)
    found = stage.run(case, Silent())["tables"][0]
    return {entry["column"]: entry for entry in found["columns"]}


@pytest.fixture(scope="module")
def surveyed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, dict]]:
    """Every made column alone in a table of its own, with its header and without."""
    tables = {}
    for place, (case, (header, _)) in enumerate(MAKERS.items()):
        tables[f"named{place}"] = {header: column(case, 300)}
        tables[f"bare{place}"] = {"col": column(case, 300)}
    case = make_case(tmp_path_factory.mktemp("surveyed"), tables)
    found = {t["table"]: t["columns"][0] for t in stage.run(case, Silent())["tables"]}
    return {
        name: {"named": found[f"named{place}"], "bare": found[f"bare{place}"]}
        for place, name in enumerate(MAKERS)
    }


@pytest.mark.parametrize("case", MAKERS)
def test_a_column_with_its_header_gets_its_type(surveyed: dict, case: str) -> None:
    assert surveyed[case]["named"]["type"] == case.split()[0]


@pytest.mark.parametrize("case", MAKERS)
def test_without_a_header_the_type_is_right_or_the_survey_abstains(surveyed: dict, case: str) -> None:
    bare = surveyed[case]["bare"]
    if case in NEEDS_A_HEADER:
        assert bare["type"] in {case.split()[0], "unknown", "number", "category", "date"}
        assert bare["confidence"] <= 0.7 or bare["type"] == "date"
    else:
        assert bare["type"] == case.split()[0]
    assert bare["reason"]


@pytest.mark.parametrize("case", [name for name in MAKERS if name.split()[0] not in {"phone"}])
def test_genuine_values_are_all_valid(surveyed: dict, case: str) -> None:
    assert surveyed[case]["named"]["valid_share"] == 1.0


def test_unassigned_telephones_are_telephones_and_none_is_valid(surveyed: dict) -> None:
    assert surveyed["phone"]["named"]["valid_share"] == 0.0


def test_a_forged_identity_number_keeps_its_type_with_a_share_of_chance(tmp_path: Path) -> None:
    rng = random.Random(3)
    forged = [resident_id(rng, valid=False) for _ in range(3000)]
    for name, entry in survey(tmp_path, {"SFZH": forged, "col": forged}).items():
        assert entry["type"] == "cn_resident_id", name
        assert 0.06 < entry["valid_share"] < 0.12
        assert "chance" in entry["reason"]


def test_random_digits_pass_no_check_and_get_no_identity(tmp_path: Path) -> None:
    rng = random.Random(4)
    widths = (10, 11, 12, 15, 16, 18, 19)
    found = survey(tmp_path, {f"c{w}": [digits(rng, w) for _ in range(2000)] for w in widths})
    assert {entry["type"] for entry in found.values()} <= {"unknown", "number", "serial"}


def test_a_header_never_overrides_a_failed_shape(tmp_path: Path) -> None:
    rng = random.Random(5)
    found = survey(
        tmp_path,
        {
            "身份证号": [f"120{digits(rng, 8)}" for _ in range(200)],
            "手机号": [resident_id(rng) for _ in range(200)],
            "email": [han_name(rng) for _ in range(200)],
            "出生日期": [rng.choice(("盗窃", "纠纷", "求助")) for _ in range(200)],
        },
    )
    assert found["身份证号"]["type"] != "cn_resident_id"
    assert found["手机号"]["type"] == "cn_resident_id"
    assert found["email"]["type"] == "person_name"
    assert found["出生日期"]["type"] == "category"


def test_the_header_decides_between_a_number_a_telephone_and_a_serial(tmp_path: Path) -> None:
    rng = random.Random(6)
    ages = [str(rng.randrange(100)) for _ in range(3000)]
    found = survey(
        tmp_path,
        {
            "id": counter(3000, 13_000_000_000),
            "LXDH": [f"120{digits(rng, 8)}" for _ in range(3000)],
            "NL": ages,
            "LX": [rng.choice("123") for _ in range(3000)],
        },
    )
    assert [entry["type"] for entry in found.values()] == ["serial", "phone", "number", "category"]


def test_a_counter_is_a_serial_even_where_the_header_says_telephone(tmp_path: Path) -> None:
    assert survey(tmp_path, {"LXDH": counter(2000, 13_100_000_000)})["LXDH"]["type"] == "serial"


def test_birth_dates_are_known_by_the_identity_number_beside_them(tmp_path: Path) -> None:
    rng = random.Random(7)
    numbers = [resident_id(rng) for _ in range(300)]
    born = [f"{n[6:10]}-{n[10:12]}-{n[12:14]}" for n in numbers]
    entered = [moment(rng, "%Y-%m-%d") for _ in numbers]
    found = survey(tmp_path, {"a": numbers, "b": born, "c": entered})
    assert [entry["type"] for entry in found.values()] == ["cn_resident_id", "birth_date", "date"]


def test_one_moment_off_midnight_makes_moments_of_days(tmp_path: Path) -> None:
    days = ["2018-03-05 00:00:00"] * 20_000
    assert survey(tmp_path / "days", {"RJSJ": days})["RJSJ"]["type"] == "date"
    days[15_000] = "2018-03-05 00:00:01"
    assert survey(tmp_path / "moments", {"RJSJ": days})["RJSJ"]["type"] == "datetime"


def test_a_pair_of_degrees_is_known_without_headers(tmp_path: Path) -> None:
    lon, lat = column("longitude", 300), column("latitude", 300)
    found = survey(tmp_path, {"位置.lon": lon, "位置.lat": lat})
    assert [entry["type"] for entry in found.values()] == ["longitude", "latitude"]


def test_latin_names_are_known_beside_what_belongs_to_a_person(tmp_path: Path) -> None:
    rng = random.Random(8)
    found = survey(
        tmp_path,
        {
            "a": [f"{latin_name(rng)}{rng.choice('AEIOU')}" for _ in range(300)],
            "b": column("cn_resident_id", 300),
        },
    )
    assert found["a"]["type"] == "person_name"


def test_few_people_over_and_over_are_still_people(tmp_path: Path) -> None:
    rng = random.Random(9)
    officers = list({han_name(rng) for _ in range(40)})
    found = survey(tmp_path, {"c": [rng.choice(officers) for _ in range(3000)]})
    assert found["c"]["type"] == "person_name"
    assert found["c"]["identifying"]


@pytest.mark.parametrize(
    ("header", "street"),
    [("Адрес", "ул. «Озёрная», д. {}"), ("Адрес", "ул. Озёрная {}"), ("地址", "东风路{}号")],
)
def test_houses_that_come_again_and_again_are_addresses_and_no_category(
    tmp_path: Path, header: str, street: str
) -> None:
    columns = {header: [street.format(1 + n % 90) for n in range(2000)], "n": counter(2000)}
    assert survey(tmp_path, columns)[header]["type"] == "address"


def test_first_names_under_a_german_header_are_names(tmp_path: Path) -> None:
    given = ("Jürgen", "Hans", "Uwe", "Björn", "Sabine", "Käthe", "Ute", "Bärbel", "Ilse", "Kai")
    columns = {
        "Vorname": [given[n % 10] for n in range(500)],
        "Geschlecht": ["mw"[n % 2] for n in range(500)],
        "Aktiv": [("WAHR", "FALSCH")[n % 2] for n in range(500)],
    }
    found = survey(tmp_path, columns)
    assert [entry["type"] for entry in found.values()] == ["person_name", "sex", "boolean"]


def test_places_that_begin_with_a_surname_are_no_people(tmp_path: Path) -> None:
    rng = random.Random(10)
    names = [f"{place}{kind}" for place in HAN_PLACES for kind in ("区", "派出所", "路", "镇")]
    assert survey(tmp_path, {"c": [rng.choice(names) for _ in range(2000)]})["c"]["type"] == "category"


def test_placeholders_are_no_values(tmp_path: Path) -> None:
    rng = random.Random(11)
    values = [resident_id(rng) for _ in range(500)] + [
        "无",
        "NULL",
        "-",
        "",
        " ",
        None,
        "000000",
        "未知",
    ] * 50
    entry = survey(tmp_path, {"SFZH": values})["SFZH"]
    assert entry["present_share"] == pytest.approx(500 / 900, abs=1e-4)
    assert (entry["valid_share"], entry["distinct"]) == (1.0, 500)


def test_distinct_values_are_counted_over_every_row(tmp_path: Path) -> None:
    rng = random.Random(12)
    values = [rng.choice("甲乙丙丁") for _ in range(30_000)]
    values[29_999] = "戊"
    entry = survey(tmp_path, {"LB": values})["LB"]
    assert (entry["type"], entry["distinct"], entry["present_share"]) == ("category", 5, 1.0)


def test_identity_numbers_in_full_width_and_with_spaces_are_valid(tmp_path: Path) -> None:
    wide = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
    numbers = column("cn_resident_id", 300)
    mixed = [n.translate(wide) if i % 3 else f"{n[:6]} {n[6:14]}-{n[14:]}" for i, n in enumerate(numbers)]
    entry = survey(tmp_path, {"SFZH": mixed})["SFZH"]
    assert (entry["type"], entry["valid_share"]) == ("cn_resident_id", 1.0)


def test_a_comment_on_a_column_counts_as_its_header(tmp_path: Path) -> None:
    rng = random.Random(13)
    values = [f"120{digits(rng, 8)}" for _ in range(300)]
    assert survey(tmp_path, {"f7": values}, {"f7": "联系电话"})["f7"]["type"] == "phone"


def test_a_mixture_of_documents_shows_its_share(tmp_path: Path) -> None:
    rng = random.Random(14)
    values = column("cn_resident_id", 200) + [f"E{digits(rng, 8)}" for _ in range(120)]
    entry = survey(tmp_path, {"证件号码": values})["证件号码"]
    assert entry["type"] == "cn_resident_id"
    assert entry["valid_share"] == pytest.approx(200 / 320, abs=1e-4)
    assert "passport" in {other["type"] for other in entry["alternatives"]}


def test_device_numbers_are_no_bank_cards_and_no_identity_numbers(tmp_path: Path) -> None:
    rng = random.Random(15)
    found = survey(tmp_path, {"c": [with_luhn(rng, "86", 15) for _ in range(500)]})
    assert found["c"]["type"] == "imei"


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_tiny_tables_are_surveyed(tmp_path: Path, rows: int) -> None:
    found = survey(tmp_path, {"XM": ["王伟", "李娜"][:rows], "x": ["a\x00\u200b", None][:rows]})
    assert found["XM"]["type"] == ("person_name" if rows else "unknown")


def test_an_empty_column_is_unknown_with_a_reason(tmp_path: Path) -> None:
    entry = survey(tmp_path, {"SFZH": [None, "", "无"] * 10})["SFZH"]
    assert (entry["type"], entry["reason"]) == ("unknown", "no value in any row")


def test_huge_and_odd_values_do_no_harm(tmp_path: Path) -> None:
    odd = [
        "x" * 300_000,
        "\x00\x01\x02",
        "\u202e\u200b\ufeff",
        "9" * 5_000,
        "(((((" * 500,
        "'; DROP TABLE raw.t1; --",
    ]
    entry = survey(tmp_path, {"'; DROP TABLE raw.t1; --": odd * 20})
    assert next(iter(entry.values()))["distinct"] >= 4
