"""National identity numbers: every kernel against python-stdnum, every type known in a column of its own."""

import random
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sousveil.progress import Silent
from sousveil.survey import stage
from sousveil.survey.types import BY_NAME, NATIONAL
from tests.national import BODIES, DIGITS, LETTERS, OWN_SOURCES, UNBORN, candidates, reference
from tests.support import make_case

NO_MODULE = {"kz_iin"}
"""Held to its published rule in test_types_checks."""
COMPARED = sorted(set(BODIES) - NO_MODULE)


def ours(name: str, texts: list[str]) -> list[bool]:
    return BY_NAME[name].check(pa.array(texts, pa.string())).tolist()


def fitting(name: str, texts: list[str]) -> list[str]:
    """The texts of a length that the type claims; python-stdnum also fills up shorter ones with zeros."""
    unborn = UNBORN.get(name, lambda _: False)
    return [text for text in texts if len(text) in BY_NAME[name].widths and not unborn(text)]


def valid(name: str, size: int) -> list[str]:
    """Numbers for which our own check holds."""
    made = candidates(name, random.Random(name), 4 * size)
    return [text for text, yes in zip(made, ours(name, made), strict=True) if yes][:size]


def test_the_numbers_of_at_least_twenty_five_countries_are_known() -> None:
    assert len({name[:2] for name in NATIONAL} | {"cn"}) >= 50
    assert set(BODIES) | set(OWN_SOURCES) == NATIONAL


@pytest.mark.parametrize("name", COMPARED)
def test_a_kernel_agrees_with_stdnum_on_right_slipped_and_random_numbers(name: str) -> None:
    rng, holds = random.Random(name), reference(name)
    right = [text for text in candidates(name, rng, 60) if holds(text)][:40]
    assert len(right) == 40
    slipped = []
    for value in right * 4:
        place = rng.randrange(len(value))
        signs = LETTERS if value[place].isalpha() else DIGITS
        slipped.append(value[:place] + rng.choice(signs) + value[place + 1 :])
    noise = ["".join(rng.choices(DIGITS, k=len(right[0]))) for _ in range(300)]
    texts = fitting(name, right + slipped + noise)
    assert ours(name, texts) == [holds(text) for text in texts]
    assert all(ours(name, right))


@pytest.mark.parametrize("name", sorted(OWN_SOURCES))
def test_numbers_without_a_reference_follow_their_published_rule(name: str) -> None:
    right, wrong = OWN_SOURCES[name]
    assert all(ours(name, list(right)))
    assert not any(ours(name, list(wrong)))


@pytest.mark.parametrize("name", sorted(name for name in NATIONAL if BY_NAME[name].chance))
def test_the_chance_rate_of_a_check_is_what_random_numbers_pass(name: str) -> None:
    """Random texts of the right shape pass about as often as the type says; never more than twice that."""
    found, rng = BY_NAME[name], random.Random(name)
    body = valid(name, 1)[0] if name in BODIES else OWN_SOURCES[name][0][0]
    texts = []
    for _ in range(4000):
        tail = "".join(rng.choice(LETTERS if c.isalpha() else DIGITS) for c in body[-4:])
        texts.append(body[:-4] + tail)
    passed = sum(ours(name, texts)) / len(texts)
    assert passed <= 2 * found.chance


@settings(max_examples=40)
@given(
    st.lists(st.none() | st.text(max_size=18) | st.text(DIGITS + "AXK", min_size=8, max_size=18), max_size=6)
)
def test_no_text_breaks_a_kernel(texts: list[str | None]) -> None:
    for name in NATIONAL:
        assert len(BY_NAME[name].check(pa.array(texts, pa.string()))) == len(texts)


@pytest.fixture(scope="module")
def surveyed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """A column of each type that has a reference: bare, and under its own header."""
    tables = {}
    for place, name in enumerate(sorted(BODIES)):
        values = valid(name, 120)
        tables[f"bare{place}"] = {"c1": values}
        tables[f"named{place}"] = {BY_NAME[name].headers.split()[0].replace("_", " "): values}
    case = make_case(tmp_path_factory.mktemp("national"), tables)
    found = {table["table"]: table["columns"][0] for table in stage.run(case, Silent())["tables"]}
    return {
        name: {"bare": found[f"bare{place}"], "named": found[f"named{place}"]}
        for place, name in enumerate(sorted(BODIES))
    }


@pytest.mark.parametrize("name", sorted(BODIES))
def test_a_column_of_national_numbers_is_known_by_its_header(surveyed: dict, name: str) -> None:
    assert surveyed[name]["named"]["type"] == name
    assert surveyed[name]["named"]["valid_share"] == 1.0


@pytest.mark.parametrize("name", sorted(BODIES))
def test_without_a_header_it_is_known_or_the_survey_abstains(surveyed: dict, name: str) -> None:
    assert surveyed[name]["bare"]["type"] in {name, "unknown", "number", "serial"}


def test_random_digits_are_nobodys_number(tmp_path: Path) -> None:
    rng = random.Random(5)
    columns = {
        f"c{width}": ["".join(rng.choices(DIGITS, k=width)) for _ in range(2000)] for width in range(8, 19)
    }
    case = make_case(tmp_path, {"t": columns})
    found = stage.run(case, Silent())["tables"][0]["columns"]
    assert {entry["type"] for entry in found} <= {"unknown", "number", "serial"}
