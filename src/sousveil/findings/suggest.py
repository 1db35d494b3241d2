"""The questions that the survey suggests where a person has written none.

For the whole case its people; for each table its records and its people; then each of its categories, yes/no
columns, nationalities, sexes and months, and the ages of its people (the minors are the first band). Tables
of events and of companies are broken down by records, but by people where it is about the person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sousveil.findings.ids import slug
from sousveil.findings.model import Question
from sousveil.findings.questions import WHOLE_CASE
from sousveil.findings.scope import Scope, Usable
from sousveil.findings.syntax import plain

CELLS = range(2, 61)
"""How many different labels a column must have to be suggested: one says nothing, and many are a register."""
MAX_COLUMNS = 12
"""The most categories suggested of one table; a person can ask for the others."""
LONGEST_MONTHS = 240
"""The most months suggested of one table."""

CellCount = Callable[[Question], int]
"""How many cells a question's answer would have."""


@dataclass(frozen=True)
class _Draft:
    """A question before it has an id that no other has."""

    id: str
    title: str
    count: str
    table: str
    by: str = ""

    def question(self, number: int = 1) -> Question:
        suffix = f"-{number}" if number > 1 else ""
        by = (self.by,) if self.by else ()
        return Question(self.id + suffix, self.title, self.count, self.table, "", by)


def suggested(
    scopes: Mapping[str, Scope], on: dt.date, has_people: Callable[[Scope], bool], cells: CellCount
) -> list[Question]:
    """The suggested questions over these tables, in the order of the tables; ages are those on the day `on`.

    `has_people` says of a table whether it tells its people apart.
    """
    drafts = [_Draft("people", "People in the whole case", "people", WHOLE_CASE)]
    for scope in scopes.values():
        if scope.table.records:
            drafts.extend(_of_table(scope, on, has_people(scope), cells))
    return _unique(drafts)


def _of_table(scope: Scope, on: dt.date, has_people: bool, cells: CellCount) -> Iterable[_Draft]:
    stem = slug(scope.name) or f"table-{scope.table.tid}"
    yield _Draft(f"{stem}-records", f"Records in {scope.name}", "records", scope.name)
    if has_people:
        yield _Draft(f"{stem}-people", f"People in {scope.name}", "people", scope.name)
    if scope.event_date:
        month = f"month({plain(scope.event_date.name)})"
        title = f"Records in {scope.name}, by month"
        draft = _Draft(f"{stem}-records-by-month", title, "records", scope.name, month)
        if cells(draft.question()) in range(2, LONGEST_MONTHS + 1):
            yield draft
    found = 0
    for column in scope.columns.values():
        by_column = _by_column(scope, stem, column, on, has_people) if column.kept else None
        if by_column and found < MAX_COLUMNS and cells(by_column.question()) in CELLS:
            found += 1
            yield by_column


def _by_column(scope: Scope, stem: str, column: Usable, on: dt.date, has_people: bool) -> _Draft | None:
    part = slug(column.name) or f"column-{column.sql[1:]}"
    of_things = scope.kind == "event" or any(other.type == "cn_uscc" for other in scope.columns.values())
    about_people = has_people and (not of_things or column.kind in ("sex", "nationality", "birth"))
    unit = "people" if about_people else "records"
    of = f"{unit.capitalize()} in {scope.name}, by"
    if column.kind == "birth":
        if not has_people:
            return None
        by = f"age_band({plain(column.name)}, on = '{on.isoformat()}')"
        title = f"{of} age on {on.day} {on:%B %Y}"
        return _Draft(f"{stem}-people-by-age", title, unit, scope.name, by)
    if column.kind in ("sex", "nationality"):
        others = [other for other in scope.columns.values() if other.kind == column.kind]
        which = f" ({column.name})" if len(others) > 1 else ""
        return _Draft(
            f"{stem}-{unit}-by-{column.kind}", f"{of} {column.kind}{which}", unit, scope.name, column.name
        )
    if column.kind and column.type in ("category", "boolean"):
        return _Draft(f"{stem}-{unit}-by-{part}", f"{of} {column.name}", unit, scope.name, column.name)
    return None


def _unique(drafts: Iterable[_Draft]) -> list[Question]:
    seen: dict[str, int] = {}
    questions = []
    taken: set[str] = set()
    for draft in drafts:
        number = seen.get(draft.id, 0) + 1
        while (question := draft.question(number)).id in taken:
            number += 1
        seen[draft.id] = number
        taken.add(question.id)
        questions.append(question)
    return questions
