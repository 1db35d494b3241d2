"""A second family of tables in which a group has nobody or a few, and of ways to feel for it.

The group is a label of one column, the records in which a column is empty, a month at the end, or a pair of
labels; the rest come once or twice, the few up to three times. Conditions are made of leaves about any of
four columns with AND, OR and NOT, tables are by none, one or two of them, in records and people side by side,
after some totals and tables have been released.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.attack.bad import Question
from tests.attack.wide import WideWorld

COLUMNS = ("a", "b", "c", "day")
REFS = ((), (), (), ("a",), ("b",), ("c",), ("month(day)",), ("year(day)",), ("a", "b"), ("b", "month(day)"))
LEAVES = {
    "a": (
        "a = 'a0'", "a <> 'a0'", "a IN ('a0', 'a1')", "a NOT IN ('a0', 'a2')", "a LIKE '_0'",
        "NOT a LIKE 'a0%'", "a BETWEEN 'a0' AND 'a1'", "a > 'a0'", "a = 'a1'", "a IS NULL", "a IS NOT NULL",
    ),
    "b": ("b = 'b0'", "b <> 'b0'", "b IN ('b0', 'b1')", "b LIKE 'b%'", "NOT (b = 'b1')"),
    "c": ("c IS NULL", "c IS NOT NULL", "c = 'c0'", "c <> 'c0'", "NOT (c = 'c0')", "c NOT IN ('c0', 'c1')"),
    "day": (
        "month(day) = '2018-03'", "month(day) <> '2018-03'", "day < DATE '2018-03-01'", "year(day) = 2018",
        "day BETWEEN DATE '2018-01-01' AND DATE '2018-02-28'", "NOT day >= DATE '2018-03-01'",
        "month(day) IN ('2018-01', '2018-02')", "day >= DATE '2018-02-15'", "quarter(day) = '2018-Q1'",
    ),
}  # fmt: skip
"""Conditions about each column."""

Row = tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Where the few are moved from and to: the labels by which either differs from another record."""

    here: dict[str, str]
    beside: dict[str, str]


GROUPS = (
    Group({"a": "a0"}, {"a": "a1"}),
    Group({"c": ""}, {"c": "c0"}),
    Group({"day": "2018-03-09"}, {"day": "2018-02-09"}),
    Group({"a": "a0", "b": "b0"}, {"a": "a1", "b": "b0"}),
)


def versions(number: int) -> tuple[list[WideWorld], list[list[Question]], int]:
    """The table with nobody, one, … k - 1 people in the group; releases of questions; k."""
    chance = np.random.default_rng([14, number])
    k = int(chance.choice([3, 5, 10]))
    group = GROUPS[int(chance.integers(len(GROUPS)))]
    drawn = [_row(chance) for _ in range(int(chance.choice([150, 250, 400])))]
    rest = [_outside(row, group) for row in drawn]
    few = [_row(chance) for _ in range(k - 1)]
    often = int(chance.integers(1, 4))
    again = int(chance.integers(1, 3))
    made = []
    for inside in (0, 1, k // 2, k - 1):
        moved = [_with(row, group.here if n < inside else group.beside) for n, row in enumerate(few)]
        rows = [*rest, *(row for row in moved for _ in range(often))]
        people = [*(n // again for n in range(len(rest)))]
        people += [5_000 + n for n in range(len(moved)) for _ in range(often)]
        made.append(WideWorld(COLUMNS, rows, people))
    return made, _questions(chance, list(group.here)), k


def _row(chance: Any) -> Row:
    return (
        f"a{min(int(chance.integers(5)), 3)}",
        f"b{int(chance.integers(3))}",
        ("", "c0", "c0", "c1", "c2")[int(chance.integers(5))],
        f"2018-{1 + int(chance.integers(3)):02d}-{1 + int(chance.integers(28)):02d}",
    )


def _outside(row: Row, group: Group) -> Row:
    """A record of the rest, which is not in the group."""
    found = dict(zip(COLUMNS, row, strict=True))
    in_it = all(
        found[name][:7] == label[:7] if name == "day" else found[name] == label
        for name, label in group.here.items()
    )
    return _with(row, group.beside) if in_it else row


def _with(row: Row, labels: dict[str, str]) -> Row:
    return tuple(labels.get(name, value) for name, value in zip(COLUMNS, row, strict=True))


def _questions(chance: Any, near: list[str]) -> list[list[Question]]:
    """What was released first, then questions, most of them about the group's own columns.

    No table is by these columns themselves: one that hides nothing says by that that nobody is in the group.
    """
    before: list[Question] = [((), "", "records"), ((), "", "people"), (("b",), "", "people")]
    before += [((), _where(chance, near, 1), _unit(chance)) for _ in range(2)]
    own = ["month(day)" if name == "day" else name for name in near]
    refs = [one for one in REFS if not {*own} <= {*one}]
    asked: list[list[Question]] = [[one for one in before if chance.random() < 0.5] or before[:1]]
    for _ in range(6):
        by = refs[int(chance.integers(len(refs)))]
        asked.append([(by, _where(chance, near, int(chance.integers(4))), _unit(chance))])
    return asked


def _unit(chance: Any) -> str:
    return str(chance.choice(["records", "people"]))


def _where(chance: Any, near: list[str], size: int) -> str:
    parts = []
    for place in range(size):
        names = near if place == 0 or chance.random() < 0.3 else list(LEAVES)
        leaves = LEAVES[names[int(chance.integers(len(names)))]]
        one = leaves[int(chance.integers(len(leaves)))]
        parts.append(f"NOT ({one})" if chance.random() < 0.15 else one)
    if len(parts) < 2:
        return "".join(parts)
    joined = parts[0]
    for one in parts[1:]:
        joined = f"({joined}) {chance.choice(['AND', 'OR'])} ({one})"
    return f"NOT ({joined})" if chance.random() < 0.2 else joined
