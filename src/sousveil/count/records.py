"""The records of a case as the rules need them: every key as whole numbers, one array over all tables."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sousveil.count.subjects import Subject
from sousveil.survey.checks import byte_rows, digits, real_dates

Codes = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

NONE = -1
NO_DAY = np.int32(-(2**31))
PASSPORT = "passport"


@dataclass(frozen=True)
class Coded:
    """Texts as codes: `codes` has one place a record, -1 for none; `texts[code]` is the text."""

    codes: Codes
    texts: pa.StringArray


@dataclass(frozen=True)
class Records:
    """All records of the tables that tell people apart; every array has one place a record."""

    tables: tuple[tuple[Subject, slice], ...]
    rows: npt.NDArray[np.int64]
    """Each record's `_row` in its table."""
    numbers: dict[str, Coded]
    """National numbers and `passport`, each kind coded apart; only what holds."""
    names: tuple[Coded, ...]
    """Primary name first; all coded by one dictionary."""
    born: Codes
    """The stated birth date, in days since 1970; `NO_DAY` for none."""
    phone: Coded
    nation: Coded
    failed: dict[str, Coded]
    """Numbers of the right shape that fail their check, by kind."""
    sex: Codes
    """0 or 1, `NONE` for none."""
    rest: npt.NDArray[np.uint64]
    """A hash of what the row says besides: equal for rows that are identical in all of it."""
    texts: dict[str, Coded] = field(default_factory=dict)
    """By kind and place (`address 2`): what else tables without any identity number say (`Subject.texts`)."""

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def name(self) -> Codes:
        """The first name that each record states."""
        codes = self.names[0].codes
        for other in self.names[1:]:
            codes = np.where(codes >= 0, codes, other.codes)
        return codes


def days_inside(numbers: Coded) -> Codes:
    """The birth date inside each distinct resident number, by its code, in days since 1970; valid or not."""
    rows, chosen = byte_rows(numbers.texts, 18)
    parts, _ = digits(rows[:, 6:14])
    tens = np.array([1000, 100, 10, 1])
    years, months, days = parts[:, :4] @ tens, parts[:, 4:6] @ tens[2:], parts[:, 6:] @ tens[2:]
    real = real_dates(years, months, days)
    first = ((years[real] - 1970) * 12 + months[real] - 1).astype("M8[M]").astype("M8[D]").astype(np.int64)
    found = np.full(len(rows), NO_DAY, np.int32)
    found[real] = first + days[real] - 1
    out = np.full(len(numbers.texts), NO_DAY, np.int32)
    out[chosen] = found
    return out
