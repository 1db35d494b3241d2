"""The bones of a name: its consonants by class, so that transcriptions through different scripts meet.

`MEMET`, `MAMAT`, `Мәмәт`, `مەمەت` and `MAIMAITI` (the pinyin of 买买提) all leave the bones `MMT`. Two
letters mean different sounds in the two Latin spellings of Uyghur, the old one after pinyin (UYY) and the
new one (ULY): Q is CH or K, X is SH or KH. So a name has two skeletons, which differ at those letters.

The classes follow the official Chinese transcription of Uyghur names, which writes B and P, D and T, K, G,
GH, Q and H by characters that overlap, L and R at the end of a syllable by 尔, and drops Y and a W before U.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Letters = npt.NDArray[np.uint8]
"""Names as capital ASCII letters, one a row, zeros behind."""

_SAME = {"P": "BPF", "T": "DT", "K": "GKH", "C": "CJ", "S": "SZ", "M": "M", "N": "N", "L": "LR", "W": "WV"}
_NEW = {"K": "QX"}
_OLD = {"C": "Q", "S": "X"}
_VOWELS = b"AEIOUY"
LEAST = 3
"""Fewer bones say nothing."""


def _classes(*tables: dict[str, str]) -> Letters:
    table = np.zeros(256, np.uint8)
    for part in tables:
        for bone, letters in part.items():
            table[list(letters.encode())] = ord(bone)
    return table


_READINGS = (_classes(_SAME, _NEW), _classes(_SAME, _OLD))


def skeletons(letters: Letters) -> tuple[Letters, Letters]:
    """The bones of each name, in order, zeros where a letter is none: read as ULY, and as UYY or pinyin."""
    following = np.zeros_like(letters)
    following[:, :-1] = letters[:, 1:]
    before = np.zeros_like(letters)
    before[:, 1:] = letters[:, :-1]
    drop = (letters == ord("H")) & np.isin(before, list(b"SCZGKTPD"))
    drop |= (letters == ord("G")) & (before == ord("N")) & ~np.isin(following, list(_VOWELS))
    drop |= np.isin(letters, list(b"WV")) & (following == ord("U"))
    drop |= (letters == ord("N")) & (following == ord("M"))
    zh = (letters == ord("Z")) & (following == ord("H"))
    found = []
    for table in _READINGS:
        bones = table[letters]
        bones[zh] = ord("C")
        bones[drop] = 0
        # A doubled letter is one bone; a vowel between two of a kind keeps them two.
        bones[:, 1:][(bones[:, 1:] == bones[:, :-1]) & (bones[:, 1:] > 0)] = 0
        found.append(bones)
    return found[0], found[1]
