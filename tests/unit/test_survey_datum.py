"""Datums told apart where a table allows it, and plates of every kind known as such."""

import random
from pathlib import Path

import numpy as np
import pytest

from sousveil.progress import Silent
from sousveil.survey import stage
from sousveil.survey.datum import bd_of_gcj, gcj_of_wgs
from tests.columns import digits
from tests.support import make_case


def survey(tmp_path: Path, columns: dict[str, list]) -> dict[str, dict]:
    found = stage.run(make_case(tmp_path, {"t": columns}), Silent())["tables"][0]
    return {entry["column"]: entry for entry in found["columns"]}


def texts(values: np.ndarray) -> list[str]:
    return [f"{value:.6f}" for value in values]


@pytest.fixture
def places() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    return rng.uniform(80, 88, 200), rng.uniform(40, 46, 200)


def test_the_formulae_meet_published_pairs() -> None:
    # Tiananmen, as the maps of both kinds are commonly quoted to show it (to about ten metres).
    east, north = gcj_of_wgs((np.array([116.3912]), np.array([39.9069])))
    assert (east[0], north[0]) == pytest.approx((116.39744, 39.90830), abs=2e-4)
    east, north = bd_of_gcj((np.array([116.404]), np.array([39.915])))
    assert (east[0], north[0]) == pytest.approx((116.41036949371029, 39.92133699351021), abs=1e-9)


def test_one_pair_of_columns_does_not_tell_its_datum(tmp_path: Path, places: tuple) -> None:
    found = survey(tmp_path, {"JD": texts(places[0]), "WD": texts(places[1])})
    assert {entry["datum"] for entry in found.values()} == {"cannot tell"}


def test_two_pairs_tell_which_is_the_other_moved(tmp_path: Path, places: tuple) -> None:
    moved = gcj_of_wgs(places)
    again = bd_of_gcj(moved)
    found = survey(
        tmp_path,
        {
            "lon": texts(again[0]), "lat": texts(again[1]), "XM": ["x"] * 200,
            "lon2": texts(moved[0]), "lat2": texts(moved[1]),
        },
    )  # fmt: skip
    assert [found[name]["datum"] for name in ("lon", "lat", "lon2", "lat2")] == [
        "bd09",
        "bd09",
        "gcj02",
        "gcj02",
    ]


def test_a_header_may_claim_a_datum(tmp_path: Path, places: tuple) -> None:
    found = survey(tmp_path, {"百度经度": texts(places[0]), "百度纬度": texts(places[1])})
    assert {entry["datum"] for entry in found.values()} == {"bd09"}


PLATES = {
    "new energy": lambda rng: f"新XD{digits(rng, 5)}",
    "police": lambda rng: f"新X{digits(rng, 4)}警",
    "trailer": lambda rng: f"新X·{digits(rng, 4)}挂",
    "hong kong": lambda rng: f"粤Z·{digits(rng, 4)}港",
    "embassy": lambda rng: f"{digits(rng, 6)}使",
    "armed police": lambda rng: f"WJ新{digits(rng, 5)}",
    "army, former": lambda rng: f"军A{digits(rng, 5)}",
}


@pytest.mark.parametrize("kind", PLATES)
def test_plates_of_every_kind_are_plates_and_valid(tmp_path: Path, kind: str) -> None:
    rng = random.Random(kind)
    entry = survey(tmp_path, {"c1": [PLATES[kind](rng) for _ in range(300)]})["c1"]
    assert (entry["type"], entry["valid_share"]) == ("cn_plate", 1.0)


def test_plates_of_the_army_need_a_header(tmp_path: Path) -> None:
    rng = random.Random(9)
    values = [f"VA{digits(rng, 5)}" for _ in range(300)]
    found = survey(tmp_path, {"号牌号码": values, "c2": values})
    assert (found["号牌号码"]["type"], found["号牌号码"]["valid_share"]) == ("cn_plate", 1.0)
    assert found["c2"]["type"] != "cn_plate"
