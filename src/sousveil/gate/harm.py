"""Group harm: where nearly all of a group share something, to belong to it is to have it.

A threshold does not help: of 400 people of whom 398 are on one list, everybody who is known to be among them
is known to be on it. Whether a reader must be told all the same is for a person to say, with their name and
reason (`sign_off` in review.toml).

The refusal tells something, too: that few are not like the others. So it is said only of what could be shown
otherwise (`together`), and it must not tell how few: nobody, one, … k - 1.
"""

from __future__ import annotations

from collections import defaultdict

from sousveil.findings.model import ExactCell, ExactTable
from sousveil.gate.sheet import Labels
from sousveil.gate.threshold import is_small

SHARE = 0.95
"""A group more alike than this is refused."""
SMALL_GROUP = 100
"""A group chosen by a `where`, of fewer people than this, is refused whatever it is alike in."""


def is_alike(table: ExactTable, k: int) -> bool:
    """Whether a group of this table is nearly all alike in something that nobody has signed for.

    Groups are the whole population, and for a column of several the people of each combination of the other
    labels. Of sensitive columns every group counts, of others only a small population chosen by a `where`.
    A person in several cells counts in each, so the share of a combination may be underestimated.
    """
    if any(_alike_in(table, place, k) for place in _unsigned(table)):
        return True
    if not _is_small_group(table):
        return False
    return max((cell.people for cell in table.cells), default=0) > SHARE * table.total.people


def is_one_label(table: ExactTable, k: int) -> bool:
    """Whether one label alone has k people or more, in a group of which it would harm to be shown.

    However few are under the others: where nothing of such a table can be shown, this is why.
    """
    harms = _is_small_group(table) or (len(table.question.by) == 1 and bool(_unsigned(table)))
    large = [cell for cell in table.cells if not is_small(cell, k)]
    return harms and len(large) == 1 and (_is_small_group(table) or bool(large[0].keys[0]))


def _unsigned(table: ExactTable) -> list[int]:
    """The places of the sensitive columns that nobody has signed for."""
    return sorted({*range(len(table.question.by))} & (table.sensitive - table.signed))


def _is_small_group(table: ExactTable) -> bool:
    """Whether it is about few people, chosen by a `where`, and somebody has not signed for all of it."""
    chosen = bool(table.question.where) and table.total.people < SMALL_GROUP
    return chosen and not table.signed.issuperset(range(len(table.question.by)))


def _alike_in(table: ExactTable, place: int, k: int) -> bool:
    groups: dict[Labels, list[ExactCell]] = defaultdict(list)
    for cell in table.cells:
        groups[cell.keys[:place] + cell.keys[place + 1 :]].append(cell)
    for cells in groups.values():
        most = max(cells, key=lambda cell: cell.people)
        people = sum(cell.people for cell in cells) if len(table.question.by) > 1 else table.total.people
        if most.keys[place] and most.people >= k and most.people > SHARE * people:
            return True
    return False
