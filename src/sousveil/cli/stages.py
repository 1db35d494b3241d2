"""`survey`, `verify`, `count`, `findings`, `publish`: one stage each, with all that it needs."""

from __future__ import annotations

from pathlib import Path

import click

from sousveil.cli import show
from sousveil.cli.options import GivenPath, Session, with_case


def _stage(name: str, summary: str) -> click.Command:
    @click.command(name=name, help=summary)
    @with_case
    def command(session: Session) -> None:
        progress = session.progress(name)
        from sousveil import stages

        with session.case() as case:
            document = stages.perform(case, name, progress)
        show.result(document, name, as_json=session.as_json)

    return command


survey = _stage("survey", "Say what each column is, and propose review.toml for people to correct.")
verify = _stage("verify", "Say how far the dump agrees with itself and with the world.")
publish = _stage("publish", "Write CASE/publication/ from what the gate has released.")


@click.command()
@click.option(
    "--questions",
    type=GivenPath(path_type=Path, dir_okay=False, readable=False),
    help="A file of questions; it is copied to CASE/questions.toml.",
)
@with_case
def findings(session: Session, questions: Path | None) -> None:
    """Answer the questions through the gate: exact figures, small groups not shown.

    Without a file it asks what CASE/questions.toml holds, or what the survey suggests.
    """
    progress = session.progress("findings")
    from sousveil import stages
    from sousveil.findings.questions import adopt

    with session.case() as case:
        if questions:
            adopt(case, questions)
        document = stages.perform(case, "findings", progress)
    show.result(document, "findings", as_json=session.as_json)
