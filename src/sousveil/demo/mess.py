"""What careless clerks do to a block of records: lost values, typing errors, old and wide ways of writing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import pyarrow as pa

from sousveil.demo import city
from sousveil.demo.moments import day
from sousveil.demo.people import Residents
from sousveil.demo.text import Codes, Flags, Rng, from_bytes, pick, put, strings

_WIDE = str.maketrans("0123456789X", "".join(chr(ord(c) + 0xFEE0) for c in "0123456789X"))
_DOTS = ("•", "・", " ", ".")
_SLIPS = "伟丽强敏军静磊娜"
_OF_2000 = day(dt.date(2000, 1, 1))


class Clerk:
    """Spoils the columns of one block of `size` records, at random but from its own seed."""

    def __init__(self, rng: Rng, size: int) -> None:
        self.rng = rng
        self.size = size

    def some(self, share: float) -> Flags:
        """A share of the rows."""
        return self.rng.random(self.size) < share

    def lost(self, column: pa.StringArray, share: float) -> pa.StringArray:
        """A share of the values is missing."""
        return put(column, self.some(share), None)

    def nothing(self, column: pa.StringArray, share: float) -> pa.StringArray:
        """A share of the values is one of the words for nothing."""
        where = self.some(share)
        words = strings(list(city.NOTHING))
        return put(column, where, pick(words, self.rng.integers(0, len(words), int(where.sum()))))

    def wide(self, column: pa.StringArray, share: float) -> pa.StringArray:
        """A share of the values is written in full-width digits."""
        where = self.some(share)
        return self._each(column, where, lambda value: value.translate(_WIDE))

    def name(self, column: pa.StringArray, share: float) -> pa.StringArray:
        """A share of the names is a variant: a space, another dot, a wrong last character."""
        return self._each(column, self.some(share), self._variant)

    def identity(
        self,
        residents: Residents,
        person: Codes,
        *,
        lost: float,
        wrong: float,
        old: float = 0.0,
        wide: float = 0.0,
    ) -> pa.StringArray:
        """The identity numbers of people; shares are missing, mistyped, of the old form or in wide digits."""
        column = pick(residents.identity, person)
        is_old = self.some(old) & (residents.born[person] < _OF_2000)
        numbers = residents.number[person[is_old]]
        column = put(column, is_old, from_bytes(np.hstack([numbers[:, :6], numbers[:, 8:17]])))
        is_wrong = self.some(wrong) & ~is_old
        column = put(column, is_wrong, from_bytes(self._mistyped(residents.number[person[is_wrong]])))
        return self.lost(self.wide(column, wide), lost)

    def _mistyped(self, numbers: Codes) -> Codes:
        """Numbers with one wrong digit after the region's 99: the check digit always finds it."""
        out = numbers.copy()
        rows = np.arange(len(out))
        place = self.rng.integers(2, 17, len(out))
        shift = self.rng.integers(1, 10, len(out))
        out[rows, place] = (out[rows, place] - ord("0") + shift) % 10 + ord("0")
        return out

    def _variant(self, name: str) -> str:
        kind = int(self.rng.integers(0, 4))
        if "·" in name:
            return name.replace("·", _DOTS[kind])
        if name.isascii():
            return name.lower() if kind < 2 else name.replace(" ", "  ")
        return f"{name[0]} {name[1:]}" if kind < 2 else name[:-1] + _SLIPS[int(self.rng.integers(0, 8))]

    def _each(self, column: pa.StringArray, where: Flags, change: Callable[[str], str]) -> pa.StringArray:
        if not where.any():
            return column
        chosen = column.filter(pa.array(where)).to_pylist()
        return put(column, where, strings([None if value is None else change(value) for value in chosen]))
