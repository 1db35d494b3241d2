"""`export`: the evidence, to be handed on."""

from __future__ import annotations

import json
from pathlib import Path

import click

from sousveil.cli.options import GivenPath, Session, with_case


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
