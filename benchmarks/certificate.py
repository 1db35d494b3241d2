"""What the certificate costs: hidden cells, how many are proven, its size, the CPU time to make and check it.

    python -m benchmarks.certificate [NAME …] [--records N] [--skew 1.5] [--publication FOLDER]

The sets of questions are those of `benchmarks.gate`, on the same made-up leak of 1.1 million records; each
goes through the gate in a process of its own. `--publication` makes the certificate of a publication anew (of
the demo's, for instance), from the numbers that it has printed. CPU seconds to make are the certificate's
alone, without the gate; to check are those of the verifier, as a reader runs it.
"""

from __future__ import annotations

import argparse
import bz2
import json
import multiprocessing
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.gate import SETS as GATE
from benchmarks.gate import K
from benchmarks.gate_leak import Leak, leak
from sousveil.findings.model import ExactTable

HEAD = (
    *("what was printed", "tables", "printed numbers", "hidden cells", "proven", "unproven", "worlds", "kB"),
    *("CPU s to make", "CPU s to check", "MiB"),
)
SETS: dict[str, Callable[[Leak], list[ExactTable]]] = {
    "standard findings": GATE["standard findings"],
    "six linked pairs": GATE["six linked pairs"],
    "circle of three": GATE["circle of three"],
    "circle of 11,520 combinations": lambda data: [
        data.ask("category", "month"),
        data.ask("month", "port"),
        data.ask("category", "port"),
    ],
    "company x month": GATE["company x month"],
    "company x month, and the totals of both": lambda data: [
        data.ask("company", "month"),
        data.ask("company"),
        data.ask("month"),
    ],
}
SKEW = 1.5


def of_questions(name: str, records: int, skew: float) -> tuple[Any, ...]:
    """One line of the table: questions through the gate."""
    from sousveil.gate.certificate.prints import read
    from sousveil.gate.release import release
    from tests.gate_world import MemoryCase

    data = leak(records, skew)
    case: Any = MemoryCase(K)
    release(case, SETS[name](data), data)
    return (name, *_measured([read(one) for one in case.documents["printed"]], K))


def of_publication(folder: str) -> tuple[Any, ...]:
    """One line of the table: what a publication has printed."""
    from sousveil.gate.certificate.printed import Printed
    from sousveil.gate.language import refs

    [file] = (Path(folder) / "certificate").glob("worlds.json*")
    text = file.read_bytes()
    document = json.loads(bz2.decompress(text) if file.suffix == ".bz2" else text)
    tables = [(one, system["edition"]) for system in document["systems"] for one in system["printed"]]
    printed = [
        Printed(
            table=one["table"],
            edition=edition,
            unit=one["unit"],
            where=one["where"],
            by=tuple(map(refs.canonical, one["by"])),
            total=one["total"],
            cells={tuple(labels): value for *labels, value in one["cells"]},
        )
        for one, edition in tables
    ]
    return (f"publication {Path(folder).resolve().parent.name}", *_measured(printed, tables[0][0]["k"]))


def _measured(printed: Sequence[Any], k: int) -> tuple[Any, ...]:
    from sousveil.gate.certificate.make import certificate
    from sousveil.packing import as_file
    from sousveil.publish.proof import FOLDER, SCRIPT, VERIFIER

    start = time.process_time()
    text = certificate(printed, k).text
    made = time.process_time() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / FOLDER).mkdir()
        file, data = as_file(text)
        (folder / FOLDER / file).write_bytes(data)
        (folder / "findings.json").write_text('{"findings": []}')
        shutil.copy(VERIFIER, folder / SCRIPT)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-I", str(folder / SCRIPT)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 3):
        raise SystemExit(done.stdout + done.stderr)
    numbers, hidden, left = map(int, re.findall(r"\d+", done.stdout.splitlines()[-1]))
    checked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    worlds = sum(len(system["worlds"]) for system in json.loads(text)["systems"])
    return len(printed), numbers, hidden, hidden - left, left, worlds, len(data) / 1000, made, checked, memory


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="what the certificate costs")
    parser.add_argument("names", nargs="*", choices=[[], *SETS], help="sets of questions; all without one")
    parser.add_argument("--records", type=int, default=1_100_000)
    parser.add_argument("--skew", type=float, default=SKEW, help="exponent of the nationalities' sizes")
    parser.add_argument("--publication", help="the folder of a publication, in the place of sets")
    options = parser.parse_args(arguments)
    print(f"| {' | '.join(HEAD)} |\n|{' --- |' * len(HEAD)}")
    spawn = multiprocessing.get_context("spawn")
    jobs: list[tuple[Any, tuple[Any, ...]]] = [
        (of_questions, (name, options.records, options.skew)) for name in options.names or SETS
    ]
    for job, given in [(of_publication, (options.publication,))] if options.publication else jobs:
        with spawn.Pool(1) as pool:
            name, *counts, size, made, checked, memory = pool.apply(job, given)
        counted = " | ".join(f"{count:,}" for count in counts)
        print(f"| {name} | {counted} | {size:.0f} | {made:.1f} | {checked:.1f} | {memory:.0f} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
