"""The entry point: the boundary at which every failure becomes an exit code and a sentence without values."""

from __future__ import annotations

import errno
import io
import json
import os
import shlex
import signal
import sys
import traceback
from pathlib import Path
from typing import NoReturn

import click

from sousveil.cli.app import app
from sousveil.errors import (
    DiskFull,
    DumpForbidden,
    FileUnusable,
    Interrupted,
    SousveilError,
    Unexpected,
    UsageError,
)
from sousveil.veil import plain


def main() -> NoReturn:
    """Run the command line; exits with the contract's codes."""
    _mend_streams()
    try:
        code = app.main(prog_name="sousveil", standalone_mode=False)
    except BaseException as error:  # the boundary: nothing may pass it, since messages may quote records
        if isinstance(error, SystemExit):
            raise
        _ignore_ctrl_c()
        failure = _ours(error)
        _say(failure, error)
        code = failure.exit_code
    _ignore_ctrl_c()
    _leave(code if isinstance(code, int) else 0)


def _ignore_ctrl_c() -> None:
    """The work is over: a second Ctrl-C must not turn its end into a traceback."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _mend_streams() -> None:
    """Let nothing fail for its characters, nor for want of somewhere to say it.

    A name may hold what the terminal's encoding lacks; a stream that the caller has closed is None.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # to the end
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


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
    if isinstance(error, PermissionError) or (isinstance(error, OSError) and error.errno == errno.EROFS):
        return DumpForbidden(
            "a file or folder of the case can't be read or written with this user's permissions"
        )
    if isinstance(error, OSError) and error.errno:
        return FileUnusable(where={"reason": os.strerror(error.errno)})
    return Unexpected(where={"kind": type(error).__name__})


def _usage(error: click.UsageError) -> UsageError:
    command = error.ctx.command_path if error.ctx else "sousveil"
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return UsageError("no command was given", next=f"{command} --help")
    return UsageError(error.format_message(), next=f"{command} --help")


def _say(failure: SousveilError, error: BaseException) -> None:
    failure.next_step = _filled(failure.next_step)
    said = failure.as_json()["error"]
    try:
        if "--json" in sys.argv:
            click.echo(json.dumps({"error": said}, ensure_ascii=False))
        elif isinstance(error, click.exceptions.NoArgsIsHelpError):
            click.echo(error.format_message(), err=True)
        else:
            where = ", ".join(f"{name} {value}" for name, value in said["where"].items())
            place = f" ({where})" if where else ""
            if sys.stderr.isatty():  # a line of progress may stand there, unfinished
                click.echo("\r\x1b[K", nl=False, err=True)
            click.echo(
                f"sousveil: {said['code']}: {said['message']}{place}\n  next: {said['next']}", err=True
            )
            for question, suggestions in said.get("suggestions", {}).items():
                for one in suggestions:
                    click.echo(
                        f"  instead of {plain(question)}: {plain('; '.join(one['changes']))}", err=True
                    )
        if "--debug" in sys.argv:
            _show_lines(error)
    except OSError:
        pass  # nobody is there to be told; the exit code says it


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
    """Exit; a reader of our output that has gone is not an error of ours, a result that was lost is one."""
    try:
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = code if isinstance(error, BrokenPipeError) else code or 1
    sys.exit(code)


if __name__ == "__main__":
    main()
