"""Given names cut down to initials: `A. Karimov` and `Karimov A.B.` for Alisher Bakhtiyorovich Karimov.

A full stop shows an initial. Without it, and without the spaces that names are compared without, nothing
would tell `Karimov A.` from Karimova. Such a name fits one that begins or ends with the family name, the rest
of which begins with the initial.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Codes = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

_LETTER = r"[^\W\d_\u3400-\u9fff\U00020000-\U0003ffff]"
_CUT = re.compile(
    rf"((?:{_LETTER}\.-?){{1,3}})({_LETTER}{{2,}})|({_LETTER}{{2,}}?),?((?:{_LETTER}\.-?){{1,3}})"
)
_LEAST = 3
"""A family name of fewer letters stands in too many names."""


@dataclass(frozen=True)
class Initials:
    """By the code of a plain form."""

    cut: dict[int, tuple[str, str]]
    """The family name and the initials of a name that has some."""
    has: Flags
    first: Codes
    """The first and the last letter of the family name, where there are initials; else -1."""
    last: Codes

    @classmethod
    def none(cls, size: int) -> Initials:
        """No name has any."""
        nothing = np.full(size, -1, np.int32)
        return cls({}, np.zeros(size, np.bool_), nothing, nothing)

    @classmethod
    def of(cls, texts: pa.StringArray, codes: Codes, plain: pa.StringArray) -> Initials:
        """Read them off names with their full stops; `codes` has the plain form of each, in `plain`."""
        made = cls.none(len(plain))
        places = np.flatnonzero(pc.match_substring(texts, ".").to_numpy(zero_copy_only=False))
        cut = made.cut
        first, last = made.first.copy(), made.last.copy()
        for code, text in zip(codes[places].tolist(), texts.take(pa.array(places)).to_pylist(), strict=True):
            found = _CUT.fullmatch(text or "")
            family = found and (found[2] or found[3])
            if found and family and len(family) >= _LEAST:
                letters = re.sub(r"[.-]", "", found[1] or found[4])
                cut[code] = family.upper(), letters.upper()
                made.has[code] = True
                first[code], last[code] = ord(family[0]), ord(family[-1])
        return cls(cut, made.has, first, last)

    def fit(self, plain: pa.StringArray, one: Codes, other: Codes) -> Flags:
        """Which pairs of names, of which one has initials, may be of one person."""
        texts = zip(
            one.tolist(), other.tolist(),
            plain.take(pa.array(one)).to_pylist(), plain.take(pa.array(other)).to_pylist(),
            strict=True,
        )  # fmt: skip
        return np.array([self._fits(*pair) for pair in texts], np.bool_)

    def _fits(self, one: int, other: int, mine: str, theirs: str) -> bool:
        if one in self.cut and other in self.cut:
            (family, letters), (another, others) = self.cut[one], self.cut[other]
            return family == another and (letters.startswith(others) or others.startswith(letters))
        family, letters = self.cut.get(one) or self.cut[other]
        whole = theirs if one in self.cut else mine
        for rest in (whole.removeprefix(family), whole.removesuffix(family)):
            if rest != whole and rest.startswith(letters[0]) and len(rest) >= len(letters):
                return all(letter in rest[1:] for letter in letters[1:])
        return False
