"""The questions that the survey suggests where a person has written none.

For the whole case its people; for each table its records and its people (or the vehicles, telephones … that
are counted in their stead); then each of its categories, yes/no columns, nationalities, sexes and months, the
ages of its people and its minors. Tables of events and of companies are broken down by records, but by people
where it is about the person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sousveil.findings.ids import slug
from sousveil.findings.model import Question
from sousveil.findings.questions import WHOLE_CASE
from sousveil.findings.recodes import BANDS
from sousveil.findings.scope import NOTHING, Scope, Usable, about_people
from sousveil.findings.syntax import plain
from sousveil.findings.where import is_groupable

CELLS = range(2, 61)
"""How many different labels a category must have to be suggested: one says nothing, many are a register."""
COUNTRIES = range(2, 300)
"""The same for nationalities, of which there are some 250."""
MAX_COLUMNS = 24
"""The most categories suggested of one table; a person can ask for the others."""
MONTHS = range(2, 241)
"""How many months may be suggested of one table."""

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
    where: str = ""

    def question(self, number: int = 1) -> Question:
        suffix = f"-{number}" if number > 1 else ""
        by = (self.by,) if self.by else ()
        return Question(self.id + suffix, self.title, self.count, self.table, self.where, by)


def suggested(
    scopes: Mapping[str, Scope], on: dt.date, has_people: Callable[[Scope], bool], cells: CellCount
) -> list[Question]:
    """The suggested questions over these tables, in the order of the tables; ages are those on the day `on`.

    `has_people` says of a table whether it tells most of its people apart. The people of the whole case are
    asked for only where some table tells any apart: a refusal would speak of few people, not of none known.
    """
    everybody = _Draft("people", "People in the whole case", "people", WHOLE_CASE)
    drafts = [everybody] if about_people(scopes) else []
    for scope in scopes.values():
        if scope.table.records:
            drafts.extend(_of_table(scope, on, has_people(scope), cells))
    return _unique(drafts)


def _of_table(scope: Scope, on: dt.date, has_people: bool, cells: CellCount) -> Iterator[_Draft]:
    stem = slug(scope.name) or f"table-{scope.table.tid}"
    yield _Draft(f"{stem}-records", f"Records in {scope.name}", "records", scope.name)
    if scope.unit != NOTHING:
        unit = scope.unit[:1].upper() + scope.unit[1:]
        yield _Draft(f"{stem}-{slug(scope.unit)}", f"{unit} in {scope.name}", "people", scope.name)
    if scope.event_date:
        month = f"month({plain(scope.event_date.name)})"
        title = f"Records in {scope.name}, by month"
        draft = _Draft(f"{stem}-records-by-month", title, "records", scope.name, month)
        if cells(draft.question()) in MONTHS:
            yield draft
    found = 0
    for column in scope.columns.values():
        by_column = _by_column(scope, stem, column, on, has_people) if column.kept else None
        enough = COUNTRIES if column.kind == "nationality" else CELLS
        if not by_column or found >= MAX_COLUMNS or cells(by_column.question()) not in enough:
            continue
        found += column.kind not in ("birth", "sex", "nationality")
        yield by_column
        if column.kind == "birth":
            yield _minors(scope, stem, by_column.by, on)


def _by_column(scope: Scope, stem: str, column: Usable, on: dt.date, has_people: bool) -> _Draft | None:
    of_things = scope.kind == "event" or any(other.type == "cn_uscc" for other in scope.columns.values())
    about_people = has_people and (not of_things or column.kind in ("sex", "nationality", "birth"))
    unit = "people" if about_people else "records"
    of = f"{unit.capitalize()} in {scope.name}, by"
    which = f" ({_called(column)})" if _has_rivals(scope, column) else ""
    if column.type == "birth_date" and column.kind == "birth":
        by = f"age_band({plain(column.name)}, on = '{on.isoformat()}')"
        title = f"{of} age on {_day(on)}{which}"
        return _Draft(f"{stem}-people-by-age", title, unit, scope.name, by) if has_people else None
    if not is_groupable(column.name):
        return None
    if column.kind in ("sex", "nationality"):
        title = f"{of} {column.kind}{which}"
        return _Draft(f"{stem}-{unit}-by-{column.kind}", title, unit, scope.name, column.name)
    if column.kind and column.type in ("category", "boolean"):
        part = slug(column.name) or f"column-{column.sql[1:]}"
        return _Draft(f"{stem}-{unit}-by-{part}", f"{of} {_called(column)}", unit, scope.name, column.name)
    return None


def _minors(scope: Scope, stem: str, age: str, on: dt.date) -> _Draft:
    title = f"Minors in {scope.name}, under 18 on {_day(on)}"
    return _Draft(f"{stem}-minors", title, "people", scope.name, "", f"{age} = '{BANDS[0]}'")


def _has_rivals(scope: Scope, column: Usable) -> bool:
    """Whether a table has several columns of a kind of which most have one."""
    return sum(other.type == column.type for other in scope.columns.values()) > 1


def _called(column: Usable) -> str:
    """A column's name, and what the dump says of it."""
    return f"{column.name} ({column.hint})" if column.hint else column.name


def _day(on: dt.date) -> str:
    return f"{on.day} {on:%B %Y}"


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
