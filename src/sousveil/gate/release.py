"""The one door: exact tables in, released findings out, and remembered."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sousveil.case import Case
from sousveil.findings.model import ExactTable, Populations, Question
from sousveil.gate import show
from sousveil.gate.answer import Answer, order_of, source_of
from sousveil.gate.certificate.prints import certified
from sousveil.gate.editions.changes import Changes
from sousveil.gate.editions.repeated import judged
from sousveil.gate.editions.standing import superseded
from sousveil.gate.effort import DRY, Effort, Work
from sousveil.gate.harm import is_alike, is_one_label
from sousveil.gate.memory import Memory
from sousveil.gate.protection.system import UNITS
from sousveil.gate.refusal import Refusal
from sousveil.gate.released import Released
from sousveil.gate.sheet import Figures, Labels, Sheet
from sousveil.gate.sheet import sheet as sheet_of
from sousveil.gate.threshold import bounds, is_small
from sousveil.gate.together import protect
from sousveil.gate.totals.company import Company
from sousveil.gate.totals.compare import compare_cells, compare_populations, compare_with_the_rest
from sousveil.gate.totals.differences import Asked, Differences
from sousveil.gate.totals.told import told
from sousveil.progress import Progress


def release(
    case: Case,
    tables: Sequence[ExactTable],
    populations: Populations,
    *,
    known: Sequence[Question] = (),
    remember: bool = True,
    work: Work | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Release what may be released of these tables, remember it in `CASE/releases/`, and return it.

    `known` are totals that readers have from elsewhere; they are remembered, too. Without `remember` it only
    says what it would release: nothing of that may be shown to anybody. `work` bounds that, and `TooLong` is
    raised beyond it. `progress` hears what is done.

    Returns the contract's `findings` shape, in the order of the tables; a refused one has no cells and the
    member `refused`; `earlier` names what was released before and does not stand as it was. The same tables
    again give the same findings and no new release. Raises `IntegrityError` where the releases of the case
    don't verify, `DiskFull`.
    """
    memory = Memory(case)
    k = case.policy.threshold
    answers = [Answer(sheet_of(table)) for table in tables]
    for answer in answers:
        answer.refusal = Refusal("SMALL") if is_small(answer.sheet.table.total, k) else None
    differences = Differences(populations, k)
    outside = _outside(memory, known, populations)
    company = _company(memory, outside, answers, differences)
    effort = _effort(remember, work, progress)
    for _, group in itertools.groupby(sorted(answers, key=order_of), key=order_of):
        _decide(list(group), memory, company, differences, outside, effort)
    compare_cells(answers, memory, company)
    policy = {"threshold": k, "regime": case.policy.regime}
    findings = [_shown(answer, policy) for answer in answers]
    if remember:
        certificate = certified(case, memory, findings, tables, effort.told)
        while any(_take_back(answers[place]) for place in sorted(certificate.refused, reverse=True)):
            findings = [_shown(answer, policy) for answer in answers]
            certificate = certified(case, memory, findings, tables, effort.told)
        certificate.keep(case)
        new = [one for one in known if _said(one) not in map(_said, memory.known)]
        _remember(memory, answers, populations, new, certificate.sha256)
    return {"findings": findings, "earlier": superseded(memory.released, answers)}


def _take_back(answer: Answer) -> bool:
    """Refuse what no certificate can carry, unless it was released before."""
    if answer.open:
        answer.refusal, answer.weighed, answer.total, answer.cells = Refusal("UNPROVEN"), True, None, {}
        return True
    return False


def _effort(remember: bool, work: Work | None, progress: Progress | None) -> Effort:
    """How hard to try: less for what is only tried; progress hears of it."""
    bounds_of = Effort() if remember else replace(DRY, work=work)
    return replace(bounds_of, told=lambda what: progress.at(what, 0)) if progress else bounds_of


def _outside(memory: Memory, known: Sequence[Question], populations: Populations) -> list[Sheet]:
    """What readers know from elsewhere, as totals of today's data.

    The dump's own number is taken for known, whatever was published elsewhere: who knows less learns less.
    What can't be asked any more is left out.
    """
    distinct = {_said(one): one for one in (*memory.known, *known)}
    tables = map(populations.again, distinct.values())
    return [sheet_of(table).limited(frozenset(), released=True) for table in tables if table]


def _said(question: Question) -> tuple[str, str, str]:
    """What makes two known totals the same."""
    return question.count, question.table, question.where


def _on_todays_data(one: Released, changes: Changes) -> Released:
    """What was released, to be judged together with tables of today's data: the same question on it."""
    if one.exact is None or not changes.has_changed(one.edition):
        return one
    table = changes.populations.again(one.question)
    return replace(one, exact=sheet_of(table)) if table else one


def _decide(
    answers: list[Answer],
    memory: Memory,
    company: Company,
    differences: Differences,
    outside: Sequence[Sheet],
    effort: Effort,
) -> None:
    """Decide on all tables about one table of the dump."""
    source = source_of(answers[0])
    before = [one for one in memory.released if one.question.table == source]
    gone = next((one for one in before if not differences.populations.fits(one.question)), None)
    if gone:
        _repeat_only(answers, before, gone, differences.k)
    else:
        compare_with_the_rest(answers, company)
        _weigh(answers, memory, before, outside, differences, effort)
    for answer in answers:
        if answer.earlier:
            answer.total, answer.cells = answer.earlier.total, answer.earlier.cells
    _show_told(answers, differences.k)
    company.learn(answer.sheet.table.question for answer in answers if answer.refusal is None)


def _company(
    memory: Memory, outside: Sequence[Sheet], answers: Sequence[Answer], differences: Differences
) -> Company:
    """All numbers of people that may be held against each other, and those that readers have."""
    printed = [*(one.question for one in memory.released), *(one.table.question for one in outside)]
    asked = [answer.sheet.table.question for answer in answers if answer.open]
    company = Company(differences.populations, differences.k, [*printed, *asked])
    company.learn(printed)
    return company


def _repeat_only(answers: list[Answer], before: Sequence[Released], gone: Released, k: int) -> None:
    """Where nobody can say any more whom an earlier finding was about, only what was released stands."""
    for answer in answers:
        if answer.open:
            answer.earlier = None if is_alike(answer.sheet.table, k) else judged(answer.sheet, before, k).same
            answer.refusal = None if answer.earlier else Refusal("UNPROVEN", gone.question.id)


def _weigh(
    answers: list[Answer],
    memory: Memory,
    before: Sequence[Released],
    outside: Sequence[Sheet],
    differences: Differences,
    effort: Effort,
) -> None:
    """Decide on the open tables about one table of the dump by all that is known of it."""
    source, k = source_of(answers[0]), differences.k
    beside = [one for one in outside if one.table.question.table == source]
    known = [Asked(one.base, one.question) for one in before]
    known += [Asked(one.base, one.table.question) for one in beside]
    compare_populations(answers, known, before, differences)
    changes = Changes(differences.populations, source, memory.editions(source), k)
    before = [_on_todays_data(one, changes) for one in before]
    for answer in answers:
        if answer.open:
            again = judged(answer.sheet, before, k)
            answer.earlier = again.same
            if again.same is None:
                answer.refusal, going = changes.decided(answer.sheet, again, before)
                answer.sheet = going or answer.sheet
            elif is_alike(answer.sheet.table, k):
                answer.earlier, answer.refusal = None, Refusal("SAME")
            else:
                answer.sheet = answer.sheet.limited(frozenset(again.same.cells), released=True)
    _recall(answers, memory)
    if any(answer.open for answer in answers):
        protect(answers, before, beside, differences, effort)


def _show_told(answers: Sequence[Answer], k: int) -> None:
    """Show the cells that are known from totals in the same unit all the same."""
    for unit in UNITS:
        of_unit = [one for one in answers if one.total and one.sheet.table.question.count == unit]
        totals = {one.sheet.base for one in of_unit}
        for answer in of_unit:
            one = answer.sheet
            for labels in told(one, totals) if one.refs and answer.open else ():
                if not is_small(one.cells[labels], k):
                    cell = one.cells[labels]
                    answer.cells[labels] = (cell.value, *bounds(cell, unit, k))


def _recall(answers: list[Answer], memory: Memory) -> None:
    """Repeat what was refused for the company it was asked in, unless there is new company."""
    codes = [_remembered(answer, memory) if answer.open else "" for answer in answers]
    if any(answer.open and not code for answer, code in zip(answers, codes, strict=True)):
        return
    for answer, code in zip(answers, codes, strict=True):
        if code:
            answer.refusal = Refusal(code)


def _remembered(answer: Answer, memory: Memory) -> str:
    """The code by which it was refused; empty where somebody has signed for it since, too."""
    code, table, k = memory.refusal(answer.sheet), answer.sheet.table, memory.case.policy.threshold
    return "" if code == "SAME" and not (is_alike(table, k) or is_one_label(table, k)) else code


def _remember(
    memory: Memory,
    answers: Sequence[Answer],
    populations: Populations,
    known: Sequence[Question],
    certificate: str,
) -> None:
    new: dict[Any, tuple[Sheet, Figures, dict[Labels, Figures]]] = {}
    for answer in answers:
        if answer.open and answer.total:
            new.setdefault(answer.sheet.key, (answer.sheet, answer.total, answer.cells))
    refused = {
        answer.sheet.key: (answer.sheet, answer.refusal.code)
        for answer in answers
        if answer.weighed and answer.refusal
    }
    memory.remember(list(new.values()), list(refused.values()), populations, known, certificate)


def _shown(answer: Answer, policy: dict[str, Any]) -> dict[str, Any]:
    table = answer.sheet.table
    if answer.refusal:
        return show.refused(table, answer.refusal, policy)
    back = {labels: cell.keys for labels, cell in answer.sheet.cells.items()}
    cells = {back[labels]: figures for labels, figures in answer.cells.items()}
    return show.finding(table, answer.total, cells, not show.is_open(table, cells), policy)
