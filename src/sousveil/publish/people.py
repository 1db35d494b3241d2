"""How many people: what the report says and draws of the count, from what the gate let out of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sousveil.publish.labels import Label, number, plain

WIDTH = 1000
_EDGE = 15
"""Left free on either side, so that caps and marks are not cut."""


@dataclass(frozen=True)
class Span:
    """A range: its numbers, and where its ends stand in the drawing, from 0 to `WIDTH`."""

    low: str
    high: str
    left: int
    right: int


@dataclass(frozen=True)
class Counted:
    """The people of a table, or of the whole case."""

    slug: str
    """Of the finding that says it."""
    table: Label | None
    """None for the whole case."""
    estimate: str
    told_apart: str
    """The number that the tables of the report count, where it is another one."""
    mark: int
    """Where the estimate stands in the drawing."""
    bracket: Span
    likely: Span | None
    reviewed: Span | None
    level: str
    """Of the reviewed interval."""

    @property
    def words(self) -> str:
        """The drawing in words, for who can't see it."""
        said = [f"The best estimate is {self.estimate}."]
        if self.reviewed:
            said.append(f"Reviewed by people: {self.reviewed.low} to {self.reviewed.high}, {self.level}.")
        if self.likely:
            said.append(f"Likely range: {self.likely.low} to {self.likely.high}.")
        return " ".join([*said, f"Bracket: {self.bracket.low} to {self.bracket.high}."])


def counted(findings: Iterable[tuple[str, Mapping[str, Any]]]) -> tuple[Counted, ...]:
    """What is known of the people of each table, the whole case first; `findings` with their slugs.

    A table that several findings speak of stands there once, by the first that asks for nothing else.
    """
    found: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for slug, finding in sorted(findings, key=lambda pair: bool(pair[1]["by"])):
        if finding.get("count"):
            found.setdefault(finding["count"]["table"], (slug, finding))
    return tuple(_counted(*found[table]) for table in sorted(found, key=lambda table: table != "*"))


def figures(finding: Mapping[str, Any]) -> Iterable[int]:
    """Every number that a finding says of the count."""
    for part in (finding.get("count") or {}, (finding.get("count") or {}).get("unreviewed") or {}):
        names = ("estimate", "low", "high", "likely_low", "likely_high")
        yield from (part[name] for name in names if part.get(name) is not None)


def _counted(slug: str, finding: Mapping[str, Any]) -> Counted:
    said = finding["count"]
    before = said.get("unreviewed", said)
    value = (finding["total"] if finding["by"] else finding["cells"][0])["value"]
    numbers = list(figures(finding))
    low, high = min(numbers), max(numbers)

    def at(one: int) -> int:
        return _EDGE + round((WIDTH - 2 * _EDGE) * (one - low) / max(high - low, 1))

    def span(part: Mapping[str, Any], name: str = "") -> Span:
        left, right = part[f"{name}low"], part[f"{name}high"]
        return Span(number(left), number(right), at(left), max(at(right), at(left) + 4))

    return Counted(
        slug=slug,
        table=None if said["table"] == "*" else plain(said["table"]),
        estimate=number(said["estimate"]),
        told_apart="" if value == said["estimate"] else number(value),
        mark=at(said["estimate"]),
        bracket=span(before),
        likely=span(before, "likely_") if before["likely_low"] is not None else None,
        reviewed=span(said) if said["level"] else None,
        level=f"{said['level']:.0%}" if said["level"] else "",
    )
