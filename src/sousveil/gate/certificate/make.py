"""The certificate of a case: other worlds that agree with every number that it ever printed.

`worlds.json` holds, for each table of the dump and each edition of its numbers: the columns with the values
that a reader can name, every table as it was printed, and the worlds, as rows with a value for each column;
and how many hidden cells no worlds prove, and why. It is canonical JSON and the same function of the
printed numbers whatever is hidden, so that its SHA-256 can stand in `releases/`.
`sousveil.publish.verifier` goes along with it and shares no code with this.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sousveil.gate.certificate.chapter import Chapter
from sousveil.gate.certificate.printed import Printed, rounds
from sousveil.gate.certificate.worlds import Worlds
from sousveil.gate.effort import silent
from sousveil.packing import fits

FORMAT = 3
"""Raised with each change of what is written, or of how worlds are found: those of another are made anew."""
ABOUT = (
    "Made-up databases. Asked what was asked of the real one, each gives the numbers that were printed; each "
    "hidden group is nobody in one of them and at least k in another. They were made from the printed "
    "numbers alone, and tell nothing of who is in the real one. verify.py checks them."
)
REASONS = {
    "some": "the printed numbers say that it is not empty",
    "few": "the printed numbers say that fewer than the threshold are in it",
    "work": "no such databases were found within a fixed amount of work",
    "room": "there was no room for the databases that show it",
    "large": "its tables hang together in more combinations of labels than are looked at",
}
"""Why a hidden cell is left unproven."""


@dataclass(frozen=True)
class Certificate:
    """The text of `worlds.json`, and what no certificate can carry."""

    text: str
    refused: tuple[Printed, ...]
    """Tables that may not all be printed: their numbers tell of a group that it is not empty and smaller than
    k, a verifier can't go through their combinations, or there is no room for them."""


@dataclass(frozen=True)
class Kept:
    """What an earlier certificate says of a system."""

    json: Mapping[str, Any]
    left: Mapping[str, int]
    refused: tuple[Printed, ...] = ()
    """What has been printed can't be taken back."""
    told: int = 0

    @property
    def kept(self) -> int:
        """How many worlds it has."""
        return len(self.json["worlds"])

    def as_json(self) -> Mapping[str, Any]:
        """As it stood in `worlds.json`."""
        return self.json

    def unproven(self) -> Mapping[str, int]:
        """How many hidden cells it leaves open, by the reason."""
        return self.left


def certificate(
    printed: Sequence[Printed], k: int, before: str = "", told: Callable[[str], None] = silent
) -> Certificate:
    """The certificate for all that was printed; the same for the same print.

    `before` is the text of an earlier one: what it says of tables that stand as they stood is taken over.
    `told` hears what is being done.
    """
    known = _untrimmed(before)
    systems = rounds(printed)
    chapters: list[Chapter | Kept] = []
    for tables in systems:
        kept = known.get(_canonical([one.as_json(k) for one in tables]))
        chapters.append(kept or Chapter(Worlds(tables, k, told)))
    while not fits(text := _text(chapters)):
        # Fewer worlds prove fewer cells; those left over are counted as unproven.
        widest = max(chapters, key=lambda one: one.kept)
        if isinstance(widest, Kept):
            return certificate(printed, k, told=told)
        if not widest.kept:
            return Certificate(text, tuple(max(systems, key=lambda one: _size(one, k))))
        widest.drop()
    return Certificate(text, tuple(table for one in chapters for table in one.refused))


def sha256(text: str) -> str:
    """The SHA-256 of a certificate."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def is_current(text: str) -> bool:
    """Whether a certificate was made by code that would make it so now."""
    return bool(json.loads(text).get("format") == FORMAT)


def _size(tables: Iterable[Printed], k: int) -> int:
    return sum(len(_canonical(one.as_json(k))) for one in tables)


def _untrimmed(before: str) -> dict[str, Kept]:
    """The systems of an earlier certificate by what they are about, if it is as it would be made now."""
    if not before or not is_current(before):
        return {}
    document = json.loads(before)
    unproven = document["unproven"]
    if document["told"] or any(REASONS["room"] in one for one in unproven):
        return {}
    codes = {reason: code for code, reason in REASONS.items()}
    return {
        _canonical(one["printed"]): Kept(one, {codes[reason]: number for reason, number in left.items()})
        for one, left in zip(document["systems"], unproven, strict=True)
    }


def _text(chapters: Sequence[Chapter | Kept]) -> str:
    return _canonical(
        {
            "format": FORMAT,
            "about": ABOUT,
            "systems": [one.as_json() for one in chapters],
            "unproven": [
                {REASONS[code]: number for code, number in one.unproven().items() if number}
                for one in chapters
            ],
            "told": sum(one.told for one in chapters),
        }
    )


def _canonical(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
