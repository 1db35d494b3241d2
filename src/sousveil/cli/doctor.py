"""`doctor`: what of this machine and of a case is right and wrong."""

from __future__ import annotations

import json
from pathlib import Path

import click

from sousveil.cli.layout import indented, table
from sousveil.cli.options import GivenPath, Session, common


@click.command()
@common
@click.option(
    "--case",
    "of",
    type=GivenPath(path_type=Path, file_okay=False, readable=False),
    help="The folder of a case; without it, only this machine is looked at.",
)
@click.option(
    "--key",
    "with_key",
    type=GivenPath(path_type=Path, dir_okay=False, readable=False),
    help="Your key file (default: SOUSVEIL_KEY, else ~/.config/sousveil/key.txt).",
)
def doctor(session: Session, of: Path | None, with_key: Path | None) -> None:
    """Say what of this machine, and of a case, is right and wrong, and what to do about it.

    It changes nothing. Exit code 1 where anything is wrong; warnings end in 0.
    """
    session.progress("doctor")
    from sousveil.doctor.checks import examined
    from sousveil.doctor.model import Patient

    document = examined(Patient(of, with_key))
    if session.as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        table(
            ("", "check", "what was found"), [(o["reading"], o["id"], o["says"]) for o in document["checks"]]
        )
        for one in document["checks"]:
            if one["next"]:
                click.echo(f"{one['id']}:")
                indented(f"next: {one['next']}", 2)
    if document["wrong"]:
        click.get_current_context().exit(1)
