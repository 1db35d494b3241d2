"""One row of evidence: what was seen, what it would be in a genuine dump, how to read it, and why.

No rows are ever added up to a score. A reading is about one agreement in one table; `inconclusive` ("cannot
tell") is an answer like the others, and the one that is given where too little speaks for either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

Reading = Literal["consistent", "inconsistent", "inconclusive"]

FEW = 30
"""With fewer observations nothing can be told."""

_BANDS = (
    (0.98, "nearly all"),
    (0.9, "the great majority"),
    (0.6, "most"),
    (0.4, "about half"),
    (0.1, "a minority"),
    (0.0, "hardly any"),
)


@dataclass(frozen=True)
class Evidence:
    """One test of one agreement in one table. `table` and `columns` are names as shown."""

    id: str
    table: str
    columns: tuple[str, ...]
    observed: float | None
    """The share or figure that was seen, rounded; None where there was nothing to see."""
    expected: str
    """What a genuine dump would show, and what chance would, in a few words."""
    reading: Reading
    band: str
    """What was seen, in words without any number: the publication may show nothing else of it."""
    why: str
    """One sentence: on how much it rests, what it assumes, what would change it. For members of the case."""

    def as_json(self) -> dict[str, Any]:
        """The contract's row, with `band`."""
        return {
            "id": self.id,
            "table": self.table,
            "columns": list(self.columns),
            "observed": self.observed,
            "expected": self.expected,
            "reading": self.reading,
            "band": self.band,
            "why": self.why,
        }


class Count(NamedTuple):
    """Columns of one type, and how many of their values agree."""

    columns: tuple[str, ...]
    hits: int
    tries: int


def pooled(counts: Iterable[Count], judge: Callable[[Count], Evidence]) -> Iterator[Evidence]:
    """One row for the columns of a type; those that would be read differently get a row of their own."""
    by_reading: dict[str, Count] = {}
    for count in counts:
        if count.tries:
            reading = judge(count).reading
            before = by_reading.get(reading, Count((), 0, 0))
            by_reading[reading] = Count(
                before.columns + count.columns, before.hits + count.hits, before.tries + count.tries
            )
    yield from map(judge, by_reading.values())


def agreement(
    id: str,
    table: str,
    columns: Sequence[str],
    hits: int,
    tries: int,
    chance: float,
    what: str,
    why: str,
) -> Evidence:
    """Evidence from a share against chance.

    `hits` of `tries` agree; `chance` is the share that would agree if the two had nothing to do with each
    other. With p the share and p0 chance, (p - p0) / (1 - p0) is the part that truly agrees: consistent from
    nine tenths up, inconsistent up to a half, in between nobody can tell. `what` is agreed upon, in words;
    `why` says what the test assumes and what would change it.
    """
    expected = f"nearly 1 if genuine, {chance:.3f} by chance"
    if tries < FEW:
        few = f"Only {tries:,} {what} could be looked at, too few to tell anything; more of them would."
        return Evidence(
            id, table, tuple(columns), _share(hits, tries), expected, "inconclusive", "too few to tell", few
        )
    share, true = hits / tries, (hits / tries - chance) / (1 - chance) if chance < 1 else 0.0
    reading: Reading = "consistent" if true >= 0.9 else "inconsistent" if true <= 0.5 else "inconclusive"
    words = band(share) if true >= 0.1 or share < chance / 2 else "about what chance gives"
    if chance > 0.9:
        reading, words = "inconclusive", "chance alone would give nearly as much"
    sentence = f"{hits:,} of {tries:,} {what} agree, {chance:.1%} would by chance. {why}"
    return Evidence(id, table, tuple(columns), _share(hits, tries), expected, reading, words, sentence)


def band(share: float) -> str:
    """A share in words."""
    return next(words for least, words in _BANDS if share >= least)


def _share(hits: int, tries: int) -> float | None:
    return round(hits / tries, 4) if tries else None
