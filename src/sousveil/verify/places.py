"""Coordinates: whether they lie on land, and whether they crowd where people and roads are.

Points drawn evenly from a rectangle fill its squares evenly, as Poisson counts; whatever people build or
drive on crowds. The mask of land is `land.bin`, see `sousveil.verify.land`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sousveil.normalise.numbers import degrees
from sousveil.verify.evidence import FEW, Evidence, Facts, Reading, band, cannot_tell
from sousveil.verify.land import on_land
from sousveil.verify.sample import Sample

FACTS = {
    "coordinates-on-land": Facts(
        "Assumes that the table is of people, cars or places; ships, aircraft, storms and earthquakes lie at "
        "sea, and somebody who veiled a dump may have moved its points there.",
        "Knowing what the points are of.",
    ),
    "coordinates-spread": Facts(
        "Assumes that the points are of people or of what they build; trees, soundings and samples drawn by "
        "plan fill a field evenly without being forged.",
        "Knowing what the points are of.",
    ),
}
_POINTS = 500
_SIDES = (8, 16, 32)
_A_SQUARE = 4.0
_ABOUT = frozenset(("person_name", "phone", "cn_plate", "address", "imei", "imsi"))

Floats = npt.NDArray[np.float64]


def rows(sample: Sample) -> Iterator[Evidence]:
    """Two rows for a table with longitudes and latitudes: `coordinates-on-land`, `coordinates-spread`."""
    longitudes, latitudes = sample.of_type("longitude"), sample.of_type("latitude")
    if not longitudes or not latitudes:
        return
    names = (sample.names[longitudes[0]], sample.names[latitudes[0]])
    east, north = _points(degrees(sample.raw(longitudes[0]), 180.0), degrees(sample.raw(latitudes[0]), 90.0))
    yield _land(sample, names, east, north)
    yield _spread(sample, names, east, north)


def _points(longitude: pa.Array, latitude: pa.Array) -> tuple[Floats, Floats]:
    """Different points: a place with a thousand records is one."""
    both = np.column_stack(
        [np.asarray(c.to_numpy(zero_copy_only=False), float) for c in (longitude, latitude)]
    )
    both = np.unique(both[~np.isnan(both).any(axis=1)], axis=0)
    return both[:, 0], both[:, 1]


def _about_people(sample: Sample) -> bool:
    return sample.about_people or any(kind in _ABOUT for kind in sample.types.values())


def _land(sample: Sample, names: tuple[str, ...], east: Floats, north: Floats) -> Evidence:
    name, expected, n = "coordinates-on-land", "nearly 1 if genuine, 0.3 if drawn over the globe", len(east)
    if n < FEW:
        return cannot_tell(name, sample.shown, names, n, expected, f"Only {n:,} different points.")
    share = float(on_land(east, north).mean())
    reading: Reading = "consistent" if share >= 0.95 else "inconclusive"
    if share <= 0.5 and _about_people(sample):
        reading = "inconsistent"
    why = f"{share:.1%} of {n:,} different points are on land or beside a coast."
    return Evidence(name, sample.shown, names, n, round(share, 4), expected, reading, band(share), why)


def _spread(sample: Sample, names: tuple[str, ...], east: Floats, north: Floats) -> Evidence:
    name, n = "coordinates-spread", len(east)
    expected = "well above 1 if genuine, about 1 if drawn evenly from a rectangle"
    box = [np.percentile(values, [1, 99]) for values in (east, north)] if n else []
    if n < _POINTS or any(high <= low for low, high in box):
        return cannot_tell(name, sample.shown, names, n, expected, f"Only {n:,} different points.")
    sides = [side for side in _SIDES if n >= _A_SQUARE * side**2]
    counts = np.histogram2d(east, north, sides[-1], [list(edges) for edges in box])[0]
    index = float(counts.var(ddof=1) / counts.mean())
    noise = 5 * (2 / (counts.size - 1)) ** 0.5
    reading: Reading = "inconclusive"
    words = "hardly crowded anywhere"
    if index >= 1 + 4 * noise:
        reading, words = "consistent", "crowded, as places of people are"
    elif abs(index - 1) <= noise:
        reading = "inconsistent" if _about_people(sample) else "inconclusive"
        words = "spread evenly over a rectangle"
    why = (
        f"Counts in {counts.size:,} equal parts of the rectangle vary {index:.2f} times as much as even "
        f"draws would, of {n:,} different points."
    )
    return Evidence(name, sample.shown, names, n, round(index, 3), expected, reading, words, why)
