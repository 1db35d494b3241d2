"""`intake`: a dump taken in, an item of it read again, or its rejects looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sousveil.cli import show
from sousveil.cli.options import (
    GivenPath,
    Session,
    asked_for,
    promised,
    with_asked,
    with_case,
    with_regime,
)

_DIALECT = (
    click.option("--delimiter", metavar="SIGN", help="What divides the fields: `;`, `tab`, `||` …"),
    click.option("--quote", type=click.Choice(['"', "'", "none"]), help="What fields are quoted with."),
    click.option("--encoding", metavar="NAME", help="How the text is encoded: gb18030, big5, cp1251 …"),
    click.option("--header/--no-header", default=None, help="Whether the first record names the columns."),
    click.option("--skip", type=int, metavar="N", help="Records above the header that belong to no table."),
)


def _with_dialect(function: Any) -> Any:
    for option in reversed(_DIALECT):
        function = option(function)
    return function


@click.command()
@click.argument("dump", required=False, type=GivenPath(path_type=Path, readable=False))
@click.option("--rejects", metavar="ITEM", help="Show how the records of ITEM look that could not be read.")
@click.option("--again", metavar="ITEM", help="Read ITEM again, written as the next options say.")
@_with_dialect
@with_regime
@with_asked
@with_case
def intake(
    session: Session,
    dump: Path | None,
    rejects: str | None,
    again: str | None,
    password_file: Path | None,
    insist_on_jail: bool,
    regime: str | None,
    epsilon: float | None,
    **said: Any,
) -> None:
    """Take the files of DUMP in: seal and hash the originals, load their tables.

    Makes the case where there is none. Without DUMP it prints what was taken in before.

    A text that was read wrongly: look at what could not be read with --rejects (shapes only, never what the
    records say), then read it again with --again and --delimiter, --quote, --encoding, --header or --skip.
    What you say is kept, and every later stage is made anew.
    """
    if sum(one is not None for one in (dump, rejects, again)) > 1:
        raise click.UsageError("give DUMP, --rejects or --again, one of them")
    if (again is None) != all(value is None for value in said.values()):
        raise click.UsageError("--again goes with --delimiter, --quote, --encoding, --header or --skip")
    policy = promised(regime, epsilon)
    if policy and dump is None:
        raise click.UsageError("--regime and --epsilon are for a new case: give DUMP with them")
    progress = session.progress("intake")
    from sousveil import stages

    if rejects is not None:
        from sousveil.intake.rejected import rejected

        with session.case() as case:
            shapes = rejected(case, rejects)
        show.result(shapes, "rejects", as_json=session.as_json)
        return
    asked = asked_for(password_file, insist_on_jail)
    if again is not None:
        from sousveil.intake.given import Given

        given = Given.named(**said)
        with session.case() as case:
            document = stages.read_again(case, again, given, progress, asked)
    elif dump is None:
        with session.case() as case:
            document = stages.perform(case, "intake", progress)
    else:
        dump_exists(dump)
        with session.case(make=True, promised=policy) as case:
            document = stages.take_in(case, dump, progress, asked)
    show.result(document, "intake", as_json=session.as_json)


def dump_exists(dump: Path) -> None:
    """Raise `DumpMissing` before a case is made for nothing."""
    from sousveil.errors import DumpForbidden, DumpMissing

    try:
        if not dump.exists():
            raise DumpMissing(f"there is no file or folder {dump}")
    except PermissionError:
        raise DumpForbidden(f"no permission to look at {dump}") from None
