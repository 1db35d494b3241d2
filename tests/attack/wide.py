"""A second family of random sets: the whole language of questions, and columns as real dumps have them.

Countries with their regions and continents, days with months, quarters and years and with conditions that
begin in the midst of one, ages in bands and of age on two days, columns that are mostly empty, labels of one
person, cities with the province that they determine; conditions with IN, NOT, LIKE, BETWEEN, IS NULL and OR;
three-way tables; the same question in another spelling, its complement, a part of it.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sousveil.findings.parser import parse_where
from sousveil.findings.syntax import canonical, text
from tests.attack import language
from tests.attack.bad import Question
from tests.attack.instances import Instance
from tests.gate_world import Row, World

ON, LATER = "2018-07-01", "2018-12-15"
"""Days on which ages are taken, never both in one question."""


class WideWorld(World):
    """A table of the dump of which the whole language can be asked; an empty label is null."""

    def _label(self, row: Row, by: str) -> str:
        return language.label(by, row[self.columns.index(language.column(by))])

    def chosen(self, where: str) -> list[int]:
        """The rows for which a `where` holds."""
        holds, _ = language.parsed(where)
        truth = {row: holds(dict(zip(self.columns, row, strict=True))) is True for row in set(self.rows)}
        return [n for n, row in enumerate(self.rows) if truth[row]]

    def condition(self, where: str) -> str:
        """A `where` in the canonical form of the product."""
        return text(canonical(parse_where(where, self.columns)))


@dataclass(frozen=True)
class Column:
    """A kind of column: how its values come about, what `by` and `where` may be made of it."""

    name: str
    draw: Callable[[Any, int], list[str]]
    """So many values."""
    refs: tuple[str, ...]
    """The finest first."""
    tests: Callable[[Any, Sequence[str]], str]
    """A condition, given the values."""
    told: Callable[[str], tuple[str, str]] | None = None
    """Another column that this one determines: its name and label."""


def _skewed(labels: Sequence[str]) -> Callable[[Any, int], list[str]]:
    def draw(chance: Any, size: int) -> list[str]:
        weights = chance.dirichlet(np.full(len(labels), float(chance.choice([0.2, 1.0, 5.0]))))
        found = [str(one) for one in chance.choice(np.array(labels), size, p=weights)]
        if chance.random() < 0.4:  # a label of one record
            found[int(chance.integers(size))] = labels[-1]
        return found

    return draw


def _sparse(labels: Sequence[str]) -> Callable[[Any, int], list[str]]:
    def draw(chance: Any, size: int) -> list[str]:
        full = _skewed(labels)(chance, size)
        return [one if chance.random() < 0.35 else "" for one in full]

    return draw


def _days(chance: Any, size: int) -> list[str]:
    first = dt.date(2017, int(chance.integers(9, 13)), 1)
    length = int(chance.choice([40, 75, 130]))
    return [(first + dt.timedelta(int(one))).isoformat() for one in chance.integers(0, length, size)]


def _births(chance: Any, size: int) -> list[str]:
    ages = np.abs(chance.normal(float(chance.choice([12, 35])), 18, size))
    return [(dt.date(2018, 7, 2) - dt.timedelta(int(age * 365.2))).isoformat() for age in ages]


def _of_texts(name: str) -> Callable[[Any, Sequence[str]], str]:
    def tests(chance: Any, values: Sequence[str]) -> str:
        known = sorted({one for one in values if one})
        one = str(chance.choice(known))
        some = ", ".join(f"'{label}'" for label in sorted({one, str(chance.choice(known))}))
        forms = (
            f"{name} = '{one}'", f"{name} <> '{one}'", f"{name} IN ({some})", f"{name} NOT IN ({some})",
            f"{name} LIKE '{one[:-1]}%'", f"{name} LIKE '_{one[1:]}'", f"{name} IS NULL",
            f"{name} IS NOT NULL", f"NOT ({name} = '{one}')",
        )  # fmt: skip
        return str(chance.choice(np.array(forms)))

    return tests


def _of_days(chance: Any, values: Sequence[str]) -> str:
    low, high = sorted(str(one) for one in chance.choice(np.array(values), 2))
    month = low[:7]
    forms = (
        f"day BETWEEN DATE '{low}' AND DATE '{high}'", f"day >= DATE '{low}'", f"day < DATE '{high}'",
        f"NOT day >= DATE '{low}'", f"month(day) = '{month}'", f"month(day) <> '{month}'",
        f"quarter(day) = '{language.label('quarter(day)', low)}'", f"year(day) = {low[:4]}",
        f"day <= DATE '{month}-15'", f"day BETWEEN DATE '{month}-01' AND DATE '{month}-28'",
        f"day NOT BETWEEN DATE '{month}-02' AND DATE '{high}'",
    )  # fmt: skip
    return str(chance.choice(np.array(forms)))


def _of_ages(chance: Any, values: Sequence[str]) -> str:
    band = str(chance.choice(np.array(["0-17", "18-29", "30-44", "45-59", "60+"])))
    forms = (
        f"age_band(born, on = '{ON}') = '{band}'", f"age_band(born, on = '{ON}') <> '{band}'",
        f"of_age(born, on = '{ON}') = '0-17'", f"of_age(born, on = '{ON}') <> '0-17'",
    )  # fmt: skip
    return str(chance.choice(np.array(forms)))


def _of_countries(chance: Any, values: Sequence[str]) -> str:
    one = str(chance.choice(np.array(values)))
    region, continent = language.REGIONS[one]
    forms = (
        f"country = '{one}'", f"country <> '{one}'", f"region(country) = '{region}'",
        f"region(country) <> '{region}'", f"continent(country) = '{continent}'",
        f"country IN ('{one}', 'KAZ')", f"NOT (country = '{one}' OR country = 'RUS')",
    )  # fmt: skip
    return str(chance.choice(np.array(forms)))


_DAY_REFS = ("month(day)", "quarter(day)", "year(day)")
_AGE_REFS = (f"age_band(born, on = '{ON}')", f"of_age(born, on = '{ON}')")
_PLACES = ("country", "region(country)", "continent(country)")
COLUMNS = (
    Column("a", _skewed(["a0", "a1"]), ("a",), _of_texts("a")),
    Column("b", _skewed(["b0", "b1", "b2", "b3"]), ("b",), _of_texts("b")),
    Column("c", _sparse(["c0", "c1", "c2"]), ("c",), _of_texts("c")),
    Column("country", _skewed(list(language.REGIONS)), _PLACES, _of_countries),
    Column("day", _days, _DAY_REFS, _of_days),
    Column("born", _births, _AGE_REFS, _of_ages),
    Column(
        "city", _skewed(["u0", "u1", "v0", "v1", "w0"]), ("city",), _of_texts("city"),
        lambda value: ("province", value[:1]),
    ),
)  # fmt: skip


def wide(number: int) -> Instance:
    """The instance of a number: always the same one."""
    chance = np.random.default_rng([20_261, number])
    kinds = [COLUMNS[n] for n in sorted(chance.permutation(len(COLUMNS))[: int(chance.choice([2, 3, 3]))])]
    size = int(chance.choice([150, 400, 900, 2_000]))
    drawn = [one.draw(chance, size) for one in kinds]
    columns = [one.name for one in kinds]
    nested = {}
    for place, one in enumerate(kinds):
        if one.told:
            name = one.told("x")[0]
            columns.append(name)
            nested[name] = one.name
            drawn.append([one.told(value)[1] for value in drawn[place]])
    rows = [tuple(row) for row in zip(*drawn, strict=True)]
    world = WideWorld(columns, rows, _people(chance, size))
    refs = [*itertools.chain.from_iterable(one.refs for one in kinds), *nested]
    tests = [
        functools.partial(kind.tests, chance, values) for kind, values in zip(kinds, drawn, strict=False)
    ]
    later = np.random.default_rng([20_262, number])
    questions = [
        [_on_one_day(one, LATER if later.random() < 0.2 else ON) for one in part]
        for part in _questions(chance, refs, tests)
    ]
    k = int(chance.choice([3, 5, 10, 20]))
    return Instance(number, k, world, nested, questions, widest=tuple(one.refs[0] for one in kinds))


def _people(chance: Any, rows: int) -> list[int]:
    """One person a row, some who come several times, or a few who come very often."""
    match int(chance.integers(3)):
        case 0:
            return list(range(rows))
        case 1:
            return [int(one) for one in chance.integers(0, rows * 2 // 3, rows)]
        case _:
            often = chance.random(rows) < 0.2
            return [int(chance.integers(4)) if one else n + 4 for n, one in enumerate(often)]


def _questions(chance: Any, refs: Sequence[str], tests: Sequence[Callable[[], str]]) -> list[list[Question]]:
    unit = str(chance.choice(["records", "people"]))
    parts: list[list[Question]] = [[] for _ in range(int(chance.integers(1, 4)))]
    asked: list[Question] = []
    for _ in range(int(chance.integers(4, 10))):
        width = int(chance.choice([0, 0, 1, 1, 2, 2, 3]))
        by = tuple(str(one) for one in chance.permutation(list(refs))[:width])
        mixed = unit if chance.random() < 0.8 else str(chance.choice(["records", "people"]))
        question = (by, _where(chance, tests), mixed)
        if asked and chance.random() < 0.35:
            question = _varied(chance, asked[int(chance.integers(len(asked)))], tests)
        asked.append(question)
        parts[int(chance.integers(len(parts)))].append(question)
    return [part for part in parts if part]


def _on_one_day(question: Question, day: str) -> Question:
    by, where, unit = question
    return tuple(one.replace(ON, day) for one in by), where.replace(ON, day), unit


def _where(chance: Any, tests: Sequence[Callable[[], str]]) -> str:
    parts = [tests[int(n)]() for n in chance.permutation(len(tests))[: int(chance.choice([0, 0, 1, 1, 2]))]]
    if len(parts) == 2 and chance.random() < 0.25:
        return f"({parts[0]} OR {parts[1]})"
    return " AND ".join(parts)


def _varied(chance: Any, question: Question, tests: Sequence[Callable[[], str]]) -> Question:
    """An earlier question again: the other way round, its complement, a part of it, or all but the part."""
    by, where, unit = question
    one = tests[int(chance.integers(len(tests)))]()
    match int(chance.integers(4)):
        case 0:
            return by[::-1], f"NOT (NOT ({where}))" if where else where, unit
        case 1 if where:
            return by, f"NOT ({where})", unit
        case 2 if where:
            return by[:1], f"({where}) AND {one}", unit
        case _:
            return by[:1], f"({where}) AND NOT ({one})" if where else f"NOT ({one})", unit
