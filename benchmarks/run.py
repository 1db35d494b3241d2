"""`make bench`: the whole `sousveil run` beside the bare load of the same files, and where the time goes.

Options: `--records N` (1,100,000), `--runs N` (3; the median is shown), `--folder DIR` (kept).
"""

from __future__ import annotations

import argparse
import json
import os
import pty
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Measured, measure

STAGES = ("intake", "survey", "verify", "count", "findings", "publish")
"""Each is run as a command of its own on the same case; `verify` brings `normalise` with it."""


def main() -> None:
    """Write the dump, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        compare(wanted.folder or Path(temporary), wanted.records, wanted.runs)


def compare(folder: Path, records: int, runs: int) -> None:
    """Measure demo, bare load and run in turn, so that a machine whose speed drifts is fair to each."""
    demo = folder / "demo"
    written = measure([*SOUSVEIL, "demo", demo, "--records", str(records)])
    bare, whole, stages = [], [], []
    for _ in range(runs):
        (folder / "bare.duckdb").unlink(missing_ok=True)
        bare.append(
            measure([sys.executable, "-m", "benchmarks.bare_load", demo / "dump", folder / "bare.duckdb"])
        )
        shutil.rmtree(folder / "case", ignore_errors=True)
        asked = ["--questions", demo / "questions.toml"]
        whole.append(run("run", demo / "dump", "--case", folder / "case", *asked, folder=folder))
        shutil.rmtree(folder / "staged", ignore_errors=True)
        stages.append(staged(folder, demo))
    show(records, written, bare, whole, stages)
    began = middle([first_line(folder) for _ in range(10)])
    print(f"\nfirst line of progress on a terminal: after {1000 * began:.0f} ms")
    (folder / "bare.duckdb").unlink(missing_ok=True)
    one = [sys.executable, "-m", "benchmarks.bare_load", demo / "dump", folder / "bare.duckdb"]
    took = json.loads(subprocess.run(one, capture_output=True, text=True, check=True).stdout)["cpu"]
    print("\nbare load, CPU seconds a file")
    for name, seconds in took.items():
        print(f"  {seconds:>6.2f}  {name}")


SOUSVEIL = [sys.executable, "-m", "sousveil"]


def run(*arguments: str | Path, folder: Path) -> Measured:
    """Measure a command of Sousveil with a key of its own."""
    return measure([*SOUSVEIL, *arguments], SOUSVEIL_KEY=str(folder / "key.txt"))


def first_line(folder: Path) -> float:
    """Seconds until `sousveil run` has written its first progress to a terminal."""
    controller, terminal = pty.openpty()
    command = [*SOUSVEIL, "run", str(folder), "--case", str(folder / "none")]
    began = time.perf_counter()
    process = subprocess.Popen(command, stderr=terminal, stdout=subprocess.DEVNULL)
    os.read(controller, 1)
    took = time.perf_counter() - began
    process.kill()
    process.wait()
    os.close(terminal)
    os.close(controller)
    shutil.rmtree(folder / "none", ignore_errors=True)
    return took


def staged(folder: Path, demo: Path) -> dict[str, Measured]:
    """Each stage as a command of its own."""
    case = folder / "staged"
    took = {"intake": run("intake", demo / "dump", "--case", case, folder=folder)}
    for stage in STAGES[1:]:
        asked = ["--questions", demo / "questions.toml"] if stage == "findings" else []
        took[stage] = run(stage, *asked, "--case", case, folder=folder)
    return took


def show(
    records: int,
    written: Measured,
    bare: list[Measured],
    whole: list[Measured],
    stages: list[dict[str, Measured]],
) -> None:
    """Print the table; medians over the runs."""
    base = middle([m.cpu for m in bare])
    print(
        f"{records:,} records, median of {len(bare)} runs; CPU seconds with children, memory of all processes"
    )
    print(f"{'':<28}{'CPU s':>8}{'wall s':>8}{'MiB':>8}{'CPU / bare load':>18}")
    row("sousveil demo", [written], base)
    row("bare load into DuckDB", bare, base)
    row("sousveil run", whole, base)
    for stage in STAGES:
        row(f"  {stage}, on its own", [one[stage] for one in stages], base)


def row(name: str, measured: list[Measured], base: float) -> None:
    """Print one row."""
    cpu, wall, memory = (middle([getattr(m, what) for m in measured]) for what in ("cpu", "wall", "memory"))
    print(f"{name:<28}{cpu:>8.1f}{wall:>8.1f}{memory:>8.0f}{cpu / base:>18.2f}")


def middle(values: list[float]) -> float:
    """The median."""
    return statistics.median(values)


if __name__ == "__main__":
    main()
