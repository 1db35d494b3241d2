"""The one door: exact tables in, released findings out, and remembered."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sousveil.case import Case
from sousveil.findings.model import ExactTable, Populations, Question
from sousveil.gate import show
from sousveil.gate.changes import Changes
from sousveil.gate.company import tells_of_few
from sousveil.gate.differences import Asked, Differences, ages
from sousveil.gate.editions import judged
from sousveil.gate.harm import is_alike
from sousveil.gate.memory import Figures, Memory, Released
from sousveil.gate.protect import protected
from sousveil.gate.refusal import Refusal
from sousveil.gate.sheet import Labels, Sheet
from sousveil.gate.sheet import sheet as sheet_of
from sousveil.gate.threshold import bounds, is_small

WHOLE_CASE = "*"


@dataclass
class _Answer:
    """What becomes of one table on its way through the gate."""

    sheet: Sheet
    refusal: Refusal | None = None
    total: Figures | None = None
    cells: dict[Labels, Figures] = field(default_factory=dict)
    earlier: Released | None = None
    """The release whose numbers are repeated."""
    weighed: bool = False
    """Refused together with others, so that it must be remembered."""

    @property
    def open(self) -> bool:
        """Whether it is still to be decided."""
        return self.refusal is None and self.earlier is None


def release(
    case: Case, tables: Sequence[ExactTable], populations: Populations, *, remember: bool = True
) -> dict[str, Any]:
    """Release what may be released of these tables, remember it in `CASE/releases/`, and return it.

    Without `remember` it only says what it would release: nothing of that may be shown to anybody.

    Returns the contract's `findings` shape, in the order of the tables; a refused one has no cells and the
    member `refused`. The same tables again give the same findings and no new release. Raises
    `IntegrityError` where the releases of the case don't verify, `DiskFull`.
    """
    memory = Memory(case)
    k = case.policy.threshold
    answers = [_Answer(sheet_of(table)) for table in tables]
    for answer in answers:
        answer.refusal = _by_itself(answer.sheet, k)
    differences = Differences(populations, k)
    for _, group in itertools.groupby(sorted(answers, key=_order), key=_order):
        _decide(list(group), memory, answers, differences, k)
    if remember:
        _remember(memory, answers, populations)
    policy = {"threshold": k, "regime": case.policy.regime}
    return {"findings": [_shown(answer, policy) for answer in answers]}


def _on_todays_data(one: Released, changes: Changes) -> Released:
    """What was released, to be judged together with tables of today's data: the same question on it."""
    if one.exact is None or not changes.has_changed(one.edition):
        return one
    table = changes.populations.again(one.question)
    return replace(one, exact=sheet_of(table)) if table else one


def _source(answer: _Answer) -> str:
    return answer.sheet.table.question.table


def _order(answer: _Answer) -> tuple[bool, str]:
    """By table of the dump; the whole case last, since it is what gives way."""
    return _source(answer) == WHOLE_CASE, _source(answer)


def _by_itself(one: Sheet, k: int) -> Refusal | None:
    """What can be said of a table alone: too few people, or too much alike."""
    if is_small(one.table.total, k):
        return Refusal("SMALL")
    return Refusal("SAME") if is_alike(one.table, k) else None


def _decide(
    answers: list[_Answer], memory: Memory, every: Sequence[_Answer], differences: Differences, k: int
) -> None:
    """Decide on all tables about one table of the dump."""
    source = _source(answers[0])
    before = [one for one in memory.released if one.question.table == source]
    known = [Asked(one.base, one.question) for one in before]
    _compare_with_the_rest(answers, memory, every, differences)
    _compare_populations(answers, known, before, differences)
    changes = Changes(differences.populations, source, memory.editions(source), k)
    before = [_on_todays_data(one, changes) for one in before]
    for answer in answers:
        if answer.open:
            again = judged(answer.sheet, before, k)
            answer.earlier = again.same
            answer.refusal = again.refusal or (None if again.same else changes.refusal(answer.sheet))
            answer.sheet = again.bound or answer.sheet
            if again.same:
                answer.sheet = answer.sheet.limited(frozenset(again.same.cells), released=True)
    _recall(answers, memory)
    if any(answer.open for answer in answers):
        _protect(answers, before, differences, k)
    for answer in answers:
        if answer.earlier:
            answer.total, answer.cells = answer.earlier.total, answer.earlier.cells


def _compare_with_the_rest(
    answers: list[_Answer], memory: Memory, every: Sequence[_Answer], differences: Differences
) -> None:
    """Refuse numbers of people that tell of few beside those of other tables and of the whole case."""
    if len(differences.populations.parts()) < 2:
        return  # the whole case is one table, as everybody knows
    decided = [one.sheet for one in every if one.refusal is None and _order(one) < _order(answers[0])]
    known = {one.base: one.question for one in memory.released if one.question.count == "people"}
    known |= {one.base: one.table.question for one in decided if one.table.question.count == "people"}
    for answer in answers:
        question = answer.sheet.table.question
        if not answer.open or question.count != "people" or answer.sheet.base in known:
            continue
        answer.refusal = _beside(Asked(answer.sheet.base, question), known, differences)
        if answer.refusal is None:
            known[answer.sheet.base] = question


def _beside(new: Asked, known: Mapping[str, Question], differences: Differences) -> Refusal | None:
    """Why a number of people can't stand beside those of other tables and of the whole case."""
    is_whole = new.question.table == WHOLE_CASE
    others = sorted(
        (one for one in known.values() if one.table != WHOLE_CASE), key=lambda one: one.where != ""
    )
    whole = [Asked(base, one) for base, one in known.items() if one.table == WHOLE_CASE]
    subset = [Asked(base, one) for base, one in known.items()] if is_whole else whole
    refusal = differences.pairs(new, subset)
    asked = None if is_whole else new.question
    if refusal is None and tells_of_few(
        differences.populations, others, asked, is_whole or bool(whole), differences.k
    ):
        against = [
            *(one.question for one in whole),
            *(one for one in others if one.table != new.question.table),
        ]
        return Refusal("DIFF", against[0].id if against else "")
    return refusal


def _recall(answers: list[_Answer], memory: Memory) -> None:
    """Repeat what was refused for the company it was asked in, unless there is new company."""
    codes = [memory.refusal(answer.sheet) if answer.open else "" for answer in answers]
    if any(answer.open and not code for answer, code in zip(answers, codes, strict=True)):
        return
    for answer, code in zip(answers, codes, strict=True):
        if code:
            answer.refusal = Refusal(code)


def _compare_populations(
    answers: list[_Answer], known: list[Asked], before: Sequence[Released], differences: Differences
) -> None:
    """Refuse populations that are too nearly those of earlier questions; name equal ones by one name."""
    tables = [one.exact for one in before if one.exact]
    for answer in answers:
        if not answer.open:
            continue
        asked = Asked(answer.sheet.base, answer.sheet.table.question)
        if not any(one.base == asked.base and one.unit == asked.unit for one in known):
            base = differences.same_population(asked, known)
            if base != asked.base:
                answer.sheet = replace(answer.sheet, base=base)
                asked = Asked(base, asked.question)
            answer.refusal = differences.refusal(asked, known)
        pairs = [*((asked, one) for one in tables), *((one, answer.sheet) for one in known)]
        found = (differences.beside_labels(total, one) for total, one in pairs)
        answer.refusal = (
            answer.refusal or ages(answer.sheet, tables) or next((no for no in found if no), None)
        )
        if answer.refusal is None:
            known.append(asked)
            tables.append(answer.sheet)


def _protect(answers: list[_Answer], before: Sequence[Released], differences: Differences, k: int) -> None:
    """Protect the open tables together with all that was released; refuse what can't be protected."""
    going = [answer for answer in answers if answer.refusal is None]
    sheets = [answer.sheet for answer in going]
    for one in before:
        if any(one.key == sheet.key or (one.base == sheet.base and not one.refs) for sheet in sheets):
            continue
        if one.exact is None:
            # The vault was lost since, and with it what was hidden then.
            for answer in going:
                if answer.open:
                    answer.refusal = Refusal("UNPROVEN", one.question.id)
            return
        if _same_data(one.exact, sheets):
            sheets.append(replace(one.exact, base=one.base).limited(frozenset(one.cells), released=True))
    counts = functools.partial(differences.populations.joint, _source(answers[0]))
    made = protected(sheets, counts, k)
    for answer, shown in zip(going, made, strict=False):
        if answer.open:
            _settle(answer, shown, k)


def _same_data(earlier: Sheet, sheets: Sequence[Sheet]) -> bool:
    """Whether an earlier table counts the same records as the present ones of its population."""
    totals = {(one.table.total.records, one.table.total.people) for one in sheets if one.base == earlier.base}
    return totals <= {(earlier.table.total.records, earlier.table.total.people)}


def _settle(answer: _Answer, shown: frozenset[Labels] | str, k: int) -> None:
    """Take what may be shown into an answer, or refuse it."""
    one = answer.sheet
    if isinstance(shown, str):
        answer.refusal, answer.weighed = Refusal(shown), True
    elif one.shown is not None and shown != one.shown:
        answer.refusal, answer.weighed = Refusal("UNPROVEN"), True
    else:
        unit = one.table.question.count
        answer.total = (one.table.total.value, *bounds(one.table.total, unit, k))
        answer.cells = {
            labels: (cell.value, *bounds(cell, unit, k))
            for labels, cell in one.cells.items()
            if labels in shown
        }


def _remember(memory: Memory, answers: Sequence[_Answer], populations: Populations) -> None:
    new: dict[Any, tuple[Sheet, Figures, dict[Labels, Figures]]] = {}
    for answer in answers:
        if answer.open and answer.total:
            new.setdefault(answer.sheet.key, (answer.sheet, answer.total, answer.cells))
    refused = {
        answer.sheet.key: (answer.sheet, answer.refusal.code)
        for answer in answers
        if answer.weighed and answer.refusal
    }
    memory.remember(list(new.values()), list(refused.values()), populations)


def _shown(answer: _Answer, policy: dict[str, Any]) -> dict[str, Any]:
    table = answer.sheet.table
    if answer.refusal:
        return show.refused(table, answer.refusal, policy)
    back = {labels: cell.keys for labels, cell in answer.sheet.cells.items()}
    cells = {back[labels]: figures for labels, figures in answer.cells.items()}
    listed = set(show.listing(table.question.by, cells))
    complete = all(cell.keys in listed for cell in table.cells)
    return show.finding(table, answer.total, cells, complete, policy)
