"""A released finding as a table: its rows with labels and bars, its line over time, where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sousveil.publish import charts
from sousveil.publish.labels import OTHER, Label, heading, is_time, labels, number, plain

ROWS_IN_SIGHT = 24
"""A longer table keeps its tail folded."""
MOST_COLUMNS = 8
"""A finding by two columns is printed crosswise where one of them has no more labels than this."""


@dataclass(frozen=True)
class Figure:
    """One released number, or that it is not shown."""

    shown: bool
    value: str = ""
    low: str = ""
    high: str = ""
    bar: charts.Bar | None = None


@dataclass(frozen=True)
class Row:
    """A row of a table: its labels, its figures (one; more where the table is crosswise)."""

    keys: tuple[Label, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Finding:
    """A released finding as the report prints it."""

    slug: str
    title: Label
    unit: str
    """`records`, `people`, or what is counted in people's stead: `vehicles`, `telephones` …"""
    distinct: bool
    """Whether different ones are counted, not records."""
    table: str
    """The table that it is about; nothing for the whole case."""
    where: str
    heads: tuple[Label, ...]
    columns: tuple[Label, ...]
    """Headings of the figures where the table is crosswise, else empty."""
    rows: tuple[Row, ...]
    rest: tuple[Row, ...]
    total: Figure | None
    withheld: int
    uncertain: bool
    release: str
    """The number of the earlier release that it is of; empty for today's numbers."""
    line: charts.Line | None
    provenance: tuple[tuple[str, str], ...]

    @property
    def crosswise(self) -> bool:
        """Whether the second column of keys runs across."""
        return bool(self.columns)


def published(cell: Mapping[str, Any]) -> bool:
    """Whether a cell of a finding is released."""
    return bool(cell["status"] == "published" and cell["value"] is not None)


def as_printed(findings: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """What a page shows of findings: their new numbers, if they have any, then the earlier ones that stand.

    On which day these were released is for the members of the case: a page tells no day.
    """
    for finding in findings:
        earlier = [without_day(one) for one in finding.get("stands", ())]
        name = "{id}"
        if not (finding.get("refused") and earlier):
            yield finding
            name = "{id}-release-{release}"
        for one in earlier:
            yield {**one, "id": name.format(id=one["id"], release=one["provenance"]["release"])}
            name = "{id}-release-{release}"


def without_day(earlier: Mapping[str, Any]) -> dict[str, Any]:
    """An earlier finding without the day of its release."""
    return {name: value for name, value in earlier.items() if name != "released"}


def table_of(finding: Mapping[str, Any]) -> str:
    """The table that a finding is about, by its provenance; `*` is the whole case."""
    provenance = finding.get("provenance") or {}
    question = provenance.get("question")
    tables = provenance.get("tables") or []
    asked = question.get("table") if isinstance(question, Mapping) else None
    return str(asked or (tables[0] if len(tables) == 1 else ""))


def is_earlier(finding: Mapping[str, Any]) -> bool:
    """Whether its numbers are of an earlier release."""
    return "release" in (finding.get("provenance") or {})


def unit_of(finding: Mapping[str, Any]) -> str:
    """The word for what a finding counts: its member `of`, where people could not be told apart."""
    return plain(str(finding.get("of") or finding["unit"])).text


def finding_of(slug: str, finding: Mapping[str, Any]) -> Finding:
    """A released finding (contract shape) as the report prints it, under the name `slug`."""
    by = list(finding["by"])
    cells = finding["cells"]
    longest = max((cell["high"] for cell in cells if published(cell)), default=0)
    columns_of = {name: labels(name, [str(cell["keys"].get(name, "")) for cell in cells]) for name in by}
    across = _across(by, cells)
    rows = (
        _crossed(by, across, cells, columns_of, longest)
        if across
        else _listed(by, cells, columns_of, longest)
    )
    down = [name for name in by if name != across]
    line = _line(by, cells)
    cut = len(rows) if len(rows) <= ROWS_IN_SIGHT + 6 else ROWS_IN_SIGHT
    total = finding.get("total")
    return Finding(
        slug=slug,
        title=plain(finding["title"]),
        unit=unit_of(finding),
        distinct=finding["unit"] == "people",
        table=plain(table_of(finding).removeprefix("*")).text,
        where=plain(finding.get("where") or "").text,
        heads=tuple(heading(name) for name in down),
        columns=tuple(dict.fromkeys(columns_of[across])) if across else (),
        rows=tuple(rows[:cut]),
        rest=tuple(rows[cut:]),
        total=_figure(total, 0) if total and by and published(total) else None,
        withheld=int(finding["withheld"]),
        uncertain=any(published(cell) and cell["low"] != cell["high"] for cell in cells),
        release=number(finding["provenance"]["release"]) if is_earlier(finding) else "",
        line=line,
        provenance=tuple(_provenance(finding.get("provenance") or {})),
    )


def _figure(cell: Mapping[str, Any], longest: int) -> Figure:
    if not published(cell):
        return Figure(shown=False)
    value, low, high = cell["value"], cell["low"], cell["high"]
    bounds = (number(low), number(high)) if low != high else ("", "")
    return Figure(
        True, number(value), *bounds, bar=charts.bar(value, low, high, longest) if longest else None
    )


def _listed(
    by: Sequence[str],
    cells: Sequence[Mapping[str, Any]],
    columns_of: Mapping[str, Sequence[Label]],
    longest: int,
) -> list[Row]:
    return [
        Row(tuple(columns_of[name][place] for name in by), (_figure(cell, longest if by else 0),))
        for place, cell in enumerate(cells)
    ]


def _across(by: Sequence[str], cells: Sequence[Mapping[str, Any]]) -> str:
    """The column of keys that runs across, or nothing: the one with the fewest labels of two, never time."""
    if len(by) != 2:
        return ""
    sizes = {name: len({cell["keys"].get(name) for cell in cells}) for name in by}
    timeless = [name for name in by if not is_time(name, [str(cell["keys"].get(name, "")) for cell in cells])]
    narrow = min(timeless or by, key=lambda name: (sizes[name], -by.index(name)))
    return narrow if sizes[narrow] <= MOST_COLUMNS else ""


def _crossed(
    by: Sequence[str],
    across: str,
    cells: Sequence[Mapping[str, Any]],
    columns_of: Mapping[str, Sequence[Label]],
    longest: int,
) -> list[Row]:
    """One row for each label of the other column. What the gate never gave is not shown either."""
    down = next(name for name in by if name != across)
    order = list(dict.fromkeys(columns_of[across]))
    found: dict[Label, dict[Label, Figure]] = {}
    for place, cell in enumerate(cells):
        found.setdefault(columns_of[down][place], {})[columns_of[across][place]] = _figure(cell, longest)
    nothing = Figure(shown=False)
    return [
        Row((key,), tuple(figures.get(name, nothing) for name in order)) for key, figures in found.items()
    ]


def _line(by: Sequence[str], cells: Sequence[Mapping[str, Any]]) -> charts.Line | None:
    if len(by) != 1 or not is_time(by[0], [str(cell["keys"][by[0]]) for cell in cells]):
        return None
    points = [
        charts.Point(cell["keys"][by[0]], cell["value"], cell["low"], cell["high"])
        if published(cell)
        else charts.Point(cell["keys"][by[0]], None)
        for cell in cells
        if cell["keys"][by[0]] not in ("", OTHER)
    ]
    return charts.line(points)


def _provenance(provenance: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Where a finding comes from, as pairs of words: nested members flattened, empty ones left out."""
    for name, value in provenance.items():
        words = plain(name.replace("_", " ")).text
        if isinstance(value, Mapping):
            yield from ((f"{words}: {inner}", text) for inner, text in _provenance(value))
        elif isinstance(value, (list, tuple)):
            if value:
                yield words, plain(", ".join(str(part) for part in value)).text
        elif value not in (None, ""):
            yield words, plain(str(value)).text
