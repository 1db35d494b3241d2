"""Archives for tests that no library of ours writes: RAR by hand, zips cut off, overlapping or encrypted."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
import zlib

import py7zr
import pyzipper


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A plain zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


class _Pipe(io.RawIOBase):
    """Takes bytes and can't go back, like the end of a pipe."""

    def __init__(self) -> None:
        self.data = b""

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.data += bytes(data)  # type: ignore[call-overload]
        return len(bytes(data))  # type: ignore[call-overload]


def zipped_as_stream(members: dict[str, bytes]) -> bytes:
    """A zip whose members have their sizes behind them (bit 3)."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[arg-type]
        for name, data in members.items():
            archive.writestr(name, data)
    return pipe.data


def zipped_with_aes(members: dict[str, bytes], password: str) -> bytes:
    """A zip with WinZip's AES."""
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(password.encode())
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def zipped_with_zipcrypto(name: str, data: bytes, password: bytes) -> bytes:
    """A zip with one member under PKWARE's first encryption (APPNOTE 6.1)."""
    keys = [0x12345678, 0x23456789, 0x34567890]

    def crc(value: int, byte: int) -> int:
        return zlib.crc32(bytes([byte]), value ^ 0xFFFFFFFF) ^ 0xFFFFFFFF

    def update(byte: int) -> None:
        keys[0] = crc(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = crc(keys[2], keys[1] >> 24)

    for byte in password:
        update(byte)
    check = zlib.crc32(data)
    packed = bytearray()
    for byte in bytes(11) + bytes([check >> 24]) + data:
        word = keys[2] | 2
        packed.append(byte ^ ((word * (word ^ 1)) >> 8 & 0xFF))
        update(byte)
    plain = bytearray(zipped({name: b"\0" * 12 + data}, zipfile.ZIP_STORED))
    start = 30 + len(name)
    plain[start : start + len(packed)] = packed
    central = plain.rindex(b"PK\1\2")
    for at in (6, central + 8):
        plain[at] |= 1
    for at in (14, central + 16):
        struct.pack_into("<III", plain, at, check, len(packed), len(data))
    return bytes(plain)


def overlapping_zip(copies: int) -> bytes:
    """A zip whose list names the same bytes many times (as in zbsm.zip)."""
    whole = zipped({"a.csv": b"a,b\n" + b"1,2\n" * 1000})
    start = whole.rindex(b"PK\1\2")
    end = whole.rindex(b"PK\5\6")
    entry = whole[start:end]
    entries = b"".join(entry.replace(b"a.csv", f"{n:05}".encode()) for n in range(copies))
    tail = bytearray(whole[end:])
    struct.pack_into("<HHII", tail, 8, copies, copies, len(entries), start)
    return whole[:start] + entries + bytes(tail)


def sevenzipped(members: dict[str, bytes], password: str | None = None, *, hide_names: bool = False) -> bytes:
    """A solid 7z."""
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", password=password, header_encryption=hide_names) as archive:
        for name, data in members.items():
            archive.writestr(data, name)
    return out.getvalue()


def sevenzipped_as(names: dict[str, str]) -> bytes:
    """A 7z whose names its writer would refuse: each is written under another of the same length."""
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        archive.set_encoded_header_mode(False)
        for plain in names.values():
            archive.writestr(b"1", plain)
    data = bytearray(out.getvalue())
    for name, plain in names.items():
        data = data.replace(plain.encode("utf-16-le"), name.encode("utf-16-le"))
    start = 32 + int.from_bytes(data[12:20], "little")
    struct.pack_into("<I", data, 28, zlib.crc32(data[start:]))
    struct.pack_into("<I", data, 8, zlib.crc32(data[12:32]))
    return bytes(data)


def rarred(members: dict[str, bytes]) -> bytes:
    """A RAR 4 archive of stored members (unrar's technote)."""
    parts = [b"Rar!\x1a\x07\0", _rar_block(0x73, 0, bytes(6))]
    for name, data in members.items():
        raw = name.encode()
        crc = zlib.crc32(data)
        fields = struct.pack(
            "<IIBIIBBHI", len(data), len(data), 3, crc, 0x4A6B6D6D, 20, 0x30, len(raw), 0o100644
        )
        parts += [_rar_block(0x74, 0x8000, fields + raw), data]
    return b"".join([*parts, _rar_block(0x7B, 0x4000, b"")])


def _rar_block(kind: int, flags: int, fields: bytes) -> bytes:
    rest = struct.pack("<BHH", kind, flags, 7 + len(fields)) + fields
    return struct.pack("<H", zlib.crc32(rest) & 0xFFFF) + rest


def tarred(members: dict[str, bytes], format: int = tarfile.PAX_FORMAT) -> bytes:
    """A tar of a flavour of `tarfile`."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def old_tar(members: dict[str, bytes]) -> bytes:
    """A tar of before POSIX, without magic bytes."""
    whole = bytearray(tarred(members, tarfile.USTAR_FORMAT))
    at = 0
    for data in members.values():
        whole[at + 257 : at + 265] = bytes(8)
        whole[at + 148 : at + 156] = b" " * 8
        whole[at + 148 : at + 156] = b"%06o\0 " % sum(whole[at : at + 512])
        at += 512 + (len(data) + 511) // 512 * 512
    return bytes(whole)
