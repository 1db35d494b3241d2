"""The first step of every canonical form: NFKC, no control characters, trimmed; placeholders to null."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_NOTHING = (
    *(
        "",
        "-",
        "--",
        "---",
        "—",
        "——",
        "_",
        "/",
        "//",
        "\\",
        "\\N",
        ".",
        "?",
        "*",
        "NULL",
        "<NULL>",
        "(NULL)",
    ),
    *("NONE", "NIL", "NAN", "N/A", "NA", "#N/A", "UNDEFINED", "[]", "{}", '""', "''"),
)
"""What exports write for an absent value, upper case."""

_UNKNOWN = (
    *(
        "无",
        "无无",
        "未知",
        "不详",
        "不明",
        "暂无",
        "没有",
        "空",
        "未填",
        "未填写",
        "待查",
        "待补",
        "查无",
        "未登记",
    ),
    *("无名", "无名氏", "UNKNOWN", "UNK", "NOT AVAILABLE", "NOT KNOWN", "NO DATA", "TBD", "XXX", "XXXX"),
    *("НЕТ", "НЕТ ДАННЫХ", "НЕИЗВЕСТНО", "YOK", "BİLİNMİYOR", "BILINMIYOR", "يوق"),
)
"""What people write where they know nothing, upper case. In a category it may be an answer of its own."""

NOTHING, UNKNOWN = frozenset(_NOTHING), frozenset(_UNKNOWN)
_NOTHING_SET = pa.array(_NOTHING)
_UNKNOWN_SET = pa.array(_UNKNOWN)
_NONE = pa.scalar(None, pa.string())

ByteSet = npt.NDArray[np.bool_]


def byte_set(characters: bytes) -> ByteSet:
    """A set of bytes for `any_byte`."""
    held = np.zeros(256, np.bool_)
    held[np.frombuffer(characters, np.uint8)] = True
    return held


_CONTROL = byte_set(bytes([*range(32), 127]))
_ARABIC = byte_set(b"\xd9\xdb")
"""First bytes of the digits that Arabic and Persian write, and of hardly anything else."""
_MOST_RUNS = 6
"""More runs of bytes than this are sought faster in a table than one after the other."""


def _buffers(values: pa.StringArray) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    offsets = np.frombuffer(values.buffers()[1], np.int32)[values.offset : values.offset + len(values) + 1]
    data = values.buffers()[2]
    return offsets, np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)


def highest_byte(values: pa.StringArray) -> int:
    """The highest byte in any of the texts: below 128 they are ASCII, below 97 without lower case too."""
    if not len(values):
        return 0
    offsets, data = _buffers(values)
    return int(data[offsets[0] : offsets[-1]].max(initial=0))


def any_byte(values: pa.StringArray, wanted: ByteSet) -> bool:
    """Whether any of the texts holds one of the bytes: a look at the buffer, far cheaper than a pattern."""
    if not len(values):
        return False
    offsets, data = _buffers(values)
    text = data[offsets[0] : offsets[-1]]
    runs = _runs(wanted.tobytes())
    if len(runs) > _MOST_RUNS:
        return bool(wanted[text].any())
    # Bytes below the first of a run wrap around to high numbers.
    return any(bool((text - first <= span).any()) for first, span in runs)


@cache
def _runs(wanted: bytes) -> tuple[tuple[np.uint8, np.uint8], ...]:
    """The runs of neighbouring bytes in a set: the first of each, and how far the last is from it."""
    edges = np.flatnonzero(np.diff(np.frombuffer(b"\0" + wanted + b"\0", np.int8)))
    return tuple((np.uint8(first), np.uint8(end - first - 1)) for first, end in edges.reshape(-1, 2))


def upper(values: pa.StringArray) -> pa.StringArray:
    """The texts in upper case; untouched where nothing is in lower case."""
    return pc.utf8_upper(values) if highest_byte(values) >= ord("a") else values


def whole(values: pa.Array | pa.ChunkedArray) -> pa.StringArray:
    """One `pa.string()` array of what may be chunked or large."""
    joined = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    return joined if joined.type == pa.string() else joined.cast(pa.string())


def tidy(values: pa.StringArray) -> pa.StringArray:
    """Texts in NFKC with plain digits, control and format characters gone, trimmed.

    Full-width, Arabic and Persian digits become 0 to 9.
    What exports write for an absent value (empty, `-`, `NULL`, `N/A` …) becomes null.
    """
    wide = highest_byte(values) >= 128
    normal = pc.utf8_normalize(values, "NFKC") if wide else values
    if any_byte(normal, _CONTROL):
        # A line break or a tab separates words.
        normal = pc.replace_substring_regex(normal, r"[\x00-\x1f\x7f]+", " ")
    if wide and pc.any(pc.match_substring_regex(normal, r"\p{Cf}|[\x{80}-\x{9f}]")).as_py():
        # A zero-width or direction mark separates nothing.
        normal = pc.replace_substring_regex(normal, r"(?:\p{Cf}|[\x{80}-\x{9f}])+", "")
    if wide and any_byte(normal, _ARABIC):
        normal = _plain_digits(normal)
    trimmed = pc.utf8_trim_whitespace(normal) if wide else pc.ascii_trim_whitespace(normal)
    nothing = pc.is_in(pc.ascii_upper(trimmed), _NOTHING_SET)
    return pc.if_else(nothing, _NONE, trimmed)


def _plain_digits(values: pa.StringArray) -> pa.StringArray:
    """Arabic (U+0660) and Persian (U+06F0) digits as 0 to 9, which NFKC leaves as they are."""
    if not pc.any(pc.match_substring_regex(values, "[٠-٩۰-۹]")).as_py():
        return values
    for digit in range(10):
        values = pc.replace_substring_regex(values, f"[{chr(0x660 + digit)}{chr(0x6F0 + digit)}]", str(digit))
    return values


def known(tidied: pa.StringArray) -> pa.StringArray:
    """Tidied texts without what people write where they know nothing (`无`, `未知`, `unknown`, `000000`)."""
    unknown = pc.is_in(upper(tidied), _UNKNOWN_SET)
    return pc.if_else(pc.or_kleene(unknown, pa.array(_repeated(tidied))), _NONE, tidied)


def _repeated(values: pa.StringArray) -> npt.NDArray[np.bool_]:
    """Which texts are one character five times or more (`000000`, `111111`, `******`): nobody's number."""
    found = np.zeros(len(values), np.bool_)
    offsets, data = _buffers(values)
    lengths = np.diff(offsets)
    long = np.flatnonzero(lengths >= 5)
    first, last = data[offsets[:-1][long]], data[offsets[1:][long] - 1]
    middle = data[offsets[:-1][long] + lengths[long] // 2]
    for place in long[(first == last) & (first == middle)]:
        text = data[offsets[place] : offsets[place + 1]]
        found[place] = bool((text == text[0]).all())
    return found
