"""A10: somebody who knows one person asks question after question to learn whether they are in the dump.

The attacker knows the person's country, port, month and list. Each question goes through the gate by itself,
after all the ones before: every combination of what is known, each with one part turned into its opposite,
and tables by what is left. In the end the attacker adds and subtracts.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sousveil.gate import release
from tests.attack import product
from tests.attack.bad import Question, thresholds_on_totals
from tests.attack.instances import Instance
from tests.attack.linear import Breach, Knowledge
from tests.attack.polytope import Contradiction
from tests.attack.reading import Group
from tests.gate_world import MemoryCase, World

COLUMNS = ("country", "port", "kind", "sex")


def world(seed: int) -> World:
    """A table of some hundred people; columns hang together, so that there are rare combinations."""
    chance = np.random.default_rng([10, seed])
    rows = []
    for _ in range(int(chance.integers(200, 700))):
        country = min(int(chance.geometric(0.4)) - 1, 5)
        port = (country + int(chance.geometric(0.6)) - 1) % 4
        rows.append(
            (f"c{country}", f"p{port}", f"k{int(chance.integers(3))}", str(chance.choice(["F", "M"])))
        )
    people = list(range(len(rows)))
    return World(COLUMNS, rows, people)


def questions(target: Sequence[str], seed: int) -> list[Question]:
    """The chain about a person with these labels."""
    chance = np.random.default_rng([11, seed])
    tests = [f"{name} = '{label}'" for name, label in zip(COLUMNS, target, strict=True)]
    chain: list[Question] = [((), "", "people")]
    for size in (1, 2, 3, 4):
        for parts in itertools.combinations(tests, size):
            whole = " AND ".join(parts)
            chain.append(((), whole, "people"))
            chain += [((), whole.replace(part, part.replace("=", "<>")), "people") for part in parts]
            rest = [name for name in COLUMNS if f"{name} =" not in whole]
            if rest:
                chain.append(((str(chance.choice(rest)),), whole, "people"))
    order = chance.permutation(len(chain))[:24]
    return [chain[0], *(chain[n] for n in order if n)]


def asked(seed: int, k: int = 10) -> tuple[Instance, tuple[str, ...]]:
    """A chain through the gate, and the person that it is about: one of the rarest combination."""
    table = world(seed)
    target = min(set(table.rows), key=lambda row: (table.rows.count(row), row))
    chain = questions(target, seed)
    case = MemoryCase(k)
    found = [
        release(case, [table.ask(by, where, unit, id=f"q{n}")], table)["findings"]
        for n, (by, where, unit) in enumerate(chain)
    ]
    return Instance(seed, k, table, {}, [[one] for one in chain], found), target


def asked_of_thresholds(seed: int, k: int = 10) -> tuple[Instance, tuple[str, ...]]:
    """The same chain to a server that knows thresholds and no memory."""
    table = world(seed)
    target = min(set(table.rows), key=lambda row: (table.rows.count(row), row))
    chain = questions(target, seed)
    found = thresholds_on_totals(table, chain, k)
    return Instance(seed, k, table, {}, [chain], [found]), target


def singled_out(instance: Instance, target: Sequence[str]) -> list[Breach]:
    """Small groups with the person in them that are proven not to be empty."""
    knowledge = Knowledge(instance, knows_small=False)
    if not knowledge.claims:
        return []
    known = list(zip(COLUMNS, target, strict=True))
    groups = [
        Group("", tuple(name for name, _ in part), tuple(label for _, label in part))
        for size in (1, 2, 3, 4)
        for part in itertools.combinations(known, size)
    ]
    small = [(group, "people") for group in groups if instance.truth(group)[1] < instance.k]
    try:
        ranges = knowledge.ranges(small)
    except Contradiction:
        return [Breach("contradiction", "the printed numbers")]
    return [
        Breach("presence", f"people in {group}", low, high)
        for (group, _), (low, high) in zip(small, ranges, strict=True)
        if low > 0
    ]


IDENTIFYING = (
    "name = '{name}'", "name LIKE '{name}%'", "name IN ('{name}')", "resident_id = '{id}'",
    "resident_id LIKE '{id}'", "phone = '{phone}'", "phone IS NOT NULL", "plate = '{plate}'",
    "born = DATE '{born}'", "born BETWEEN DATE '{born}' AND DATE '{born}'", "name <> '{name}'",
    "country = 'NPL' AND NOT (name = '{name}')",
)  # fmt: skip
"""Conditions that name a person."""

NARROW = (
    "country = 'NPL'", "entered = DATE '2018-03-05' AND port = 'p7'",
    "entered BETWEEN DATE '2018-03-05' AND DATE '2018-03-05' AND country = 'NPL'",
    "age_band(born, on = '2018-03-06') = '60+' AND port = 'p7' AND country = 'NPL'",
    "month(entered) = '2018-03' AND port = 'p7' AND country = 'NPL'", "port LIKE '_7' AND country = 'NPL'",
    "country <> 'NPL'", "NOT (country = 'NPL' AND port = 'p7')", "country <> 'NPL' OR port <> 'p7'",
    "country IN ('CHN', 'KAZ', 'RUS')", "country IS NOT NULL AND country <> 'NPL'",
    "entered <> DATE '2018-03-05' OR country <> 'NPL'", "",
)  # fmt: skip
"""Conditions that fit one person alone, or everybody but them."""


def through_the_product(folder: Path) -> list[Breach]:
    """Ask the product itself for one known person by all that is known of them."""
    person = {
        "name": "艾测试", "id": product.identity(999), "phone": "19900000999", "plate": "京A99999",
        "born": "1958-03-05",
    }  # fmt: skip
    rows = [
        f"测{chr(0x4E00 + n % 500)}{chr(0x5000 + n)},{product.identity(n)},199{n:08},京A{n:05},"
        f"{1950 + n % 40}-0{1 + n % 9}-1{n % 9},{('CHN', 'KAZ', 'RUS')[n % 3]},p{n % 6},"
        f"2018-0{1 + n % 6}-{10 + n % 18}"
        for n in range(600)
    ]
    rows.append(",".join([*person.values(), "NPL", "p7", "2018-03-05"]))
    rows += [rows[n].rsplit(",", 1)[0] + f",2018-11-{10 + n}" for n in range(12)]
    table = "name,resident_id,phone,plate,born,country,port,entered\n" + "\n".join(rows) + "\n"
    conditions = [one.format(**person) for one in IDENTIFYING]
    named = "".join(product.ask(f"named-{n}", "entries", one) for n, one in enumerate(conditions))
    by = "".join(
        product.ask(f"by-{one}", "entries", by=one)
        for one in ("name", "resident_id", "phone", "born", "entered")
    )
    narrow = "".join(product.ask(f"narrow-{n}", "entries", one) for n, one in enumerate(NARROW))
    found = product.findings(folder, {"entries.csv": table}, named + by + narrow)
    return _identified(found) + _one_apart(found)


def _identified(found: dict[str, dict[str, Any]]) -> list[Breach]:
    return [
        Breach("presence", f"the question {name}")
        for name, one in found.items()
        if name.startswith(("named", "by")) and product.outcome(one) != "IDENTIFYING"
    ]


def _one_apart(found: dict[str, dict[str, Any]], k: int = 10) -> list[Breach]:
    """Two printed totals a few people apart."""
    totals = {
        name: one["cells"][0]["value"]
        for name, one in found.items()
        if name.startswith("narrow") and product.outcome(one) == "published"
    }
    return [
        Breach("exact", f"{one} less {other}", totals[one] - totals[other], totals[one] - totals[other])
        for one, other in itertools.permutations(totals, 2)
        if 0 < totals[one] - totals[other] < k
    ]
