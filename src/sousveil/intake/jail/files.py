"""Landlock: which files a process may open from now on (Linux 5.13 and later; `landlock(7)`)."""

from __future__ import annotations

import ctypes
import functools
import os
import sys
import sysconfig
from pathlib import Path

import sousveil
from sousveil.intake.jail.kernel import call

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1
_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_RIGHTS = {1: (1 << 13) - 1, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
"""Rights on files by the version of Landlock that brought them; all of them are taken away."""
_NETWORK = 0b11
"""To bind and to connect TCP: version 4."""
_SCOPES = 0b11
"""Abstract Unix sockets and signals to others: version 6."""


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def forbid_files(readable: Path) -> None:
    """Leave this process nothing to open but `readable` and Python's code. Does nothing without Landlock.

    What is open already, and files in memory, stay usable.
    """
    version = call(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION))
    if version < 1:
        return
    files = sum(rights for since, rights in _RIGHTS.items() if since <= version)
    wanted = _Ruleset(files, _NETWORK if version >= 4 else 0, _SCOPES if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = call(_CREATE_RULESET, ctypes.byref(wanted), ctypes.c_size_t(size), ctypes.c_uint32(0))
    if ruleset < 0:
        return
    _allow(ruleset, readable, _READ_FILE)
    for folder in code_folders():
        _allow(ruleset, folder, _READ_FILE | _READ_DIR)
    call(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    os.close(ruleset)


@functools.cache
def code_folders() -> frozenset[Path]:
    """Where Python's code and ours lies, for modules that are imported late; nobody's data lies there."""
    paths = sysconfig.get_paths()
    named = {paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    named |= {str(Path(sousveil.__file__).parent), str(Path(sys.executable).resolve())}
    named |= {"/lib", "/lib64", "/usr/lib", "/usr/lib64"}
    return frozenset(Path(name) for name in named if Path(name).exists())


def _allow(ruleset: int, path: Path, rights: int) -> None:
    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        allowed = rights if path.is_dir() else rights & _READ_FILE
        rule = _Beneath(allowed, opened)
        kind = ctypes.c_int(_PATH_BENEATH)
        call(_ADD_RULE, ctypes.c_int(ruleset), kind, ctypes.byref(rule), ctypes.c_uint32(0))
    finally:
        os.close(opened)
