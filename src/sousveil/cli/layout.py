"""Tables and paragraphs on a terminal or in a pipe: as wide as it is, Chinese characters two cells wide."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from rich.console import Console

WIDTH_IN_A_PIPE = 140


def table(headers: Sequence[str], rows: Iterable[Sequence[Any]], right: Sequence[int] = ()) -> None:
    """Print a table; columns whose places stand in `right` are aligned to the right, and never broken."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for place, header in enumerate(headers):
        figures = place in right
        justify: Literal["left", "right"] = "right" if figures else "left"
        drawn.add_column(Text(header), justify=justify, no_wrap=figures, overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(cell(value)) for value in row))
    _console().print(drawn)


def paragraph(words: str) -> None:
    """Print a sentence or two, broken at the width of the terminal, with an empty line before."""
    from rich.text import Text

    _console().print(Text(f"\n{words}"))


def indented(words: str, by: int) -> None:
    """Print words broken at the width of the terminal, each line `by` cells in."""
    from rich.padding import Padding
    from rich.text import Text

    _console().print(Padding(Text(words), (0, 0, 0, by), expand=False))


def cell(value: Any) -> str:
    """A value as it stands in a table."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.3f}"
    return str(value)


def _console() -> Console:
    from rich.console import Console

    width = None if sys.stdout.isatty() else WIDTH_IN_A_PIPE
    return Console(file=sys.stdout, width=width, highlight=False)
