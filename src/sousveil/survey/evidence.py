"""What a column type may look at: distinct values with their counts, the header, and what stands beside."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sousveil.normalise import dates, identifiers, numbers
from sousveil.normalise.moments import Moments
from sousveil.normalise.tidy import any_byte, byte_set, highest_byte, known, tidy
from sousveil.survey.checks import Truths

_POINT = byte_set(b".")
_MEASURE = r"[+-]?[0-9]*\.[0-9]+(?:[Ee][+-]?[0-9]+)?"
_EXPORTED = r"[0-9]{6,}\.0"
"""What a spreadsheet made of a long number."""
_DATED = (
    r"[0-9]{6}|[0-9]{1,4} ?[-/.年,' ] ?[^ ]{1,9} ?[-/.月, ] ?[0-9]{1,4}|[0-9] ?月|"
    r"[^0-9 ] ?[0-9]{1,2},? [0-9]{4}"
)
"""What every way of writing a date has somewhere: a long run of digits, or parts between signs."""
GLANCE = 200
"""Values by which a type that is far off is seen to be so."""


@dataclass
class Evidence:
    """Distinct values of one column, from a sample or a part of all; every array is aligned with `values`."""

    untrusted_values: pa.StringArray
    """Distinct, as in the dump; none is null."""
    counts: npt.NDArray[np.int64]
    """How often each value occurs among the `seen` rows."""
    seen: int
    """Rows looked at, with and without a value."""
    rows: int
    """Rows of the whole table."""
    meanings: dict[str, float] = field(default_factory=dict)
    """What the header speaks for, see `sousveil.survey.headers`."""
    witnesses: dict[str, float] = field(default_factory=dict)
    """What other columns of the table say: `<type>` beside it, `birth date of the ID` (share that agrees)."""
    reading: dates.Reading | None = None
    """How moments are to be read, where that is decided already."""
    cache: dict[str, Truths] = field(default_factory=dict)

    @cached_property
    def tidied(self) -> pa.StringArray:
        """NFKC, trimmed; null where nothing stands there."""
        return tidy(self.untrusted_values)

    @cached_property
    def texts(self) -> pa.StringArray:
        """Tidied, and null too where a placeholder stands (`无`, `未知`, `0000`)."""
        return known(self.tidied)

    @cached_property
    def there(self) -> Truths:
        """Which values are values at all."""
        return np.asarray(pc.is_valid(self.texts).to_numpy(zero_copy_only=False))

    @cached_property
    def distinct(self) -> int:
        """How many values there are."""
        return int(self.there.sum())

    @cached_property
    def present(self) -> int:
        """Rows with a value, of those seen."""
        return int(self.counts[self.there].sum())

    @cached_property
    def compact(self) -> pa.StringArray:
        """Without spaces, dashes and dots, in upper case; null for measures, which have decimals."""
        compacted = identifiers.compact_of(self.texts)
        if not any_byte(self.texts, _POINT):
            return compacted
        measures = identifiers.matching(self.texts, _MEASURE) & ~identifiers.matching(self.texts, _EXPORTED)
        return identifiers.kept(compacted, ~measures)

    @cached_property
    def widths(self) -> dict[int, int]:
        """How many of the compact values have each length in characters."""
        found = np.unique(pc.utf8_length(self.compact).drop_null().to_numpy(), return_counts=True)
        return dict(zip(found[0].tolist(), found[1].tolist(), strict=True))

    @cached_property
    def lengths(self) -> npt.NDArray[np.float64]:
        """Characters of each value that is there."""
        return np.asarray(pc.utf8_length(self.texts).drop_null().to_numpy(), dtype=np.float64)

    @cached_property
    def numeric(self) -> npt.NDArray[np.float64]:
        """Values as numbers, NaN where they are none."""
        return np.asarray(numbers.read(self.tidied).to_numpy(zero_copy_only=False), np.float64)

    @cached_property
    def degrees(self) -> npt.NDArray[np.float64]:
        """Values as degrees of longitude or latitude, NaN where they are none."""
        return np.asarray(numbers.degrees_of(self.tidied, 180.0).to_numpy(zero_copy_only=False), np.float64)

    @cached_property
    def moments(self) -> Moments:
        """Values as moments; numbers since a beginning only where the header speaks of time."""
        if not self.perhaps_moments:
            size = len(self.untrusted_values)
            return Moments(np.zeros(size, np.int64), np.zeros(size, np.bool_))
        return dates.read_of(self.texts, self.reading or self.reading_found)

    @cached_property
    def timely(self) -> float:
        """How far the header speaks of time."""
        return max(self.meanings.get(name, 0.0) for name in ("date", "datetime", "birth_date"))

    @cached_property
    def perhaps_moments(self) -> bool:
        """Whether some values have what a date needs; a quick look spares trying each way."""
        if self.reading is not None or self.timely >= 0.5:
            return True
        few = self.texts.take(pa.array(self.spread(GLANCE)))
        found = pc.match_substring_regex(few, _DATED)
        if any_byte(few, _POINT):
            found = pc.and_not(found, pc.match_substring_regex(few, f"^{_MEASURE}$"))
        return int(pc.sum(found).as_py() or 0) >= 0.05 * len(few)

    @cached_property
    def reading_found(self) -> dates.Reading:
        """How moments are to be read, as far as header and values allow."""
        if not self.perhaps_moments:
            return dates.Reading()
        reading = dates.reading_of(self.untrusted_values.take(pa.array(self.spread(GLANCE))))
        return reading if reading.kind == "text" or self.timely >= 0.6 else dates.Reading()

    @cached_property
    def lettered(self) -> bool:
        """Whether any value has a letter of any script."""
        return highest_byte(self.texts) >= ord("A")

    @cached_property
    def han(self) -> float:
        """The share of values with a Chinese character."""
        return self.share(self.like(r".*[\x{3400}-\x{9fff}].*"))

    def like(self, pattern: str) -> Truths:
        """Which values match an RE2 pattern as a whole, any case."""
        key = f"text:{pattern}"
        if key not in self.cache:
            self.cache[key] = identifiers.matching(self.texts, f"(?i){pattern}")
        return self.cache[key]

    def compact_like(self, pattern: str) -> Truths:
        """Which compact values match an RE2 pattern as a whole."""
        key = f"compact:{pattern}"
        if key not in self.cache:
            self.cache[key] = identifiers.matching(self.compact, pattern)
        return self.cache[key]

    def share(self, truths: Truths) -> float:
        """The share of the distinct values for which something is true."""
        return float((truths & self.there).sum()) / self.distinct if self.distinct else 0.0

    def spread(self, most: int) -> npt.NDArray[np.int64]:
        """Places of at most so many of the values, evenly spread."""
        size = len(self.untrusted_values)
        return np.arange(0, size, max(1, size // most))[:most]

    @cached_property
    def glance(self) -> Evidence:
        """The same with a few of the values."""
        places = self.spread(GLANCE)
        reading = self.reading or self.reading_found
        return Evidence(
            self.untrusted_values.take(pa.array(places)),
            self.counts[places],
            self.seen,
            self.rows,
            self.meanings,
            self.witnesses,
            reading,
        )

    @cached_property
    def singles(self) -> float:
        """The share of rows whose value is seen but once: what is still unseen (Good and Turing)."""
        return float((self.counts[self.there] == 1).sum()) / max(self.present, 1)

    @cached_property
    def counter(self) -> bool:
        """Whether the values count upward: whole numbers, each once, in a range not much above the rows."""
        found = self.numeric[self.there]
        if len(found) < 5 or np.isnan(found).any() or (found != np.floor(found)).any():
            return False
        expected = self.rows * self.present / max(self.seen, 1)
        return self.distinct >= 0.98 * self.present and float(np.ptp(found)) <= 3 * expected + 10


def beats_chance(hits: int, tries: int, chance: float) -> bool:
    """Whether passing a check `hits` times in `tries` is more than luck (Chernoff bound of 1 in 10,000)."""
    if not tries or hits / tries <= chance:
        return False
    share, chance = hits / tries, max(chance, 1e-6)
    gain = share * math.log(share / chance)
    if share < 1:
        gain += (1 - share) * math.log((1 - share) / (1 - chance))
    return tries * gain > math.log(10_000)
