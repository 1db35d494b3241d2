"""The smallest set of questions with which an attack still succeeds, for a report that can be acted on."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from tests.attack.instances import Instance
from tests.attack.linear import Breach
from tests.attack.polytope import Contradiction
from tests.attack.reading import Group

Attack = Callable[[Instance], list[Breach]]


def minimal(instance: Instance, attack: Attack) -> Instance:
    """Leave out questions, one after the other, as long as the attack succeeds through the gate."""
    parts = instance.questions
    place = 0
    while place < sum(map(len, parts)):
        fewer = _without(parts, place)
        if fewer and _broken(_asked(instance, fewer), attack):
            parts = fewer
        else:
            place += 1
    return _asked(instance, parts)


def _asked(instance: Instance, parts: list[list[tuple[tuple[str, ...], str, str]]]) -> Instance:
    return dataclasses.replace(instance, questions=parts, findings=[]).let_through()


def _broken(instance: Instance, attack: Attack) -> bool:
    try:
        return bool(attack(instance))
    except Contradiction:
        return True


def _without(
    parts: list[list[tuple[tuple[str, ...], str, str]]], place: int
) -> list[list[tuple[tuple[str, ...], str, str]]]:
    made = []
    for part in parts:
        made.append([one for n, one in enumerate(part) if n != place])
        place -= len(part)
    return [part for part in made if part]


def report(instance: Instance, attack: Attack) -> str:
    """The questions by release, what was printed of each, the breaches, and the table behind it."""
    lines = [f"k = {instance.k}; columns {', '.join(instance.world.columns)}; nested {instance.nested}"]
    for turn, (part, found) in enumerate(zip(instance.questions, instance.findings, strict=True)):
        for (by, where, unit), one in zip(part, found, strict=True):
            if one.get("refused"):
                lines.append(
                    f"  release {turn}: {unit} by {by} where {where!r}: refused {one['refused']['code']}"
                )
                continue
            total = one["total"]["value"] if by else one["cells"][0]["value"]
            cells = {"|".join(cell["keys"].values()): cell["value"] for cell in one["cells"]}
            lines.append(f"  release {turn}: {unit} by {by} where {where!r}: total {total}, cells {cells}")
    lines += [f"  BREACH {breach}" for breach in attack(instance)[:3]]
    counts = {
        "|".join(labels): instance.truth(Group("", tuple(instance.world.columns), labels))
        for labels in sorted(set(instance.world.rows))
    }
    lines.append(f"  truth, records and people: {counts}")
    return "\n".join(lines)
