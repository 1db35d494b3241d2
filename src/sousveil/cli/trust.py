"""`status` and `ledger`: where the case stands, and whether it was tampered with."""

from __future__ import annotations

import json
from typing import Any

import click

from sousveil.cli import show
from sousveil.cli.options import Session, with_case


@click.command()
@with_case
def status(session: Session) -> None:
    """Say which stages are done, stale or missing; while another command is at work, which one it makes."""
    from sousveil import stages
    from sousveil.errors import CaseBusy
    from sousveil.findings import regime

    more: dict[str, Any] = {}
    try:
        with session.case() as case:
            states = [{"stage": s.name, "state": stages.state(case, s.name)} for s in stages.STAGES]
            more = regime.standing(case)
    except CaseBusy as busy:
        # Ledger and releases can be read all the same; the vault is the other's.
        case, more = session.reading(), {"at_work": busy.where}
        states = stages.while_busy(case, busy.where.get("stage", ""), busy.where.get("since", "~"))
    document = {
        "case": str(session.folder),
        "made_by": case.made_by,
        "stages": states,
        "ledger": case.ledger.verify(),
        "releases": len(list(case.releases.glob("*.json"))),
    }
    show.result(document | more, "status", as_json=session.as_json)


@click.group()
def ledger() -> None:
    """The ledger: who did what when, each line bound to the one before it and signed."""


@ledger.command(name="verify")
@click.option("--head", help="A head that was written down earlier: the ledger must go on from it.")
@with_case
def ledger_verify(session: Session, head: str | None) -> None:
    """Check ledger, checkpoint, manifest and every sealed original.

    Exit code 6 names the first line or file that does not hold. Needs no key.
    """
    from sousveil.custody import verify

    case = session.reading()
    document = verify.everything(case.custody, case.ledger)
    if head is not None:
        case.ledger.contains(head)
    if session.as_json:
        click.echo(json.dumps(document))
        return
    click.echo(f"Ledger: {document['ledger']['lines']} lines, every one sound and signed.")
    manifest, originals = document["manifest"], document["originals"]
    click.echo(f"Manifest: {manifest['items']:,} items, {manifest['state']}.")
    click.echo(f"Originals: {originals['files']:,} sealed files, {originals['bytes']:,} bytes, none changed.")
    if manifest["state"] == "unfinished":
        click.echo("A command was cut off before it could write the manifest: run it again.")


@ledger.command(name="head")
@with_case
def ledger_head(session: Session) -> None:
    """Print the ledger's head: number of lines and hash of the last.

    Write it down, or publish it: whoever puts back an older ledger can't put that back. `sousveil ledger
    verify --head HEAD` checks that the ledger goes on from it.
    """
    head = session.reading().ledger.head()
    click.echo(json.dumps({"head": head}) if session.as_json else head)
