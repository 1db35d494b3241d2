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
_SHORT = 4
"""Names of no more characters, most Chinese ones, are compared by themselves: the work goes by the square."""

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


def shared(
    letters: npt.NDArray[np.uint32], one: npt.NDArray[np.int32], other: npt.NDArray[np.int32]
) -> npt.NDArray[np.float64]:
    """The share of the longer name's characters that stand in the other, by rows of a `matrix`; 0 to 1."""
    found = np.zeros(len(one))
    short = (letters[one, _SHORT] == 0) & (letters[other, _SHORT] == 0)
    for width, here in ((_SHORT, np.flatnonzero(short)), (WIDTH, np.flatnonzero(~short))):
        a, b = letters[one[here], :width], letters[other[here], :width]
        equal = a[:, :, None] == b[:, None, :]
        in_a, in_b = a > 0, b > 0
        common = np.minimum((equal.any(2) & in_a).sum(1), (equal.any(1) & in_b).sum(1))
        found[here] = common / np.maximum(np.maximum(in_a.sum(1), in_b.sum(1)), 1)
    return found
