"""Limits on what a parser may use, kept by the kernel (`setrlimit(2)`)."""

from __future__ import annotations

import resource
from dataclasses import dataclass
from pathlib import Path

OPEN_FILES = 128
_PAGE = resource.getpagesize()


@dataclass(frozen=True)
class Limits:
    """What one parser may use."""

    seconds: int
    """Processor time."""
    memory: int
    """Bytes of memory beyond what the process has mapped when the limits are set."""
    written: int
    """Bytes of the largest file in memory that it may fill."""


def set_limits(limits: Limits | None) -> bool:
    """Set the limits for good, where given; whether limits on all of them stand."""
    wanted = {resource.RLIMIT_CORE: 0, resource.RLIMIT_NOFILE: OPEN_FILES}
    if limits:
        wanted[resource.RLIMIT_CPU] = limits.seconds
        wanted[resource.RLIMIT_AS] = _mapped() + limits.memory
        wanted[resource.RLIMIT_FSIZE] = limits.written
        for kind, most in wanted.items():
            resource.setrlimit(kind, (most, most))
    kinds = (*wanted, resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_FSIZE)
    return all(resource.getrlimit(kind)[1] != resource.RLIM_INFINITY for kind in kinds)


def _mapped() -> int:
    """Bytes of address space that this process has."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * _PAGE
