"""From whom the records belong to, to how many people there are: an estimate between two bounds.

The bounds need no model. The estimate is the number of persons that the rules found, and one for each name
that stands only on records of nobody known: such a name is at least one person more, and nobody can tell
how many. There is no level: no share of such intervals is known to hold the truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sousveil.count.records import NONE, Codes, Flags
from sousveil.count.rules import People


@dataclass(frozen=True)
class Estimate:
    """How many people a set of records is about."""

    records: int
    known: int
    """Persons that the rules found."""
    sure: int
    """Those of them that a valid strong identifier names."""
    vouched: int
    """Records with a valid strong identifier."""
    nobody: int
    """Records that belong to nobody known."""
    unseen: int
    """Names that stand only on such records."""

    @classmethod
    def of(cls, person: People, sure: Flags, name: Codes) -> Estimate:
        """Count over records: the person (`NONE` for nobody), whether it is sure, and the name's code."""
        nobody = person == NONE
        return cls(
            len(person),
            _distinct(person[~nobody]),
            _distinct(person[sure]),
            int(sure.sum()),
            int(nobody.sum()),
            _unseen(name[nobody], name[~nobody]),
        )

    @property
    def estimate(self) -> int:
        """The best estimate."""
        return self.known + self.unseen

    @property
    def low(self) -> int:
        """Certainly so many: distinct valid strong identifiers, and somebody where there are none."""
        return max(self.sure, min(self.estimate, 1))

    @property
    def high(self) -> int:
        """Certainly no more: every record without a valid strong identifier is about somebody new."""
        return max(self.sure + self.records - self.vouched, self.estimate)

    def row(self, table: str, what: str = "") -> dict[str, Any]:
        """The contract's row for one table, or for the whole case (`*`)."""
        share = f"{self.vouched / self.records:.1%}" if self.records else "none"
        method = (
            f"{what}Rules on strong identifiers, which {share} of {self.records:,} records carry; the others "
            f"by name with a nearly equal number, birth date or telephone; {self.nobody:,} records belong "
            "to nobody known. Assumes that a valid number is one person's and "
            "that people of one name and birth date or telephone are one. The bounds assume only the first: "
            "they run from the distinct valid identifiers to every record without one being somebody new."
        )
        return _row(table, self.estimate, self.low, self.high, "people", method)


def unit_row(table: str, unit: str, distinct: int, records: int, missing: int) -> dict[str, Any]:
    """The row of a table that can't tell people apart, for what is counted in their stead."""
    what = unit.split(",")[0]
    method = (
        f"The table cannot tell people apart, so this counts {unit}: distinct values, which {missing:,} of "
        f"{records:,} records lack. Says nothing of how many people stand behind them; the figure for the "
        "whole case leaves them out."
    )
    low = min(distinct, 1) if what == "names" else distinct
    high = records if what == "names" else distinct + missing
    return _row(table, distinct, low, high, what, method)


def _row(table: str, estimate: int, low: int, high: int, unit: str, method: str) -> dict[str, Any]:
    return {
        "table": table,
        "estimate": estimate,
        "low": low,
        "high": high,
        "level": None,
        "unit": unit,
        "method": method,
    }


def _distinct(person: People) -> int:
    seen = np.zeros(int(person.max(initial=0)) + 1, np.bool_)
    seen[person] = True
    return int(seen.sum())


def _unseen(of_nobody: npt.NDArray[np.int32], of_known: npt.NDArray[np.int32]) -> int:
    size = max(int(of_nobody.max(initial=NONE)), int(of_known.max(initial=NONE))) + 1
    unseen = np.zeros(size, np.bool_)
    unseen[of_nobody[of_nobody >= 0]] = True
    unseen[of_known[of_known >= 0]] = False
    return int(unseen.sum())
