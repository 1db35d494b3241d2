"""Which dialects a person has given, kept in the case: `custody/dialects.json`.

Keyed by the SHA-256 of a file of the dump and the number of the item within it (0 is the file itself), so
that it holds no name and no value, and still applies where the vault is made anew.
"""

from __future__ import annotations

import json
from pathlib import Path

from sousveil.files import write_whole
from sousveil.intake.given import Given

NAME = "dialects.json"


def given_for(custody: Path, sha256: str) -> dict[int, Given]:
    """What was given for the items of a file: the item's number within it → how it is written."""
    return {int(number): Given.read(said) for number, said in _read(custody).get(sha256, {}).items()}


def keep(custody: Path, sha256: str, number: int, given: Given) -> None:
    """Keep what is given for an item, in place of what was given before."""
    known = _read(custody)
    known.setdefault(sha256, {})[str(number)] = given.kept()
    write_whole(custody / NAME, json.dumps(known, ensure_ascii=False, indent=2, sort_keys=True) + "\n")


def _read(custody: Path) -> dict[str, dict[str, dict[str, object]]]:
    path = custody / NAME
    if not path.exists():
        return {}
    known: dict[str, dict[str, dict[str, object]]] = json.loads(path.read_text("utf-8"))
    return known
