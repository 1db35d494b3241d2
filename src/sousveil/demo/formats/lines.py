"""What the formats of lines share: whole copies of records, and broken lines between them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sousveil.demo.draft import Block
from sousveil.demo.text import join, put, strings


def copied(lines: pa.StringArray, block: Block) -> pa.StringArray:
    """The lines of a block, its repeated records as copies of the line before."""
    if not len(block.repeats):
        return lines
    source = np.arange(len(lines))
    source[block.repeats] -= 1
    return lines.take(pa.array(source))


def with_broken(lines: pa.StringArray, block: Block, broken: list[str]) -> pa.StringArray:
    """The lines with a broken one, its line end included, after each row of `block.broken`."""
    if not broken:
        return lines
    where = np.zeros(len(lines), np.bool_)
    where[block.broken] = True
    return put(lines, where, join(lines.filter(pa.array(where)), strings(broken)))
