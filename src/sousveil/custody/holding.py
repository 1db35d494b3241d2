"""Holding a case against a second process, and saying who holds it.

The lock is the kernel's (`flock`): it goes with the process that has it, however that ends, so no stale lock
can lock anybody out. What the file says is only for the one who has to wait.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sousveil.errors import CaseBusy

SAID = ("member", "command", "stage", "since", "process")


@contextmanager
def held(lock: Path, member: str, command: str) -> Iterator[Callable[[str], None]]:
    """Hold a case; what is handed over says at which stage it is. Raises `CaseBusy` with what was `said`."""
    lock.parent.mkdir(mode=0o700, exist_ok=True)
    with lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CaseBusy(where=said(lock)) from None
        since = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")

        def say(stage: str) -> None:
            now = {"member": member, "command": command, "stage": stage, "since": since}
            file.truncate(0)
            file.write(json.dumps(now | {"process": os.getpid()}, ensure_ascii=False))
            file.flush()

        say("")
        yield say
        file.truncate(0)


def said(lock: Path) -> dict[str, Any]:
    """What the holder wrote: who, which command and stage, since when, which process; nothing yet, maybe."""
    try:
        found = json.loads(lock.read_text("utf-8"))
        return {name: found[name] for name in SAID}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
