"""Where on the earth there is land: a mask of tenths of a degree, coasts included.

`land.bin` is made by benchmarks/land_mask.py from Natural Earth's land at 1:10 million, which is in the
public domain. A cell with land in it, or beside a coast, counts as land: ten kilometres either way are no
evidence.
"""

from __future__ import annotations

import zlib
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

ROWS, COLUMNS = 1_800, 3_600

Degrees = npt.NDArray[np.float64]


@cache
def _mask() -> npt.NDArray[np.bool_]:
    packed = zlib.decompress(files("sousveil.verify").joinpath("land.bin").read_bytes())
    bits = np.unpackbits(np.frombuffer(packed, np.uint8), count=ROWS * COLUMNS)
    return bits.astype(np.bool_).reshape(ROWS, COLUMNS)


def on_land(longitude: Degrees, latitude: Degrees) -> npt.NDArray[np.bool_]:
    """Which points (in degrees, WGS-84 or close to it) are on land or within ten kilometres of a coast."""
    row = np.clip((90 - latitude) * ROWS / 180, 0, ROWS - 1).astype(np.int64)
    column = np.clip((longitude + 180) * COLUMNS / 360, 0, COLUMNS - 1).astype(np.int64)
    found: npt.NDArray[np.bool_] = _mask()[row, column]
    return found
