"""Where things are in the invented city: addresses, and coordinates out at sea."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sousveil.demo import city
from sousveil.demo.text import Codes, Rng, join, padded, pick, plain, strings


def addresses(rng: Rng, district: Codes) -> pa.StringArray:
    """Addresses in the city, in the districts given."""
    size = len(district)
    estates = strings(["", *city.ESTATES])
    estate = pick(estates, np.where(rng.random(size) < 0.4, rng.integers(1, len(estates), size), 0))
    flat = join(plain(rng.integers(1, 30, size)), "幢", plain(rng.integers(1, 34, size) * 100 + 1), "室")
    return join(city.CITY, pick(strings(list(city.DISTRICTS)), district), streets(rng, size), estate, flat)


def streets(rng: Rng, size: int) -> pa.StringArray:
    """Streets with house numbers."""
    street = pick(strings(list(city.STREETS)), rng.integers(0, len(city.STREETS), size))
    return join(street, plain(rng.integers(1, 900, size)), "号")


def coordinates(rng: Rng, size: int) -> tuple[pa.StringArray, pa.StringArray]:
    """Longitudes and latitudes of WGS 84 with six digits, within 124.1-124.5 E and 29.2-29.6 N."""
    longitude, latitude = (rng.integers(0, 400_000, size) for _ in range(2))
    return join("124.", padded(longitude + 100_000, 6)), join("29.", padded(latitude + 200_000, 6))


def pool(words: tuple[str, ...], codes: Codes) -> pa.StringArray:
    """The word of each code."""
    return pick(strings(list(words)), codes)


def any_of(
    rng: Rng, words: tuple[str, ...], size: int, shares: tuple[float, ...] | None = None
) -> pa.StringArray:
    """A word for each row, at random."""
    return pool(words, rng.choice(len(words), size, p=shares))
