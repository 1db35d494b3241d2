"""`demo`: the synthetic dump."""

from __future__ import annotations

import json
from pathlib import Path
from shlex import quote

import click

from sousveil.cli.options import GivenPath, Session, common


@click.command()
@click.argument("target", metavar="DIR", type=GivenPath(path_type=Path, file_okay=False, readable=False))
@click.option(
    "--records",
    type=click.IntRange(2_000, 50_000_000),
    default=None,
    help="As many at the least; by default 1,100,000, or 20,000 of another locale.",
)
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=1, show_default=True)
@click.option(
    "--locale",
    type=click.Choice(["zh-CN", "ru", "tr", "en"]),
    default="zh-CN",
    show_default=True,
    help="Where the invented city lies: its language, names, encodings and numbers.",
)
@common
def demo(session: Session, target: Path, records: int | None, seed: int, locale: str) -> None:
    """Write a synthetic dump of an invented city to DIR/dump, with DIR/truth.json and DIR/questions.toml.

    Nobody in it is real: identity numbers and phones are of ranges that were never given out. The same seed
    gives the same bytes.
    """
    progress = session.progress("demo")
    from sousveil.demo import write

    document = write(target, records, seed, progress, locale)
    if session.as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        click.echo(
            f"Next: sousveil run {quote(str(target / 'dump'))} --case CASE "
            f"--questions {quote(str(target / 'questions.toml'))}"
        )
