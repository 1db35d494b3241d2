"""`demo`: the synthetic dump."""

from __future__ import annotations

import json
from pathlib import Path
from shlex import quote

import click

from sousveil.cli.options import GivenPath, Session, common


@click.command()
@click.argument("target", metavar="DIR", type=GivenPath(path_type=Path, file_okay=False, readable=False))
@click.option("--records", type=click.IntRange(2_000, 50_000_000), default=1_100_000, show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=1, show_default=True)
@common
def demo(session: Session, target: Path, records: int, seed: int) -> None:
    """Write a synthetic dump of an invented city to DIR/dump, with DIR/truth.json and DIR/questions.toml.

    Nobody in it is real: identity numbers begin with the unallocated region 99, phones with prefixes that no
    network has. The same seed gives the same bytes.
    """
    progress = session.progress("demo")
    from sousveil.demo import write

    document = write(target, records, seed, progress)
    if session.as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        click.echo(
            f"Next: sousveil run {quote(str(target / 'dump'))} --case CASE "
            f"--questions {quote(str(target / 'questions.toml'))}"
        )
