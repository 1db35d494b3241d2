"""The records behind one published cell: for a sample of a few, never to look for any."""

from __future__ import annotations

import datetime as dt
import functools
import operator
from collections.abc import Mapping
from typing import Any

from sousveil.case import Case
from sousveil.count.cells import NOT_PEOPLE
from sousveil.errors import UnsealRefused
from sousveil.findings.bases import bases, sql
from sousveil.findings.labels import label
from sousveil.findings.model import Question
from sousveil.findings.questions import Asked, checked
from sousveil.findings.scope import scopes_of
from sousveil.findings.tabulate import Tabulation, key
from sousveil.findings.where import kind
from sousveil.vault import Table


def records_of(
    case: Case, finding: Mapping[str, Any], cell: Mapping[str, Any]
) -> tuple[Table, list[int], int]:
    """The table of a published cell, the numbers of its records ascending, and how many people they are of.

    Raises `UnsealRefused` for a finding about the whole case, which has no records of its own.
    """
    scopes = scopes_of(case)
    question = finding["provenance"]["question"]
    asked = checked(
        scopes,
        Question(
            finding["id"],
            finding["title"],
            question["count"],
            question["table"],
            question["where"],
            tuple(question["by"]),
        ),
    )
    if asked.scope is None:
        raise UnsealRefused("a finding about the whole case has no records of its own to sample")
    until = finding["provenance"]["cut_off"]
    with bases(case, dt.date.fromisoformat(until) if until else None) as made:
        rows = _in_cell(Tabulation(made, scopes), asked, [cell["keys"][name] for name in finding["by"]])
        found = case.vault.engine.rows(sql(rows.select("_row", "person").order_by("_row")))
    people = {person for _, person in found if person is not None and person < NOT_PEOPLE}
    return asked.scope.table, [int(row) for row, _ in found], len(people)


def _in_cell(tabulation: Tabulation, asked: Asked, labels: list[str]) -> Any:
    """The records whose keys have these labels, as an Ibis table."""
    rows = tabulation.rows(asked)
    if not asked.by or asked.scope is None:
        return rows
    keys = {f"k{place}": key(ref, asked.scope, rows) for place, ref in enumerate(asked.by)}
    keyed = rows.select("_row", "person", **keys)
    kinds = [kind(ref, asked.scope) for ref in asked.by]
    groups = tabulation.bases.case.vault.engine.rows(sql(keyed.select(*keys).distinct()))
    same = [
        group
        for group in groups
        if [label(k, value) for k, value in zip(kinds, group, strict=True)] == labels
    ]
    chosen = [
        functools.reduce(
            operator.and_, [_is(keyed[name], value) for name, value in zip(keys, group, strict=True)]
        )
        for group in same
    ]
    return keyed.filter(functools.reduce(operator.or_, chosen)) if chosen else keyed.limit(0)


def _is(column: Any, value: Any) -> Any:
    return column.isnull() if value is None else column == value
