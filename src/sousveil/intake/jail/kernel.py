"""The few calls of the Linux kernel that Python has no function for, by the C library (ctypes)."""

from __future__ import annotations

import ctypes
import os
import signal
from typing import Any

_LIBC = ctypes.CDLL(None, use_errno=True)

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2
_CLONE_NEWNET = 0x40000000
_CLONE_NEWUSER = 0x10000000
_CAP_DAC_READ_SEARCH = 1 << 2
_CAPABILITIES = 0x20080522
"""Version 3 of the structure of `capset(2)`: two halves of 32 bits each."""
_AF_INET, _SOCK_STREAM = 2, 1


def call(number: int, *arguments: Any) -> int:
    """A system call by its number; -1 where the kernel refuses."""
    return int(_LIBC.syscall(ctypes.c_long(number), *arguments))


def no_new_privileges() -> None:
    """Nothing that this process starts may have more rights than it has; seccomp and Landlock ask for it."""
    _LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # No core file, and no process of the same user may look into this one's memory.
    _LIBC.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def die_with_parent() -> None:
    """Be killed when the process that started this one ends, however it ends."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)


def leave_network() -> None:
    """Go into a network of its own, without a single interface that is up. Where it can't, seccomp stands."""
    if _LIBC.unshare(_CLONE_NEWNET):
        # An ordinary user may only do so within a user namespace.
        _LIBC.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def drop_powers() -> None:
    """Give up every capability but that of reading files of other users, which root's own cases may need."""
    kept = _CAP_DAC_READ_SEARCH if os.geteuid() == 0 else 0
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES, 0)
    sets = (ctypes.c_uint32 * 6)(kept, kept, 0, 0, 0, 0)
    _LIBC.capset(header, sets)


def filter_calls(program: bytes) -> None:
    """Put a classic BPF program before every system call of this process (`seccomp(2)`)."""

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))

    whole = Program(len(program) // 8, program)
    _LIBC.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(whole), 0, 0)


def opens_socket() -> bool:
    """Whether a socket for the internet can be made; it is closed at once and never connected."""
    made = int(_LIBC.socket(_AF_INET, _SOCK_STREAM, 0))
    if made >= 0:
        os.close(made)
    return made >= 0
