"""The jail that a parser runs in: five walls, put up by the process itself before it reads its first byte.

    reading    no file but its own input (and Python's own code) can be opened: Landlock
    writing    no file can be made, changed or removed: Landlock, and seccomp
    network    no socket can be made; there is no network either: seccomp, and a namespace of its own
    programs   no program can be started, no process made, signalled or looked into: seccomp
    limits     memory, processor time, open files, size of what it writes into memory files: rlimits

A wall stands only if `trial` could not get through it: what the kernel says when it is put up does not
count. Nothing here needs root. As root the powers of root are given up, but for that of reading the input
where it belongs to somebody else.
"""

from __future__ import annotations

import os
from pathlib import Path

from sousveil.intake.jail.calls import forbid_calls
from sousveil.intake.jail.files import forbid_files
from sousveil.intake.jail.kernel import drop_powers, leave_network, no_new_privileges, opens_socket
from sousveil.intake.jail.limits import Limits, set_limits

WALLS = ("reading", "writing", "network", "programs", "limits")
"""All walls, in the order in which they are shown."""


def enter(readable: Path, limits: Limits) -> None:
    """Shut this process in for good. Only `readable` (a file) and Python's own code can be opened after it.

    A wall that the kernel refuses is left out: `trial` tells. The process must have one thread only. Raises
    `OSError` where `readable` can't be opened.
    """
    with readable.open("rb"):
        pass  # what can't be read is said before the walls hide why
    leave_network()
    no_new_privileges()
    drop_powers()
    set_limits(limits)
    forbid_files(readable)
    forbid_calls()


def trial() -> tuple[str, ...]:
    """The walls of `WALLS` that held against an attempt to get through them, made in this process."""
    attempts = {
        "reading": _reads("/"),
        "writing": _writes(),
        "network": opens_socket(),
        "programs": _forks(),
        "limits": not set_limits(None),
    }
    return tuple(wall for wall in WALLS if not attempts[wall])


def _reads(path: str) -> bool:
    try:
        os.close(os.open(path, os.O_RDONLY))
    except OSError:
        return False
    return True


def _writes() -> bool:
    """Whether a harmless file can be opened for writing: opening does not change it."""
    try:
        os.close(os.open(os.devnull, os.O_WRONLY))
    except OSError:
        return False
    return True


def _forks() -> bool:
    try:
        child = os.fork()
    except OSError:
        return False
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
    return True
