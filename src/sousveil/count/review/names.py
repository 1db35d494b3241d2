"""Keys under which spellings of one name meet: its letters in any order, its sound, all but one letter.

They propose; they decide nothing. A canonical name (`normalise.names`) is upper case and without spaces, so
that an order turned round is a rotation: the sorted letters are the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

_FILL = re.compile(r"[\W_]+")
_VOWELS = re.compile(r"[AEIOUYƏÖÜÄIАЕЁИОУЫЭЮЯЬЪ]+")
_ALIKE = str.maketrans("BPDTGKQCZSJXVWFLRMN", "BBTTKKKSSSSSWWWLRMM")
_REPEATED = re.compile(r"(.)\1+")
_AT_MOST = 4
"""A name of more characters is compared by its sound instead of by all its shortened forms."""
WIDTH = 20
"""Characters of a name that are compared."""

Keys = Callable[[str], Iterable[str]]


def letters(name: str) -> Iterable[str]:
    """Its letters in order, so that the order of its parts doesn't matter."""
    plain = _FILL.sub("", name)
    return ["".join(sorted(plain))] if len(plain) > 1 else []


def sound(name: str) -> Iterable[str]:
    """The consonants of a name in an alphabet, those that are easily confused made one."""
    plain = unicodedata.normalize("NFKD", _FILL.sub("", name))
    if not plain or is_han(plain):
        return []
    bones = _REPEATED.sub(r"\1", _VOWELS.sub("", plain).translate(_ALIKE))
    return [plain[:1] + bones] if len(bones) > 1 else []


def shortened(name: str) -> Iterable[str]:
    """A short name with one character left out, each in turn: names one character apart share one of them."""
    plain = _FILL.sub("", name)
    if not 2 <= len(plain) <= _AT_MOST:
        return []
    return {plain[:place] + plain[place + 1 :] for place in range(len(plain))} | {plain}


def is_han(name: str) -> bool:
    """Whether a name is written in Chinese characters."""
    return any("\u3400" <= character <= "\u9fff" or character >= "\U00020000" for character in name)


def coded(names: list[str], keys: Keys) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The keys of each name as codes: the name's place and the code, one row for each key of each name."""
    known: dict[str, int] = {}
    places, codes = [], []
    for place, name in enumerate(names):
        for key in keys(name):
            places.append(place)
            codes.append(known.setdefault(key, len(known)))
    return np.array(places, np.int64), np.array(codes, np.int64)


def matrix(names: list[str]) -> npt.NDArray[np.int32]:
    """The first characters of each name as numbers, a row a name, filled up with zeros."""
    out = np.zeros((len(names) + 1, WIDTH), np.int32)
    for place, name in enumerate(names):
        plain = _FILL.sub("", name)[:WIDTH]
        out[place, : len(plain)] = [ord(character) for character in plain]
    return out


def shared(one: npt.NDArray[np.int32], other: npt.NDArray[np.int32]) -> npt.NDArray[np.float64]:
    """The share of the longer name's characters that stand in the other, by rows of `matrix`; 0 to 1."""
    equal = one[:, :, None] == other[:, None, :]
    in_one, in_other = one > 0, other > 0
    common = np.minimum((equal.any(2) & in_one).sum(1), (equal.any(1) & in_other).sum(1))
    longer = np.maximum(in_one.sum(1), in_other.sum(1))
    return np.asarray(common / np.maximum(longer, 1), np.float64)
