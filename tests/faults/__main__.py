"""`make faults`: many chains of faults. Options: `--injections N` (200), `--seed N`, `--length N` (8)."""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path

from tests.faults.injection import World, need_strace


def main() -> None:
    """Inject until as many faults as wanted have struck; print how many of each kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--injections", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--length", type=int, default=8)
    wanted = parser.parse_args()
    need_strace()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        world.prepare()
        world.fill_disk("200k", "600k", "1m", "1500k", "2m", "2500k", "3m", "4m", "6m", "8m", "64m")
        print("a disk that is full at ten sizes: said, and gone on with", flush=True)
        chains = 0
        while sum(world.injected.values()) < wanted.injections:
            chains += 1
            world.chain(Path(folder) / "case", wanted.length, random.Random(f"{wanted.seed} {chains}"))
            print(f"{sum(world.injected.values())} faults in {chains} chains", flush=True)
    for kind, count in sorted(world.injected.items()):
        print(f"{count:>6}  {kind}")
    print(f"nothing acknowledged was lost, no publication was half; {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
