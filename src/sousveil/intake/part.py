"""Part of a delimited text whose records are known: as it was written, and as a strict parser reads it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sousveil.intake.lenient import Repaired
from sousveil.intake.structure import Records

Positions = NDArray[np.int64]


@dataclass(frozen=True)
class Part:
    """Text of whole records, in order.

    `data` is what `found` speaks of: the text itself, or what `lenient.repair` made of `written`. The fields
    of the records that are not blank are in `starts`, `ends` and `fields`.
    """

    data: bytes
    found: Records
    written: bytes
    put_right: Repaired | None = None
    starts: Positions = field(init=False)
    ends: Positions = field(init=False)
    fields: Positions = field(init=False)

    def __post_init__(self) -> None:
        keep = self.found.ends > self.found.starts
        for name in ("starts", "ends", "fields"):
            object.__setattr__(self, name, getattr(self.found, name)[keep])

    @property
    def blank(self) -> int:
        """How many lines are blank."""
        return len(self.found) - len(self.starts)

    @property
    def rejected(self) -> dict[int, tuple[str, bytes]]:
        """For each record that has only a mark in `data`: where that starts → the reason, the bytes."""
        return self.put_right.rejected if self.put_right else {}

    @property
    def line_ends(self) -> int:
        """Bytes of the text that end its lines."""
        within = int((self.found.ends - self.found.starts).sum())
        return self.found.tail - within + (self.put_right.ends if self.put_right else 0)

    def raw(self, place: int) -> bytes:
        """The bytes of a record as they were written."""
        start, end = int(self.starts[place]), int(self.ends[place])
        if self.put_right is None or start not in self.put_right.sizes:
            return self.data[start:end]
        began = self.put_right.origin(start)
        return self.written[began : began + self.put_right.sizes[start]]

    def size(self, places: NDArray[np.bool_]) -> int:
        """How many bytes the records at these places had as they were written, line ends aside."""
        total = int((self.ends - self.starts)[places].sum())
        if self.put_right is None or not self.put_right.sizes:
            return total
        anew = np.fromiter(self.put_right.sizes, dtype=np.int64)
        for place in np.flatnonzero(places & np.isin(self.starts, anew)):
            start = int(self.starts[place])
            total += self.put_right.sizes[start] - int(self.ends[place] - start)
        return total
