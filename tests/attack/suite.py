"""Every attack, on releases known to be bad and on the gate's."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.attack import (
    bad,
    bounded,
    chains,
    codes,
    dating,
    guessing,
    linear,
    live,
    membership,
    over_time,
    paper,
    product,
    several,
    spellings,
    twins,
)
from tests.attack.instances import Instance, instance
from tests.attack.linear import Breach
from tests.attack.rows import Row, known_bad, row, tried
from tests.attack.sizes import Sizes
from tests.attack.wide import wide

blind = functools.partial(linear.hidden_cells, knows_small=False)
knowing = functools.partial(linear.hidden_cells, knows_small=True)


def rows_of_sets(sizes: Sizes) -> list[Row]:
    """A0 to A4, A6 and A7 on random sets of linked tables."""
    return _rows_of([instance(number).let_through() for number in range(sizes.sets)])


def rows_of_wide_sets(sizes: Sizes) -> list[Row]:
    """The same on sets that use the whole language of questions."""
    return _rows_of([wide(number).let_through() for number in range(sizes.wide)], ", whole language")


def _rows_of(sets: Sequence[Instance], which: str = "") -> list[Row]:
    several = [one for one in sets if len(one.questions) > 1]
    guesses = guessing.Guesses()
    for one in sets:
        guesses.read(one)
    advantage = guesses.advantage
    return [
        row(f"A0 printed numbers{which}", "0", linear.printed, sets),
        row(f"A1 blind sums{which}", "0", blind, sets),
        row(f"A2 sums, small ones known{which}", "0", knowing, sets),
        row(f"A3 unpublished groups{which}", "0", linear.unpublished_groups, sets),
        row(f"A4 several releases{which}", "0", knowing, several),
        row(f"A6 asked again{which}", "0", guessing.asked_again, sets),
        Row(
            f"A7 best guess{which}",
            guesses.cells,
            int(advantage > 0.02),
            f"{advantage:+.3f} over a constant",
            "≤ 0.02",
        ),
    ]


def rows_between_tables(sizes: Sizes) -> list[Row]:
    """Groups by several tables of a dump, and what refusals tell."""
    dumps = [several.several(number).let_through() for number in range(sizes.dumps)]
    kindred = [several.kindred(number).let_through() for number in range(sizes.dumps)]
    bad_dumps = [several.several(number).by_thresholds() for number in range(sizes.known_bad * 2)]
    bad_kindred = [several.kindred(number).by_thresholds() for number in range(sizes.known_bad)]
    return [
        known_bad("A3 thresholds on several tables", several.in_common, bad_dumps),
        known_bad("A3 thresholds on tables of nearly the same people", several.in_common, bad_kindred),
        known_bad("Codes of small differences", codes.told_by_differences, range(sizes.known_bad)),
        row("A3 groups by several tables", "0", several.in_common, dumps),
        row(
            "A3 tables of nearly the same people",
            "0",
            functools.partial(several.in_common, labelled=1),
            kindred,
        ),
        Row("A3 labels in two tables", *tried(several.in_common, kindred), "limit", limit=True),
        row("Codes: nobody or a few", "0", codes.told, range(sizes.dumps)),
        row(
            "Codes: other spellings",
            "0",
            functools.partial(codes.told, family=spellings.versions),
            range(sizes.dumps // 2),
        ),
    ]


def rows_of_twins(sizes: Sizes) -> list[Row]:
    """A11: certificates of dumps that print the same page; first of worlds that start from the truth."""
    pairs = [
        *twins.known(instance, min(sizes.sets, sizes.dumps) // 3),
        *twins.known(wide, min(sizes.wide, sizes.dumps) // 3),
        *twins.in_circles(min(sizes.logs, 4)),
    ]
    return [
        known_bad("A11 worlds that start from the truth", twins.differ_from_the_truth, pairs),
        row("A11 certificates of twins", "0", twins.differ, pairs),
    ]


def rows_of_codes(sizes: Sizes) -> list[Row]:
    """Codes and suggestions of the whole product, on two dumps that differ in nobody or a few."""
    with tempfile.TemporaryDirectory() as folder:
        told = functools.partial(codes.told_by_the_product, folder=Path(folder))
        return [row("Codes and suggestions of the product", "0", told, range(sizes.logs))]


def rows_over_time(sizes: Sizes) -> list[Row]:
    """A5, and A2 week by week, on weekly releases of growing and edited data."""
    years = [over_time.year(seed, sizes.weeks) for seed in range(sizes.years)]
    weeks = [week for year in years for week in over_time.as_instances(year, 10)]
    growing = [over_time.year(seed, 8, only_grows=True) for seed in range(2 * sizes.years)]
    return [
        row("A2 week by week", "0", knowing, weeks),
        row("A5 moves of printed numbers", "0", functools.partial(over_time.moves, k=10), years),
        row("A5 moves of any group", "0", functools.partial(over_time.subtracted, k=10), years),
        row("A5 growth, all weeks together", "0", functools.partial(over_time.accumulated, k=10), growing),
    ]


def rows_of_the_product(sizes: Sizes) -> list[Row]:
    """A8 and A10: through the gate question by question, and through the whole product."""
    chain = [chains.asked(seed) for seed in sizes.chains]
    with tempfile.TemporaryDirectory() as folder:
        return [
            *_dates(sizes, Path(folder)),
            row("A10 chains about a person", "0", lambda pair: chains.singled_out(*pair), chain),
            row("A10 through the product", "0", chains.through_the_product, [Path(folder) / "person"]),
        ]


def _dates(sizes: Sizes, folder: Path) -> list[Row]:
    logs = [dating.Log.made(seed) for seed in range(sizes.logs)]
    pages = [dating.published(log, folder / str(n)) for n, log in enumerate(logs)]
    off = [dating.days_off(log, page) for log, page in zip(logs, pages, strict=True)]
    among = [
        dating.days_among(log, page, dating.cut_off(log.copied, 60))
        for log, page in zip(logs, pages, strict=True)
    ]
    drawn = [dating.days_left_by_chance(log, folder / f"drawn-{n}") for n, log in enumerate(logs)]
    return [
        _days("A8 date of the copy", off, "days off"),
        _days("A8 by one who reads the cut-off", among, "days to choose among"),
        _days("A8 by one who knows the program, days drawn", drawn, "days to choose among"),
    ]


def rows_of_limits(sizes: Sizes) -> list[Row]:
    """A8 where nothing is promised: docs/attacks.md says why."""
    logs = [dating.Log.made(seed) for seed in range(sizes.logs)]
    kept = dating.Log.made(0, kept=365)
    with tempfile.TemporaryDirectory() as folder:
        rolling = dating.published(kept, Path(folder) / "rolling")
        undated = dating.published(logs[0], Path(folder) / "undated", dated=False)
    among = dating.days_among(kept, rolling, dating.cut_off(kept.copied, 60))
    left = [dating.days_left(log) for log in logs]
    return [
        _days("A8 by one who knows the program", left, "days to choose among", limit=True),
        _days("A8 where old records are deleted", [among], "days to choose among", limit=True),
        _days("A8 a table without dates", [dating.days_off(logs[0], undated)], "days off", limit=True),
    ]


def _days(name: str, days: list[int], what: str, *, limit: bool = False) -> Row:
    short = sum(n < 60 for n in days)
    return Row(name, len(days), short, f"{min(days)} {what}", "limit" if limit else "≥ 60", limit=limit)


def rows_of_the_demo(sizes: Sizes) -> list[Row]:
    """A1 on what a reader of the demo's publication has; first on the page of a bad release."""
    pages = [paper.page(bad.small_cells_only(instance(number))) for number in range(sizes.known_bad)]
    made = [known_bad("A1 a page with small cells only hidden", lambda one: paper.attacked(one)[1], pages)]
    if not sizes.demo:
        return made
    with tempfile.TemporaryDirectory() as folder:
        documents = product.demo(Path(folder), sizes.demo)
    for name, document in documents.items():
        tried, found = paper.attacked(document)
        worst = str(min(found, key=lambda one: one.high - one.low)) if found else ""
        made.append(Row(f"A1 the demo's publication, {name}", tried, len(found), worst, "0"))
    return made


def rows_of_noise(sizes: Sizes) -> list[Row]:
    """A9: who is in the data, by the noise; first where each asking is answered anew."""
    draws = sizes.draws
    return [
        _advantage("A9 answered anew", membership.advantage_without_memory(draws), draws, bad=True),
        _advantage("A9 membership", membership.advantage(draws), draws),
    ]


def rows_of_bounded_noise(sizes: Sizes) -> list[Row]:
    """A9 on tables that the product itself has bounded; first on tables that nobody has."""
    draws = max(150, sizes.draws // 3)
    with tempfile.TemporaryDirectory() as folder:
        whole, made = (
            bounded.advantage(Path(folder) / str(exact), draws, exact=exact) for exact in (True, False)
        )
    return [
        _advantage("A9 unbounded", whole, draws, bad=True),
        _advantage("A9 membership, the product's tables", made, draws),
    ]


def _advantage(name: str, found: float, draws: int, *, bad: bool = False) -> Row:
    most = membership.bound() + membership.slack(draws)
    allowed = f"at most {membership.bound():.3f} (+ {membership.slack(draws):.3f} by chance)"
    return Row(
        name + " (known bad)" * bad,
        draws,
        int(found > most),
        f"advantage {found:.3f}, {allowed}",
        "broken" if bad else "≤ tanh(ε/2)",
        bad=bad,
    )


def rows_of_years(sizes: Sizes) -> list[Row]:
    """Cases through the whole product, week by week: all that was ever printed, attacked together."""
    cases, weeks = sizes.live
    with tempfile.TemporaryDirectory() as folder:
        years = [live.year(seed, weeks, Path(folder)) for seed in range(cases)]
    tables = [one for each in years for one in live.instances(each)]
    return [
        row("A0 weeks through the product", "0", linear.printed, tables),
        row("A1 weeks through the product", "0", blind, tables),
        row("A2 weeks through the product", "0", knowing, tables),
        row("A3 weeks through the product", "0", linear.unpublished_groups, tables),
        row("A3 their tables together", "0", several.in_common, map(live.between_tables, years)),
        row("A5 their moves", "0", live.moved, years),
    ]


def rows_of_bad_releases(sizes: Sizes) -> list[Row]:
    """The same attacks on what must break."""
    sets = [instance(number) for number in range(sizes.known_bad)]
    plain, small, alone = (
        [release(one) for one in sets]
        for release in (bad.small_cells_printed, bad.small_cells_only, bad.each_alone)
    )
    language = [bad.small_cells_only(wide(number)) for number in range(sizes.known_bad)]
    regrouped = [bad.regrouped(seed) for seed in range(sizes.known_bad)]
    weeks = [bad.every_edition(over_time.data(seed, 8), 10) for seed in range(4)]
    growing = [bad.every_edition(over_time.grown(seed, 5), 10) for seed in range(4)]
    logs = [dating.Log.made(seed) for seed in range(2)]
    guesses = guessing.Guesses()
    for one in small:
        guesses.read(one)
    return [
        known_bad("A0 no threshold", linear.printed, plain),
        known_bad("A1 hidden small cells only", blind, small),
        known_bad("A2 hidden small cells only", knowing, small),
        known_bad("A3 hidden small cells only", linear.unpublished_groups, small),
        known_bad("A1 hidden small cells only, whole language", blind, language),
        known_bad("A3 hidden small cells only, whole language", linear.unpublished_groups, language),
        known_bad("A4 each table alone", knowing, alone),
        known_bad("A4 regrouping", knowing, regrouped),
        known_bad("A4 pairs of totals", bad.pairs, range(sizes.known_bad)),
        known_bad("A5 every edition printed", functools.partial(over_time.moves, k=10), weeks),
        known_bad("A5 every edition, any group", functools.partial(over_time.subtracted, k=10), weeks),
        known_bad("A5 every edition, all weeks", functools.partial(over_time.accumulated, k=10), growing),
        known_bad("A6 noise by the cell", bad.averaged_out, range(4)),
        Row(
            "A7 hidden small cells only (known bad)",
            guesses.cells,
            int(guesses.advantage > 0.02),
            f"{guesses.advantage:+.3f} over a constant",
            "broken",
            bad=True,
        ),
        known_bad("A8 everything counted", _dated, logs),
        known_bad(
            "A10 thresholds on totals",
            lambda pair: chains.singled_out(*pair),
            [chains.asked_of_thresholds(seed) for seed in range(sizes.known_bad)],
        ),
    ]


def _dated(log: dating.Log) -> list[Breach]:
    off = dating.days_off(log, dating.everything(log))
    return [Breach("dated", "the copy", off, off)] if off < 60 else []
