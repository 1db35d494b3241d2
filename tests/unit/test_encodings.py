"""The ladder of encodings, and mixed and damaged texts."""

import pytest

from sousveil.intake.encodings import detect
from sousveil.intake.source import BytesSource
from sousveil.intake.transcript import Transcript

CHINESE = "姓名,性别,证件号,备注\n" + "张三,男,990102199001011234,在此登记\n李四,女,,暂住人口\n" * 60
UYGHUR = "ئۇيغۇر,ئەركىن,990102199001011234\n" * 40
RUSSIAN = "имя,пол,город\nИванов Иван,мужской,Казань\n" * 40
TURKISH = "isim,şehir\nGülşah Çağrı,İstanbul ığüşöç\n" * 40
ARABIC = "الاسم,المدينة\nمحمد,القاهرة\n" * 40
JAPANESE = "名前,住所\n山田太郎,東京都です\n" * 40
TRADITIONAL = "姓名,性別,證件號\n張三,男,臺北市\n" * 40


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((CHINESE, name) for name in ("utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-32")),
        *((CHINESE, name) for name in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")),
        *((UYGHUR, name) for name in ("gb18030", "utf-8", "utf-16-le")),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "cp1251"),
        (TURKISH, "cp1254"),
        (ARABIC, "cp1256"),
        (JAPANESE, "cp932"),
        (TRADITIONAL, "big5"),
        ("nothing,but\nascii,here\n", "ascii"),
    ],
)
def test_the_text_is_read_as_it_was_written(text: str, encoding: str) -> None:
    transcript = Transcript(BytesSource("x.csv", text.encode(encoding)))
    assert b"".join(transcript).decode() == text


@pytest.mark.parametrize("size", [1 << 10, 3001, 1 << 20])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le", "utf-16-be"])
def test_chunks_end_with_lines_wherever_they_are_cut(size: int, encoding: str) -> None:
    text = CHINESE * 20 + "without a newline 𠮷"
    chunks = list(Transcript(BytesSource("x.csv", text.encode(encoding)), size=size))
    assert b"".join(chunks).decode() == text
    assert all(chunk.endswith(b"\n") for chunk in chunks[:-1])


def test_sparse_chinese_is_not_taken_for_a_western_encoding() -> None:
    text = "id,name\n" + "".join(f"{n},row {n}\n" for n in range(300)) + "301,张三\n302,李四\n"
    assert detect(text.encode("gb18030"), whole=True).name == "gb18030"


def test_a_file_pasted_together_is_decoded_line_by_line() -> None:
    mixed = CHINESE.encode() * 2 + CHINESE.encode("gb18030") + CHINESE.encode()
    transcript = Transcript(BytesSource("x.csv", mixed))
    assert b"".join(transcript).decode() == CHINESE * 4
    assert transcript.lines_by["gb18030"] > 0
    assert not transcript.damaged


def test_utf8_within_gb18030_is_found_too() -> None:
    mixed = CHINESE.encode("gb18030") * 2 + "王五,男,,登记人员\n".encode() + CHINESE.encode("gb18030")
    assert "王五,男,,登记人员" in b"".join(Transcript(BytesSource("x.csv", mixed))).decode()


def test_bytes_that_no_encoding_takes_stay_as_they_are() -> None:
    line = b"1,\xff\xff,x\n"
    data = CHINESE.encode("gb18030") + line + CHINESE.encode("gb18030")
    transcript = Transcript(BytesSource("x.csv", data))
    text = b"".join(transcript)
    assert transcript.damaged
    assert line in text
    assert transcript.original(text) == data


def test_a_truncated_character_is_no_reason_for_another_encoding() -> None:
    data = CHINESE.encode() + "王五".encode()[:-1] + b",x,y,z\n" + CHINESE.encode()
    transcript = Transcript(BytesSource("x.csv", data))
    text = b"".join(transcript)
    assert text == data
    assert transcript.damaged


def test_files_of_returns_only_get_newlines() -> None:
    assert b"".join(Transcript(BytesSource("x", b"a,b\rc,d\r"))) == b"a,b\nc,d\n"


def test_the_texts_own_claim_is_taken_where_it_decodes() -> None:
    assert detect("é,à\n".encode("latin-1"), whole=True, hint="latin1").name == "latin1"
    assert detect("张三\n".encode(), whole=True, hint="gbk").name == "utf-8"
    assert detect("张三\n".encode("gbk"), whole=True, hint="no such").name == "gb18030"


@pytest.mark.parametrize("name", ["王伟", "李娜,张敏", "吴刚,862\n刘洋,289\n王伟,832"])
def test_a_few_chinese_characters_are_gb18030(name: str) -> None:
    text = f"name,no\n{name},1\n{name},2\n"
    assert detect(text.encode("gbk"), whole=True).name == "gb18030"


@pytest.mark.parametrize("text", ["id,name\n1,José\n2,Zoë\n", "a\n\xe9t\xe9 \xe0 la\n"])
def test_a_few_letters_with_accents_are_not_taken_for_chinese(text: str) -> None:
    assert detect(text.encode("cp1252"), whole=True).name != "gb18030"


def test_a_few_nuls_in_a_text_of_single_bytes_are_not_utf_16() -> None:
    for data in (b"ab\0d", b"a,b\n1,\0x\n2,y\n", b"name,no\n" + b"x\0y,1\n" * 3):
        assert detect(data, whole=True).name == "utf-8"
    for text in ("a,b\n", "姓名,编号\n张三,1\n"):
        assert detect(text.encode("utf-16-le"), whole=True).name == "utf-16-le"
        assert detect(text.encode("utf-16-be"), whole=True).name == "utf-16-be"


def test_encodings_of_mainframes_are_never_believed() -> None:
    assert "cp500" not in detect("我們".encode("big5") * 3, whole=True).name


@pytest.mark.parametrize("encoding", ["iso2022_jp", "iso2022_kr", "hz"])
def test_encodings_that_shift_are_not_taken_for_ascii(encoding: str) -> None:
    line = {
        "iso2022_jp": "番号,氏名と住所です\n",
        "iso2022_kr": "번호와 성명은 다음과 같습니다\n",
        "hz": "编号和姓名以及地址都在这里\n",
    }
    text = line[encoding] * 9
    transcript = Transcript(BytesSource("x.csv", text.encode(encoding)))
    assert b"".join(transcript).decode() == text


@pytest.mark.parametrize("encoding", ["cp1254", "iso8859-9"])
def test_a_short_turkish_text_is_not_taken_for_arabic_or_icelandic(encoding: str) -> None:
    text = "adı,şehir\nŞükrü Yıldız,İzmir\nGülşen Öztürk,Muğla\nİbrahim Çağlar,İzmir\nAyşe Yıldız,Ankara\n"
    assert b"".join(Transcript(BytesSource("x.csv", text.encode(encoding)))).decode() == text
