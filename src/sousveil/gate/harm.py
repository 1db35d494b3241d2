"""Group harm: where nearly all of a group share something, to belong to it is to have it.

A threshold does not help: of 400 people of whom 398 are on one list, everybody who is known to be among them
is known to be on it. Whether a reader must be told all the same is for a person to say, with their name and
reason (`sign_off` in review.toml).

The refusal tells something, too: that few are not like the others. So it must not tell how few. Whoever knows
the total must find the same answer to nobody, one, … k - 1 of them.
"""

from __future__ import annotations

from collections import defaultdict

from sousveil.findings.model import ExactCell, ExactTable
from sousveil.gate.sheet import Labels

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
    columns = range(len(table.question.by))
    if any(_alike_in(table, place, k) for place in columns if place in table.sensitive - table.signed):
        return True
    most = max((cell.people for cell in table.cells), default=0)
    is_small = bool(table.question.where) and table.total.people < SMALL_GROUP
    return is_small and _nearly_all(most, table.total.people, k) and not table.signed.issuperset(columns)


def _nearly_all(most: int, people: int, k: int) -> bool:
    """Whether so many of some people are nearly all of them, or all but fewer than k.

    Of a table by one column in which fewer than k - 1 are not like the others nothing can be shown.
    """
    return most > 0 and (most > SHARE * people or people - most < k)


def _alike_in(table: ExactTable, place: int, k: int) -> bool:
    alone = len(table.question.by) == 1
    groups: dict[Labels, list[ExactCell]] = defaultdict(list)
    for cell in table.cells:
        groups[cell.keys[:place] + cell.keys[place + 1 :]].append(cell)
    for cells in groups.values():
        most = max(cells, key=lambda cell: cell.people)
        people = table.total.people if alone else sum(cell.people for cell in cells)
        if most.keys[place] and most.people >= k and _nearly_all(most.people, people, k if alone else 0):
            return True
    return False
