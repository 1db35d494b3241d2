"""`status` and `ledger`: where the case stands, and whether it was tampered with."""

from __future__ import annotations

import json

import click

from sousveil.cli import show
from sousveil.cli.options import Session, with_case


@click.command()
@with_case
def status(session: Session) -> None:
    """Say which stages are done, stale or missing."""
    from sousveil import stages

    with session.case() as case:
        document = {
            "case": str(session.folder),
            "made_by": case.made_by,
            "stages": [{"stage": s.name, "state": stages.state(case, s.name)} for s in stages.STAGES],
            "ledger": case.ledger.verify(),
            "releases": len(list(case.releases.glob("*.json"))),
        }
    show.result(document, "status", as_json=session.as_json)


@click.group()
def ledger() -> None:
    """The ledger: who did what when, each line bound to the one before it."""


@ledger.command(name="verify")
@with_case
def ledger_verify(session: Session) -> None:
    """Check every line of the ledger; exit code 6 names the first that does not hold."""
    from sousveil.case import Case

    lines = Case.open(session.folder, session.key).ledger.verify()
    if session.as_json:
        click.echo(json.dumps({"ledger": {"lines": lines, "sound": True}}))
    else:
        click.echo(f"{lines} lines, every one sound.")
