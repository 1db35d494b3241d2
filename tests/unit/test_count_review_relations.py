"""What a reviewer sees: relations, never values."""

import datetime as dt
import re

import pytest

from sousveil.count.review.relations import relations
from sousveil.count.review.values import Values
from tests.support_people import mistyped, resident

NUMBER = resident("19801103", 77)
ANNA = Values(
    "register",
    NUMBER,
    None,
    "ZZ1234567",
    ("李红梅",),
    dt.date(1980, 11, 3),
    "12099990000",
    "CHN",
    "F",
    "荒原路12号",
)


def said(other, *alike, bearers=1):
    return dict(relations([*alike, ANNA], other, bearers))


@pytest.mark.parametrize(
    ("born", "words"),
    [
        ("1980-11-03", "same"),
        ("1981-11-03", "same day and month, year +1"),
        ("1980-03-11", "day and month swapped"),
        ("1980-11-13", "same year and month, day +10"),
        ("1980-12-03", "same year and day, another month"),
        ("1980-01-25", "same year, another day and month"),
        ("1981-01-01", "different, about 0 years apart"),
        ("1950-01-01", "different, about 31 years apart"),
    ],
)
def test_birth_dates_are_set_against_each_other(born, words):
    assert said(Values("t", born=dt.date.fromisoformat(born)))["birth date"] == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("李红梅", "same"),
        ("红梅李", "same characters in another order"),
        ("李洪梅", "one of 3 characters differs, number 2"),
        ("李红", "one holds the other, 2 of 3 characters"),
        ("赵四海", "different: 李□□ and 赵□□, 0 characters shared"),
        ("LIHONGMEI", "in different scripts, the same Latin letters: 李□□ and L□□□□□□□□"),
        ("WANGWU", "in different scripts: 李□□ and W□□□□□"),
        ("李·红梅", "same, but for marks and spaces"),
        ("李宏梅", "one of 3 characters differs, number 2"),
    ],
)
def test_names_are_set_against_each_other_and_masked_where_they_differ(name, words):
    assert said(Values("t", untrusted_names=(name,)))["name"] == words


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("艾力·买买提", "MEMETELI", "in different scripts, the same Latin letters: 艾□·□□□ and M□□□□□□□"),
        ("艾力·买买提", "ALIMAMAT", "in different scripts, alike in sound: 艾□·□□□ and A□□□□□□□"),
        ("吐尔逊·买买提", "图尔荪·麦麦提", "the same Latin letters: 吐□□·□□□ and 图□□·□□□"),
        ("ИВАНОВПЕТР", "PETRIVANOV", "the same Latin letters: И□□□□□□□□□ and P□□□□□□□□□"),
        ("ПЕТРИВАНОВ", "ИВАНОВПЕТР", "same characters in another order"),
    ],
)
def test_spellings_of_one_name_across_scripts_are_told(one, other, words):
    mine, theirs = (Values("t", untrusted_names=(name,)) for name in (one, other))
    assert dict(relations([mine], theirs, 1))["name"] == words


def test_a_common_name_is_said_to_be_common():
    assert said(Values("t", untrusted_names=("李红梅",)), bearers=1_234)["name"] == (
        "same; about 1,234 people of the case bear it"
    )


def test_numbers_say_how_many_characters_differ_and_which_fails_its_check():
    assert said(Values("t", NUMBER))["identity number"] == "same (both valid)"
    failing = said(Values("t", None, mistyped(NUMBER)))["identity number"]
    assert failing == "differs in 1 of 18 characters (this one's fails its check)"
    assert said(Values("t"))["identity number"] == "this one states none"
    assert said(Values("t", resident("19440101", 9)))["identity number"] == "different (both valid)"


def test_the_closest_of_the_cards_taken_for_the_same_person_counts():
    alike = Values("t", untrusted_phone="12000000001")
    assert said(Values("t", untrusted_phone="12000000001"), alike)["telephone"] == "same"
    assert said(Values("t", untrusted_phone="12000000001"))["telephone"] == "different"


def test_what_neither_states_is_gathered_in_one_line():
    found = dict(relations([Values("a", untrusted_names=("李",))], Values("b", untrusted_names=("李",)), 1))
    assert list(found) == ["name", "neither states"]
    assert "birth date" in found["neither states"]


def test_no_value_is_among_the_words():
    others = [
        ANNA,
        Values("t", mistyped(NUMBER, 3), None, "ZZ7654321", ("艾力·买买提",), dt.date(1979, 1, 2), "120111"),
        Values("t", nation="KAZ", sex="M", untrusted_address="荒原路9号"),
    ]
    for other in others:
        words = " ".join(text for line in relations([ANNA], other, 3) for text in line)
        for value in (NUMBER, "ZZ", "1980", "1979", "120", "CHN", "KAZ", "荒原", "红", "梅", "买", "提"):
            assert value not in words
        assert not re.search(r"[0-9]{5,}", words)


def test_a_name_is_masked_without_its_control_characters():
    other = Values("t", untrusted_names=("\x1b[2J\u202e坏",))
    assert "\x1b" not in said(other)["name"] and "\u202e" not in said(other)["name"]


def test_a_record_never_shows_itself_in_a_traceback():
    assert repr(ANNA) == "Values(8 fields)"
