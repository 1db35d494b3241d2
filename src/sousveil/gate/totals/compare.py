"""New populations held against each other, against earlier ones, and against those of other tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sousveil.findings.model import Question
from sousveil.gate.answer import WHOLE_CASE, Answer, order_of
from sousveil.gate.harm import is_alike
from sousveil.gate.memory import Memory
from sousveil.gate.refusal import Refusal
from sousveil.gate.released import Released
from sousveil.gate.sheet import Sheet
from sousveil.gate.totals.company import tells_of_few
from sousveil.gate.totals.differences import Asked, Differences, ages


def compare_with_the_rest(
    answers: list[Answer],
    memory: Memory,
    every: Sequence[Answer],
    differences: Differences,
    outside: Sequence[Sheet],
) -> None:
    """Refuse numbers of people that tell of few beside those of other tables and of the whole case."""
    if len(differences.populations.parts()) < 2:
        return  # the whole case is one table, as everybody knows
    decided = [one.sheet for one in every if one.refusal is None and order_of(one) < order_of(answers[0])]
    decided += outside
    known = {one.base: one.question for one in memory.released if one.question.count == "people"}
    known |= {one.base: one.table.question for one in decided if one.table.question.count == "people"}
    known = {base: one for base, one in known.items() if differences.populations.fits(one)}
    for answer in answers:
        question = answer.sheet.table.question
        if not answer.open or question.count != "people" or answer.sheet.base in known:
            continue
        answer.refusal = _beside(Asked(answer.sheet.base, question), known, differences)
        if answer.refusal is None and not is_alike(answer.sheet.table, differences.k):
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


def compare_populations(
    answers: list[Answer], known: list[Asked], before: Sequence[Released], differences: Differences
) -> None:
    """Refuse populations that are too nearly those of earlier questions; name equal ones by one name.

    What harms a group (SAME) is looked at after that: who knows a total that differs from this one by a few
    must not be told by it how many these are.
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
        if answer.refusal is None and is_alike(answer.sheet.table, differences.k):
            answer.refusal = Refusal("SAME")
        if answer.refusal is None:
            known.append(asked)
            tables.append(answer.sheet)
