"""The demo's files: the same for a seed, nobody real in them, valid where they should be."""

import hashlib
import json
import re
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np
import phonenumbers
import pytest
from stdnum import imei as stdnum_imei
from stdnum.cn import ric, uscc

from sousveil.demo import identifiers, moments, write
from sousveil.demo.draft import generator, repeated
from sousveil.demo.dump import make_world
from sousveil.demo.formats import papers, pictures
from sousveil.demo.mess import Clerk
from sousveil.demo.text import from_bytes
from sousveil.errors import UsageError

RECORDS = 2_000


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    write(folder, RECORDS, 1)
    return folder


def test_the_same_seed_gives_the_same_bytes(demo: Path, tmp_path: Path) -> None:
    write(tmp_path, RECORDS, 1)
    assert hashes(tmp_path) == hashes(demo)


def test_another_seed_gives_another_dump(demo: Path, tmp_path: Path) -> None:
    write(tmp_path, RECORDS, 2)
    one, other = hashes(demo), hashes(tmp_path)
    assert one.keys() == other.keys()
    same = {path.rsplit(".", 1)[-1] for path, digest in one.items() if other[path] == digest}
    assert same <= {"jpg", "png", "txt", "pdf", "toml"}


def test_no_time_of_writing_is_in_an_archive(demo: Path) -> None:
    for name in ("备份/2019.zip", "台账/单位台账.xlsx"):
        with zipfile.ZipFile(demo / "dump" / name) as archive:
            assert {member.date_time[0] for member in archive.infolist()} <= {1980, 2019}
    assert (demo / "dump/es/jcz_txjl.json.gz").read_bytes()[4:8] == bytes(4)


def test_the_summary_and_the_items_say_what_was_written(demo: Path, tmp_path: Path) -> None:
    truth = json.loads((demo / "truth.json").read_text("utf-8"))
    assert (demo / "truth.json").read_bytes().startswith(b'{\n "sousveil": "demo truth"')
    summary = write(tmp_path, RECORDS, 1)
    assert set(summary) == {"files", "records", "seconds"}
    assert summary["records"] == truth["records"]
    files = set(hashes(demo / "dump"))
    assert {item["path"] for item in truth["items"]} == files | {"备份/2019.zip/网吧上网.csv"}
    assert summary["files"] == len(files)
    assert sum(item["path"].startswith("照片/") for item in truth["items"]) == truth["pictures"] == 48


def test_other_peoples_files_are_not_touched(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(UsageError):
        write(tmp_path, RECORDS)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_demo_that_was_cut_off_is_written_anew(demo: Path, tmp_path: Path) -> None:
    (tmp_path / "truth.json").write_text('{\n "sousveil": "demo truth",\n "unfinished": true\n}\n')
    (tmp_path / "dump").mkdir()
    (tmp_path / "dump" / "half.csv").write_text("a,b")
    (tmp_path / "case").mkdir()
    write(tmp_path, RECORDS, 1)
    (tmp_path / "case").rmdir()
    assert hashes(tmp_path) == hashes(demo)


def test_every_identity_number_and_telephone_is_of_nobody(demo: Path) -> None:
    text = (demo / "dump/mysql/lcga.sql").read_text("utf-8")
    text += (demo / "dump/110/110接处警.csv").read_bytes().decode("gb18030")
    text += (demo / "dump/暂住/暂住人口.tsv").read_bytes().decode("utf-16")
    numbers = re.findall(r"(?<![0-9])(?:[0-9]{17}[0-9X]|[1-9][0-9]{14})(?![0-9])", text)
    identities = [number for number in numbers if not number.startswith("0100")]
    assert len(identities) > 500
    assert {number[:2] for number in identities if len(number) == 18} == {"99"}
    telephones = set(re.findall(r"(?<![0-9])1[0-9]{10}(?![0-9])", text))
    assert len(telephones) > 500
    assert {telephone[:3] for telephone in telephones} == {"120"}
    assert not any(is_given_out(telephone) for telephone in sorted(telephones)[:200])
    assert not any(is_given_out(number) for number in identifiers.foreign_phones(50).to_pylist())


def is_given_out(number: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, "CN"))
    except phonenumbers.NumberParseException:
        return False


def test_identity_numbers_are_unique_valid_and_agree_with_the_person() -> None:
    people = make_world(3, 20_000).residents
    numbers = people.identity.to_pylist()
    assert len(set(numbers)) == len(numbers) == len(people)
    for row in range(0, len(people), 7):
        number = numbers[row]
        assert number[:2] == "99"
        assert ric.calc_check_digit(number) == number[17]
        assert number[6:14] == moments.dates(people.born[row : row + 1], moments.COMPACT)[0].as_py()
        assert int(number[16]) % 2 == people.male[row]


def test_other_identifiers_have_their_check_digits() -> None:
    for code in identifiers.credit_codes(generator(1), np.full(200, 990_101)).to_pylist():
        assert uscc.is_valid(code)
    for number in identifiers.imeis(300).to_pylist():
        assert stdnum_imei.is_valid(number)


def test_passports_plates_and_telephones_are_all_different() -> None:
    for made in (
        identifiers.passports("ZZ", 50_000),
        identifiers.plates(100_000),
        identifiers.phones(0, 100_000),
        identifiers.foreign_phones(50_000),
    ):
        assert made.to_numpy(zero_copy_only=False).astype(str).size == len(set(made.to_pylist()))


def test_a_mistyped_number_never_passes_its_check() -> None:
    people = make_world(3, 4_000).residents
    who = np.arange(1_500)
    wrong = Clerk(generator(5), len(who)).identity(people, who, lost=0.0, wrong=1.0).to_pylist()
    assert not any(ric.calc_check_digit(number) == number[17] for number in wrong)
    assert {number[:2] for number in wrong} == {"99"}


def test_old_numbers_are_the_new_ones_without_century_and_check() -> None:
    people = make_world(3, 4_000).residents
    who = np.arange(1_500)
    old = Clerk(generator(5), len(who)).identity(people, who, lost=0.0, wrong=0.0, old=1.0).to_pylist()
    for number, old_number in zip(people.identity.to_pylist(), old, strict=False):
        assert old_number == (number[:6] + number[8:17] if number[6:8] == "19" else number)


def test_repeated_records_never_follow_each_other_or_begin_a_block() -> None:
    flags = repeated(generator(1), 250_000, 0.3)
    assert not (flags[1:] & flags[:-1]).any()
    assert not flags[::100_000].any()


@pytest.mark.parametrize("shade", [0, 5, 127])
def test_a_png_is_whole(shade: int) -> None:
    data = pictures.png(shade)
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    place = 8
    while place < len(data):
        (size,) = struct.unpack_from(">I", data, place)
        chunk = data[place + 4 : place + 8 + size]
        assert struct.unpack_from(">I", data, place + 8 + size)[0] == zlib.crc32(chunk)
        place += 12 + size
    assert chunk == b"IEND"


@pytest.mark.parametrize("shade", [0, 5, 127])
def test_a_jpeg_is_a_chain_of_segments(shade: int) -> None:
    data = pictures.jpeg(shade)
    place, seen = 2, []
    while data[place : place + 2] != b"\xff\xda":
        seen.append(data[place + 1])
        place += 2 + int(struct.unpack_from(">H", data, place + 2)[0])
    assert data[:2] == b"\xff\xd8"
    assert seen == [0xDB, 0xC0, 0xC4, 0xC4]
    assert data.endswith(b"\xff\xd9")


def test_a_pdf_names_the_place_of_each_object() -> None:
    data = papers.pdf("Notice.")
    for number, offset in enumerate(re.findall(rb"^([0-9]{10}) 00000 n", data, flags=re.MULTILINE), 1):
        assert data[int(offset) :].startswith(b"%d 0 obj" % number)
    start = int(data.split(b"startxref\n")[1].split()[0])
    assert data[start:].startswith(b"xref")


def test_words_of_one_width_are_cut_right() -> None:
    assert from_bytes(np.frombuffer(b"abcdef", np.uint8).reshape(3, 2)).to_pylist() == ["ab", "cd", "ef"]
