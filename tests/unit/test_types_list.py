"""The list of column types, their folder, the contract and the docs agree."""

import re
from pathlib import Path

import sousveil.survey.types as types
from sousveil.normalise.forms import DATES, FORMS
from sousveil.survey.headers import en, others, zh
from sousveil.survey.types import ASKABLE, BY_NAME, IDENTIFYING, STRONG, TYPES
from tests.references import DOCS

CONTRACT = """person_name sex birth_date date datetime nationality cn_resident_id passport mrz phone email
cn_plate cn_uscc bank_card imei imsi mac ip url longitude latitude address organisation flight category
serial number money boolean text image_path unknown"""
NOT_KEPT = {"address", "text", "url", "image_path"}


def test_list_folder_and_docs_agree() -> None:
    names = [found.name for found in TYPES]
    folder = {path.stem for path in Path(types.__file__).parent.glob("*.py")} - {"__init__"}
    headings = re.findall(r"^## `(\w+)`$", (DOCS / "types.md").read_text("utf-8"), flags=re.MULTILINE)
    assert len(set(names)) == len(names)
    assert set(names) == folder
    assert headings == names


def test_every_type_of_the_contract_is_there() -> None:
    assert set(CONTRACT.split()) <= set(BY_NAME)
    assert all(re.fullmatch("[a-z]{2}_[a-z]+", name) for name in set(BY_NAME) - set(CONTRACT.split()))


def test_every_type_has_a_clean_form_or_is_left_out_on_purpose() -> None:
    assert set(FORMS) | DATES | NOT_KEPT == set(BY_NAME)
    assert not set(FORMS) & NOT_KEPT


def test_no_identifying_type_may_be_asked_for() -> None:
    assert not IDENTIFYING & ASKABLE
    assert STRONG <= IDENTIFYING


def test_what_the_contract_refuses_in_questions_is_identifying() -> None:
    refused = (
        "person_name cn_resident_id passport phone email cn_plate address longitude latitude birth_date text"
    )
    assert set(refused.split()) <= IDENTIFYING


def test_rivals_and_header_words_name_types_that_exist() -> None:
    assert {rival for found in TYPES for rival in found.rivals} <= set(BY_NAME)
    for words in (zh.WORDS, zh.PINYIN, en.WORDS, others.RU, others.TR, others.UG, others.KK, others.AR):
        assert set(words) <= set(BY_NAME)
