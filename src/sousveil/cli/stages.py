"""`intake`, `survey`, `verify`, `count`, `findings`, `publish`: one stage each, with all that it needs."""

from __future__ import annotations

from pathlib import Path

import click

from sousveil.cli import show
from sousveil.cli.options import GivenPath, Session, asked_for, with_asked, with_case


@click.command()
@click.argument("dump", required=False, type=GivenPath(path_type=Path, readable=False))
@with_asked
@with_case
def intake(session: Session, dump: Path | None, password_file: Path | None, insist_on_jail: bool) -> None:
    """Take the files of DUMP in: seal and hash the originals, load their tables.

    Makes the case where there is none. Without DUMP it prints what was taken in before.
    """
    progress = session.progress("intake")
    from sousveil import stages

    if dump is None:
        with session.case() as case:
            document = stages.perform(case, "intake", progress)
    else:
        dump_exists(dump)
        asked = asked_for(password_file, insist_on_jail)
        with session.case(make=True) as case:
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
count = _stage("count", "Say how many distinct people there are, for each table and in all, as a bracket.")
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
