"""The noisy regime: every number carries noise, so that no single person makes a difference one could notice.

Differential privacy (C. Dwork and others, 2006) for one person: a case has one budget ε, spent in equal parts
on so many answers as its policy says; together they are (ε, δ)-differentially private by simple composition.
Pure ε with Laplace noise: for up to some twenty answers it needs less noise than zero-concentrated privacy
with Gaussian noise would for the same ε, and its bound on what an attacker can learn holds without a δ where
everybody knows the labels beforehand.

What was drawn is remembered in `releases/`, and the same question, however it is written, is answered by the
same numbers for ever, also when the data has changed: asking again never costs, and never tells, more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sousveil.case import Case
from sousveil.findings.bounded import Bounded
from sousveil.findings.model import ExactCell, ExactTable
from sousveil.gate import show
from sousveil.gate.harm import is_alike
from sousveil.gate.language import refs as spelling
from sousveil.gate.memory import Memory
from sousveil.gate.noise.mechanism import Bound, Mechanism
from sousveil.gate.refusal import Refusal
from sousveil.gate.sheet import Figures, Labels, Sheet
from sousveil.gate.sheet import sheet as sheet_of
from sousveil.policy import Policy

DELTA = 1e-6
"""The chance, over all answers of a case, that a label appears which one person alone brought."""


@dataclass(frozen=True)
class _Drawn:
    """An answer: the total and the cells that came out, by labels in the sheet's order."""

    total: Figures
    cells: Mapping[Labels, Figures]


def release(case: Case, tables: Sequence[Bounded]) -> dict[str, Any]:
    """Answer with noise what the budget allows, remember it, and return findings in the contract's shape.

    `budget` says what is left. Raises `IntegrityError` where the releases don't verify, `NoiseMissing`.
    """
    memory, policy = Memory(case), case.policy
    known = {one.key: _Drawn(one.total, one.cells) for one in memory.released}
    new: list[tuple[Sheet, _Drawn]] = []
    findings = []
    for bounded in tables:
        one = sheet_of(bounded.table)
        if one.key not in known and len(known) < policy.answers:
            known[one.key] = _drawn(bounded, one, policy)
            new.append((one, known[one.key]))
        findings.append(_shown(bounded, one, known.get(one.key), policy))
    memory.remember([(one, drawn.total, dict(drawn.cells)) for one, drawn in new], [])
    return {"findings": findings, "budget": budget(policy, len(known))}


def budget(policy: Policy, answered: int) -> dict[str, Any]:
    """The budget of a case and what is left of it."""
    left = max(policy.answers - answered, 0)
    return {"epsilon": policy.epsilon, "delta": DELTA, "answers": policy.answers, "left": left}


def _scale(bounded: Bounded, policy: Policy) -> tuple[float, float, float]:
    """The scale of the noise of one answer, and what its total and its cells cost."""
    epsilon = policy.epsilon / policy.answers
    changed = bounded.total + _all_cells(bounded)
    return changed / epsilon, epsilon * bounded.total / changed, epsilon * _all_cells(bounded) / changed


def _all_cells(bounded: Bounded) -> int:
    """By how much one person changes all cells together."""
    return min(bounded.cells * bounded.each, max(bounded.cells, bounded.each))


def _drawn(bounded: Bounded, one: Sheet, policy: Policy) -> _Drawn:
    scale, of_total, of_cells = _scale(bounded, policy)
    noise = Mechanism(scale)
    (total,) = noise.counts([bounded.table.total.value], bounded.total, of_total)
    cells = _cells(noise, bounded, of_cells, DELTA / policy.answers) if one.refs else {}
    places = spelling.reduced([spelling.canonical(by) for by in bounded.table.question.by])
    return _Drawn(
        _figures(total, noise.margin),
        {
            tuple(labels[place] for place in places): _figures(value, noise.margin)
            for labels, value in cells.items()
            if _tells(value, noise.margin, policy)
        },
    )


def _cells(noise: Mechanism, bounded: Bounded, epsilon: float, delta: float) -> dict[Labels, int]:
    true = {cell.keys: cell.value for cell in bounded.table.cells}
    if bounded.domain is not None:
        values = [true.get(labels, 0) for labels in bounded.domain]
        drawn = noise.counts(values, _all_cells(bounded), epsilon)
        return dict(zip(bounded.domain, drawn, strict=True))
    bound = Bound(bounded.cells, bounded.each, _all_cells(bounded))
    texts = {json.dumps(labels, ensure_ascii=False): value for labels, value in true.items() if value}
    found = noise.labelled(texts, bound, epsilon, delta)
    return {tuple(json.loads(text)): value for text, value in found.items()}


def _tells(value: int, margin: int, policy: Policy) -> bool:
    """Whether a number is told from nothing: one below its own margin would be precise in appearance only."""
    return value > max(margin, policy.threshold - 1)


def _figures(value: int, margin: int) -> Figures:
    value = max(value, 0)
    return value, max(value - margin, 0), value + margin


def _shown(bounded: Bounded, one: Sheet, drawn: _Drawn | None, policy: Policy) -> dict[str, Any]:
    told = _policy(bounded, policy)
    if drawn is None:
        return show.refused(bounded.table, Refusal("BUDGET"), told)
    cells = {_asked_labels(bounded.table, one, labels): figures for labels, figures in drawn.cells.items()}
    if _is_alike(bounded.table, drawn.total, cells, policy.threshold):
        return show.refused(bounded.table, Refusal("SAME"), told)
    total = drawn.total if _tells(drawn.total[0], told["margin"], policy) else None
    return show.finding(bounded.table, total, cells, False, told)


def _is_alike(table: ExactTable, total: Figures, cells: Mapping[Labels, Figures], k: int) -> bool:
    """Group harm, by what the noise let out alone: the true counts have no say in what is refused."""

    def cell(labels: Labels, figures: Figures) -> ExactCell:
        return ExactCell(labels, figures[0], figures[0], *figures)

    seen = replace(table, cells=tuple(cell(*one) for one in cells.items()), total=cell((), total))
    return is_alike(seen, k)


def _asked_labels(table: ExactTable, one: Sheet, labels: Labels) -> Labels:
    """The labels in the order of `by`, those that another one determines among them."""
    told = dict(zip(one.refs, labels, strict=True))
    wanted = [spelling.canonical(by) for by in table.question.by]
    return tuple(
        told[ref] if ref in told else spelling.recode(told[spelling.finer(ref, one.refs)], ref)
        for ref in wanted
    )


def _policy(bounded: Bounded, policy: Policy) -> dict[str, Any]:
    """What a reader must know of the noise."""
    scale = _scale(bounded, policy)[0]
    return {
        "threshold": policy.threshold,
        "regime": policy.regime,
        "epsilon": policy.epsilon,
        "answers": policy.answers,
        "cells_per_person": policy.cells_per_person,
        "records_per_person": policy.records_per_person,
        "margin": Mechanism(scale).margin,
    }
