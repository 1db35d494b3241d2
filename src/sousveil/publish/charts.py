"""Bars and lines, as numbers that a template can draw without a script and without inline style.

A strict content policy forbids `style="width: 37.4%"`, so a bar's length is a class (`w374`: 374
thousandths), and `rules` writes the rules for the classes that a page uses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sousveil.publish.labels import number, when

HEIGHT = 300
WIDTH = 1000
LEAST_POINTS = 6
"""A line through fewer points says less than the table beside it."""


@dataclass(frozen=True)
class Bar:
    """A bar in thousandths of the longest: its length, and where its range of uncertainty lies, if any."""

    width: int
    start: int = 0
    span: int = 0


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: its words, and where it stands in thousandths from the left or from the bottom."""

    text: str
    at: int


@dataclass(frozen=True)
class Line:
    """A line over months or years. Where a period is not shown the line has a gap."""

    paths: tuple[str, ...]
    dots: tuple[str, ...]
    bands: tuple[str, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    first: str
    last: str
    highest: str
    highest_value: str
    gaps: int


@dataclass(frozen=True)
class Point:
    """One period of a line; `value` is None where it is not shown."""

    period: str
    value: int | None
    low: int | None = None
    high: int | None = None


def bar(value: int, low: int, high: int, longest: int) -> Bar:
    """The bar for a value, with its range where the value is uncertain."""
    width = _thousandths(value, longest)
    if low == high:
        return Bar(width)
    start = _thousandths(low, longest)
    return Bar(width, start, max(_thousandths(high, longest) - start, 4))


def line(points: Sequence[Point]) -> Line | None:
    """The line through the points, in the order of time; None where too few of them are shown."""
    every = fill(points)
    shown = [point for point in every if point.value is not None]
    if len(shown) < LEAST_POINTS:
        return None
    highest = max(shown, key=lambda point: point.value or 0)
    top = nice_top(max(point.high or point.value or 0 for point in shown))
    runs = _runs(every)
    return Line(
        paths=tuple(_path(run, top, len(every)) for run in runs if len(run) > 1),
        dots=tuple(_path(run, top, len(every)) + "h0" for run in runs if len(run) == 1),
        bands=tuple(_band(run, top, len(every)) for run in runs if len(run) > 1 and _is_uncertain(run)),
        across=tuple(_across(every)),
        up=tuple(Tick(number(round(top * part)), round(1000 * part)) for part in (0, 0.5, 1)),
        first=when(every[0].period),
        last=when(every[-1].period),
        highest=when(highest.period),
        highest_value=number(highest.value or 0),
        gaps=len(every) - len(shown),
    )


def fill(points: Sequence[Point]) -> list[Point]:
    """The points in the order of time, a point without value for each period in between that has none."""
    known = {point.period: point for point in points}
    first, last = min(known), max(known)
    every: list[Point] = []
    period = first
    while period <= last and len(every) < 1200:
        every.append(known.get(period, Point(period, None)))
        period = _next(period)
    return every


def nice_top(value: int) -> int:
    """The end of an axis: the next even number of one or two digits and zeros that is not below the value."""
    unit: int = 10 ** max(len(str(value)) - 2, 0)
    steps = (2, 4, 6, 8, 10, 12, 16, 20, 24, 30, 40, 50, 60, 80, 100)
    return next(step * unit for step in steps if step * unit >= value)


def rules(bars: Iterable[Bar], lines: Iterable[Line]) -> str:
    """The style rules for the lengths and places that are used, in a fixed order."""
    bars, lines = list(bars), list(lines)
    widths = {length for bar in bars for length in (bar.width, bar.span)}
    lefts = {bar.start for bar in bars if bar.span} | {tick.at for line in lines for tick in line.across}
    bottoms = {tick.at for line in lines for tick in line.up}
    return "".join(
        f".{name}{at}{{{what}:{at / 10:g}%}}"
        for name, what, places in (("w", "width", widths), ("l", "left", lefts), ("b", "bottom", bottoms))
        for at in sorted(places)
    )


def _thousandths(value: int, longest: int) -> int:
    return min(max(round(1000 * value / longest), 2), 1000) if longest > 0 and value > 0 else 0


def _next(period: str) -> str:
    if len(period) == 4:
        return f"{int(period) + 1:04}"
    year, month = int(period[:4]), int(period[5:])
    return f"{year + month // 12:04}-{month % 12 + 1:02}"


def _runs(points: Sequence[Point]) -> list[list[tuple[int, Point]]]:
    """Stretches of neighbouring points that are all shown, with their places."""
    runs: list[list[tuple[int, Point]]] = [[]]
    for place, point in enumerate(points):
        if point.value is None:
            runs.append([])
        else:
            runs[-1].append((place, point))
    return [run for run in runs if run]


def _xy(place: int, value: int, top: int, count: int) -> str:
    return f"{WIDTH * place / max(count - 1, 1):.1f} {HEIGHT - HEIGHT * value / top:.1f}"


def _path(run: Sequence[tuple[int, Point]], top: int, count: int) -> str:
    return "M" + "L".join(_xy(place, point.value or 0, top, count) for place, point in run)


def _band(run: Sequence[tuple[int, Point]], top: int, count: int) -> str:
    upper = [_xy(place, point.high or point.value or 0, top, count) for place, point in run]
    lower = [_xy(place, point.low or 0, top, count) for place, point in reversed(run)]
    return "M" + "L".join([*upper, *lower]) + "Z"


def _is_uncertain(run: Sequence[tuple[int, Point]]) -> bool:
    return any(point.low != point.high for _, point in run)


def _across(points: Sequence[Point]) -> list[Tick]:
    """Marks under the line: the first month of each year, or a few of the periods where that is too few."""
    places = [place for place, point in enumerate(points) if point.period.endswith("-01")]
    by_year = len(places) > 1
    if not by_year:
        places = list(range(len(points)))
    step = -(-len(places) // 5)
    return [
        Tick(
            points[place].period[:4] if by_year else when(points[place].period),
            round(1000 * place / (len(points) - 1)),
        )
        for place in places[::step]
    ]
