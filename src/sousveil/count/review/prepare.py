"""From a counted case to a plan: read the people whom the matcher found, draw, propose, keep."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pyarrow as pa

from sousveil.case import Case
from sousveil.count.cells import NOT_PEOPLE
from sousveil.count.reading import read
from sousveil.count.records import NONE, Flags, Records
from sousveil.count.review.cards import Places, cards_of
from sousveil.count.review.ghosts import measure
from sousveil.count.review.plan import Plan, make_plan
from sousveil.count.review.propose import Proposals
from sousveil.count.review.store import WHOLE_CASE, Kept, Store
from sousveil.count.subjects import Subject, subjects_of
from sousveil.errors import NotReviewable
from sousveil.progress import Progress
from sousveil.vault import Table

_VERSION = 2
"""Of the plans: a higher one makes every review stale, since its candidates were proposed otherwise."""
SECOND_SHARE = 0.15
"""The share of the records that a second reviewer is asked about, too."""


def mark_of(case: Case) -> str:
    """What a review was made of: dump, review.toml and the matcher's people. Another mark makes it stale."""
    before = (case.vault.stage("normalise") or ("none", None))[0]
    people = [
        case.vault.engine.rows(
            f"SELECT count(*), sum(hash(_row, person, sure)) FROM {table.people}"  # noqa: S608  # internal names
        )[0]
        for table in _counted(case)
    ]
    return hashlib.sha256(json.dumps([_VERSION, before, people], default=str).encode()).hexdigest()


def prepared(case: Case, scope: int, progress: Progress) -> Kept:
    """The plan of a scope: the kept one where it is up to date, else a new one.

    `scope` is a table's number or `WHOLE_CASE`. Raises `NotReviewable` where it tells nobody apart.
    """
    store, mark = Store(case.vault), mark_of(case)
    kept = store.find(scope, mark)
    if kept:
        return kept
    telling = [subject for subject in subjects_of(case) if subject.tells_people]
    if scope != WHOLE_CASE and scope not in {subject.table.tid for subject in telling}:
        raise NotReviewable("this table can't tell people apart, so there is nothing to review")
    progress.stage("count review", total=3)
    records = read(case.vault.engine, tuple(telling))
    if not len(records):
        raise NotReviewable("no table of this case can tell people apart, so there is nothing to review")
    tables, inside = _tables(records, scope)
    if not inside.any():
        raise NotReviewable("this table has no records")
    proposals = Proposals(cards_of(records, *_people(case, records)))
    progress.at("candidates", 1)
    rng = np.random.default_rng(int(hashlib.sha256(f"{mark} {scope}".encode()).hexdigest()[:16], 16))
    missed = measure(proposals, tables[proposals.cards.first], rng)
    plan = make_plan(proposals, inside, missed, rng)
    shared = rng.random(len(plan.sampled)) < SECOND_SHARE
    progress.at("sample", 2)
    kept = store.put(
        scope,
        mark,
        plan.frame,
        _records(plan, tables, records, shared),
        _cards(plan, proposals, tables, records),
    )
    progress.finished(
        f"{len(kept.sampled):,} records drawn, {missed[0].tried:,} tried with their number hidden"
    )
    return kept


def scope_of(case: Case, name: str | None) -> int:
    """The scope that a person means: a table by its name as shown, the whole case by `*` or nothing.

    Raises `NotReviewable` for a table that does not exist.
    """
    if name in (None, "*"):
        return WHOLE_CASE
    for table in case.tables:
        if case.name_of(table) == name:
            return table.tid
    raise NotReviewable("the case has no table of this name")


def _counted(case: Case) -> list[Table]:
    made = {
        int(name[1:])
        for (name,) in case.vault.engine.rows(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'vault' AND schema_name = 'people'"
        )
    }
    return [table for table in case.tables if table.tid in made]


def _tables(records: Records, scope: int) -> tuple[Places, Flags]:
    """The table of each record, and whether it is in the scope."""
    tables = np.zeros(len(records), np.int64)
    for subject, part in records.tables:
        tables[part] = subject.table.tid
    return tables, (tables == scope) | (scope == WHOLE_CASE)


def _people(case: Case, records: Records) -> tuple[Places, Flags]:
    """The matcher's person of each record, and whether it is sure."""
    person = np.full(len(records), NONE, np.int64)
    sure = np.zeros(len(records), np.bool_)
    for subject, part in records.tables:
        person[part], sure[part] = _of_table(case, subject, records.rows[part])
    return person, sure


def _of_table(case: Case, subject: Subject, rows: Places) -> tuple[Places, Flags]:
    found = case.vault.engine.table(
        f"SELECT _row, coalesce(person, {NONE}) AS person, sure FROM {subject.table.people} ORDER BY _row"  # noqa: S608
    )
    place = np.searchsorted(found.column("_row").to_numpy(), rows)
    person = found.column("person").to_numpy()[place].astype(np.int64)
    sure = found.column("sure").to_numpy()[place].astype(np.bool_)
    return np.where(person >= NOT_PEOPLE, NONE, person), sure & (person < NOT_PEOPLE)


def _records(plan: Plan, tables: Places, records: Records, shared: Flags) -> pa.Table:
    sample = plan.design.sample
    return pa.table(
        {
            "place": np.arange(len(sample)),
            "tid": tables[sample.record],
            "_row": records.rows[sample.record],
            "stratum": sample.stratum,
            "own": sample.own,
            "base": plan.design.base,
            "guess": plan.design.guess,
            "shared": shared,
        }
    )


def _cards(plan: Plan, proposals: Proposals, tables: Places, records: Records) -> pa.Table:
    shown, cards = plan.design.shown, proposals.cards
    first = cards.first[shown.card]
    return pa.table(
        {
            "card": np.arange(len(first)),
            "place": shown.place,
            "tid": tables[first],
            "_row": records.rows[first],
            "kind": shown.kind,
            "weight": shown.weight,
            "head": pa.array(shown.head, mask=shown.head < 0),
            "bearers": proposals.bearers(shown.card),
        }
    )
