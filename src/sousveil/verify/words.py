"""The words of names: given names, surnames and the like, as the tests on names look at them."""

from __future__ import annotations

import re
import unicodedata
import zlib
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sousveil.normalise.tidy import known, tidy

BITS = 20
"""Bits of a fingerprint: enough to tell that all words are of a list, too few to give the list back."""

_NO_WORD = re.compile(r"[\s,.()\"'’`·•_/]+")
_HAN = r"^[\x{3400}-\x{9fff}]{2,4}$"
_BETWEEN = r"[\s,.·•_/]+"

Places = npt.NDArray[np.int64]


class Words(NamedTuple):
    """The words of a column of names, one line a word."""

    word: Places
    """Which word, as a number from 0."""
    row: Places
    """Which record it stands in."""
    place: Places
    """Which word of the name it is, from 0; in a Han name the surname is 0."""


def folded(text: str) -> str:
    """A name in one form: NFKC, no case, words between single spaces."""
    return _NO_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def fingerprint(folded_word: str) -> int:
    """`BITS` bits of a word's CRC-32."""
    return zlib.crc32(folded_word.encode("utf-8", "replace")) & (1 << BITS) - 1


def words(values: pa.StringArray) -> Words:
    """The words of names. A Han name is its surname (one character) and the characters after it."""
    clean = pc.utf8_lower(known(tidy(values)))
    han = pc.match_substring_regex(clean, _HAN).fill_null(False)
    if pc.any(han).as_py():
        clean = pc.if_else(han, pc.replace_substring_regex(clean, r"([\x{3400}-\x{9fff}])", r"\1 "), clean)
    lists = pc.split_pattern_regex(pc.utf8_trim_whitespace(clean), _BETWEEN)
    flat = pc.list_flatten(lists)
    row = pc.list_parent_indices(lists).to_numpy().astype(np.int64)
    begins = np.concatenate([[True], row[1:] != row[:-1]]) if len(row) else np.zeros(0, np.bool_)
    place = np.arange(len(row)) - np.maximum.accumulate(np.where(begins, np.arange(len(row)), 0))
    long = pc.greater_equal(pc.utf8_length(flat), 1).fill_null(False).to_numpy(zero_copy_only=False)
    word = flat.dictionary_encode().indices.to_numpy(zero_copy_only=False)
    return Words(word[long].astype(np.int64), row[long], place[long])
