"""To which datum coordinates refer: WGS-84 as receivers give it, GCJ-02 of Chinese maps, or Baidu's BD-09.

The same place differs between them by 100 to 700 metres. One pair of columns doesn't say which it is: without
a map of roads there is nothing to hold it against. Two pairs in one table do, where one is the other moved by
the known formula; else the header may say so, which is a claim; else the survey says that nobody can tell.
The formulae are the published reverse-engineered ones (GCJ-02: "eviltransform"; BD-09: Baidu's own offset).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise, permutations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sousveil.normalise.numbers import degrees
from sousveil.normalise.tidy import whole
from sousveil.survey.headers import parts
from sousveil.vault import Column

Degrees = npt.NDArray[np.float64]
Places = tuple[Degrees, Degrees]

CANNOT_TELL = "cannot tell"
_AXIS, _FLATNESS = 6378245.0, 0.006693421622965943
"""Krasovsky's ellipsoid, on which GCJ-02 is moved."""
_NEAR = 2e-5
"""Degrees (two metres) within which a place moved by formula must meet the other."""
_FEWEST = 5
_WORDS = {
    "wgs84": ("wgs", "wgs84", "gps"),
    "gcj02": ("gcj", "gcj02", "mars", "amap", "gd", "火星", "高德"),
    "bd09": ("bd", "bd09", "bd09ll", "baidu", "百度"),
}


def datums(types: dict[Column, str], sampled: pa.Table) -> dict[Column, str]:
    """The datum of each column of degrees: `wgs84`, `gcj02`, `bd09` or `cannot tell`."""
    pairs = [
        (one, other)
        for one, other in pairwise(types)
        if {types[one], types[other]} == {"longitude", "latitude"}
    ]
    found = {
        column: _by_header(column) for column, name in types.items() if name in {"longitude", "latitude"}
    }
    for first, second in permutations(pairs, 2):
        for before, after, move in _MOVES:
            if _meet(move(_places(first, types, sampled)), _places(second, types, sampled)):
                found |= dict.fromkeys(first, before) | dict.fromkeys(second, after)
    return found


def _by_header(column: Column) -> str:
    words = set(parts(column.name)) | set(parts(column.hint or ""))
    joined = column.name + (column.hint or "")
    for datum, said in _WORDS.items():
        if any(word in words or (not word.isascii() and word in joined) for word in said):
            return datum
    return CANNOT_TELL


def _places(pair: tuple[Column, Column], types: dict[Column, str], sampled: pa.Table) -> Places:
    """Degrees east and north, NaN where there is none."""
    east, north = pair if types[pair[0]] == "longitude" else pair[::-1]
    return _degrees(sampled, east, 180.0), _degrees(sampled, north, 90.0)


def _degrees(sampled: pa.Table, column: Column, limit: float) -> Degrees:
    found = degrees(whole(sampled.column(column.sql)), limit)
    return np.asarray(found.to_numpy(zero_copy_only=False), np.float64)


def _meet(moved: Places, other: Places) -> bool:
    if len(moved[0]) != len(other[0]):
        return False
    apart = np.hypot(moved[0] - other[0], moved[1] - other[1])
    apart = apart[~np.isnan(apart)]
    return len(apart) >= _FEWEST and float(np.median(apart)) < _NEAR


def gcj_of_wgs(places: Places) -> Places:
    """Places on WGS-84 as GCJ-02 shows them."""
    east, north = places
    x, y = east - 105.0, north - 35.0
    angle = np.radians(north)
    magic = 1 - _FLATNESS * np.sin(angle) ** 2
    up = _bend(x, y, -100 + 2 * x + 3 * y + 0.2 * y * y + 0.2 * np.sqrt(np.abs(x)), y, (160, 320))
    right = _bend(x, y, 300 + x + 2 * y + 0.1 * x * x + 0.1 * np.sqrt(np.abs(x)), x, (150, 300))
    north = north + np.degrees(up / (_AXIS * (1 - _FLATNESS) / magic**1.5))
    return east + np.degrees(right / (_AXIS / np.sqrt(magic) * np.cos(angle))), north


def _bend(x: Degrees, y: Degrees, straight: Degrees, along: Degrees, swings: tuple[int, int]) -> Degrees:
    """Metres of the move: a polynomial and three pairs of waves."""
    waves = 20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)
    waves = waves + 20 * np.sin(np.pi * along) + 40 * np.sin(np.pi / 3 * along)
    waves = waves + swings[0] * np.sin(np.pi / 12 * along) + swings[1] * np.sin(np.pi / 30 * along)
    moved: Degrees = straight + 0.1 * x * y + waves * 2 / 3
    return moved


def bd_of_gcj(places: Places) -> Places:
    """Places on GCJ-02 as BD-09 shows them."""
    east, north = places
    far = np.hypot(east, north) + 2e-5 * np.sin(north * np.pi * 3000 / 180)
    angle = np.arctan2(north, east) + 3e-6 * np.cos(east * np.pi * 3000 / 180)
    return far * np.cos(angle) + 0.0065, far * np.sin(angle) + 0.006


def _bd_of_wgs(places: Places) -> Places:
    return bd_of_gcj(gcj_of_wgs(places))


_MOVES: tuple[tuple[str, str, Callable[[Places], Places]], ...] = (
    ("wgs84", "gcj02", gcj_of_wgs),
    ("gcj02", "bd09", bd_of_gcj),
    ("wgs84", "bd09", _bd_of_wgs),
)
