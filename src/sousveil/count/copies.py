"""Tables that lie in a dump twice, under two names: a backup, an export of a table in another format."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from sousveil.count.linkage.blocks import mixed
from sousveil.count.records import Records

Hashes = npt.NDArray[np.uint64]


def copies(records: Records, said: Hashes) -> dict[int, int]:
    """The tables that say the same in as many records as one before, and that one; by their number.

    `said` is a hash of all that is compared of a record; the rest of its row has one of its own. In which
    order the records stand does not matter: sums and exclusive ors of their hashes are compared.
    """
    sizes = defaultdict(list)
    for subject, part in records.tables:
        sizes[part.stop - part.start].append((subject.table.tid, part))
    found = {}
    for size, tables in sizes.items():
        first: dict[tuple[int, int], int] = {}
        for tid, part in tables if size and len(tables) > 1 else ():
            rows = mixed(said[part].view(np.int64), records.rest[part].view(np.int64))
            mark = int(rows.sum(dtype=np.uint64)), int(np.bitwise_xor.reduce(rows))
            found[tid] = first.setdefault(mark, tid)
    return {tid: of for tid, of in found.items() if tid != of}


def originals(table: npt.NDArray[np.int64], of: Mapping[int, int]) -> npt.NDArray[np.int64]:
    """The number of each record's table, of a copy that of the table it is a copy of."""
    every = np.arange(int(table.max(initial=0)) + 1)
    for tid, first in of.items():
        every[tid] = first
    return every[table]
