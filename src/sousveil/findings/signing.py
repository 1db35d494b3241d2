"""Sign-offs of group harm that take effect: each is entered into the ledger, once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sousveil.case import Case
from sousveil.findings.questions import Asked
from sousveil.findings.scope import Scope

DID = "group harm signed off"


def record(case: Case, scopes: Mapping[str, Scope], asked: Iterable[Asked]) -> None:
    """Enter the sign-offs of all columns that these questions break a number down by."""
    used = {(one.scope.name, ref.column) for one in asked if one.scope for ref in one.by}
    known = [entry["detail"] for entry in case.ledger.entries() if entry["did"] == DID]
    for name, scope in scopes.items():
        for signed in scope.signed:
            detail: dict[str, Any] = {
                "table": name, "column": signed.column, "who": signed.who, "reason": signed.reason
            }  # fmt: skip
            if (name, signed.column) in used and detail not in known:
                case.ledger.append(DID, detail)
