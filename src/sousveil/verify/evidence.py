"""One row of evidence: what was seen, what it would be in a genuine dump, how to read it, and why.

No rows are ever added up to a score. A reading is about one agreement in one table; `inconclusive` ("cannot
tell") is an answer like the others, and the one that is given where too little speaks for either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
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


class Facts(NamedTuple):
    """What is true of a test wherever it is made; for members of the case, a sentence each."""

    assumption: str
    """What it takes for granted, and what looks the same for an innocent reason."""
    changes: str
    """What more would have to be known for another answer."""


@dataclass(frozen=True)
class Evidence:
    """One test of one agreement in one table. `table` and `columns` are names as shown."""

    id: str
    table: str
    columns: tuple[str, ...]
    n: int
    """Observations that it rests on."""
    observed: float | None
    """The share or figure that was seen, rounded; None where there was nothing to see."""
    expected: str
    """What a genuine dump would show, and what chance would, in a few words."""
    reading: Reading
    band: str
    """What was seen, in words without any number: the publication may show nothing else of it."""
    why: str
    """One sentence: what was seen, on how much. For members of the case."""
    rows: tuple[tuple[int, int], ...] = ()
    """Where in the table, as first and last record number, for a test that finds places."""

    def as_json(self, facts: Facts) -> dict[str, Any]:
        """The contract's row, with `n`, `band`, `rows` and the facts of its test."""
        return {
            "id": self.id,
            "table": self.table,
            "columns": list(self.columns),
            "n": self.n,
            "observed": self.observed,
            "expected": self.expected,
            "reading": self.reading,
            "band": self.band,
            "why": f"{self.why} {facts.assumption}",
            "assumption": facts.assumption,
            "would_change": facts.changes,
            "rows": [list(span) for span in self.rows],
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


def gathered(found: Iterable[Evidence]) -> Iterator[Evidence]:
    """Rows of one test on single columns: of those read alike one, that of the most observations, is kept.

    It names the columns of all of them.
    """
    by_reading: dict[str, list[Evidence]] = {}
    for evidence in found:
        by_reading.setdefault(evidence.reading, []).append(evidence)
    if len(by_reading) > 1 and all(row.observed is None for row in by_reading.get("inconclusive", ())):
        by_reading.pop("inconclusive", None)
    for alike in by_reading.values():
        columns = tuple(dict.fromkeys(column for row in alike for column in row.columns))
        yield replace(max(alike, key=lambda row: row.n), columns=columns)


def agreement(
    id: str,
    table: str,
    columns: Sequence[str],
    hits: int,
    tries: int,
    chance: float,
    what: str,
) -> Evidence:
    """Evidence from a share against chance.

    `hits` of `tries` agree; `chance` is the share that would agree if the two had nothing to do with each
    other. With p the share and p0 chance, (p - p0) / (1 - p0) is the part that truly agrees: consistent from
    nine tenths up, inconsistent up to a half, in between nobody can tell. `what` is agreed upon, in words.
    """
    expected = f"nearly 1 if genuine, {chance:.3f} by chance"
    names = tuple(columns)
    if tries < FEW:
        return cannot_tell(id, table, names, tries, expected, f"Only {tries:,} {what} could be looked at.")
    share, true = hits / tries, (hits / tries - chance) / (1 - chance) if chance < 1 else 0.0
    reading: Reading = "consistent" if true >= 0.9 else "inconsistent" if true <= 0.5 else "inconclusive"
    words = band(share) if true >= 0.1 or share < chance / 2 else "about what chance gives"
    if chance > 0.9:
        reading, words = "inconclusive", "chance alone would give nearly as much"
    why = f"{hits:,} of {tries:,} {what} agree, {chance:.1%} would by chance."
    return Evidence(id, table, names, tries, round(share, 4), expected, reading, words, why)


def cannot_tell(
    id: str,
    table: str,
    columns: tuple[str, ...],
    n: int,
    expected: str,
    why: str,
    band: str = "too few to tell",
) -> Evidence:
    """Evidence of nothing: too few or too alike observations."""
    return Evidence(id, table, columns, n, None, expected, "inconclusive", band, why)


def band(share: float) -> str:
    """A share in words."""
    return next(words for least, words in _BANDS if share >= least)
