"""Registers in encodings of single bytes: digits and names, where detectors made for prose are lost."""

import random

import pytest

from sousveil.intake.encodings import detect
from sousveil.intake.letters import by_letters
from sousveil.intake.source import BytesSource
from sousveil.intake.transcript import Transcript

NAMES = {
    "German": "Müller Schmidt Größe Köhler Weiß Jürgen Björn Käthe",
    "French": "Lefèvre Martin Dupré Béranger Noël Hébert André Chloé René",
    "Polish": "Wiśniewski Wójcik Dąbrowski Kozłowski Żak Król Łukasz Małgorzata",
    "Hungarian": "Kovács Tóth Szabó Horváth Kőműves László Zoltán Győző",
    "Russian capitals": "БЕЛЯКОВ ВЕТРОВ ГРОМОВ ДРОЗДОВ ЕЖОВ ЖАРОВ АЛЕКСЕЙ БОРИС",
    "Turkish capitals": "YILMAZ ŞAHİN ÇELİK ÖZTÜRK AYDIN DOĞAN ÇAĞRI IŞIL",
    "Greek": "Παπαδόπουλος Γεωργίου Δημητρίου Νικολάου Γιώργος Μαρία",
    "Hebrew": "כהן לוי מזרחי פרץ ביטון משה דוד שרה אברהם יצחק יעקב רבקה לאה חיפה ירושלים",
    "Arabic": "الحربي القحطاني الشمري العتيبي محمد أحمد فاطمة",
    "Latvian": "Bērziņš Kalniņš Ozoliņš Liepiņš Krūmiņš Jānis Līga",
    "Chinese": "王偉 李娜 張敏 劉洋 陳傑",
}


def register(language: str, lines: int = 60) -> str:
    rng = random.Random(language)
    names = NAMES[language].split()
    return "".join(
        f"{n};{rng.choice(names)};{rng.choice(names)};{rng.randrange(10**11):011};0{rng.randrange(10**6)},50\r\n"
        for n in range(lines)
    )


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        ("German", "cp1252"),
        ("German", "cp850"),
        ("French", "iso8859-1"),
        ("Polish", "cp1250"),
        ("Polish", "iso8859-2"),
        ("Hungarian", "cp1250"),
        ("Russian capitals", "cp1251"),
        ("Russian capitals", "koi8-r"),
        ("Russian capitals", "cp866"),
        ("Turkish capitals", "cp1254"),
        ("Greek", "cp1253"),
        ("Hebrew", "cp1255"),
        ("Arabic", "cp1256"),
        ("Latvian", "cp1257"),
        ("Chinese", "gb18030"),
        ("Chinese", "big5"),
    ],
)
def test_a_register_of_names_and_digits_is_read_as_it_was_written(language: str, encoding: str) -> None:
    text = register(language)
    assert b"".join(Transcript(BytesSource("x", text.encode(encoding)))).decode() == text


@pytest.mark.parametrize("encoding", ["cp1252", "cp1250"])
def test_an_amount_in_euros_does_not_make_two_encodings_alike(encoding: str) -> None:
    text = register("German").replace(",50", ",50 €")
    assert b"".join(Transcript(BytesSource("x", text.encode(encoding)))).decode() == text


def test_a_word_or_two_are_no_evidence_of_a_language() -> None:
    assert "letters" not in detect("1;Müller\r\n2;Schmidt\r\n".encode("cp1252"), whole=True).evidence


def test_words_that_two_encodings_read_nearly_as_well_are_left_to_the_next_rung() -> None:
    # Eight Hebrew words are as good Russian in capitals in KOI8-R, to go by their letters.
    words = "כהן לוי מזרחי פרץ ביטון משה דוד שרה".encode("cp1255").split()
    assert by_letters(words, lambda _name: True) is None


def test_an_encoding_that_the_rest_of_the_text_is_not_in_is_never_taken() -> None:
    words = register("Greek").encode("cp1253").splitlines()
    found = by_letters(words, lambda name: name not in ("cp1253", "iso8859-7"))
    assert found is None or found.encoding not in ("cp1253", "iso8859-7")


def test_the_evidence_says_how_much_of_the_text_is_of_one_language() -> None:
    found = detect(register("Greek").encode("cp1253"), whole=True)
    assert found.name == "cp1253"
    assert found.evidence == "100% of the letters beyond ASCII are of one language"
