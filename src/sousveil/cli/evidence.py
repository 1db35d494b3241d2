"""`export` and `rebuild`: the evidence, to be handed on or to be worked from again."""

from __future__ import annotations

import json
from pathlib import Path

import click

from sousveil.cli import show
from sousveil.cli.options import GivenPath, Session, asked_for, with_asked, with_case


@click.command()
@click.option(
    "--to",
    "target",
    type=GivenPath(path_type=Path, file_okay=False),
    required=True,
    help="The folder to make; not in the case.",
)
@with_case
def export(session: Session, target: Path) -> None:
    """Write the evidence as a BagIt bag: sealed originals, manifest, signed ledger, and a verifier.

    The originals stay encrypted to the members. `python3 DIR/data/verify.py DIR` checks all of it, without
    any key and without Sousveil.
    """
    progress = session.progress("export")
    from sousveil.custody.export import export as write

    with session.case() as case:
        document = write(case, target, progress)
    if session.as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    click.echo(f"{document['files']} files, {document['originals']['files']} of them originals: {target}")
    click.echo(f"The ledger's head, to be written down elsewhere: {document['head']}")


@click.command()
@with_asked
@with_case
def rebuild(session: Session, password_file: Path | None, insist_on_jail: bool) -> None:
    """Make the vault anew from the sealed originals, without the dump.

    For a vault that is damaged or missing. The old one is kept as vault/vault.before-rebuild.duckdb. Cut off,
    the same command goes on. Then `sousveil run` or any stage works out the rest again.
    """
    progress = session.progress("rebuild")
    from sousveil import stages

    with session.case() as case:
        document = stages.rebuild(case, progress, asked_for(password_file, insist_on_jail))
    show.result(document, "intake", as_json=session.as_json)
