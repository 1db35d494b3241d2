"""The command `sousveil`: its groups, in the order of `--help`, each imported only when it is called."""

from __future__ import annotations

import importlib

import click

from sousveil.version import __version__

COMMANDS = {
    "run": "run",
    "demo": "demo",
    "intake": "intake",
    "survey": "stages",
    "verify": "stages",
    "count": "count",
    "findings": "stages",
    "publish": "stages",
    "unseal": "unseal",
    "status": "trust",
    "doctor": "doctor",
    "ledger": "trust",
    "export": "evidence",
    "rebuild": "evidence",
    "new": "members",
    "members": "members",
}
"""Each command, and the file of this folder that has it."""


class Lazy(click.Group):
    """A group that imports a command's file when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Every command, in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of this name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"sousveil.cli.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        return command


@click.command(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="sousveil")
def app() -> None:
    """From a leaked surveillance database to findings that name nobody.

    The main job is one command: `sousveil run DUMP --case CASE`. It takes the files in, works out what they
    are, checks them, counts the people in them, and writes CASE/publication/, which can be published. The
    files' contents stay in CASE/vault/, encrypted. It never opens a network connection.
    """
