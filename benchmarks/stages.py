"""Where the CPU seconds of one run go: each stage within the one process, and the children it started.

`python -m benchmarks.stages DUMP CASE [--questions FILE] [--threads]` makes CASE by the main job and prints a
line for each stage. `--threads` lets the engine use every core on a store of any size.
"""

from __future__ import annotations

import argparse
import importlib
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sousveil import stages
from sousveil.__main__ import main as sousveil
from sousveil.vault import engine

Run = Callable[..., dict[str, Any]]


def main() -> None:
    """Run the main job with a clock around each stage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dump", type=Path)
    parser.add_argument("case", type=Path)
    parser.add_argument("--questions", type=Path)
    parser.add_argument("--threads", action="store_true")
    wanted = parser.parse_args()
    if wanted.threads:
        engine._threads = lambda _: {}
    for stage in stages.STAGES:
        module = importlib.import_module(stage.module)
        module.run = _timed(stage.name, module.run)
    asked = ["--questions", str(wanted.questions)] if wanted.questions else []
    sys.argv = ["sousveil", "run", str(wanted.dump), "--case", str(wanted.case), "--quiet", *asked]
    print(f"{'stage':<12}{'CPU s':>8}{'children':>10}{'MiB so far':>12}", file=sys.stderr)
    try:
        sousveil()
    finally:
        _line("all", (0.0, 0.0))


def _timed(name: str, run: Run) -> Run:
    def timed(*arguments: Any) -> dict[str, Any]:
        before = _spent()
        try:
            return run(*arguments)
        finally:
            _line(name, before)

    return timed


def _line(name: str, before: tuple[float, float]) -> None:
    own, children = (now - then for now, then in zip(_spent(), before, strict=True))
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"{name:<12}{own:>8.1f}{children:>10.1f}{largest:>12}", file=sys.stderr)


def _spent() -> tuple[float, float]:
    """CPU seconds of this process, and of its children that have ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    own, children = (one.ru_utime + one.ru_stime for one in used)
    return own, children


if __name__ == "__main__":
    main()
