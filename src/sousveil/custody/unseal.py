"""Unsealing: a few records of one table or one published cell, drawn by lot, for a reason, approved by
another.

There is no way to say which records: no `where`, no value, no row, no person. The lot is drawn from the
hashes of the request and of its approval, so neither of the two can choose; the same request shows the same
records. Identifying columns, and whatever the survey can't vouch for, are shown as shapes unless the request
names them. Every request counts against the case's total, approved or not, shown or not.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from typing import Any

from sousveil import stages
from sousveil.case import Case
from sousveil.custody.requests import APPROVED, REQUESTED, SHOWN, Request, objection, requests
from sousveil.errors import BadUnseal, StageMissing, UnsealNotApproved, UnsealRefused
from sousveil.policy import Policy
from sousveil.vault import Column, Table
from sousveil.veil import is_identifying, plain

LEAST_REASON, MOST_REASON = 15, 500
"""Characters of a reason."""
SHARE = 10
"""A sample is at most one in so many of the records that it is drawn from."""


def policy_of(case: Case) -> Policy:
    """The unseal policy that holds: case.toml's, but never wider than that the case was made with."""
    made, now = case.ledger.standing.policy, case.policy
    return Policy(
        threshold=now.threshold,
        unseal_per_request=min(now.unseal_per_request, int(made["unseal_per_request"])),
        unseal_total=min(now.unseal_total, int(made["unseal_total"])),
        unseal_alone=now.unseal_alone and made["unseal_alone"] is True,
    )


def listing(case: Case) -> dict[str, Any]:
    """Every request, and how many records may still be asked for."""
    found, policy = _requests(case), policy_of(case)
    used = sum(request.records for request in found.values())
    return {
        "requests": [request.as_json() for request in found.values()],
        "left": max(policy.unseal_total - used, 0),
        "per_request": policy.unseal_per_request,
    }


def request(
    case: Case,
    *,
    table: str | None,
    finding: str | None,
    cell: int | None,
    records: int,
    reason: str,
    clear: Sequence[str] = (),
) -> dict[str, Any]:
    """Ask for a sample: of a table by its name as shown, or of a finding's n-th published cell (from 1).

    Raises `BadUnseal`, `UnsealRefused`, `StageMissing`.
    """
    _check_numbers(case, records)
    _check_reason(case, reason)
    what: dict[str, Any] = {"table": table} if table is not None else {"finding": finding, "cell": cell}
    if finding is not None:
        found, chosen = _cell(case, finding, cell or 0)
        what["mark"] = _mark(found, chosen)
    source, rows, people = _population(case, what)
    _check_population(case, rows, people, records)
    named = {case.column_name(column) for column in source.columns}
    if not named >= set(clear):
        raise BadUnseal("the table has no such column", where={"table": case.name_of(source)})
    detail = {
        "what": what,
        "records": records,
        "clear": sorted(set(clear)),
        "reason": reason.strip(),
        "basis": _basis(case),
    }
    entry = case.ledger.append(REQUESTED, detail)
    return next(one for one in _requests(case).values() if one.entry["hash"] == entry["hash"]).as_json()


def approve(case: Case, name: str) -> dict[str, Any]:
    """Approve a request, as another member. Raises `BadUnseal`, `UnsealNotApproved`."""
    asked = _named(case, name)
    if asked.approval is not None:
        return asked.as_json()
    standing = case.ledger.standing
    members = {member.name: (member.since, member.kind) for member in standing.members.values()}
    alone = policy_of(case).unseal_alone
    said = objection(asked, case.member_name(), members, alone=alone)
    if said:
        raise UnsealNotApproved(said, where={"request": name})
    # The random number keeps who asks from trying, before they ask, which wording would show whom.
    detail = {"request": asked.id, "of": asked.entry["hash"], "nonce": secrets.token_hex(16)}
    case.ledger.append(APPROVED, detail)
    return _named(case, name).as_json()


def show(case: Case, name: str) -> dict[str, Any]:
    """The records of an approved request, the same each time. Raises `BadUnseal`, `UnsealNotApproved`."""
    asked = _named(case, name)
    if asked.approval is None:
        raise UnsealNotApproved(where={"request": asked.id})
    if asked.entry["detail"]["basis"] != _basis(case):
        raise BadUnseal("what the request was made of has changed since", next="make a new request")
    table, rows, people = _population(case, asked.what)
    _check_population(case, rows, people, asked.records)
    chosen = sorted(rows[place] for place in drawn(asked.seed, len(rows), asked.records))
    case.ledger.append(SHOWN, {"request": asked.id, "of": asked.entry["hash"], "records": len(chosen)})
    clear = _clear(case, table, asked.clear)
    return {
        **_named(case, name).as_json(),
        "table": case.name_of(table),
        "masked": [case.column_name(column) for column in table.columns if column not in clear],
        "rows": _shown(case, table, chosen, clear),
    }


def drawn(seed: bytes, size: int, number: int) -> list[int]:
    """So many different places out of `size`, by lot: SHA-256 over seed and counter, modulo `size`."""
    places: dict[int, None] = {}
    counter = 0
    while len(places) < min(number, size):
        lot = hashlib.sha256(seed + counter.to_bytes(8, "big")).digest()
        places[int.from_bytes(lot, "big") % size] = None
        counter += 1
    return list(places)


def _requests(case: Case) -> dict[str, Request]:
    return requests(case.ledger.entries(), alone=policy_of(case).unseal_alone)


def _named(case: Case, name: str) -> Request:
    found = _requests(case).get(name)
    if found is None:
        raise BadUnseal("there is no such request")
    return found


def _check_numbers(case: Case, records: int) -> None:
    policy = policy_of(case)
    if records < 1:
        raise BadUnseal("a request is for one record at least")
    if records > policy.unseal_per_request:
        raise UnsealRefused(
            f"the policy of the case allows {policy.unseal_per_request} records a request",
            where={"records": records},
        )
    used = sum(one.records for one in _requests(case).values())
    if used + records > policy.unseal_total:
        raise UnsealRefused(
            f"the policy of the case allows {policy.unseal_total} records in all, and {used} were asked for",
            where={"records": records},
        )


def _check_reason(case: Case, reason: str) -> None:
    """The ledger keeps a reason for good, and goes along with every export: no value may stand in it."""
    from sousveil.publish.egress import walk

    said = reason.strip()
    if not LEAST_REASON <= len(said) <= MOST_REASON or said != plain(said):
        raise BadUnseal(
            f"the reason must be written in {LEAST_REASON} to {MOST_REASON} characters, on one line"
        )
    found = walk(case, said)
    if is_identifying(said) or found:
        raise BadUnseal(
            "the reason seems to hold a name or an identifier; the ledger would keep it for good",
            where={"columns": ", ".join(sorted(found))} if found else {},
        )


def _check_population(case: Case, rows: Sequence[int], people: int | None, records: int) -> None:
    """Refuse what would be no sample: few people, or most of what there is."""
    least = policy_of(case).threshold
    if len(rows) < SHARE * records or len(rows) < least or (people is not None and people < least):
        raise UnsealRefused("it is too small to draw a sample from")


def _population(case: Case, what: dict[str, Any]) -> tuple[Table, list[int], int | None]:
    """The table, the records to draw from, and how many people they are of (None where nobody is known)."""
    if "finding" in what:
        from sousveil.findings.sampling import records_of

        finding, cell = _cell(case, what["finding"], what["cell"])
        if _mark(finding, cell) != what["mark"]:
            raise BadUnseal("what the request was made of has changed since", next="make a new request")
        return records_of(case, finding, cell)
    table = next((one for one in case.tables if case.name_of(one) == what["table"]), None)
    if table is None:
        raise BadUnseal("the case has no table of this name", next="sousveil survey --case CASE")
    engine = case.vault.engine
    rows = [int(row) for (row,) in engine.rows(f"SELECT _row FROM {table.raw} ORDER BY _row")]  # noqa: S608  # ours
    return table, rows, _people(case, table)


def _people(case: Case, table: Table) -> int | None:
    """How many people a table is of, by the count; None where it tells nobody apart."""
    from sousveil.count.cells import NOT_PEOPLE

    if stages.state(case, "count") != "done":
        raise StageMissing(
            "the people of the case have not been counted yet", next="sousveil count --case CASE"
        )
    people = case.vault.engine.value(
        f"SELECT count(DISTINCT person) FROM {table.people} WHERE person < ?",  # noqa: S608  # ours
        [NOT_PEOPLE],
    )
    return int(people) or None


def _cell(case: Case, name: str, number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A released finding and its n-th published cell. Raises `StageMissing`, `UnsealRefused`, `BadUnseal`."""
    if stages.state(case, "findings") != "done":
        raise StageMissing("the findings are not up to date", next="sousveil findings --case CASE")
    kept = case.vault.stage("findings")
    finding = next((one for one in kept[1]["findings"] if one["id"] == name), None) if kept else None
    if finding is None:
        raise BadUnseal("there is no finding of this id", next="sousveil findings --case CASE")
    published = [cell for cell in finding["cells"] if cell["status"] == "published"]
    if not 1 <= number <= len(published):
        raise UnsealRefused(
            "only published cells can be sampled", where={"finding": name, "published": len(published)}
        )
    return finding, published[number - 1]


def _mark(finding: dict[str, Any], cell: dict[str, Any]) -> str:
    """Tells whether a cell is the one that was asked for. It covers nothing that is not published."""
    kept = [finding["id"], finding["by"], finding["where"], cell, finding["provenance"]["cut_off"]]
    return hashlib.sha256(json.dumps(kept, ensure_ascii=False, sort_keys=True).encode("utf-8")).hexdigest()


def _basis(case: Case) -> str:
    """The fingerprint of what was taken in: with other records, a sample would be another."""
    kept = case.vault.stage("intake")
    return kept[0] if kept else ""


def _clear(case: Case, table: Table, asked: Sequence[str]) -> list[Column]:
    """The columns that are shown as they are: those that questions may use, and those that were asked for.

    Not moments, though: who was at a known place at a known second is known.
    """
    from sousveil.survey.current import askable_columns

    types = askable_columns(case, table)
    open_ = {column for column, type_name in types.items() if type_name != "datetime"}
    return [column for column in table.columns if column in open_ or case.column_name(column) in asked]


def _shown(
    case: Case, table: Table, rows: Sequence[int], clear: Sequence[Column]
) -> list[dict[str, str | None]]:
    """The records, column by column: as they are, or their shapes."""
    from sousveil.intake.rejected import shape

    names = ", ".join(column.sql for column in table.columns)
    places = ", ".join("?" * len(rows))
    found = case.vault.engine.rows(
        f"SELECT {names} FROM {table.raw} WHERE _row IN ({places}) ORDER BY _row",  # noqa: S608  # ours
        list(rows),
    )
    return [
        {
            case.column_name(column): None
            if untrusted is None
            else plain(untrusted)
            if column in clear
            else shape(untrusted.encode("utf-8", "replace"), None)
            for column, untrusted in zip(table.columns, record, strict=True)
        }
        for record in found
    ]
