"""`python -m benchmarks.count_review`: does the reviewed interval hold the truth? On simulated leaks.

Each leak has error rates of its own at random (`simulated_leaks.py`). A simulated reviewer judges the records
that the real plan draws, from the candidates that the real proposal shows; the real estimator makes the
interval. Options: `--leaks N` (200), `--decisions N` (500), `--first SEED`.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np

from benchmarks.simulated_leaks import Leak, Rng, leak
from sousveil.count.review.cards import cards_of
from sousveil.count.review.ghosts import measure
from sousveil.count.review.interval import LEAST
from sousveil.count.review.plan import Plan, make_plan
from sousveil.count.review.propose import Proposals
from sousveil.count.review.tally import Decided, agreement, reviewed
from sousveil.count.review.verdict import active, first_settled, second_settled


@dataclass(frozen=True)
class Reviewer:
    """Somebody who errs on a share of cards, and can't say on another."""

    name: str
    wrong: float = 0.0
    unsure: float = 0.0
    second: float = 0.0
    """The share of records that a second reviewer of the same kind judges, too."""
    until: float = 0.0
    """Stops at this half-width, as the command does."""


REVIEWERS = (
    Reviewer("never wrong"),
    Reviewer("wrong in 1 %, unsure in 1 %", 0.01, 0.01),
    Reviewer("wrong in 3 %, unsure in 2 %", 0.03, 0.02),
    Reviewer("wrong in 5 %, unsure in 2 %", 0.05, 0.02),
    Reviewer("wrong in 3 %, unsure in 2 %; a second one on 15 %", 0.03, 0.02, 0.15),
    Reviewer("never wrong, stops at ±3 %", until=0.03),
    Reviewer("wrong in 3 %, unsure in 2 %, stops at ±3 %", 0.03, 0.02, until=0.03),
)


def judged(
    plan: Plan, leak: Leak, first: np.ndarray, reviewer: Reviewer, decisions: int, rng: Rng
) -> list[Decided]:
    """What this reviewer answers on the first records of a plan; `first` is a record of each card."""
    found = []
    for place, sampled in enumerate(plan.sampled[:decisions]):
        me = leak.truth[plan.design.sample.record[place]]
        is_same = {c.index: leak.truth[first[plan.design.shown.card[c.index]]] == me for c in sampled.cards}
        one: dict[int, list[str]] = {}
        while True:
            answers = first_settled(sampled, one)
            asked = [c for c in active(sampled, one) if c.index not in answers]
            if not asked:
                break
            for card in asked:
                one.setdefault(card.index, []).append(_answer(is_same[card.index], reviewer, rng))
        two: dict[int, list[str]] = {}
        shared = rng.random() < reviewer.second
        if shared:
            while len(second_settled(answers, two)) < len(answers):
                for index in answers.keys() - second_settled(answers, two).keys():
                    two.setdefault(index, []).append(_answer(is_same[index], reviewer, rng))
        found.append(Decided(sampled, one, two, shared))
    return found


def _answer(same: bool, reviewer: Reviewer, rng: Rng) -> str:
    luck = rng.random()
    if luck < reviewer.unsure:
        return "u"
    return "n" if same == (luck < reviewer.unsure + reviewer.wrong) else "y"


def stopped(decided: list[Decided], plan: Plan, width: float) -> list[Decided]:
    """The decisions up to where the interval is as narrow as asked; it is looked at after every tenth."""
    for judged_so_far in range(LEAST, len(decided), 10) if width else ():
        found = reviewed(decided[:judged_so_far], plan.frame)
        if found and found.half <= width:
            return decided[:judged_so_far]
    return decided


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leaks", type=int, default=200)
    parser.add_argument("--decisions", type=int, default=500)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--each", action="store_true", help="a line for each leak")
    wanted = parser.parse_args()
    rows: dict[str, list[tuple[float, ...]]] = {reviewer.name: [] for reviewer in REVIEWERS}
    for seed in range(wanted.first, wanted.first + wanted.leaks):
        made, rng = leak(seed), np.random.default_rng(seed)
        proposals = Proposals(cards_of(made.records, made.person, made.sure))
        inside = made.table == 2 if seed % 3 == 2 else np.ones(len(made.table), bool)
        missed = measure(proposals, made.table[proposals.cards.first], rng)
        plan = make_plan(proposals, inside, missed, rng, 4 * wanted.decisions)
        truth = len(np.unique(made.truth[inside]))
        for reviewer in REVIEWERS:
            decided = judged(plan, made, proposals.cards.first, reviewer, wanted.decisions, rng)
            decided = stopped(decided, plan, reviewer.until)
            found = reviewed(decided, plan.frame)
            agreed = agreement(decided)
            rows[reviewer.name].append(
                (
                    found.low <= truth <= found.high,
                    found.half,
                    found.estimate / truth - 1,
                    sum(plan.frame.people) / truth - 1,
                    len(decided),
                    sum(len(looks) for one in decided for looks in one.first.values()) / len(decided),
                    agreed.kappa if agreed and agreed.kappa is not None else np.nan,
                    missed.share,
                    found.low / truth - 1,
                    found.high / truth - 1,
                )
            )
            if wanted.each:
                last = rows[reviewer.name][-1]
                print(
                    seed, reviewer.name[:12], " ".join(f"{v:.4f}" for v in last), made.parameters, flush=True
                )
    show(rows, wanted.leaks, wanted.decisions)


def show(rows: dict[str, list[tuple[float, ...]]], leaks: int, decisions: int) -> None:
    """Print the table."""
    print(f"{leaks} simulated leaks, at most {decisions} decisions on each; a decision is a record judged")
    print(
        f"{'reviewer':<52}{'holds':>7}{'half-width':>12}{'90th':>7}{'<=3 %':>7}{'error':>8}{'matcher':>9}"
        f"{'records':>9}{'answers':>9}{'kappa':>7}"
    )
    for name, found in rows.items():
        table = np.array(found, float)
        hold, half, error, before, records, answers, kappa, *_ = table.T
        kappas = f"{np.nanmean(kappa):.2f}" if not np.isnan(kappa).all() else ""
        print(
            f"{name:<52}{hold.mean():>7.1%}{np.median(half):>12.2%}{np.quantile(half, 0.9):>7.1%}"
            f"{(half <= 0.03).mean():>7.0%}{np.abs(error).mean():>8.2%}{np.abs(before).mean():>9.1%}"
            f"{records.mean():>9.0f}{answers.mean():>9.1f}{kappas:>7}"
        )


if __name__ == "__main__":
    main()
