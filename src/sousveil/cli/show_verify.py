"""How `verify` reads on a terminal: what speaks against the dump first, each reading with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from sousveil.cli.layout import cell, indented, paragraph

_ORDER = ("inconsistent", "inconclusive", "consistent")


def verified(document: dict[str, Any]) -> None:
    """Print the contract's `verify` shape: by reading, each test with what was observed and expected."""
    tests = document["tests"]
    if not tests:
        paragraph("There is nothing in this dump that could be tested.")
        return
    for reading in _ORDER:
        some = [test for test in tests if test["reading"] == reading]
        if some:
            click.echo(f"\n{reading.upper()}: {len(some)}")
        told: set[str] = set()
        for test in some:
            _one(test, why=reading != "consistent" and test["id"] not in told)
            told.add(test["id"])
    paragraph("Each reading has its reason in --json and in the report. No reading proves a dump genuine.")


def _one(test: Mapping[str, Any], *, why: bool) -> None:
    """One test: its name and place, its figure beside the expected one, and the reason unless it was told."""
    columns = f": {', '.join(test['columns'])}" if test["columns"] else ""
    click.echo()
    indented(f"{test['id']} in {test['table']}{columns}", 2)
    found = "" if test["observed"] is None else f"observed {cell(test['observed'])}, "
    indented(f"{found}expected {test['expected']}", 4)
    if why:
        indented(test["why"], 4)
