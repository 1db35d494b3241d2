"""What became of findings that were released before: readers have them, whatever is asked today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sousveil.findings.model import ExactCell, ExactTable, Question
from sousveil.gate import show
from sousveil.gate.answer import Answer
from sousveil.gate.certificate.printed import expression
from sousveil.gate.language import refs as spelling
from sousveil.gate.language.equal import equal_by_rule
from sousveil.gate.released import Released
from sousveil.gate.sheet import Figures, Labels

CORRECTED, STANDING, WITHDRAWN = "corrected", "standing", "withdrawn"
OF_ITS_DAY = frozenset({"EDITION", "CUTOFF", "SMALL", "DIFF", "UNPROVEN"})
"""Refusals of new numbers that leave those true that were released: not SAME, which says that they harm."""


def superseded(released: Sequence[Released], answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """The earlier findings that are not today's, in the order of their release; no numbers.

    `corrected`: the same question has other numbers since. `standing`: it is asked, and has no new numbers,
    so that the earlier ones are shown. `withdrawn`: it is not asked any more, or must not be shown. All of
    them still count in the gate's memory.
    """
    latest = {one.key: one for one in released}
    answered = {one.sheet.key for one in answers if one.total}
    kept = {one.sheet.key for one in answers if one.refusal and one.refusal.code in OF_ITS_DAY}
    repeated = [(one.sheet.key, one.total, one.cells) for one in answers if one.earlier]

    def status(one: Released) -> str:
        if one.key in answered or latest[one.key] is not one:
            return CORRECTED
        return STANDING if one.key in kept else WITHDRAWN

    return [
        _described(one, status(one)) for one in released if (one.key, one.total, one.cells) not in repeated
    ]


def _described(one: Released, status: str) -> dict[str, Any]:
    question = one.question
    return {
        "id": question.id,
        "title": question.title,
        "unit": question.count,
        "table": question.table,
        "where": question.where,
        "by": list(question.by),
        "status": status,
    }


def stands(
    released: Sequence[Released], question: Question, population: str, shown: frozenset[Labels] = frozenset()
) -> list[Released]:
    """The last numbers that were released of a question, however it was spelled, the latest release first.

    Only releases that bring labels which neither a later one has nor `shown`, those with new numbers (in the
    order of the question). They are printed already: to show them again tells nothing that is new.
    """
    refs = [spelling.canonical(by) for by in question.by]
    reduced = tuple(refs[place] for place in spelling.reduced(refs))
    base = spelling.base(population)
    found = []
    known = frozenset(
        tuple(labels[place] for place in spelling.reduced(refs)) if labels else () for labels in shown
    )
    for one in reversed(released):
        if (one.refs, one.question.count) == (reduced, question.count) and equal_by_rule(one.base, base):
            if not known or not known.issuperset(one.cells):
                found.append(one)
            known |= one.cells.keys() | {()}
    return found


def as_released(one: Released, policy: Mapping[str, Any]) -> dict[str, Any]:
    """A finding as it was when it was released, in the contract's shape; `release` numbers the release."""
    cells = in_order_asked(one)
    exact = one.exact.table if one.exact else None
    nothing = ExactCell((), 0, 0, 0, 0, 0)
    table = ExactTable(
        one.question,
        exact.cells if exact else (),
        nothing,
        one.population,
        exact.columns if exact else tuple(dict.fromkeys(map(spelling.column, one.refs))),
        dt.date.fromisoformat(one.cut_off) if one.cut_off else None,
    )
    # Where the vault was lost since, nobody knows whether more was hidden: then there may have been.
    is_whole = exact is not None and not show.is_open(table, cells)
    made = show.finding(table, one.total, cells, is_whole, policy)
    question = one.question
    asked = {
        "count": question.count, "table": question.table, "where": question.where, "by": list(question.by),
    }  # fmt: skip
    made["provenance"] |= {
        "question": asked,
        "where": spelling.base(one.population).partition("; where ")[2],
        "by": [expression(spelling.canonical(by)) for by in question.by],
        "version": one.version,
        "release": one.release,
    }
    return made


def in_order_asked(one: Released) -> dict[Labels, Figures]:
    """What was shown, by labels in the order of the question."""
    by = [spelling.canonical(ref) for ref in one.question.by]
    return {tuple(_under(ref, one.refs, labels) for ref in by): shown for labels, shown in one.cells.items()}


def _under(ref: str, refs: Sequence[str], labels: Labels) -> str:
    """The label under a reference, of labels under references that tell it."""
    if ref in refs:
        return labels[refs.index(ref)]
    return spelling.recode(labels[refs.index(spelling.finer(ref, refs))], ref)
