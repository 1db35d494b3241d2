"""New populations held against each other, against earlier ones, and against those of other tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sousveil.findings.model import Question
from sousveil.gate.answer import WHOLE_CASE, Answer
from sousveil.gate.harm import is_alike
from sousveil.gate.memory import Memory
from sousveil.gate.refusal import Refusal
from sousveil.gate.released import Released
from sousveil.gate.sheet import Labels, Sheet
from sousveil.gate.totals.across import Printed
from sousveil.gate.totals.company import Company
from sousveil.gate.totals.differences import Asked, Differences, ages


def compare_with_the_rest(answers: Sequence[Answer], company: Company) -> None:
    """Refuse numbers of people that tell of few beside those of other tables and of the whole case."""
    if len(company.populations.parts()) < 2:
        return  # the whole case is one table, as everybody knows
    passed: list[Question] = []
    for answer in answers:
        question = answer.sheet.table.question
        if answer.open and company.is_new(question, passed):
            code = company.refusal([*passed, question])
            answer.refusal = Refusal(code, _against(question, company.printed)) if code else None
            if answer.open and not is_alike(answer.sheet.table, company.k):
                passed.append(question)


def _against(new: Question, known: Iterable[Question]) -> str:
    """The finding that a number of people does not go with: the whole case's, or one of another table."""
    others = [one for one in known if one.table != new.table]
    return min(others, key=lambda one: (one.table != WHOLE_CASE, one.where != "")).id if others else ""


def compare_populations(
    answers: list[Answer], known: list[Asked], before: Sequence[Released], differences: Differences
) -> None:
    """Refuse populations that are too nearly those of earlier questions; name equal ones by one name.

    What harms a group is refused for that later on (`together`): nothing has to stand back for it.
    """
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
        if answer.refusal is None and not is_alike(answer.sheet.table, differences.k):
            known.append(asked)
            tables.append(answer.sheet)


def compare_cells(answers: Sequence[Answer], memory: Memory, company: Company) -> None:
    """Refuse tables whose cells tell of few beside the cells and totals of other tables of the dump."""
    if len(company.populations.parts()) < 2:
        return
    new = [answer for answer in answers if answer.open and company.takes_part(answer.sheet.table.question)]
    asked = [Printed(answer.sheet.table.question, _shown(answer.sheet, answer.cells), True) for answer in new]
    asked += [
        Printed(one.question, _shown(one.exact, one.cells), False)
        for one in memory.released
        if one.exact and company.takes_part(one.question)
    ]
    for place, against in company.across(asked).items():
        answer = new[place]
        answer.refusal, answer.weighed = Refusal("DIFF", asked[against].question.id), True
        answer.total, answer.cells = None, {}


def _shown(one: Sheet, cells: Iterable[Labels]) -> frozenset[Labels]:
    """The labels of shown cells in the order of `by`, those that there still are."""
    return frozenset(one.cells[labels].keys for labels in cells if labels in one.cells)
