"""Within a mount namespace of its own: a case on a tmpfs that fills up, then grows.

`unshare --mount python -m tests.faults.small_disk WORLD DIGEST SIZE...`: WORLD is the folder of a prepared
`World`, DIGEST the publication that must come out. Ends with 1 and a sentence where something does not hold.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.faults.injection import World, digest, is_whole


def main(folder: Path, expected: str, *sizes: str) -> None:
    """Run on ever larger disks: each but the last must say that the disk is full, or be done."""
    disk = folder / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={sizes[0]}", "tmpfs", str(disk)], check=True)
    world = World(folder)
    full = 0
    for size in sizes:
        subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True)
        done = world.run(disk / "case")
        if not is_whole(disk / "case" / "publication"):
            sys.exit(f"half a publication on a disk of {size}")
        if done.returncode:
            full += 1
            if "DISK_FULL" not in done.stderr:
                sys.exit(f"a disk of {size} is full, but the message is: {done.stderr}")
    if done.returncode or digest(disk / "case" / "publication") != expected:
        sys.exit(f"the run with room ended with {done.returncode}: {done.stderr}")
    if not full:
        sys.exit("no disk was small enough")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
