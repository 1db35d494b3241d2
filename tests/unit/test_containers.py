"""Archives of every kind: what comes out of them, whole or damaged, open or locked, honest or hostile."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

import pyarrow as pa
import pytest

from sousveil.intake import containers
from sousveil.intake.archives import Archive, Member
from sousveil.intake.containers import CONTAINERS, container, others
from sousveil.intake.containers.entry import ENCRYPTED, WRONG_PASSWORD, Closed
from sousveil.intake.identify import Family, identify
from sousveil.intake.layers import Budget, TooMuch, decompressed
from sousveil.intake.source import FileSource
from tests import archives

FILES = {"人口/a.csv": b"a,b\n1,2\n" * 5000, "b.csv": b"c,d\n3,4\n", "empty.csv": b""}
KINDS = {
    "zip": archives.zipped,
    "tar": archives.tarred,
    "7z": archives.sevenzipped,
    "rar": archives.rarred,
}


def opened(path: Path, data: bytes, *passwords: str, least: int = 64 << 20) -> tuple[Archive, list[tuple]]:
    """An archive and its members: name, bytes or the reason why there are none."""
    path.write_bytes(data)
    source = FileSource(path)
    archive = Archive(source, Budget(len(data), least=least), passwords)
    kind = identify(source)
    assert kind.family is Family.CONTAINER
    return archive, [(member.untrusted_name, content(member)) for member in archive.members(kind.format)]


def content(member: Member) -> bytes | str:
    if member.layer is None:
        return member.refused
    for _ in range(2):  # each can be opened again
        with member.layer.open() as stream:
            data = stream.read()
    reason = member.layer.broken
    member.layer.close()
    return reason or data


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_archive_gives_its_members(kind: str, tmp_path: Path) -> None:
    archive, found = opened(tmp_path / "x", KINDS[kind](FILES))
    assert dict(found) == FILES
    assert archive.broken is None


@pytest.mark.parametrize("kind", KINDS)
def test_large_members_are_found_again(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sousveil.intake.archives.SMALL", 10)
    assert dict(opened(tmp_path / "x", KINDS[kind](FILES))[1]) == FILES


@pytest.mark.parametrize("kind", KINDS)
def test_an_archive_that_is_cut_off_gives_what_stands_before(kind: str, tmp_path: Path) -> None:
    noise = b"".join(zlib.crc32(bytes([n % 251, n // 251])).to_bytes(4, "big") for n in range(20_000))
    files = {"a.csv": b"a,b\n1,2\n" * 50, "b.csv": noise}
    whole = KINDS[kind](files)
    archive, found = opened(tmp_path / "x", whole[: len(whole) * 3 // 4])
    if kind == "7z":  # its list stands at the end, and nothing else says where its members are
        assert found == []
    else:
        assert found[0] == ("a.csv", files["a.csv"])
    assert archive.broken or "cut off" in str(found[-1][1])


@pytest.mark.parametrize("kind", KINDS)
def test_names_that_lead_out_are_refused(kind: str, tmp_path: Path) -> None:
    names = ["../a", "/a", "x/../../a", "C:\\a", "ok"]
    if kind == "7z":
        data = archives.sevenzipped_as({name: "pqrst"[place] * len(name) for place, name in enumerate(names)})
    else:
        data = KINDS[kind](dict.fromkeys(names, b"1"))
    found = dict(opened(tmp_path / "x", data)[1])
    assert found["ok"] == b"1"
    refused = [reason for name, reason in found.items() if name != "ok"]
    assert refused == ["its name leads out of the archive"] * 4


@pytest.mark.parametrize("flavour", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_every_flavour_of_tar_is_read(flavour: int, tmp_path: Path) -> None:
    long = {f"{'folder/' * 30}a.csv": b"1,2\n", "b.csv": b"3"} if flavour != tarfile.USTAR_FORMAT else FILES
    assert dict(opened(tmp_path / "x", archives.tarred(long, flavour))[1]) == long


def test_a_tar_of_before_posix_is_told_by_its_checksum(tmp_path: Path) -> None:
    data = archives.old_tar({"a.csv": b"1,2\n", "b.csv": b"3,4\n"})
    assert b"ustar" not in data
    assert dict(opened(tmp_path / "x", data)[1]) == {"a.csv": b"1,2\n", "b.csv": b"3,4\n"}


def test_a_sparse_tar_does_not_unfold_beyond_its_cap(tmp_path: Path) -> None:
    info = tarfile.TarInfo("sparse")
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    header[156:157] = b"S"
    header[124:136] = b"%011o\0" % 512
    header[386:410] = b"%011o\0%011o\0" % (0, 512)
    header[483:495] = b"\x80" + (1 << 40).to_bytes(11, "big")
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    with pytest.raises(TooMuch):
        opened(tmp_path / "x", bytes(header) + b"x" * 512 + bytes(1024), least=1 << 20)


LOCKED = {
    "aes": archives.zipped_with_aes({"a.csv": FILES["人口/a.csv"]}, "密码"),
    "zipcrypto": archives.zipped_with_zipcrypto("a.csv", FILES["人口/a.csv"], "密码".encode()),
    "zipcrypto in gbk": archives.zipped_with_zipcrypto("a.csv", FILES["人口/a.csv"], "密码".encode("gbk")),
    "7z": archives.sevenzipped({"a.csv": FILES["人口/a.csv"]}, "密码"),
    "7z with hidden names": archives.sevenzipped({"a.csv": FILES["人口/a.csv"]}, "密码", hide_names=True),
}


@pytest.mark.parametrize("kind", LOCKED)
def test_a_given_password_opens_an_archive(kind: str, tmp_path: Path) -> None:
    assert opened(tmp_path / "x", LOCKED[kind], "no", "密码")[1] == [("a.csv", FILES["人口/a.csv"])]


@pytest.mark.parametrize("kind", LOCKED)
def test_a_locked_archive_says_what_to_do(kind: str, tmp_path: Path) -> None:
    for passwords, reason in (((), ENCRYPTED), (("no", "neither"), WRONG_PASSWORD)):
        if kind.startswith("7z"):
            with pytest.raises(Closed, match=reason[:20]):
                opened(tmp_path / "x", LOCKED[kind], *passwords)
        else:
            assert opened(tmp_path / "x", LOCKED[kind], *passwords)[1] == [("a.csv", reason)]


def test_a_wrong_password_is_told_from_a_right_one_by_more_than_one_byte(tmp_path: Path) -> None:
    many = [f"wrong-{n}" for n in range(600)]  # two or three of them pass the check of one byte
    data = archives.zipped_with_zipcrypto("a.csv", b"1,2\n", b"right")
    assert opened(tmp_path / "x", data, *many, "right")[1] == [("a.csv", b"1,2\n")]


def test_a_unicode_name_in_the_extra_field_outweighs_the_old_one(tmp_path: Path) -> None:
    raw, name = "人口.csv".encode("big5"), "戶口.csv"
    info = zipfile.ZipInfo("AABB.csv")
    crc = zlib.crc32(raw)
    field = b"\1" + crc.to_bytes(4, "little") + name.encode()
    info.extra = struct.pack("<HH", 0x7075, len(field)) + field
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, b"1")
    data = out.getvalue().replace(b"AABB.csv", raw)
    assert opened(tmp_path / "x", data)[1] == [(name, b"1")]
    stale = data.replace(crc.to_bytes(4, "little"), bytes(4))
    assert opened(tmp_path / "x", stale)[1] != [(name, b"1")]


def test_members_that_overlap_are_refused(tmp_path: Path) -> None:
    _, found = opened(tmp_path / "x", archives.overlapping_zip(200))
    assert len(found) == 200
    assert {reason for _, reason in found} == {"it overlaps another member"}


def test_a_zip_without_its_list_gives_its_members(tmp_path: Path) -> None:
    files = {"a.csv": b"a,b\n1,2\n" * 500, "b.csv": b"c,d\n3,4\n" * 500}
    for data in (archives.zipped(files), archives.zipped_as_stream(files)):
        archive, found = opened(tmp_path / "x", data[: data.rindex(b"PK\5\6") - 60])
        assert dict(found) == files
        assert archive.broken


def test_a_zip_that_is_cut_within_a_streamed_member_gives_its_start(tmp_path: Path) -> None:
    lines = b"".join(b"%d,%d\n" % (n, n * n) for n in range(20_000))
    path = tmp_path / "x"
    path.write_bytes(archives.zipped_as_stream({"a.csv": lines})[:50_000])
    members = list(Archive(FileSource(path), Budget(50_000)).members("zip"))[:1]
    assert members[0].layer is not None
    with members[0].layer.open() as stream:
        some = stream.read()
    assert len(some) > 10_000
    assert lines.startswith(some)
    assert members[0].layer.broken


def test_sizes_that_lie_cost_the_member_only(tmp_path: Path) -> None:
    data = bytearray(archives.zipped({"a.csv": b"1,2\n" * 100, "b.csv": b"3,4\n"}))
    central = data.index(b"PK\1\2")
    for size, expected in ((0xFFFFFFF0, b"1,2\n" * 100), (10, "its compressed data is damaged")):
        struct.pack_into("<I", data, central + 24, size)
        found = dict(opened(tmp_path / "x", bytes(data))[1])
        assert found == {"a.csv": expected, "b.csv": b"3,4\n"}


def test_without_libarchive_a_rar_is_refused_with_the_next_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "libarchive", None)
    with pytest.raises(Closed, match="libarchive13"):
        opened(tmp_path / "x", archives.rarred(FILES))
    assert len(others.MISSING) <= 200


def test_every_container_of_the_list_is_there_and_no_other() -> None:
    folder = Path(containers.__file__).parent
    there = {path.stem for path in folder.iterdir() if not path.name.startswith("__")}
    assert there == {*CONTAINERS.values(), "entry", "zip_salvage"}
    assert all(callable(container(format)) for format in CONTAINERS)


PRESSES = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lambda data: lzma.compress(data, preset=0),
    "lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE, preset=0),
    "zstd": lambda data: pressed(data, "zstd"),
    "lz4": lambda data: pressed(data, "lz4"),
}


def pressed(data: bytes, codec: str) -> bytes:
    out = pa.BufferOutputStream()
    with pa.CompressedOutputStream(out, codec) as stream:
        stream.write(data)
    return out.getvalue().to_pybytes()


@pytest.mark.parametrize("format", PRESSES)
def test_compressed_streams_are_told_opened_and_joined(format: str, tmp_path: Path) -> None:
    text = "".join(f"{n},{n * n}\n" for n in range(60_000)).encode()
    path = tmp_path / "x"
    path.write_bytes(PRESSES[format](text) + (PRESSES[format](text) if format != "lzma" else b""))
    source = FileSource(path)
    kind = identify(source)
    assert (kind.format, kind.family) == (format, Family.COMPRESSED)
    layer = decompressed(source, format, Budget(1000))
    with layer.open() as stream:
        assert stream.read() == (text if format == "lzma" else text + text)
    assert layer.broken is None


@pytest.mark.parametrize("format", PRESSES)
def test_a_compressed_stream_that_is_cut_off_says_so(format: str, tmp_path: Path) -> None:
    text = "".join(f"{n},{n * n}\n" for n in range(200_000)).encode()
    path = tmp_path / "x"
    whole = PRESSES[format](text)
    path.write_bytes(whole[: len(whole) * 2 // 3])
    layer = decompressed(FileSource(path), format, Budget(1000))
    with layer.open() as stream:
        some = stream.read()
    assert some
    assert text.startswith(some)
    assert layer.broken
