"""What the tables of a locale's demo share: headers, sexes, addresses, moments."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from sousveil.demo.locales.model import Locale
from sousveil.demo.moments import clock
from sousveil.demo.text import Codes, Flags, Rng, join, pick, plain, strings


def under(heads: Mapping[str, str], columns: dict[str, pa.StringArray]) -> dict[str, pa.StringArray]:
    """Columns by key under the locale's headers."""
    return {heads[key]: column for key, column in columns.items()}


def codes_of(rng: Rng, words: tuple[str, ...], size: int) -> Codes:
    """A code into the words for each row, the first ones more often."""
    return (len(words) * rng.random(size) ** 1.4).astype(np.int32)


def sexes(locale: Locale, male: Flags) -> pa.StringArray:
    """The locale's letters for the sexes."""
    return pick(strings(list(locale.sexes)), male.astype(np.int8))


def address(locale: Locale, rng: Rng, district: Codes) -> pa.StringArray:
    """An address in the locale's order."""
    size = len(district)
    values = {
        "street": pick(strings(list(locale.streets)), rng.integers(0, len(locale.streets), size)),
        "house": plain(rng.integers(1, 180, size)),
        "flat": plain(rng.integers(1, 90, size)),
        "district": pick(strings(list(locale.districts)), district),
        "city": locale.city,
    }
    parts: list[pa.StringArray | str] = []
    for piece in locale.address.split("{"):
        key, brace, rest = piece.partition("}")
        parts += [values[key], rest] if brace else [piece]
    return join(*parts)


def moments(date: pa.StringArray, seconds: Codes) -> pa.StringArray:
    """Days as written, with the time of the day."""
    return join(date, " ", pick(clock(), seconds))
