"""Hide a block of made-up records in the demo and see whether verify finds it, and where.

    python -m benchmarks.verify_blocks WORK [--records N]

The block is a hundredth of the demo's records, inserted into the checkpoint passages at three fifths of them:
once `recombined` (each value from another genuine record, so that every column is as it should be), once
`made-up` (names, numbers and moments drawn anew). Prints the row of evidence and the time that verify took.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import orjson

from sousveil.demo import write

Record = dict[str, object]


def recombined(records: list[Record], rng: random.Random) -> Record:
    """Every value from a record of its own."""
    return {key: rng.choice(records).get(key) for key in records[0]}


def made_up(records: list[Record], rng: random.Random) -> Record:
    """A record of somebody who is nowhere else."""
    born = f"{rng.randrange(1950, 2001)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
    return {
        **rng.choice(records),
        "XM": rng.choice("赵钱孙李周吴") + rng.choice("一二三四五六七八九十"),
        "SFZH": f"990101{born.replace('-', '')}{rng.randrange(10**4):04}",
        "CSRQ": born,
        "LXDH": f"12{rng.randrange(10**9):09}",
        "TGSJ": f"2018-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02} {rng.randrange(24):02}:00:00",
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("--records", type=int, default=1_100_000)
    options = parser.parse_args()
    options.work.mkdir(parents=True)
    write(options.work / "demo", options.records)
    source = options.work / "demo" / "dump" / "es" / "jcz_txjl.json.gz"
    lines = gzip.decompress(source.read_bytes()).splitlines()
    for name, how in (("recombined", recombined), ("made-up", made_up)):
        _try(options.work / name, lines, options.records // 100, how)


def _try(
    folder: Path, lines: list[bytes], size: int, how: Callable[[list[Record], random.Random], Record]
) -> None:
    rng, at = random.Random(5), len(lines) * 3 // 5
    known = [orjson.loads(line)["_source"] for line in rng.choices(lines, k=5_000) if line.endswith(b"}}")]
    block = [orjson.dumps({"_source": how(known, rng)}) for _ in range(size)]
    (folder / "dump").mkdir(parents=True)
    text = b"\n".join([*lines[:at], *block, *lines[at:], b""])
    (folder / "dump" / "jcz_txjl.json.gz").write_bytes(gzip.compress(text, 1))
    environment = {**os.environ, "SOUSVEIL_KEY": str(folder / "key")}
    command = [sys.executable, "-m", "sousveil"]
    for stage in (["intake", folder / "dump"], ["survey"]):
        subprocess.run(
            [*command, *map(str, stage), "--case", str(folder / "case"), "--quiet", "--json"],
            env=environment, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    began = time.process_time(), os.times().children_user
    said = subprocess.run(
        [*command, "verify", "--case", str(folder / "case"), "--quiet", "--json"],
        env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    row = next(test for test in json.loads(said.stdout)["tests"] if test["id"] == "blocks")
    spent = os.times().children_user - began[1]
    print(f"{folder.name}: {size:,} records inserted after row {at:,} of {len(lines):,}")
    print(
        f"  {row['reading']}: rows {row['rows']}, columns {row['columns']}; {spent:.0f} CPU-s with normalise"
    )


if __name__ == "__main__":
    main()
