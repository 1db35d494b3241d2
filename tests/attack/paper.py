"""The page alone: what a reader of one findings.json can work out who knows nothing but arithmetic.

No truth and no label but the printed ones is needed, so this attacks any publication, the demo's among them:
each table is a system of its own with an unknown for every combination of its printed labels and for "other,
not shown"; tables of the same people share the sums that they both print. A hidden cell must be able to be
anything from 0 to k-1, whether it is small or hidden to protect another. "Other, not shown" is several hidden
cells: their sum may be known, but not to be that of 1 … k-1.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tests.attack.instances import Instance
from tests.attack.linear import Breach
from tests.attack.polytope import Contradiction, Mask, Polytope

OTHER = "other, not shown"
MOST = 3_000
"""Combinations of labels of the tables about the same people; more are attacked table by table."""
Finding = Mapping[str, Any]


def attacked(document: Mapping[str, Any], k: int = 10) -> tuple[int, list[Breach]]:
    """How many hidden cells were tried, and what was found out."""
    tried, found = 0, []
    for group in _groups(document["findings"]):
        one = _Page(group)
        if not one.targets:
            continue
        tried += len(one.targets)
        try:
            ranges = one.known.ranges([mask for _, mask in one.targets], k - 1)
        except Contradiction:
            found.append(Breach("contradiction", f"the findings {', '.join(each['id'] for each in group)}"))
            continue
        for (name, _), left in zip(one.targets, ranges, strict=True):
            narrow = left.low > 0 or left.high < k - 1
            if left.high < k and left.low > 0 if OTHER in name else narrow:
                found.append(
                    Breach("exact" if left.low == left.high else "narrow", name, left.low, left.high)
                )
    return tried, found


def page(instance: Instance) -> dict[str, Any]:
    """What is printed of an instance, as a findings document."""
    findings = [
        {**one, "provenance": {"question": {"table": "visits", "where": one["where"]}}}
        for one in instance.printed
    ]
    return {"findings": findings}


def _groups(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Tables about the same people in the same unit that are small enough to be attacked together."""
    by_population: dict[tuple[str, str, str], list[Finding]] = defaultdict(list)
    for one in findings:
        if not one.get("refused") and one["by"]:
            asked = one["provenance"]["question"]
            by_population[asked["table"], asked["where"], one["unit"]].append(one)
    groups: list[list[Finding]] = []
    for tables in by_population.values():
        axes = _axes(tables)
        together = np.prod([float(len(labels)) for labels in axes.values()]) <= MOST
        groups += [tables] if together else [[one] for one in tables]
    return groups


def _axes(tables: Sequence[Finding]) -> dict[str, list[str]]:
    """All printed labels by column, "other" among them where some table has it."""
    axes: dict[str, dict[str, None]] = {}
    for one in tables:
        for cell in one["cells"]:
            for ref, label in cell["keys"].items():
                axes.setdefault(ref, {})[label] = None
    for labels in axes.values():
        labels.setdefault(OTHER)  # a table that is whole says nothing about the labels of another
    return {ref: list(labels) for ref, labels in axes.items()}


class _Page:
    """The system of a few tables. Sums of people are known from below only: one may be in two cells."""

    def __init__(self, tables: Sequence[Finding]) -> None:
        axes = _axes(tables)
        self.refs = list(axes)
        self.atoms = list(itertools.product(*axes.values()))
        self.known = Polytope(len(self.atoms))
        self.targets: list[tuple[str, Mask]] = []
        additive = all(one["unit"] == "records" for one in tables)
        for one in tables:
            self._read(one, additive)

    def _mask(self, keys: Mapping[str, str]) -> Mask:
        return np.array(
            [
                float(all(atom[self.refs.index(ref)] == label for ref, label in keys.items()))
                for atom in self.atoms
            ]
        )

    def _read(self, one: Finding, additive: bool) -> None:
        total = one["total"]["value"]
        if total is not None:
            self.known.know(self._mask({}), total, total if additive else 2**29)
        for cell in one["cells"]:
            mask = self._mask(cell["keys"])
            if cell["value"] is not None:
                self.known.know(mask, cell["value"], cell["value"])
            else:
                self.targets.append((f"{one['id']} {'|'.join(cell['keys'].values())}", mask))
                if total is not None:
                    self.known.know(mask, 0, total)
