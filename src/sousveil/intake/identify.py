"""What a file is, by its content: magic bytes, then, for text, what its first lines look like.

The name is never believed; it only tips the balance for a list of one column that calls itself CSV.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from enum import Enum
from typing import BinaryIO

import orjson

from sousveil.intake.dialect import propose
from sousveil.intake.encodings import HEAD, detect
from sousveil.intake.source import Source, read_exactly, seekable


class Family(Enum):
    """What is done with a format."""

    TABLES = "tables"
    """A loader reads it."""
    CONTAINER = "container"
    """Its members become items of their own."""
    COMPRESSED = "compressed"
    """One stream of another format."""
    COUNTED = "counted"
    """Hashed and counted, never decoded."""
    REFUSED = "refused"
    """It may hold records, but is not opened."""
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Kind:
    """A format (a short word), what is done with it, and why where it is not loaded."""

    format: str
    family: Family
    reason: str = ""


_PICTURE = "a picture: counted, never decoded"
_SOUND = "sound: counted, never decoded"
_FILM = "film: counted, never decoded"
_DOCUMENT = "a document: counted, not read"
_PROGRAM = "a program: counted, never run"
_ARCHIVE = "an archive of a kind that is not opened: unpack it and take in the folder"

_MAGIC: tuple[tuple[int, bytes, Kind], ...] = (
    (0, b"\xff\xd8\xff", Kind("jpeg", Family.COUNTED, _PICTURE)),
    (0, b"\x89PNG\r\n\x1a\n", Kind("png", Family.COUNTED, _PICTURE)),
    (0, b"GIF8", Kind("gif", Family.COUNTED, _PICTURE)),
    (0, b"II*\0", Kind("tiff", Family.COUNTED, _PICTURE)),
    (0, b"MM\0*", Kind("tiff", Family.COUNTED, _PICTURE)),
    (8, b"WEBP", Kind("webp", Family.COUNTED, _PICTURE)),
    (8, b"AVI ", Kind("avi", Family.COUNTED, _FILM)),
    (8, b"WAVE", Kind("wav", Family.COUNTED, _SOUND)),
    (4, b"ftypheic", Kind("heic", Family.COUNTED, _PICTURE)),
    (4, b"ftypavif", Kind("avif", Family.COUNTED, _PICTURE)),
    (4, b"ftypM4A", Kind("m4a", Family.COUNTED, _SOUND)),
    (4, b"ftyp", Kind("mp4", Family.COUNTED, _FILM)),
    (0, b"\x1aE\xdf\xa3", Kind("matroska", Family.COUNTED, _FILM)),
    (0, b"FLV\x01", Kind("flv", Family.COUNTED, _FILM)),
    (0, b"\0\0\x01\xba", Kind("mpeg", Family.COUNTED, _FILM)),
    (0, b"0&\xb2u\x8ef\xcf\x11", Kind("wmv", Family.COUNTED, _FILM)),
    (0, b"OggS", Kind("ogg", Family.COUNTED, _SOUND)),
    (0, b"fLaC", Kind("flac", Family.COUNTED, _SOUND)),
    (0, b"ID3", Kind("mp3", Family.COUNTED, _SOUND)),
    (0, b"#!AMR", Kind("amr", Family.COUNTED, _SOUND)),
    (0, b"%PDF-", Kind("pdf", Family.COUNTED, _DOCUMENT)),
    (0, b"{\\rtf", Kind("rtf", Family.COUNTED, _DOCUMENT)),
    (0, b"\x7fELF", Kind("elf", Family.COUNTED, _PROGRAM)),
    (0, b"\xca\xfe\xba\xbe", Kind("class", Family.COUNTED, _PROGRAM)),
    (0, b"SQLite format 3\0", Kind("sqlite", Family.TABLES)),
    (0, b"PK\x03\x04", Kind("zip", Family.CONTAINER)),
    (0, b"PK\x05\x06", Kind("zip", Family.CONTAINER)),
    (257, b"ustar", Kind("tar", Family.CONTAINER)),
    (0, b"\x1f\x8b\x08", Kind("gzip", Family.COMPRESSED)),
    (0, b"BZh", Kind("bzip2", Family.COMPRESSED)),
    (0, b"\xfd7zXZ\0", Kind("xz", Family.COMPRESSED)),
    (0, b"(\xb5/\xfd", Kind("zstd", Family.COMPRESSED)),
    (0, b"\x04\x22\x4d\x18", Kind("lz4", Family.COMPRESSED)),
    (0, b"\x5d\0\0", Kind("lzma", Family.COMPRESSED)),
    (0, b"7z\xbc\xaf\x27\x1c", Kind("7z", Family.CONTAINER)),
    (0, b"Rar!\x1a\x07\0", Kind("rar", Family.CONTAINER)),
    (0, b"Rar!\x1a\x07\1\0", Kind("rar5", Family.CONTAINER)),
    (0, b"MSCF\0\0\0\0", Kind("cab", Family.CONTAINER)),
    (2, b"-lh", Kind("lha", Family.CONTAINER)),
    (0x8001, b"CD001", Kind("iso", Family.CONTAINER)),
    (0, b"070701", Kind("cpio", Family.CONTAINER)),
    (0, b"070707", Kind("cpio", Family.CONTAINER)),
    (0, b"\x1f\x9d", Kind("compress", Family.REFUSED, _ARCHIVE)),
    (0, b"LZIP\1", Kind("lzip", Family.REFUSED, _ARCHIVE)),
    (0, b"PAR1", Kind("parquet", Family.TABLES)),
    (0, b"ARROW1\0\0", Kind("arrow", Family.REFUSED, "a format that is not read yet")),
    (0, b"PGDMP", Kind("pg_dump", Family.REFUSED, "a binary dump of PostgreSQL: pg_restore -f makes it SQL")),
    (0, b"age-encryption.org/", Kind("age", Family.REFUSED, "encrypted")),
    (0, b"-----BEGIN PGP MESSAGE", Kind("pgp", Family.REFUSED, "encrypted")),
    (4, b"Standard Jet DB\0", Kind("access", Family.REFUSED, "a format that is not read yet")),
    (4, b"Standard ACE DB\0", Kind("access", Family.REFUSED, "a format that is not read yet")),
)

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PARTS = "[Content_Types].xml"
_SPREADSHEET = Kind("spreadsheet", Family.TABLES)
LOCKED = "a password-protected workbook or document: save it without its password, and take that in"
_UNKNOWN = Kind("unknown", Family.UNKNOWN, "not a format that is known")
_TEXT = Kind("text", Family.COUNTED, "text without a table: counted, not read")

_SQL = re.compile(
    rb"^[ \t]*(?:(?:INSERT|REPLACE)(?:[ \t]+(?:IGNORE|LOW_PRIORITY|DELAYED|OR[ \t]+\w+))*[ \t]+"
    rb"(?:INTO[ \t]+)?[\w\"`\[.]|CREATE[ \t]+(?:TEMP(?:ORARY)?[ \t]+|UNLOGGED[ \t]+)?TABLE[ \t]+"
    rb"|COPY[ \t]+[^\n]+FROM[ \t]+stdin)",
    re.IGNORECASE | re.MULTILINE,
)
_MARKUP = re.compile(rb"\s*<(?:\?xml|!doctype|html|svg|[a-z]+[ >])", re.IGNORECASE)


def identify(source: Source) -> Kind:
    """What the source is. Reads its first bytes; of a zip also its list of members."""
    with source.open() as stream:
        head = read_exactly(stream, HEAD)
    if not head:
        return Kind("empty", Family.COUNTED, "an empty file")
    for offset, magic, kind in _MAGIC:
        if head.startswith(magic, offset):
            return _zipped(source, head) if kind.format == "zip" else kind
    if head.startswith(b"MZ") and b"This program" in head[:1024]:
        return Kind("exe", Family.COUNTED, _PROGRAM)
    if head.startswith(b"BM") and int.from_bytes(head[6:10], "little") == 0 and 0 in head[:32]:
        return Kind("bmp", Family.COUNTED, _PICTURE)
    if head.startswith(_OLE):
        return _ole(source, head)
    if _is_old_tar(head):
        return Kind("tar", Family.CONTAINER)
    return _text(head, source.untrusted_name)


def _is_old_tar(head: bytes) -> bool:
    """Whether it begins with a tar header of before POSIX, which has no magic bytes but a checksum."""
    try:
        said = int(head[148:156].strip(b" \0") or b"x", 8)
    except ValueError:
        return False
    return len(head) >= 512 and said == sum(head[:148]) + 8 * 0x20 + sum(head[156:512])


def _zipped(source: Source, head: bytes) -> Kind:
    """A zip, or what only comes in one: a spreadsheet, a text document, a program."""
    try:
        with seekable(source) as stream, zipfile.ZipFile(stream) as archive:
            names = {info.filename.replace("\\", "/") for info in archive.infolist()[:5000]}
            mime = _start(archive, "mimetype") if "mimetype" in names else b""
            parts = _start(archive, _PARTS) if _PARTS in names else b""
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        names = {name for name in ("xl/", "word/") if name.encode() in head[: 64 << 10]}
        mime = parts = b""
    if any(name.startswith("xl/") for name in names) or b"opendocument.spreadsheet" in mime:
        return _SPREADSHEET
    # The list of a package's parts says what it is where they stand in folders of other names.
    if b"spreadsheetml" in parts:
        return _SPREADSHEET
    if any(name.startswith(("word/", "ppt/")) for name in names) or mime:
        return Kind("office", Family.COUNTED, _DOCUMENT)
    if "META-INF/MANIFEST.MF" in names or "AndroidManifest.xml" in names:
        return Kind("jar", Family.COUNTED, _PROGRAM)
    return Kind("zip", Family.CONTAINER)


def _start(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as stream:
        return stream.read(64 << 10)


def _ole(source: Source, head: bytes) -> Kind:
    """An old Office file: a spreadsheet where its directory has a stream `Workbook` or `Book`."""
    shift = int.from_bytes(head[30:32], "little")
    sector = int.from_bytes(head[48:52], "little")
    if shift not in (9, 12):
        return Kind("office", Family.COUNTED, _DOCUMENT)
    with seekable(source) as stream:
        directory = _at(stream, (sector + 1) << shift, 8 << shift)
    # Some writers have the names of streams in capitals.
    directory = directory.lower()
    if "encryptedpackage".encode("utf-16-le") in directory:
        return Kind("office", Family.UNKNOWN, LOCKED)
    if "book".encode("utf-16-le") in directory:
        return _SPREADSHEET
    return Kind("office", Family.COUNTED, _DOCUMENT)


def _at(stream: BinaryIO, place: int, size: int) -> bytes:
    if place > 1 << 32:
        return b""
    stream.seek(place)
    return read_exactly(stream, size)


def _text(head: bytes, untrusted_name: str) -> Kind:
    """What a text is: SQL, JSON, lines of JSON, delimited, or prose."""
    whole = len(head) < HEAD
    encoding = detect(head, whole=whole)
    text = head[encoding.mark :].decode(encoding.name, "ignore")
    if not _is_text(text):
        return _UNKNOWN
    data = text.replace("\r\n", "\n").encode("utf-8", "ignore")
    if b"\n" not in data and b"\r" in data:
        data = data.replace(b"\r", b"\n")
    kind = _json(data, whole)
    if kind:
        return kind
    if _SQL.search(data):
        return Kind("sql", Family.TABLES)
    if _MARKUP.match(data):
        return Kind("markup", Family.COUNTED, _DOCUMENT)
    if b"[[question]]" in data and untrusted_name.lower().endswith(".toml"):
        return Kind("questions", Family.COUNTED, "questions for Sousveil, not part of the dump")
    lines = data if whole else data[: data.rfind(b"\n") + 1]
    if propose(lines, single=calls_itself_csv(untrusted_name)):
        return Kind("delimited", Family.TABLES)
    return _TEXT


def calls_itself_csv(untrusted_name: str) -> bool:
    """Whether the name says CSV or TSV."""
    return re.search(r"\.[ct]sv\b", untrusted_name, re.IGNORECASE) is not None


def _is_text(text: str) -> bool:
    """Whether control characters are as rare as in text."""
    sample = text[: 64 << 10]
    odd = sum(c < " " and c not in "\t\n\r\f\v\x1a\x01\x1e\x1f" for c in sample)
    return odd <= len(sample) * 0.01


def _json(data: bytes, whole: bool) -> Kind | None:
    """Lines of JSON, one JSON document, or None."""
    lines = [line.strip() for line in data.split(b"\n")[:500]]
    lines = [line for line in (lines if whole or len(lines) == 500 else lines[:-1]) if line]
    objects = sum(line.startswith(b"{") and line.endswith((b"}", b"},")) for line in lines)
    start = data.lstrip()
    if objects > 0.5 * len(lines) and (len(lines) > 1 or not whole):
        valid = sum(_parses(line.rstrip(b",")) for line in lines)
        if valid > 0.3 * len(lines) and not start.startswith(b"["):
            return Kind("ndjson", Family.TABLES)
    if not start.startswith((b"{", b"[")) or not re.match(rb'\{\s*(?:"|\})|\[\s*(?:[\[{"\]0-9-]|$)', start):
        return None
    if re.match(rb'\{\s*"sousveil"\s*:\s*"demo truth"', start):
        return Kind("demo truth", Family.COUNTED, "Sousveil's own demo truth, not part of the dump")
    if start.startswith(b"[") and not re.match(rb"\[\s*[\[{\]]", start):
        return Kind("json", Family.COUNTED, "JSON without objects: counted, not read")
    return Kind("json", Family.TABLES)


def _parses(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False
