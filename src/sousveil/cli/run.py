"""`run`: the main job, from a dump to a publication."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import click

from sousveil.cli.intake import dump_exists
from sousveil.cli.options import (
    GivenPath,
    Session,
    asked_for,
    promised,
    with_asked,
    with_case,
    with_regime,
)


@click.command()
@click.argument("dump", type=GivenPath(path_type=Path, readable=False))
@click.option(
    "--questions",
    type=GivenPath(path_type=Path, dir_okay=False, readable=False),
    help="A file of questions; it is copied to CASE/questions.toml. Without one, the survey suggests some.",
)
@with_regime
@with_asked
@with_case
def run(
    session: Session,
    dump: Path,
    questions: Path | None,
    password_file: Path | None,
    insist_on_jail: bool,
    regime: str | None,
    epsilon: float | None,
) -> None:
    """Do everything: from DUMP (a file or a folder) to CASE/publication/.

    Run it again and it goes on where it was cut off; what is up to date is not done twice.
    """
    progress = session.progress("intake")
    dump_exists(dump)
    from sousveil import stages
    from sousveil.findings.questions import adopt
    from sousveil.intake.losses import losses

    asked = asked_for(password_file, insist_on_jail)
    with session.case(make=True, promised=promised(regime, epsilon)) as case:
        if questions:
            adopt(case, questions)
        taken = stages.take_in(case, dump, progress, asked)
        stages.perform(case, "publish", progress)
        released = stages.perform(case, "findings", progress)
        publication = case.publication
    if session.as_json:
        document = {"case": str(session.folder), "publication": str(publication), **released}
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    shown = sum(not one.get("refused") or "stands" in one for one in released["findings"])
    for loss in losses(taken, session.folder):
        click.echo(loss)
    click.echo(f"{shown} of {len(released['findings'])} findings may be published.")
    click.echo(f"Read them: {publication / 'index.html'}")
    case_named = shlex.quote(str(session.folder))
    click.echo(f"Check first what the columns were taken for: sousveil survey --case {case_named}")
