"""The demos in other languages: the same for a seed, nobody real in them, valid where they should be."""

import csv
import hashlib
import io
import json
import re
from pathlib import Path
from typing import Any

import phonenumbers
import pytest
from stdnum.gb import nhs
from stdnum.ru import inn
from stdnum.tr import tckimlik

from sousveil.demo import write
from sousveil.demo.locales import LOCALES
from sousveil.demo.locales.people import make_world
from sousveil.demo.text import from_bytes

RECORDS = 2_000
CHECKS = {"ru": inn.is_valid, "tr": tckimlik.is_valid, "en": nhs.is_valid}
BEGINS = {"ru": "00", "tr": "97", "en": "999"}
each = pytest.mark.parametrize("code", LOCALES)


@pytest.fixture(scope="module")
def demos(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    made = {}
    for code in LOCALES:
        made[code] = tmp_path_factory.mktemp(code)
        write(made[code], RECORDS, 1, locale=code)
    return made


def hashes(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def truth(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "truth.json").read_text("utf-8")))


@each
def test_the_same_seed_gives_the_same_bytes(demos: dict[str, Path], tmp_path: Path, code: str) -> None:
    write(tmp_path, RECORDS, 1, locale=code)
    assert hashes(tmp_path) == hashes(demos[code])


@each
def test_identity_numbers_are_valid_unique_and_of_a_range_that_was_never_given_out(code: str) -> None:
    numbers = from_bytes(make_world(LOCALES[code], 1, 20_000).residents.number).to_pylist()
    assert len(set(numbers)) == len(numbers) == 6_000
    assert all(CHECKS[code](number) for number in numbers[::7])
    assert all(number.startswith(BEGINS[code]) for number in numbers)
    assert LOCALES[code].identity.fixed == len(BEGINS[code])


@each
def test_no_telephone_can_be_anybodys(code: str) -> None:
    world = make_world(LOCALES[code], 1, 2_000)
    phones = [*world.residents.phone.to_pylist(), *world.guests.phone.to_pylist()]
    assert len(set(phones)) == len(phones)
    assert not any(phonenumbers.is_valid_number(phonenumbers.parse(phone)) for phone in phones)


@each
def test_the_register_is_in_its_encoding_and_holds_as_many_records_as_the_truth_says(
    demos: dict[str, Path], code: str
) -> None:
    for name in ("register", "stays"):
        file = LOCALES[code].files[name]
        data = (demos[code] / "dump" / file.item).read_bytes()
        if file.encoding not in ("utf-16-le",):
            with pytest.raises(UnicodeDecodeError):
                data.decode("utf-8")
        text = data.removeprefix(file.bom).decode(file.encoding)
        head, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=file.delimiter)
        whole = [row for row in rows if len(row) == len(head)]
        said = next(table for table in truth(demos[code])["tables"] if table["table"] == file.table)
        assert (len(whole), len(rows) - len(whole)) == (said["records"], said["rejects"])


@each
def test_calls_stand_in_a_copy_block(demos: dict[str, Path], code: str) -> None:
    file = LOCALES[code].files["calls"]
    text = (demos[code] / "dump" / file.item).read_text("utf-8")
    block = re.search(r"^COPY .+ FROM stdin;\n(.*?)^\\\.$", text, re.MULTILINE | re.DOTALL)
    assert block is not None
    said = next(table for table in truth(demos[code])["tables"] if table["table"] == file.table)
    assert block[1].count("\n") == said["records"]
    assert "\\N" in block[1] and "\\n" in block[1]


@each
def test_every_column_of_every_table_has_a_header_in_the_language(code: str) -> None:
    home = LOCALES["en"]
    for table, heads in LOCALES[code].headers.items():
        assert heads.keys() == home.headers[table].keys()
        assert len(set(heads.values())) == len(heads)
    if code == "ru":
        assert all(
            re.search("[а-яА-Я№]", head)
            for heads in LOCALES[code].headers.values()
            for head in heads.values()
        )
