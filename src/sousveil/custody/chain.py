"""One line of the ledger: its canonical form, its hash, its signature; and following a ledger line by line.

A line is a JSON object: `number` (from 1), `at` (UTC), `who` (a member's name), `did`, `detail` (numbers,
hashes, names of stages; never a value of the dump), `previous` (the hash of the line before, 64 zeros for the
first), `hash` (SHA-256 over these members as canonical JSON: sorted keys, no spaces, UTF-8) and `signature`
(Ed25519 by `who` over the text `sousveil ledger v1`, a newline and `hash`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from sousveil.custody.identity import Identity, holds
from sousveil.custody.members import Standing
from sousveil.errors import IntegrityError

START = "0" * 64

Entry = dict[str, Any]


def sealed_line(entry: Entry, identity: Identity) -> bytes:
    """The line of an entry, with hash and signature."""
    made = digest(entry)
    whole = entry | {"hash": made, "signature": identity.sign(_signed_text(made)).hex()}
    return _written(whole) + b"\n"


def followed(lines: Sequence[bytes], entries: list[Entry], standing: Standing) -> None:
    """Check the lines after `entries`, adding each to both. Raises `IntegrityError` with the line."""
    for number, line in enumerate(lines[len(entries) :], len(entries) + 1):
        where = {"line": number}
        try:
            entry = json.loads(line)
            content = {name: value for name, value in entry.items() if name not in ("hash", "signature")}
            made, signature = str(entry["hash"]), bytes.fromhex(entry["signature"])
        except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
            raise IntegrityError("the ledger can't be read from this line on", where=where) from None
        previous = entries[-1]["hash"] if entries else START
        expected = (previous, number, digest(content), _written(entry))
        # A line is compared byte by byte: one that names a member twice would read otherwise than it is
        # hashed.
        if (content.get("previous"), content.get("number"), made, line) != expected:
            raise IntegrityError("the ledger was changed at this line", where=where)
        try:
            key = standing.follow(content)
        except (KeyError, TypeError, ValueError):
            raise IntegrityError("this line of the ledger is not by a member", where=where) from None
        if not holds(key, signature, _signed_text(made)):
            raise IntegrityError("the signature of this line does not hold", where=where)
        entries.append(entry)


def digest(content: Entry) -> str:
    """The hash of a line's content."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _written(entry: Entry) -> bytes:
    return json.dumps(entry, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")


def is_whole(line: bytes) -> bool:
    """Whether a line was written to its end."""
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _signed_text(made: str) -> bytes:
    return b"sousveil ledger v1\n" + made.encode("ascii", "replace")
