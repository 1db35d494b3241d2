"""What the proposal knows of names besides the forms in which they are compared (`count/forms`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

_AT_MOST = 4
"""A name of more characters is found by its consonants instead of by its shortened forms."""
WIDTH = 20
"""Characters of a name that are compared."""

_Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Shortened:
    """Short names with one character left out, each in turn: names one character apart share one of them.

    Of name n the codes are `codes[start[n]:start[n + 1]]`.
    """

    start: _Places
    codes: _Places

    @classmethod
    def of(cls, untrusted_names: Sequence[str]) -> Self:
        """The shortened forms of plain names of two to four characters, themselves among them."""
        known: dict[str, int] = {}
        count, codes = [0], []
        for name in untrusted_names:
            whole = {name, *(name[:at] + name[at + 1 :] for at in range(len(name)))}
            found = sorted(whole) if 2 <= len(name) <= _AT_MOST else []
            codes += [known.setdefault(form, len(known)) for form in found]
            count.append(len(found))
        return cls(np.cumsum(count, dtype=np.int64), np.array(codes, np.int64))

    def at(self, places: _Places, names: _Places) -> tuple[_Places, _Places]:
        """The codes at places with these names, and the place of each."""
        count = self.start[names + 1] - self.start[names]
        of = np.repeat(np.arange(len(names)), count)
        inner = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
        return places[of], self.codes[self.start[names[of]] + inner]


def matrix(untrusted_names: Sequence[str]) -> npt.NDArray[np.uint32]:
    """The first characters of each name as numbers, a row a name, zeros behind; one empty row more."""
    rows = np.array([*untrusted_names, ""], dtype=f"U{WIDTH}")
    return rows.view(np.uint32).reshape(len(rows), WIDTH)


def shared(one: npt.NDArray[np.uint32], other: npt.NDArray[np.uint32]) -> npt.NDArray[np.float64]:
    """The share of the longer name's characters that stand in the other, by rows of `matrix`; 0 to 1."""
    equal = one[:, :, None] == other[:, None, :]
    in_one, in_other = one > 0, other > 0
    common = np.minimum((equal.any(2) & in_one).sum(1), (equal.any(1) & in_other).sum(1))
    longer = np.maximum(in_one.sum(1), in_other.sum(1))
    return np.asarray(common / np.maximum(longer, 1), np.float64)
