"""Holding a case against a second process, and saying who holds it.

The lock is the kernel's (`flock`): it goes with the process that has it, however that ends, so no stale lock
can lock anybody out. What the file says is only for the one who has to wait.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sousveil.errors import CaseBusy


@contextmanager
def held(lock: Path, member: str, command: str) -> Iterator[None]:
    """Hold a case. Raises `CaseBusy` with the member, the command, since when and which process."""
    lock.parent.mkdir(mode=0o700, exist_ok=True)
    with lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CaseBusy(where=_said(lock)) from None
        since = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        said = {"member": member, "command": command, "since": since, "process": os.getpid()}
        file.truncate(0)
        file.write(json.dumps(said, ensure_ascii=False))
        file.flush()
        yield
        file.truncate(0)


def _said(lock: Path) -> dict[str, Any]:
    """What the holder wrote; nothing where it has not yet."""
    try:
        found = json.loads(lock.read_text("utf-8"))
        return {name: found[name] for name in ("member", "command", "since", "process")}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
