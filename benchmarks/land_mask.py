"""Write `src/sousveil/verify/land.bin`: which tenths of a degree of the earth have land in or beside them.

    python -m benchmarks.land_mask land-10m.json

The file is Natural Earth's land at 1:10 million (public domain) as TopoJSON, from the package world-atlas.
"""

from __future__ import annotations

import json
import sys
import zlib
from pathlib import Path

import numpy as np

from sousveil.verify.land import COLUMNS, ROWS

OUT = Path(__file__).parents[1] / "src" / "sousveil" / "verify" / "land.bin"


def edges(topology: dict) -> np.ndarray:
    """Every edge of every ring: longitude and latitude of its ends, in degrees."""
    scale, translate = (np.array(topology["transform"][name]) for name in ("scale", "translate"))
    arcs = [np.cumsum(arc, axis=0) * scale + translate for arc in topology["arcs"]]
    found = []
    for geometry in topology["objects"]["land"]["geometries"]:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for ring in (ring for polygon in polygons for ring in polygon):
            points = np.concatenate([arcs[arc] if arc >= 0 else arcs[~arc][::-1] for arc in ring])
            found.append(np.hstack([points, np.roll(points, -1, axis=0)]))
    return np.concatenate(found)


def filled(lines: np.ndarray) -> np.ndarray:
    """Cells whose centre is on land, by the even-odd rule along each row of cells."""
    y1, y2 = ((90 - lines[:, at]) * ROWS / 180 - 0.5 for at in (1, 3))
    low, high = np.ceil(np.minimum(y1, y2)).astype(int), np.ceil(np.maximum(y1, y2)).astype(int)
    count = np.maximum(high - low, 0)
    edge = np.repeat(np.arange(len(lines)), count)
    row = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count) + low[edge]
    share = (row - y1[edge]) / (y2 - y1)[edge]
    longitude = lines[edge, 0] + share * (lines[edge, 2] - lines[edge, 0])
    column = np.ceil((longitude + 180) * COLUMNS / 360 - 0.5).astype(int)
    toggles = np.zeros((ROWS, COLUMNS + 1), np.int64)
    inside = (row >= 0) & (row < ROWS)
    np.add.at(toggles, (row[inside], np.clip(column[inside], 0, COLUMNS)), 1)
    return np.cumsum(toggles[:, :-1], axis=1) % 2 == 1


def touched(lines: np.ndarray) -> np.ndarray:
    """Cells that a coast runs through."""
    cells = np.zeros((ROWS, COLUMNS), bool)
    for share in np.linspace(0, 1, 9):
        longitude = lines[:, 0] + share * (lines[:, 2] - lines[:, 0])
        latitude = lines[:, 1] + share * (lines[:, 3] - lines[:, 1])
        row = np.clip((90 - latitude) * ROWS / 180, 0, ROWS - 1).astype(int)
        cells[row, np.clip((longitude + 180) * COLUMNS / 360, 0, COLUMNS - 1).astype(int)] = True
    return cells


def beside(cells: np.ndarray) -> np.ndarray:
    """The cells and their neighbours."""
    wide = cells | np.roll(cells, 1, 1) | np.roll(cells, -1, 1)
    out = wide.copy()
    out[1:] |= wide[:-1]
    out[:-1] |= wide[1:]
    return out


def main() -> None:
    lines = edges(json.loads(Path(sys.argv[1]).read_bytes()))
    land = filled(lines)
    land[int((90 + 84) * ROWS / 180) :] = True  # the ring around Antarctica is open at the pole
    mask = land | beside(touched(lines))
    OUT.write_bytes(zlib.compress(np.packbits(mask).tobytes(), 9))
    print(f"{land.mean():.1%} land, {mask.mean():.1%} with coasts (cells), {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
