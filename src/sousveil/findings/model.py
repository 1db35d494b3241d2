"""What is asked, and the exact answer that only the gate may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Question:
    """One question, as in questions.toml (or as suggested)."""

    id: str
    title: str
    count: str
    """`people` or `records`."""
    table: str
    """The table's name as shown; `*` is the whole case (people only, without `where` and `by`)."""
    where: str = ""
    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExactCell:
    """One cell: exact, so it never leaves the vault but through the gate."""

    keys: tuple[str, ...]
    """One label for each column of `by`; the empty string where the record has none ("not stated")."""
    records: int
    people: int
    """Distinct people known in the cell, counted in the cautious direction: what the threshold looks at."""
    value: int
    """What was asked for: records, or people by the count's best estimate."""
    low: int
    high: int
    """The count's uncertainty; both equal `value` for records."""


@dataclass(frozen=True)
class ExactTable:
    """The exact answer to one question."""

    question: Question
    cells: tuple[ExactCell, ...]
    """Every combination of labels that occurs, in the order in which it is to be shown."""
    total: ExactCell
    """The same over the whole population, `keys` empty. Without `by` it is the answer, `cells` is empty."""
    population: str
    """The population in canonical form (table, parsed `where`, cut-off): equal text means the same people."""
    columns: tuple[str, ...]
    """Every column that the question reads, for the provenance."""
    cut_off: dt.date | None
    """Records after this day are left out; None where the table has no date of an event."""
    sensitive: frozenset[int] = frozenset()
    """Places in `by` of columns in which it harms a whole group to be known to be alike."""
    signed: frozenset[int] = frozenset()
    """Places in `by` of columns for which somebody has signed that it may be shown all the same."""
    dated: str = ""
    """The column that dates a record, where there is a cut-off: no record is later, or undated."""


@dataclass(frozen=True)
class Records:
    """The records of a table by classes: one combination of labels and truths each."""

    rows: npt.NDArray[np.int64]
    """What tells records apart from edition to edition, ascending."""
    persons: npt.NDArray[np.int64]
    """Whom each belongs to, by the numbers of its edition; -1 for nobody known."""
    codes: npt.NDArray[np.int64]
    """The place of its class among the classes."""
    classes: Sequence[tuple[str, ...]]


class Populations(Protocol):
    """What the gate asks back of the people behind questions."""

    def difference(self, one: Question, other: Question) -> tuple[int, int]:
        """How many distinct people are in `one` and not in `other`, and the other way round, of one table."""

    def remainder(self, outer: Question, inner: Sequence[Question]) -> int:
        """How many distinct people are in `outer` and in none of `inner`; of records, those of its own."""

    def parts(self) -> Sequence[str]:
        """The tables of which the whole case consists."""

    def fits(self, question: Question) -> bool:
        """Whether a question that was answered once can still be asked."""

    def fingerprint(self, table: str) -> str:
        """A text that is another one whenever the data of a table may have changed."""

    def keep(self, table: str, questions: Sequence[Question]) -> Mapping[str, Any]:
        """Keep the records of a table as they are, for these questions; what `records` needs to find them."""

    def forget(self, kept_one: Mapping[str, Any]) -> None:
        """Drop what was kept."""

    def records(
        self,
        table: str,
        conditions: Sequence[str],
        by: Sequence[str],
        kept_one: Mapping[str, Any] | None = None,
    ) -> Records:
        """The records of a table by truths of conditions and labels, as they are or as they were kept."""

    def again(self, question: Question) -> ExactTable | None:
        """The answer to a question on today's data; None where it can't be asked any more."""

    def numbers(self, question: Question) -> npt.NDArray[np.int64]:
        """The numbers of the distinct people in a population, ascending; the same in every table."""

    def labelled(
        self, question: Question
    ) -> tuple[Sequence[tuple[str, ...]], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The cells of a question by labels, and its people: cell and number, each pair once."""

    def joint(
        self, table: str, conditions: Sequence[str], by: Sequence[str]
    ) -> Mapping[tuple[str, ...], tuple[int, int]]:
        """Records and people of a table by the truth of conditions (`0`, `1`) and by labels as in `by`."""
