"""What careless clerks do to the columns of a locale's tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sousveil.demo.locales.model import Locale
from sousveil.demo.locales.people import People
from sousveil.demo.text import Codes, Flags, Rng, from_bytes, pick, put, strings


@dataclass(frozen=True)
class Clerk:
    """Spoils the columns of one block of records, at random but from its own seed."""

    locale: Locale
    rng: Rng
    size: int

    def some(self, share: float) -> Flags:
        """A share of the rows."""
        return self.rng.random(self.size) < share

    def lost(self, column: pa.StringArray, share: float) -> pa.StringArray:
        """A share of the values is missing, or one of the words for nothing."""
        where = self.some(share)
        words = strings([word or None for word in self.locale.nothing])
        return put(column, where, pick(words, self.rng.integers(0, len(words), int(where.sum()))))

    def name(self, column: pa.StringArray, share: float = 0.02) -> pa.StringArray:
        """A share of the names is in capitals, or has two spaces."""
        loud, wide = self.some(share), self.some(share / 2)
        column = put(column, loud, pc.utf8_upper(column.filter(pa.array(loud))))
        return put(column, wide, pc.replace_substring(column.filter(pa.array(wide)), " ", "  "))

    def identity(self, people: People, row: Codes, lost: float, wrong: float) -> pa.StringArray:
        """Identity numbers, of which a share is missing and a share has one wrong digit."""
        numbers = people.number[row].copy()
        slips = np.flatnonzero(self.some(wrong))
        fixed, width = self.locale.identity.fixed, numbers.shape[1]
        place = self.rng.integers(fixed, width - 2, len(slips))
        shift = self.rng.integers(1, 10, len(slips))
        numbers[slips, place] = (numbers[slips, place] - ord("0") + shift) % 10 + ord("0")
        return self.lost(from_bytes(numbers), lost)

    def dates(self, days: Codes, second: float = 0.15) -> pa.StringArray:
        """Days as text, a share of them in the locale's second way."""
        first, other = (written(days, form) for form in self.locale.dates)
        where = self.some(second)
        return put(first, where, other.filter(pa.array(where)))


def written(days: Codes, form: str) -> pa.StringArray:
    """Days as text by a form of strftime."""
    return pc.strftime(pa.array(np.asarray(days, np.int32)).cast(pa.date32()), form)


def any_of(rng: Rng, words: tuple[str, ...], size: int) -> pa.StringArray:
    """A word for each row, the first ones more often."""
    return pick(strings(list(words)), (len(words) * rng.random(size) ** 1.4).astype(np.int64))
