"""Unseal requests as the ledger has them: who asked for what and why, who approved it, what is left to ask
for.

Nothing is kept outside the ledger, so nobody can approve by editing a file. The rules are looked at again
each time: a line that one member signs can't make an approval by another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sousveil.custody.chain import Entry

REQUESTED, APPROVED, SHOWN = "unseal requested", "unseal approved", "unseal shown"


@dataclass
class Request:
    """One request for a sample of records."""

    id: str
    entry: Entry
    approval: Entry | None = None
    shown: list[Entry] = field(default_factory=list)

    @property
    def records(self) -> int:
        """How many records it asks for."""
        return int(self.entry["detail"]["records"])

    @property
    def reason(self) -> str:
        """Why."""
        return str(self.entry["detail"]["reason"])

    @property
    def clear(self) -> tuple[str, ...]:
        """Columns that are to be shown unmasked besides those that identify nobody."""
        return tuple(self.entry["detail"]["clear"])

    @property
    def what(self) -> dict[str, Any]:
        """`table`; or `finding`, `cell` and the cell's `mark`."""
        return dict(self.entry["detail"]["what"])

    @property
    def seed(self) -> bytes:
        """What the sample is drawn from: the hashes of request and approval.

        Who asks can't know it when they word the request, since the approval holds a random number by
        somebody else; who approves can't choose what is asked for. Raises `ValueError` before the approval.
        """
        if self.approval is None:
            raise ValueError("not approved")
        text = f"sousveil unseal v1\n{self.entry['hash']}\n{self.approval['hash']}"
        return hashlib.sha256(text.encode("ascii")).digest()

    def as_json(self) -> dict[str, Any]:
        """The request as a command shows it."""
        by, approval = self.entry["who"], self.approval
        return {
            "request": self.id,
            "by": by,
            "at": self.entry["at"],
            "what": {name: value for name, value in self.what.items() if name != "mark"},
            "records": self.records,
            "clear": list(self.clear),
            "reason": self.reason,
            "approved_by": approval["who"] if approval else None,
            "alone": bool(approval and approval["who"] == by),
            "shown": len(self.shown),
        }


def requests(entries: Sequence[Entry], *, alone: bool) -> dict[str, Request]:
    """Every request by its id, with the first approval that holds. `alone`: one's own holds too."""
    found: dict[str, Request] = {}
    members: dict[str, tuple[int, str]] = {}
    for entry in entries:
        did, detail = entry["did"], entry["detail"]
        members |= _joined(entry)
        if did == "member removed":
            members.pop(detail["name"], None)
        elif did == REQUESTED:
            request = Request(f"u{len(found) + 1}", entry)
            found[request.id] = request
        elif did in (APPROVED, SHOWN) and detail.get("of") in _hashes(found.values()):
            request = next(one for one in found.values() if one.entry["hash"] == detail["of"])
            if did == SHOWN:
                request.shown.append(entry)
            elif request.approval is None and not objection(request, entry["who"], members, alone=alone):
                request.approval = entry
    return found


def objection(request: Request, who: str, members: Mapping[str, tuple[int, str]], *, alone: bool) -> str:
    """Why this member can't approve a request; empty where they can. `members`: line and kind by name."""
    since, kind = members.get(who, (0, ""))
    if kind != "member":
        return "a recovery key opens the case; it approves nothing"
    if who == request.entry["who"]:
        return "" if alone else "nobody approves their own request"
    if since > request.entry["number"]:
        return "who approves must have been a member before the request was made"
    return ""


def _joined(entry: Entry) -> dict[str, tuple[int, str]]:
    if entry["did"] == "case made":
        return {entry["who"]: (1, "member")}
    if entry["did"] == "member added":
        return {entry["detail"]["name"]: (entry["number"], entry["detail"]["kind"])}
    return {}


def _hashes(found: Any) -> Iterator[str]:
    return (one.entry["hash"] for one in found)
