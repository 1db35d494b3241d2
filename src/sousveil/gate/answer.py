"""What becomes of one table on its way through the gate."""

from __future__ import annotations

from dataclasses import dataclass, field

from sousveil.gate.refusal import Refusal
from sousveil.gate.released import Released
from sousveil.gate.sheet import Figures, Labels, Sheet

WHOLE_CASE = "*"


@dataclass
class Answer:
    """One table: still to be decided, refused, repeated, or shown."""

    sheet: Sheet
    refusal: Refusal | None = None
    total: Figures | None = None
    cells: dict[Labels, Figures] = field(default_factory=dict)
    earlier: Released | None = None
    """The release whose numbers are repeated."""
    weighed: bool = False
    """Refused together with others, so that it must be remembered."""

    @property
    def open(self) -> bool:
        """Whether it is still to be decided."""
        return self.refusal is None and self.earlier is None


def source_of(answer: Answer) -> str:
    """The table of the dump that it is about."""
    return answer.sheet.table.question.table


def order_of(answer: Answer) -> tuple[bool, str]:
    """By table of the dump; the whole case last, since it is what gives way."""
    return source_of(answer) == WHOLE_CASE, source_of(answer)
