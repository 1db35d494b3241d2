"""`unseal`: a few records, drawn by lot, for a stated reason, with a second person's approval."""

from __future__ import annotations

import json
import shlex
from typing import Any

import click

from sousveil.cli import show as tables
from sousveil.cli.options import Session, with_case

_PURPOSE = "Use them for this reason alone. What you see is about people who were watched: copy nothing."


@click.group()
def unseal() -> None:
    """Look at a few records, drawn by lot, for a reason, with another member's approval.

    Nobody can choose the records: there is no way to search, and the same request shows the same ones.
    """


@unseal.command(name="request")
@click.option("--table", help="Draw from this table (its name as `sousveil survey` shows it).")
@click.option("--finding", help="Draw from a published cell of the finding of this id.")
@click.option("--cell", type=click.IntRange(1), help="Which published cell: the first that is listed is 1.")
@click.option("--records", type=click.IntRange(1), required=True, help="How many records.")
@click.option("--reason", required=True, help="Why, in a sentence. The ledger keeps it: name nobody in it.")
@click.option("--clear", multiple=True, metavar="COLUMN", help="Ask to see this masked column as it is.")
@with_case
def unseal_request(session: Session, **asked: Any) -> None:
    """Ask for a sample of a table, or of one published cell.

    It counts against the total of the case at once, approved or not. Columns that identify people are shown
    as shapes, unless --clear names them.
    """
    if (asked["table"] is None) == (asked["finding"] is None) or (asked["finding"] is None) != (
        asked["cell"] is None
    ):
        raise click.UsageError("give --table, or --finding with --cell")
    from sousveil.custody import unseal as room

    with session.case() as case:
        document = room.request(case, **asked)
    case_named = shlex.quote(str(session.folder))
    step = f"sousveil unseal approve {document['request']} --case {case_named}"
    _tell(session, document, f"Next: another member runs {step}")


@unseal.command(name="list")
@with_case
def unseal_list(session: Session) -> None:
    """List the requests, and how many records may still be asked for."""
    from sousveil.custody import unseal as room

    document = room.listing(session.reading())
    if session.as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    tables.unseal_requests(document)


@unseal.command(name="approve")
@click.argument("request")
@with_case
def unseal_approve(session: Session, request: str) -> None:
    """Approve another member's request; read with `unseal list` what it is for."""
    progress = session.progress("unseal")
    from sousveil.custody import unseal as room

    with session.case() as case:
        document = room.approve(case, request)
    if document["alone"]:
        progress.warn("APPROVED BY WHO ASKED: this case was made with unseal_alone. The ledger says so.")
    _tell(session, document, f"Approved. Next: sousveil unseal show {document['request']}")


@unseal.command(name="show")
@click.argument("request")
@with_case
def unseal_show(session: Session, request: str) -> None:
    """Show the records of an approved request; exit code 7 where it is not approved."""
    from sousveil.custody import unseal as room

    with session.case() as case:
        document = room.show(case, request)
    document["purpose"] = f"{document['reason']} {_PURPOSE}"
    if session.as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        tables.unsealed(document)


def _tell(session: Session, document: dict[str, Any], following: str) -> None:
    if session.as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        tables.unseal_requests({"requests": [document]})
        click.echo(following)
