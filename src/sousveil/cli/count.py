"""`count`, and `count review`: how many people, and the sitting that earns the figure an interval."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import click

from sousveil.cli import show
from sousveil.cli.options import Session, with_case

if TYPE_CHECKING:
    from sousveil.case import Case
    from sousveil.count.review.session import Session as Sitting


class Count(click.Group):
    """`count` is a command of its own; only where `review` follows it does it ask for nothing itself."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Leave everything to the command inside, if one is named first."""
        if args and args[0] in self.commands:
            for parameter in self.params:
                ctx.params[str(parameter.name)] = None
            ctx._protected_args, ctx.args = args[:1], args[1:]
            return ctx.args
        return super().parse_args(ctx, args)


@click.group(cls=Count, invoke_without_command=True, subcommand_metavar="[review …]")
@click.pass_context
def count(context: click.Context, /, **given: Any) -> None:
    """Say how many distinct people there are, for each table and in all.

    A row that people have reviewed (`sousveil count review`) has an interval with a level.
    """
    if context.invoked_subcommand is None:
        _counted(**given)


@with_case
def _counted(session: Session) -> None:
    progress = session.progress("count")
    from sousveil import stages
    from sousveil.count.review.result import with_reviews

    with session.case() as case:
        document = with_reviews(case, stages.perform(case, "count", progress))
    show.result(document, "count", as_json=session.as_json)


count.params += click.command(_counted).params


class Share(click.ParamType[float]):
    """A share, as `3%` or `0.03`."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The share. Fails where it is none between 0.1 % and 25 %."""
        found = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(%?)\s*", str(value))
        share = float(found[1]) / (100 if found[2] else 1) if found else 0.0
        if not 0.001 <= share <= 0.25:
            self.fail("give a half-width between 0.1% and 25%", param, ctx)
        return share


@count.command()
@click.option("--table", metavar="T", help="A table by its name; without it, the whole case.")
@click.option("--width", type=Share(), default="3%", show_default=True, help="Stop at this half-width.")
@click.option(
    "--decisions",
    type=click.IntRange(1, 4_000),
    default=500,
    show_default=True,
    help="Stop after this many records.",
)
@click.option("--reviewer", metavar="NAME", help="Who judges (default: your user name).")
@click.option("--second", is_flag=True, help="Judge, as a second reviewer, a share of what was judged.")
@with_case
def review(
    session: Session, table: str | None, width: float, decisions: int, reviewer: str | None, second: bool
) -> None:
    """Judge a random sample of records, which gives the count an interval that holds.

    Each sampled record is shown beside others that may be of the same person: how they stand to each other,
    not what they say. Answer y (same person), n (somebody else) or u (can't say); b goes one step back, q
    stops, and the same command goes on. Which records are shown is drawn at random: nobody can choose.
    """
    progress = session.progress("count review")
    from sousveil import stages
    from sousveil.cli.ask import sit
    from sousveil.count.review.prepare import prepared, scope_of
    from sousveil.count.review.sitting import opened, outcome

    with session.case() as case:
        stages.perform(case, "count", progress)
        scope = scope_of(case, table)
        sitting = opened(case, prepared(case, scope, progress), reviewer, width, decisions, second)
        before = len(sitting.answers)
        try:
            sit(case, sitting, quiet=session.quiet)
        finally:
            _enter(case, sitting, scope, before)
        document = {"review": {"table": table or "*", **outcome(sitting)}}
    if session.as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        show.result(document, "count review", as_json=False)


def _enter(case: Case, sitting: Sitting, scope: int, before: int) -> None:
    """Say in the ledger that somebody has judged, and how much; never what."""
    if len(sitting.answers) != before:
        detail = {
            "table": scope or "*",
            "reviewer": sitting.reviewer,
            "second": sitting.second,
            "answers": len(sitting.answers) - before,
            "decisions": sitting.standing().decisions,
        }
        case.ledger.append("count review", detail)
