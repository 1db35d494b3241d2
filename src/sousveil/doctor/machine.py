"""Whether this machine can do the work: Python, packages, the engine's encryption, walls, memory, disk."""

from __future__ import annotations

import platform
import re
import secrets
import shutil
import sys
import tempfile
from importlib import metadata
from pathlib import Path

from sousveil.doctor.model import RIGHT, UNKNOWN, WARNING, WRONG, Outcome, Patient

LEAST_PYTHON = (3, 11)
MEMORY_WANTED, MEMORY_LEAST = 3 * 2**30, 2 * 2**30
"""What a million records need besides the system (the vault's engine is held to 1.1 GB), and the least."""
DISK_WANTED, DISK_LEAST = 10 * 2**30, 2**30
_AGAIN = "make setup, or pip install --require-hashes -r requirements/runtime.txt"


def python(_: Patient) -> Outcome:
    """The version of Python."""
    version = platform.python_version()
    if sys.version_info >= LEAST_PYTHON:
        return Outcome(RIGHT, f"Python {version} on {platform.system()} {platform.machine()}")
    least = ".".join(map(str, LEAST_PYTHON))
    return Outcome(WRONG, f"Python {version} is too old", f"install Python {least} or newer")


def packages(_: Patient) -> Outcome:
    """Whether every package is there, and those of one version only in that version."""
    try:
        wanted = metadata.requires("sousveil") or []
    except metadata.PackageNotFoundError:
        return Outcome(
            UNKNOWN, "Sousveil runs from its source, so nothing says which packages it needs", _AGAIN
        )
    wanted = [line for line in wanted if "extra ==" not in line]
    missing, other = [], []
    for line in wanted:
        found = re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?(.*)", line)
        name, rule = (found[1], found[2]) if found else (line, "")
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            missing.append(name)
            continue
        pinned = re.search(r"==\s*([0-9][^,; ]*)", rule)
        if pinned and pinned[1] != version:
            other.append(f"{name} {version} instead of {pinned[1]}")
    if missing or other:
        lacking = [f"{', '.join(missing)} missing"] if missing else []
        return Outcome(WRONG, "; ".join([*lacking, *other]), _AGAIN)
    return Outcome(
        RIGHT, f"all {len(wanted)} packages are there; engine: DuckDB {metadata.version('duckdb')}"
    )


def encryption(_: Patient) -> Outcome:
    """Whether a vault can be made, holds nothing in clear, and opens again with its key."""
    from sousveil.vault import Vault

    marker = "what must not be read from outside " * 8
    with tempfile.TemporaryDirectory() as folder:
        key, place = secrets.token_hex(32), Path(folder, "vault")
        vault = Vault.open(place, key)
        vault.put_document("doctor", marker)
        vault.sync()
        vault.close()
        clear = any(marker[:30].encode() in file.read_bytes() for file in place.rglob("*") if file.is_file())
        again = Vault.open(place, key)
        same = again.document("doctor") == marker
        again.close()
    if clear or not same:
        return Outcome(WRONG, "the engine's encrypted store holds text in clear or loses it", _AGAIN)
    return Outcome(RIGHT, "a vault was made, holds nothing in clear and opens with its key")


def jail(_: Patient) -> Outcome:
    """Which walls stand around the parsers."""
    from sousveil.intake.client import Parser
    from sousveil.intake.jail import WALLS

    with Parser() as parser:
        walls = parser.walls()
    missing = [wall for wall in WALLS if wall not in walls]
    if missing:
        return Outcome(
            WARNING,
            f"the parsers can't be walled off from: {', '.join(missing)}",
            "take dumps in on a newer Linux kernel, or on a machine without a network and without other data",
        )
    return Outcome(RIGHT, f"every wall around the parsers stands: {', '.join(walls)}")


def memory(_: Patient) -> Outcome:
    """Memory that is free for programs, by the kernel."""
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        free = 1024 * next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration, ValueError):
        return Outcome(UNKNOWN, "this system does not say how much memory is free")
    return _enough(free, MEMORY_WANTED, MEMORY_LEAST, "memory", "close other programs")


def disk(patient: Patient) -> Outcome:
    """Space on the disk of the case, else of the folder we are in."""
    at = patient.folder if patient.folder and patient.folder.exists() else Path.cwd()
    free = shutil.disk_usage(at).free
    where = "the disk of the case" if patient.folder else "this disk"
    return _enough(free, DISK_WANTED, DISK_LEAST, where, "make room: a case needs two to four times the dump")


def _enough(free: int, wanted: int, least: int, what: str, then: str) -> Outcome:
    said = f"{free / 2**30:.1f} GiB free ({what})"
    if free >= wanted:
        return Outcome(RIGHT, said)
    return Outcome(WARNING if free >= least else WRONG, f"only {said}", then)
