"""`python -m benchmarks.count_review`: does the reviewed interval hold the truth? On simulated leaks.

Each leak has error rates of its own at random (`simulated_leaks.py`). A simulated reviewer judges the records
that the real plan draws, from the candidates that the real proposal shows; the real estimator makes the
interval. Options: `--leaks N` (200), `--decisions N` (500), `--first SEED`, `--each` (a line for each leak).
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np

from benchmarks.simulated_leaks import Leak, Parameters, Rng, leak
from sousveil.count.review.cards import cards_of
from sousveil.count.review.ghosts import measure
from sousveil.count.review.interval import LEAST
from sousveil.count.review.plan import Plan, make_plan
from sousveil.count.review.propose import Proposals
from sousveil.count.review.tally import Decided, agreement, reviewed
from sousveil.count.review.verdict import Settled, active, first_settled, second_settled


@dataclass(frozen=True)
class Reviewer:
    """Somebody who errs on a share of cards, and can't say on another."""

    name: str
    wrong: float = 0.0
    """Of the looks at cards: slips of the hand."""
    unsure: float = 0.0
    stays_wrong: float = 0.0
    """Of the cards: at every look."""
    stays_unsure: float = 0.0
    second: float = 0.0
    """The share of records that a second reviewer of the same kind judges, too."""
    until: float = 0.0
    """Stops at this half-width, as the command does."""


REVIEWERS = (
    Reviewer("never wrong"),
    Reviewer("wrong in 1 %, unsure in 1 %", 0.01, 0.01),
    Reviewer("wrong in 3 %, unsure in 2 %", 0.03, 0.02),
    Reviewer("wrong in 5 %, unsure in 2 %", 0.05, 0.02),
    Reviewer("wrong in 10 %, unsure in 5 %", 0.10, 0.05),
    Reviewer("wrong in 3 %, on 2 % unsure at every look", 0.03, stays_unsure=0.02),
    Reviewer("wrong in 3 %, on 1 % at every look", 0.03, 0.02, 0.01),
    Reviewer("wrong in 3 %, unsure in 2 %; a second one", 0.03, 0.02, second=0.15),
    Reviewer("wrong in 3 %, on 1 % at every look; a second one", 0.03, 0.02, 0.01, second=0.15),
    Reviewer("wrong in 3 %, on 2 % at every look; a second one", 0.03, 0.02, 0.02, second=0.15),
    Reviewer("never wrong, stops at ±3 %", until=0.03),
    Reviewer("wrong in 3 %, unsure in 2 %, stops at ±3 %", 0.03, 0.02, until=0.03),
)


@dataclass(frozen=True)
class Sitter:
    """A reviewer at work, with what this one is mistaken about at every look."""

    like: Reviewer
    rng: Rng
    stays: dict[int, str]

    @classmethod
    def of(cls, like: Reviewer, same: Same, rng: Rng) -> Sitter:
        """Decide on which of these cards the reviewer errs, or is unsure, at every look."""
        stays = {}
        for index, is_same in same.items():
            luck = rng.random()
            if luck < like.stays_unsure + like.stays_wrong:
                stays[index] = "u" if luck < like.stays_unsure else _said(not is_same)
        return cls(like, rng, stays)

    def answer(self, index: int, is_same: bool) -> str:
        """What is answered at one look at a card."""
        staying, luck = self.stays.get(index), self.rng.random()
        if staying == "u" or luck < self.like.unsure:
            return "u"
        right = staying or _said(is_same)
        slips = luck < self.like.unsure + self.like.wrong
        return _said(right == "n") if slips else right


Same = dict[int, bool]


def _said(is_same: bool) -> str:
    return "y" if is_same else "n"


def judged(
    plan: Plan, leak: Leak, first: np.ndarray, reviewer: Reviewer, decisions: int, rng: Rng
) -> list[Decided]:
    """What this reviewer answers on the first records of a plan; `first` is a record of each card."""
    found = []
    for place, sampled in enumerate(plan.sampled[:decisions]):
        me = leak.truth[plan.design.sample.record[place]]
        same = {
            c.index: bool(leak.truth[first[plan.design.shown.card[c.index]]] == me) for c in sampled.cards
        }
        one: dict[int, list[str]] = {}
        sitter = Sitter.of(reviewer, same, rng)
        while asked := [c for c in active(sampled, one) if c.index not in first_settled(sampled, one)]:
            for card in asked:
                one.setdefault(card.index, []).append(sitter.answer(card.index, same[card.index]))
        shared = rng.random() < reviewer.second
        two = _second(first_settled(sampled, one), same, reviewer, rng) if shared else {}
        found.append(Decided(sampled, one, two, shared))
    return found


def _second(answers: Settled, same: Same, reviewer: Reviewer, rng: Rng) -> dict[int, list[str]]:
    """What a second reviewer, who is like the first, answers on the cards that the first has settled."""
    sitter, looks = Sitter.of(reviewer, same, rng), {}
    while asked := answers.keys() - second_settled(answers, looks).keys():
        for index in sorted(asked):
            looks.setdefault(index, []).append(sitter.answer(index, same[index]))
    return looks


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
            rows[reviewer.name].append(row(decided, plan, truth, made.parameters))
            if wanted.each:
                said = " ".join(f"{value:.4f}" for value in rows[reviewer.name][-1])
                print(seed, reviewer.name, said, flush=True)
    show(rows, wanted.leaks, wanted.decisions)


def row(decided: list[Decided], plan: Plan, truth: int, like: Parameters) -> tuple[float, ...]:
    """What one reviewer makes of one leak."""
    found, agreed = reviewed(decided, plan.frame), agreement(decided)
    return (
        found.low <= truth <= found.high,
        found.half,
        found.estimate / truth - 1,
        sum(plan.frame.people) / truth - 1,
        len(decided),
        sum(len(looks) for one in decided for looks in one.first.values()) / len(decided),
        agreed.kappa if agreed and agreed.kappa is not None else np.nan,
        like.never > 0,
        like.families > 0.3,
        like.twins > 0.02,
    )


def show(rows: dict[str, list[tuple[float, ...]]], leaks: int, decisions: int) -> None:
    """Print the tables."""
    print(f"{leaks} simulated leaks, at most {decisions} decisions on each; a decision is a record judged")
    print(
        f"{'reviewer':<50}{'holds':>7}{'half-width':>12}{'90th':>7}{'<=3 %':>7}{'error':>8}{'matcher':>9}"
        f"{'records':>9}{'answers':>9}{'kappa':>7}"
    )
    for name, found in rows.items():
        hold, half, error, before, records, answers, kappa, *_ = np.array(found, float).T
        kappas = f"{np.nanmean(kappa):.2f}" if not np.isnan(kappa).all() else ""
        print(
            f"{name:<50}{hold.mean():>7.1%}{np.median(half):>12.2%}{np.quantile(half, 0.9):>7.1%}"
            f"{(half <= 0.03).mean():>7.1%}{np.abs(error).mean():>8.2%}{np.abs(before).mean():>9.1%}"
            f"{records.mean():>9.0f}{answers.mean():>9.1f}{kappas:>7}"
        )
    print(f"\n{'holds, of the leaks in which there are many':<50}{'without':>9}{'families':>9}{'twins':>9}")
    for name, found in rows.items():
        hold, *_, reason, families, twins = np.array(found, float).T
        shares = [hold[group > 0].mean() for group in (reason, families, twins) if group.any()]
        print(f"{name:<50}" + "".join(f"{share:>9.1%}" for share in shares))
    groups = np.array(next(iter(rows.values())), float).T[-3:]
    print(f"{'leaks':<50}" + "".join(f"{int(group.sum()):>9}" for group in groups if group.any()))


if __name__ == "__main__":
    main()
