"""Confidence: a monotone map that only takes away; doubt is care, and no claim."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sousveil.progress import Silent
from sousveil.survey import stage
from sousveil.survey.calibration import calibrated, fitted
from tests.columns import digits, han_name, latin_name, moment, with_luhn
from tests.support import make_case


@given(st.floats(0, 1), st.floats(0, 1))
def test_confidence_is_monotone_and_never_above_the_score(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0 <= calibrated(low) <= calibrated(high) <= high


def test_the_fitted_map_follows_what_was_right() -> None:
    pairs = [(0.5, place % 2 == 0) for place in range(200)] + [(0.9, place % 20 > 0) for place in range(200)]
    steps = dict(fitted(pairs))
    assert steps[0.5] == pytest.approx(0.5, abs=0.01)
    assert steps[0.9] == pytest.approx(0.95, abs=0.01)


def test_the_fitted_map_pools_what_is_out_of_order() -> None:
    pairs = [(0.5, True)] * 60 + [(0.7, False)] * 60
    assert len(fitted(pairs)) == 1


def survey(tmp_path: Path, columns: dict[str, list]) -> dict[str, dict]:
    found = stage.run(make_case(tmp_path, {"t": columns}), Silent())["tables"][0]
    return {entry["column"]: entry for entry in found["columns"]}


def test_numbers_whose_check_several_countries_have_are_neither_claimed_nor_called_numbers(
    tmp_path: Path,
) -> None:
    rng = random.Random(1)
    entry = survey(tmp_path, {"c1": [with_luhn(rng, "9", 9) for _ in range(400)]})["c1"]
    assert entry["type"] == "unknown"
    assert entry["identifying"]
    assert {other["type"] for other in entry["alternatives"]} >= {"il_idnr", "ca_sin"}


def test_a_column_called_name_is_claimed_only_beside_people(tmp_path: Path) -> None:
    rng = random.Random(2)
    things = [f"{rng.choice('ABCDEF')}lon{digits(rng, 1)}{rng.choice('aeiou')}r" for _ in range(300)]
    assert (
        survey(tmp_path / "a", {"name": things, "mass": list(digits(rng, 300))})["name"]["type"]
        != "person_name"
    )
    people = {"name": [latin_name(rng) for _ in range(300)], "sex": rng.choices(["Male", "Female"], k=300)}
    assert survey(tmp_path / "b", people)["name"]["type"] == "person_name"


def test_an_answer_of_yes_and_no_is_no_owner(tmp_path: Path) -> None:
    answers = random.Random(3).choices(["yes", "no"], k=300)
    assert survey(tmp_path, {"owner": answers})["owner"]["type"] == "boolean"


def test_days_of_decades_are_births_only_beside_people(tmp_path: Path) -> None:
    rng = random.Random(4)
    days = [moment(rng, "%Y-%m-%d", 1940, 58) for _ in range(400)]
    assert survey(tmp_path / "a", {"c1": days, "c2": [digits(rng, 2) for _ in days]})["c1"]["type"] == "date"
    beside = {"c1": days, "c2": [han_name(rng) for _ in days]}
    assert survey(tmp_path / "b", beside)["c1"]["type"] == "birth_date"


def test_shares_in_per_cent_side_by_side_are_no_degrees(tmp_path: Path) -> None:
    rng = random.Random(5)
    columns = {
        "c1": [f"{rng.uniform(80, 99):.7f}" for _ in range(300)],
        "c2": [f"{rng.uniform(4, 40):.7f}" for _ in range(300)],
    }
    assert {entry["type"] for entry in survey(tmp_path, columns).values()} == {"number"}
