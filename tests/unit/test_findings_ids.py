"""Ids of questions: readable in any script, and safe."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sousveil.findings.ids import is_id, key, slug
from sousveil.publish.labels import slugs


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Border Entries!", "border-entries"),
        ("Été", "ete"),
        ("类别", "类别"),
        ("110接处警 (2018)", "110接处警-2018"),
        ("ＨＰＨＭ", "hphm"),
        ("Въезд й", "въезд-й"),
        ("हिन्दी", "हिन्दी"),
        ("-", ""),
        ("a" * 99, "a" * 40),
        ("990102199001011234", ""),
    ],
)
def test_a_slug_keeps_letters_and_digits(name: str, short: str) -> None:
    assert slug(name) == short


@given(st.text(max_size=60))
def test_a_slug_is_an_id_or_nothing(name: str) -> None:
    made = slug(name)
    assert made == "" or is_id(made)


@pytest.mark.parametrize("good", ["a", "警情类别", "110接处警-records-by-month", "A_b-3", "x" * 100])
def test_letters_of_any_script_may_stand_in_an_id(good: str) -> None:
    assert is_id(good)


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "-a",
        "a b",
        "../a",
        "a/b",
        "a\n",
        "a\u202eb",
        "a\x1b[0m",
        "x" * 101,
        "990102199001011234",
        "e\u0301",
    ],
)
def test_nothing_else_may(bad: str) -> None:
    assert not is_id(bad)


def test_ids_that_look_alike_are_one() -> None:
    assert key("ＡＢ类别") == key("ab类别")


def test_files_are_named_in_ascii_with_the_place_where_letters_are_lost() -> None:
    made = slugs(["耳目", "110接处警-records", "耳目-records", "visits", "été"])
    assert made == ["finding-1", "2-110-records", "3-records", "visits", "ete"]


@given(st.lists(st.text(max_size=40), max_size=8))
def test_files_are_named_in_ascii_and_differ(ids: list[str]) -> None:
    made = slugs(ids)
    assert len(set(made)) == len(ids)
    assert all(re.fullmatch("[a-z0-9][a-z0-9-]*", one) for one in made)
