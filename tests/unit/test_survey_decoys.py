"""Ordinary tables in which nobody is named: the survey claims no identifier for what only looks like one."""

import datetime as dt
import hashlib
import random
from pathlib import Path

import pytest
from stdnum import ean

from sousveil.progress import Silent
from sousveil.survey import stage
from sousveil.survey.types import IDENTIFYING
from tests.columns import column, digits, han_name, moment, resident_id, with_luhn
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


def _ean(body: str) -> str:
    return body + ean.calc_check_digit(body)


DECOYS = {
    "orders by day": lambda rng: f"{moment(rng, '%y%m%d')}{digits(rng, 6)}",
    "orders by minute": lambda rng: f"{moment(rng, '%Y%m%d%H%M')}{digits(rng, 4)}",
    "orders by second": lambda rng: f"{moment(rng, '%Y%m%d%H%M')}00{digits(rng, 4)}",
    "epoch": lambda rng: str(1_500_000_000 + rng.randrange(90_000_000)),
    "books": lambda rng: _ean("978" + digits(rng, 9)),
    "goods": lambda rng: _ean("690" + digits(rng, 9)),
    "parcels": lambda rng: _ean("0" + digits(rng, 10)),
    "sim cards": lambda rng: with_luhn(rng, "8986", 19),
    "md5": lambda rng: hashlib.md5(digits(rng, 9).encode(), usedforsecurity=False).hexdigest(),
    "prices": lambda rng: f"{rng.uniform(1, 9999):.2f}",
    "postcodes": lambda rng: rng.choice("123456") + digits(rng, 5),
    "parts": lambda rng: f"{digits(rng, 3)}-{digits(rng, 2)}-{digits(rng, 4)}",
    "measures": lambda rng: f"{rng.gauss(0, 1):.6e}",
    "multiples of eleven": lambda rng: str(11 * rng.randrange(10**8, 9 * 10**8)),
    "genes": lambda rng: f"ENSG{digits(rng, 11)}",
    "versions": lambda rng: f"{rng.randrange(9)}.{rng.randrange(20)}.{rng.randrange(9)}.{rng.randrange(30)}",
    "years": lambda rng: str(rng.randrange(1950, 2020)),
}


@pytest.fixture(scope="module")
def decoys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Each decoy alone in a table, without a header."""
    tables = {}
    for place, (name, make) in enumerate(DECOYS.items()):
        rng = random.Random(name)
        tables[f"t{place}"] = {"c1": [make(rng) for _ in range(400)]}
    case = make_case(tmp_path_factory.mktemp("decoys"), tables)
    found = {table["table"]: table["columns"][0] for table in stage.run(case, Silent())["tables"]}
    return {name: found[f"t{place}"]["type"] for place, name in enumerate(DECOYS)}


@pytest.mark.parametrize("name", DECOYS)
def test_a_decoy_is_nobodys_identifier(decoys: dict[str, str], name: str) -> None:
    assert decoys[name] not in IDENTIFYING
