"""The generated references: docs/commands.md from `--help`, docs/errors.md and docs/types.md from the code.

`python -m tests.references write` writes them; tests/unit/test_docs.py fails where they are out of date.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from sousveil import errors
from sousveil.cli.app import app
from sousveil.survey.headers import example_words
from sousveil.survey.model import ColumnType
from sousveil.survey.types import TYPES

DOCS = Path(__file__).parent.parent / "docs"


def commands() -> str:
    """The command line reference."""
    parts = [
        "# Commands\n",
        "Generated from `--help` (`make docs`). stdout carries data, stderr carries messages and progress.\n",
    ]
    parts += [f"## `{at.command_path}`\n\n```\n{at.get_help()}\n```\n" for at in _walk("sousveil", app, None)]
    return "\n".join(parts)


def _walk(name: str, command: click.Command, parent: click.Context | None) -> Iterator[click.Context]:
    """A context for each command as the command line makes it: with the settings of the ones above it."""
    context = click.Context(command, parent, name, terminal_width=100, **command.context_settings)
    yield context
    if isinstance(command, click.Group):
        for inner_name in command.list_commands(context):
            inner = command.get_command(context, inner_name)
            assert inner is not None
            yield from _walk(inner_name, inner, context)


def error_codes() -> str:
    """The reference of error codes."""
    parts = [
        "# Errors\n",
        "Generated from `sousveil/errors.py` (`make docs`). Every failure has a stable code, one sentence, "
        "where it happened (names and numbers, never a value of the dump) and the next step.\n",
        "| exit code | meaning |\n| --- | --- |",
        "| 0 | done |\n| 1 | failed |\n| 2 | usage |\n| 3 | refused by disclosure control |\n"
        "| 4 | wrong or missing key |\n| 5 | nothing readable in the dump |\n"
        "| 6 | ledger or manifest does not verify |\n| 7 | unseal not approved |\n| 130 | interrupted |\n",
    ]
    for error in all_errors():
        sentence = " ".join((error.__doc__ or "").split())
        parts.append(f"## `{error.code}`\n\nExit code {error.exit_code}. {sentence}\n\nNext: {error.next}\n")
    return "\n".join(parts)


def all_errors() -> list[type[errors.SousveilError]]:
    """Every error class, in the order of the file."""
    return [
        found
        for found in vars(errors).values()
        if isinstance(found, type) and issubclass(found, errors.SousveilError)
    ]


def column_types() -> str:
    """The reference of column types."""
    parts = [
        "# Column types\n",
        "Generated from `sousveil/survey/types/` (`make docs`). What each column of a dump may be: what "
        "speaks for it, what its clean form is, and whether questions may use it. [review.md](review.md) "
        "says how the survey decides and how to correct it.\n",
    ]
    return "\n".join(parts + [_column_type(found) for found in TYPES])


def _column_type(found: ColumnType) -> str:
    lines = [found.summary, f"Clean form: {found.canonical}"]
    if found.chance is not None:
        lines.append(
            f"Check: it has one, which luck passes in {found.chance:.1%} of cases; the share that passes is "
            "weighed against that."
        )
    if found.strong:
        lines.append("A valid value says by itself who a person is.")
    lines.append(f"Questions: {_asked(found)}")
    if found.rivals:
        lines.append(f"Most easily taken for: {', '.join(f'`{name}`' for name in found.rivals)}.")
    words = [word for word in example_words(found.name) if "|" not in word]
    if words:
        lines.append(f"Headers that speak for it: {', '.join(f'`{word}`' for word in words)} …")
    return f"## `{found.name}`\n\n" + "\n\n".join(lines) + "\n"


def _asked(found: ColumnType) -> str:
    if found.through:
        return found.through
    if found.identifying:
        return "refused, since it can single a person out."
    return "may be used in `where` and `by`." if found.askable else "refused."


REFERENCES = {"commands.md": commands, "errors.md": error_codes, "types.md": column_types}

if __name__ == "__main__" and sys.argv[1:] == ["write"]:
    for name, make in REFERENCES.items():
        (DOCS / name).write_text(make(), "utf-8")
