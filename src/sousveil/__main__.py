"""The entry point: the boundary at which every failure becomes an exit code and a sentence without values."""

from __future__ import annotations

import errno
import json
import os
import shlex
import sys
import traceback
from typing import NoReturn

import click

from sousveil.cli.app import app
from sousveil.errors import (
    DiskFull,
    DumpForbidden,
    Interrupted,
    SousveilError,
    Unexpected,
    UsageError,
)


def main() -> NoReturn:
    """Run the command line; exits with the contract's codes."""
    try:
        code = app.main(standalone_mode=False)
    except BaseException as error:  # the boundary: nothing may pass it, since messages may quote records
        if isinstance(error, SystemExit):
            raise
        failure = _ours(error)
        _say(failure, error)
        code = failure.exit_code
    _leave(code if isinstance(code, int) else 0)


def _ours(error: BaseException) -> SousveilError:
    """Our own error for anything that was raised; only ours and click's texts are ever shown."""
    if isinstance(error, SousveilError):
        return error
    if isinstance(error, click.UsageError):
        return _usage(error)
    if isinstance(error, (KeyboardInterrupt, click.Abort)):
        return Interrupted()
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull()
    if isinstance(error, BrokenPipeError):
        return Interrupted("whoever read the output has gone")
    if isinstance(error, PermissionError):
        return DumpForbidden(
            "a file or folder of the case can't be read or written with this user's permissions"
        )
    return Unexpected(where={"kind": type(error).__name__})


def _usage(error: click.UsageError) -> UsageError:
    command = error.ctx.command_path if error.ctx else "sousveil"
    return UsageError(error.format_message(), next=f"{command} --help")


def _say(failure: SousveilError, error: BaseException) -> None:
    failure.next_step = _filled(failure.next_step)
    if "--json" in sys.argv:
        click.echo(json.dumps(failure.as_json(), ensure_ascii=False))
    else:
        where = ", ".join(f"{name} {value}" for name, value in failure.where.items())
        place = f" ({where})" if where else ""
        click.echo(
            f"sousveil: {failure.code}: {failure.message}{place}\n  next: {failure.next_step}",
            file=sys.stderr,
        )
    if "--debug" in sys.argv:
        _show_lines(error)


def _filled(step: str) -> str:
    """The next command with the case that this call named."""
    for place, argument in enumerate(sys.argv):
        if argument == "--case" and place + 1 < len(sys.argv):
            return step.replace("CASE", shlex.quote(sys.argv[place + 1]))
        if argument.startswith("--case="):
            return step.replace("CASE", shlex.quote(argument.removeprefix("--case=")))
    return step


def _show_lines(error: BaseException) -> None:
    """The lines of code that led here: file, line and function; no messages, no variables."""
    for frame in traceback.extract_tb(error.__traceback__):
        click.echo(f"  {frame.filename}:{frame.lineno} in {frame.name}", err=True)
    click.echo(f"  {type(error).__name__}", err=True)


def _leave(code: int) -> NoReturn:
    """Exit; a reader of our output that has gone is not an error of ours."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


if __name__ == "__main__":
    main()
