"""`members`: who can open the case; and `new`: a case made before anything is taken in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from sousveil.cli import show
from sousveil.cli.options import GivenPath, Session, with_case
from sousveil.custody.members import FOUNDER


@click.command()
@click.option("--name", default=FOUNDER, show_default=True, help="What the ledger calls you.")
@click.option(
    "--recovery-key",
    "recovery",
    type=GivenPath(path_type=Path, dir_okay=False),
    help="Make an offline recovery key in this new file, outside the case.",
)
@click.option(
    "--unseal-alone",
    is_flag=True,
    help="DANGEROUS: let one member look at records without a second one's approval. Can't be set later.",
)
@click.option(
    "--unseal-per-request",
    type=click.IntRange(0),
    default=10,
    show_default=True,
    help="Records that one unseal request may ask for.",
)
@click.option(
    "--unseal-total",
    type=click.IntRange(0),
    default=50,
    show_default=True,
    help="Records that all unseal requests together may ask for; 0 lets nobody look at any.",
)
@with_case
def new(session: Session, name: str, recovery: Path | None, **unseal: Any) -> None:
    """Make a case before anything is taken in, to choose what can't be chosen later.

    `sousveil run` makes one by itself where there is none: with the founder as its one member, and without
    unseal alone.
    """
    progress = session.progress("new")
    from sousveil.case import Case
    from sousveil.custody import membership
    from sousveil.custody.members import is_name
    from sousveil.errors import BadCase, BadMember
    from sousveil.policy import Policy

    if (session.folder / "case.toml").exists():
        raise BadCase("there is a case in this folder already", next="sousveil members list --case CASE")
    if not is_name(name):
        raise BadMember("a member's name is letters, figures, `.`, `-` and `_`, at most 40 of them")
    if unseal["unseal_alone"]:
        progress.warn("ONE PERSON ALONE will be able to look at records. The ledger says so for good.")
    case = Case.make(session.folder, session.key, founder=name, policy=Policy(**unseal))
    if recovery is not None:
        with case.held("sousveil new"):
            membership.recovery_key(case, recovery)
    _tell(session, {"case": str(session.folder), "id": case.id, **membership.listing(case)})


@click.group()
def members() -> None:
    """Who can open the case."""


@members.command(name="list")
@with_case
def members_list(session: Session) -> None:
    """Say who the members are, by the ledger."""
    from sousveil.custody import membership

    _tell(session, membership.listing(session.reading()))


@members.command(name="add")
@click.argument("name")
@click.argument("recipient")
@with_case
def members_add(session: Session, name: str, recipient: str) -> None:
    """Let a member open the case and every original in it.

    RECIPIENT is their age public key (age1…), or a file that holds it; they keep the secret one. Their first
    command signs them in.
    """
    from sousveil.custody import membership

    with session.case() as case:
        membership.add(case, name, recipient)
        document = membership.listing(case)
    _tell(session, document)


@members.command(name="remove")
@click.argument("name")
@with_case
def members_remove(session: Session, name: str) -> None:
    """Take a member's way into the case away: the vault and every original get new keys.

    What they copied before, they keep: nothing can take that back. Cut off, the same command goes on. It
    needs room for a second copy of the vault.
    """
    progress = session.progress("members")
    from sousveil.custody import membership

    with session.case() as case:
        done = membership.remove(case, name, progress)
        document = {**membership.listing(case), "done": done}
    progress.warn(f"{name} may have kept a copy of what the case held until now.")
    _tell(session, document)


@members.command(name="recovery-key")
@click.option(
    "--to",
    "target",
    type=GivenPath(path_type=Path, dir_okay=False),
    required=True,
    help="A new file, outside the case: print it or put it in a safe, then delete it.",
)
@with_case
def members_recovery_key(session: Session, target: Path) -> None:
    """Make a key to be kept offline, which opens the case when every member's key is lost.

    It is written once, to that file, and nowhere else. It approves nothing.
    """
    from sousveil.custody import membership

    with session.case() as case:
        membership.recovery_key(case, target)
        document = membership.listing(case)
    _tell(session, document)


def _tell(session: Session, document: dict[str, Any]) -> None:
    if session.as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        show.members(document)
