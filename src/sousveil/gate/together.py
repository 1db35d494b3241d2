"""The open tables about one table of the dump, protected together with all that is known."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace

from sousveil.gate.answer import Answer, source_of
from sousveil.gate.effort import Effort
from sousveil.gate.harm import is_alike, is_one_label
from sousveil.gate.protection.protect import protected
from sousveil.gate.refusal import Refusal
from sousveil.gate.released import Released
from sousveil.gate.sheet import Labels, Sheet
from sousveil.gate.threshold import bounds
from sousveil.gate.totals.differences import Differences


def protect(
    answers: Sequence[Answer],
    before: Sequence[Released],
    outside: Sequence[Sheet],
    differences: Differences,
    effort: Effort,
) -> None:
    """Protect the open tables together with all that is known; refuse what can't be protected.

    What harms a group is looked at last, each table by itself beside those that are shown: only if it could
    be shown is it refused as SAME, so that the code tells no more than the numbers would.
    """
    k = differences.k
    going = [answer for answer in answers if answer.refusal is None]
    harmful = [answer for answer in going if answer.open and is_alike(answer.sheet.table, k)]
    others = [answer for answer in going if answer not in harmful]
    for some in (others, *([one] for one in harmful)):
        sheets = [answer.sheet for answer in some]
        if some is not others:
            sheets += [one.sheet.limited(frozenset(one.cells), released=True) for one in others if one.total]
            sheets += [one.sheet for one in others if one.earlier]
        company = _company(sheets, before, outside)
        if isinstance(company, Released):
            _refuse(some, Refusal("UNPROVEN", company.question.id))
            continue
        counts = functools.partial(differences.populations.joint, source_of(answers[0]))
        made = protected([*sheets, *company], counts, k, effort)
        for answer, shown in zip(some, made, strict=False):
            if answer.open:
                _settle(answer, shown, k)


def _refuse(answers: Sequence[Answer], refusal: Refusal) -> None:
    for answer in answers:
        if answer.open:
            answer.refusal = refusal


def _company(
    sheets: Sequence[Sheet], before: Sequence[Released], outside: Sequence[Sheet]
) -> list[Sheet] | Released:
    """What else is known about the same data: released tables, and totals from elsewhere.

    An earlier table of which nobody knows what was hidden, since the vault was lost, stands by itself.
    """
    company: list[Sheet] = []
    for one in before:
        present = [*sheets, *company]
        if any(one.key == sheet.key or (one.base == sheet.base and not one.refs) for sheet in present):
            continue
        if one.exact is None:
            return one
        if _same_data(one.exact, present):
            company.append(replace(one.exact, base=one.base).limited(frozenset(one.cells), released=True))
    bases = {one.base for one in (*sheets, *company)}
    return [*company, *{one.base: one for one in outside if one.base not in bases}.values()]


def _same_data(earlier: Sheet, sheets: Sequence[Sheet]) -> bool:
    """Whether an earlier table counts the same records as the present ones of its population."""
    totals = {(one.table.total.records, one.table.total.people) for one in sheets if one.base == earlier.base}
    return totals <= {(earlier.table.total.records, earlier.table.total.people)}


def _settle(answer: Answer, shown: frozenset[Labels] | str, k: int) -> None:
    """Take what may be shown into an answer, or refuse it."""
    one = answer.sheet
    if isinstance(shown, str):
        code = "SAME" if shown == "SMALL" and is_one_label(one.table, k) else shown
        answer.refusal, answer.weighed = Refusal(code), True
    elif one.shown is not None and shown != one.shown:
        answer.refusal, answer.weighed = Refusal("UNPROVEN"), True
    elif is_alike(one.table, k):
        answer.refusal, answer.weighed = Refusal("SAME"), True
    else:
        unit = one.table.question.count
        answer.total = (one.table.total.value, *bounds(one.table.total, unit, k))
        answer.cells = {
            labels: (cell.value, *bounds(cell, unit, k))
            for labels, cell in one.cells.items()
            if labels in shown
        }
