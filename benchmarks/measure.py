"""Measure a command as a whole: CPU seconds, wall seconds and memory of it and of all its children."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

_EVERY = 0.05  # seconds between two looks at the memory


@dataclass(frozen=True)
class Measured:
    """What a command took."""

    cpu: float
    """User and system seconds, children included."""
    wall: float
    memory: float
    """Largest sum of the resident memory of the command and its children, in MiB."""


def measure(command: list[str | Path], **environment: str) -> Measured:
    """Run a command to its end; raises `CalledProcessError` where it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    memory = 0.0
    while process.poll() is None:
        memory = max(memory, _resident(process.pid))
        time.sleep(_EVERY)
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        sys.stderr.write(process.stderr.read().decode() if process.stderr else "")
        raise subprocess.CalledProcessError(process.returncode, command)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(cpu, wall, memory)


def _resident(pid: int) -> float:
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.Error:
        return 0.0
    total = 0
    for member in family:
        try:
            total += member.memory_info().rss
        except psutil.Error:
            continue
    return total / 2**20
