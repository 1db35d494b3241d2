"""An exact table in the gate's own spelling: references canonical, sorted, without those told by others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sousveil.findings.model import ExactCell, ExactTable
from sousveil.gate.language import refs as spelling

Labels = tuple[str, ...]
Figures = tuple[int, int, int]
"""Value, low, high."""
Counts = Callable[[Sequence[str], Sequence[str]], Mapping[Labels, tuple[int, int]]]
"""Records and people by the truth (`0`, `1`) of conditions and by labels: `Populations.joint` of a table."""


@dataclass(frozen=True)
class Sheet:
    """One table that takes part in the protection: asked for now, or released before.

    `refs` and the labels of `cells` are in the order of the references' texts, without a reference that
    another one determines (the year of a month).
    """

    table: ExactTable
    base: str
    """Its population without the cut-off."""
    refs: tuple[str, ...]
    cells: dict[Labels, ExactCell] = field(repr=False)
    released: bool = False
    """What was shown is fixed: nothing more may be shown, and what was shown can't be taken back."""
    shown: frozenset[Labels] | None = None
    """The only labels that may be shown, where an earlier release says so."""

    @property
    def key(self) -> tuple[str, tuple[str, ...], str]:
        """What makes two tables answers to the same question: population, references, unit."""
        return self.base, self.refs, self.table.question.count

    def limited(self, shown: frozenset[Labels], released: bool) -> Sheet:
        """The same sheet, bound by an earlier release."""
        return replace(self, shown=shown, released=released)


def sheet(table: ExactTable) -> Sheet:
    """The gate's view of an exact table."""
    refs = [spelling.canonical(by) for by in table.question.by]
    places = spelling.reduced(refs)
    cells = {tuple(cell.keys[place] for place in places): cell for cell in table.cells}
    return Sheet(table, spelling.base(table.population), tuple(refs[place] for place in places), cells)
