"""Ordinary tables in which nobody is named: the survey claims no identifier for what only looks like one."""

import datetime as dt
import random
from pathlib import Path

from sousveil.progress import Silent
from sousveil.survey import stage
from sousveil.survey.types import IDENTIFYING
from tests.columns import column, digits, han_name, moment, resident_id
from tests.support import make_case


def types(tmp_path: Path, columns: dict[str, list]) -> dict[str, str]:
    case = make_case(tmp_path, {"t": columns})
    return {entry["column"]: entry["type"] for entry in stage.run(case, Silent())["tables"][0]["columns"]}


def test_file_numbers_that_hold_a_recent_date_are_no_identity_numbers(tmp_path: Path) -> None:
    rng = random.Random(1)
    numbers = [f"{digits(rng, 6)}{moment(rng, '%Y%m%d', 2017, 2)}{digits(rng, 4)}" for _ in range(500)]
    found = types(tmp_path, {"c1": numbers, "SFZH": numbers})
    assert found["c1"] not in IDENTIFYING
    assert found["SFZH"] == "cn_resident_id"


def test_identity_numbers_of_one_year_are_known_by_their_check_digits(tmp_path: Path) -> None:
    rng = random.Random(2)
    pupils = []
    while len(pupils) < 200:
        number = resident_id(rng)
        pupils += [number] if number[6:10] == "2005" else []
    assert types(tmp_path, {"c1": pupils})["c1"] == "cn_resident_id"


def test_a_series_of_measurements_over_decades_is_no_column_of_births(tmp_path: Path) -> None:
    weeks = [f"{dt.date(1958, 3, 29) + dt.timedelta(7 * week):%Y-%m-%d}" for week in range(2000)]
    months = [f"{1950 + month // 12}-{month % 12 + 1:02d}-01" for month in range(500)] * 4
    found = types(tmp_path, {"c1": weeks, "c2": months})
    assert set(found.values()) == {"date"}


def test_streets_and_models_are_no_names_of_people(tmp_path: Path) -> None:
    rng = random.Random(3)
    words = ("tullaroop", "giblin", "milne", "pinkerton", "wallaby", "forbes", "stanley", "arthur")
    streets = [
        f"{rng.choice(words)}{rng.choice('aeiou')} {rng.choice(('street', 'circuit', 'place'))}"
        for _ in range(300)
    ]
    models = [f"{rng.choice(words)} {rng.choice(words)} {rng.randrange(900)}" for _ in range(300)]
    found = types(
        tmp_path, {"address_1": streets, "c2": streets, "Name": models, "sex": rng.choices(["m", "f"], k=300)}
    )
    assert found["address_1"] == "address"
    assert "person_name" not in found.values()


def test_x_and_y_are_no_degrees_but_two_columns_of_a_receiver_are(tmp_path: Path) -> None:
    rng = random.Random(4)
    noise = [f"{rng.gauss(0, 1):.6f}" for _ in range(300)]
    found = types(
        tmp_path,
        {
            "x": noise,
            "y": noise[::-1],
            "c3": [f"{rng.uniform(80, 88):.6f}" for _ in range(300)],
            "c4": [f"{rng.uniform(40, 46):.6f}" for _ in range(300)],
        },
    )
    assert list(found.values()) == ["number", "number", "longitude", "latitude"]


def test_codes_of_countries_in_digits_need_a_header(tmp_path: Path) -> None:
    codes = random.Random(5).choices(["156", "840", "398", "792"], k=300)
    assert types(tmp_path, {"c1": codes, "国籍代码": codes}) == {"c1": "category", "国籍代码": "nationality"}


def test_numbers_that_a_spreadsheet_made_are_still_telephones_and_birth_dates(tmp_path: Path) -> None:
    rng = random.Random(6)
    found = types(
        tmp_path,
        {
            "手机号": [f"120{digits(rng, 8)}.0" for _ in range(300)],
            "出生日期": [value + ".0" for value in column("birth_date", 300)],
            "姓名": [han_name(rng) for _ in range(300)],
        },
    )
    assert list(found.values()) == ["phone", "birth_date", "person_name"]
