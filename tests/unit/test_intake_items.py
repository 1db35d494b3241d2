"""What a file is, what comes out of archives, and how things are named."""

import bz2
import gzip
import hashlib
import io
import lzma
import tarfile
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from sousveil.intake import layers
from sousveil.intake.archives import Archive
from sousveil.intake.identify import Family, identify
from sousveil.intake.layers import Budget, Layer, TooMuch, decompressed
from sousveil.intake.loaders import LOADERS, loader
from sousveil.intake.loaders import parquet as parquet_loader
from sousveil.intake.naming import column_names, stem, unique
from sousveil.intake.sink import MemorySink
from sousveil.intake.source import BytesSource, FileSource

CSV = "姓名,编号\n张三,1\n李四,2\n"


def budget() -> Budget:
    return Budget(1000)


@pytest.mark.parametrize(
    ("data", "format", "family"),
    [
        (CSV.encode("gb18030"), "delimited", Family.TABLES),
        (b'{"a":1,"b":2}\n{"a":2,"b":2}\n', "ndjson", Family.TABLES),
        (b'{"a":1,"b":2}\nbroken\n{"a":2,"b":2}\n', "ndjson", Family.TABLES),
        (b'[\n{"a":1},\n{"a":2}\n]', "json", Family.TABLES),
        (b'{\n "data": [{"a":1}]\n}', "json", Family.TABLES),
        (b'{"sousveil": "demo truth", "seed": 1}', "demo truth", Family.COUNTED),
        (b'{\n "sousveil": "demo truth"}', "demo truth", Family.COUNTED),
        (b"-- dump\nCREATE TABLE `t` (a int);\nINSERT INTO `t` VALUES (1);\n", "sql", Family.TABLES),
        ("INSERT [dbo].[t] ([a]) VALUES (1)\nGO\n".encode("utf-16"), "sql", Family.TABLES),
        (b"COPY public.t (a, b) FROM stdin;\n1\t2\n\\.\n", "sql", Family.TABLES),
        (b"SQLite format 3\0" + bytes(84), "sqlite", Family.TABLES),
        (b"PAR1" + bytes(20), "parquet", Family.TABLES),
        (gzip.compress(b"x"), "gzip", Family.COMPRESSED),
        (b"\xff\xd8\xff\xe0rest", "jpeg", Family.COUNTED),
        (b"\x89PNG\r\n\x1a\nrest", "png", Family.COUNTED),
        (b"%PDF-1.4\n", "pdf", Family.COUNTED),
        (b"\0\0\0\x18ftypmp42", "mp4", Family.COUNTED),
        (b"7z\xbc\xaf\x27\x1crest", "7z", Family.CONTAINER),
        (b"Rar!\x1a\x07\x00rest", "rar", Family.CONTAINER),
        (b"\x1f\x9drest", "compress", Family.REFUSED),
        (b"Dear reader, hello,\nthis is prose.\n", "text", Family.COUNTED),
        (b"<html><body>a, b</body></html>\n", "markup", Family.COUNTED),
        (b"", "empty", Family.COUNTED),
        (bytes(range(256)) * 9, "unknown", Family.UNKNOWN),
    ],
)
def test_formats_are_told_by_content_whatever_the_name(data: bytes, format: str, family: Family) -> None:
    for name in ("x", "x.csv.bak", "x.jpg"):
        kind = identify(BytesSource(name, data))
        assert (kind.format, kind.family) == (format, family)
        assert bool(kind.reason) == (family in (Family.COUNTED, Family.REFUSED, Family.UNKNOWN))


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_workbooks_and_text_documents_are_told_from_plain_zips() -> None:
    assert identify(BytesSource("x", zipped({"xl/workbook.xml": b"", "a": b""}))).format == "spreadsheet"
    assert identify(BytesSource("x", zipped({"word/document.xml": b""}))).format == "office"
    mime = b"application/vnd.oasis.opendocument.spreadsheet"
    assert identify(BytesSource("x", zipped({"mimetype": mime}))).format == "spreadsheet"
    assert identify(BytesSource("x", zipped({"a.csv": b"1,2"}))).format == "zip"


def members(data: bytes, format: str) -> list[tuple[str, str]]:
    source = BytesSource("x", data)
    return [(m.untrusted_name, m.refused) for m in Archive(source, budget()).members(format)]


def test_zip_members_under_our_own_policy() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("a.csv", "../a.csv", "/etc/a.csv", "d/", "C:\\a.csv", "d\\..\\..\\a"):
            archive.writestr(name, b"" if name == "d/" else b"1")
        archive.writestr("e/", b"data")
        link = zipfile.ZipInfo("link")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, b"/etc/passwd")
        with pytest.warns(UserWarning):
            archive.writestr("a.csv", b"2")
    found = members(out.getvalue(), "zip")
    assert [name for name, refused in found if not refused] == ["a.csv"]
    reasons = [refused for _, refused in found if refused]
    assert reasons == [
        *["its name leads out of the archive"] * 4,
        "a folder with data of its own",
        "a link or device",
        "a second member of the same name",
    ]


def test_chinese_names_of_before_unicode_are_read() -> None:
    data = zipped({"AABB.csv": b"1"}).replace(b"AABB.csv", "人口".encode("gbk") + b".csv")
    assert members(data, "zip") == [("人口.csv", "")]


def test_tar_members_under_our_own_policy() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind in (
            ("a.csv", tarfile.REGTYPE),
            ("../b", tarfile.REGTYPE),
            ("l", tarfile.SYMTYPE),
            ("f", tarfile.FIFOTYPE),
            ("d", tarfile.DIRTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname, info.size = kind, "/etc/passwd", 3 if kind == tarfile.REGTYPE else 0
            archive.addfile(info, io.BytesIO(b"1,2") if info.size else None)
    assert members(out.getvalue(), "tar") == [
        ("a.csv", ""),
        ("../b", "its name leads out of the archive"),
        ("l", "a link"),
        ("f", "a device or another special file"),
    ]


def test_a_large_tar_member_can_be_opened_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sousveil.intake.archives.SMALL", 10)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name in ("a", "b"):
            info = tarfile.TarInfo(name)
            info.size = 5000
            archive.addfile(info, io.BytesIO(name.encode() * 5000))
    inner = decompressed(BytesSource("x", out.getvalue()), "gzip", budget())
    for member in Archive(inner, budget()).members("tar"):
        assert member.layer is not None
        for _ in range(2):
            with member.layer.open() as stream:
                assert stream.read() == member.untrusted_name.encode() * 5000


@pytest.mark.parametrize(
    ("format", "press"), [("gzip", gzip.compress), ("bzip2", bz2.compress), ("xz", lzma.compress)]
)
def test_compressed_streams_keep_what_comes_before_damage(format: str, press) -> None:
    text = "".join(f"{n},{n * n}\n" for n in range(60_000)).encode()
    whole = decompressed(BytesSource("x.gz", press(text)), format, budget())
    with whole.open() as stream:
        assert stream.read() == text
    assert whole.broken is None
    cut = decompressed(BytesSource("x.gz", press(text)[: -len(press(text)) // 3]), format, budget())
    with cut.open() as stream:
        some = stream.read()
    assert text.startswith(some)
    assert cut.broken


def test_zstandard_is_opened() -> None:
    data = pa.Codec("zstd").compress(b"a,b\n1,2\n", asbytes=True)
    inner = decompressed(BytesSource("x.zst", data), "zstd", budget())
    with inner.open() as stream:
        assert stream.read() == b"a,b\n1,2\n"


def test_bombs_are_refused() -> None:
    bomb = gzip.compress(bytes(30 << 20))
    layer = decompressed(BytesSource("x.gz", bomb), "gzip", Budget(len(bomb), least=1 << 20))
    with pytest.raises(TooMuch), layer.open() as stream:
        stream.read()
    small = Budget(10, members=1)
    small.enter(1)
    with pytest.raises(TooMuch):
        small.enter(1)
    with pytest.raises(TooMuch):
        Budget(10).enter(9)


def test_a_copy_for_seeking_is_bounded_and_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = Layer("x", lambda: io.BytesIO(b"abc" * 1000), budget())
    assert layer.path().read_bytes() == b"abc" * 1000
    assert layer.sha256 == hashlib.sha256(b"abc" * 1000).hexdigest()
    layer.close()
    monkeypatch.setattr(layers, "LARGEST_COPY", 1000)
    with pytest.raises(TooMuch):
        Layer("x", lambda: io.BytesIO(bytes(3 << 20)), budget()).path()


def test_every_loader_of_the_list_is_there_and_no_other() -> None:
    folder = Path(parquet_loader.__file__).parent
    there = {path.stem for path in folder.iterdir() if not path.name.startswith("__")}
    assert there == set(LOADERS.values())
    assert all(callable(loader(format)) for format in LOADERS)


def test_every_format_has_its_line_in_the_documentation() -> None:
    page = (Path(__file__).parents[2] / "docs" / "intake.md").read_text("utf-8")
    assert all(f"`{format}`" in page for format in LOADERS)


def test_parquet_becomes_text(tmp_path: Path) -> None:
    table = pa.table(
        {"n": [1, None], "t": ["张三", ""], "l": [[1], None], "b": [b"ab", b"\xff"], "f": [1.5, 2.0]}
    )
    parquet.write_table(table, tmp_path / "x.parquet")
    sink = MemorySink()
    parquet_loader.load(FileSource(tmp_path / "x.parquet"), sink)
    assert sink.tables[0].records() == [["1", "张三", "[1]", "ab", "1.5"], [None, "", None, "ff", "2"]]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("export.ndjson.gz", "export"),
        ("calls.2018.csv", "calls.2018"),
        ("110接处警.csv", "110接处警"),
        ("noending", "noending"),
        (".csv", ".csv"),
        ("a.b.c.xyz", "a.b.c"),
        ("folder/x.tar.gz", "x"),
        ("v1.2", "v1.2"),
    ],
)
def test_a_table_is_named_after_its_file_without_endings(name: str, expected: str) -> None:
    assert stem(name) == expected


def test_names_become_unique_and_none_is_empty() -> None:
    assert column_names(["a", "", "A", "a", "column_2", " b\0 "]) == [
        "a",
        "column_2_2",
        "A",
        "a_2",
        "column_2",
        "b",
    ]
    assert column_names(["a", ""], ["a"]) == ["a_2", "column_3"]
    assert unique("t", {"t", "t_2"}) == "t_3"
    assert unique("xm", {"XM"}) == "xm"


def test_workbooks_are_told_by_their_list_of_parts_too() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types>spreadsheetml.sheet.main</Types>")
        archive.writestr("sheet1.xml", "<worksheet/>")
    assert identify(BytesSource("x", packed.getvalue())).format == "spreadsheet"


def test_an_encrypted_workbook_is_refused_as_such() -> None:
    head = bytearray(512 * 3)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    head[30], head[48] = 9, 0
    head[512:544] = "EncryptedPackage".encode("utf-16-le")
    kind = identify(BytesSource("x", bytes(head)))
    assert kind.family is Family.UNKNOWN
    assert kind.reason.startswith("a password-protected workbook")
