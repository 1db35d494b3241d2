"""The cut-off: the one day of a case after which records are left out of every finding.

An exact count of everything would tell the agency, which has a log of its own, within minutes when its data
was copied. So findings stop at the end of a whole month, at least `policy.cut_off_days` before the latest
plausible record of any table that has the date of an event.

That rule is public, so that who knows it counts back from the cut-off to the 28 to 31 days in which the last
record lies. Where `policy.cut_off_spread_days` is not 0, up to so many days more are drawn by chance, once
for the case, and kept in the vault alone: no day of a longer time is likelier than others then.

Once a finding is released the cut-off stays: what a later one counted more would be the people of the days
in between. It is not moved on by records that come later. It can move back, or go, by what people decide
(`cut_off_days`, `event_date`); then every table of which something was released is refused.

What is plausible: a day not after the day on which the case was made, and not a stray (one mistyped year
must not move the date). A day is no stray where at least `HANDFUL` records of its table lie within `WINDOW`
days up to it. A table with fewer dated records than that has a say only where no other table has one.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence

from sousveil.case import Case
from sousveil.errors import CutOffMoved
from sousveil.findings.scope import Scope

HANDFUL = 5
"""Records that must lie close before a day for it to count as a day on which the table was still written."""
WINDOW = 60
"""How close, in days."""
_DRAWN = "cut-off days drawn"
"""The document of the vault that keeps how many days more were drawn, and of how many."""


class Released:
    """The cut-offs of what was released before. Raises as `gate.memory.Memory`."""

    def __init__(self, case: Case) -> None:
        from sousveil.gate.memory import Memory

        found = [(one.question.table, one.cut_off, one.question.id) for one in Memory(case).released]
        self.of_tables = [
            (table, dt.date.fromisoformat(day) if day else None, name) for table, day, name in found
        ]

    def settled(self, day: dt.date, latest: dt.date) -> dt.date:
        """The cut-off that holds, where it would be `day` by the records, or `latest` if none were drawn.

        It is the released one, unless the records or the policy ask for an earlier one by themselves: days
        that were drawn anew, since the vault was lost, don't move it.
        """
        released = max((until for _, until, _ in self.of_tables if until), default=None)
        return day if released is None or released > latest else released

    def conflict(self, table: str, day: dt.date | None) -> CutOffMoved | None:
        """Why a table can't be asked up to this day (None: without one); None where it can."""
        for released, until, name in self.of_tables:
            if released == table and until != day:
                said = CutOffMoved().message.rstrip(".")
                return CutOffMoved(f"{said} (earlier finding: {name}).")
        return None


def cut_off(case: Case, scopes: Iterable[Scope], before: Released | None = None) -> dt.date | None:
    """The case's cut-off over these tables; None where none has the date of an event.

    By their records, the policy, and what was released before.
    """
    last = _last_record(case, scopes)
    if last is None:
        return None
    latest = end_of_month(last, case.policy.cut_off_days)
    day = end_of_month(last, case.policy.cut_off_days + _drawn(case))
    return before.settled(day, latest) if before else day


def _drawn(case: Case) -> int:
    """The days that the case keeps besides, by chance: drawn once, and anew where another spread is asked."""
    most = case.policy.cut_off_spread_days
    if not most:
        return 0
    kept = case.vault.document(_DRAWN)
    if kept is None or kept["most"] != most:
        kept = {"most": most, "days": secrets.randbelow(most + 1)}
        case.vault.put_document(_DRAWN, kept)
    return int(kept["days"])


def _last_record(case: Case, scopes: Iterable[Scope]) -> dt.date | None:
    """The latest plausible record of these tables; None where none has the date of an event.

    Where every date lies in the future (a laptop whose clock is wrong, most likely), it lies before the day
    on which the case was made, and holds everything back: without a cut-off it would all be let out.
    """
    dated = [_days(case, scope) for scope in scopes if scope.event_date]
    counts = [[one for one in days if one[0] <= case.made_on] for days in dated]
    latest = [last_day(days) for days in counts]
    plausible = [day for day in latest if day]
    if not plausible:
        plausible = [days[-1][0] for days in counts if days]
    if any(dated):
        plausible = plausible or [case.made_on]
    return max(plausible) if plausible else None


def last_day(days: Sequence[tuple[dt.date, int]]) -> dt.date | None:
    """The latest day that is no stray, of days with their numbers of records, ascending; None if all are."""
    for place in range(len(days) - 1, -1, -1):
        day = days[place][0]
        near, back = 0, place
        while back >= 0 and near < HANDFUL and (day - days[back][0]).days <= WINDOW:
            near += days[back][1]
            back -= 1
        if near >= HANDFUL:
            return day
    return None


def end_of_month(latest: dt.date, days_before: int) -> dt.date:
    """The last day of the latest whole month that ends at least so many days before a day."""
    limit = dt.date.fromordinal(max(latest.toordinal() - days_before, 32))
    after = limit + dt.timedelta(days=1)
    return limit if after.month != limit.month else limit.replace(day=1) - dt.timedelta(days=1)


def _days(case: Case, scope: Scope) -> list[tuple[dt.date, int]]:
    """Each day with its number of records, ascending."""
    import ibis

    from sousveil.findings.bases import clean

    if scope.event_date is None:
        return []
    value = clean(scope, {scope.event_date.sql})[scope.event_date.sql]
    day = value.date() if scope.event_date.kept == "TIMESTAMP" else value
    counted = value.as_table().select(day=day).group_by("day").agg(n=ibis._.count())
    rows = case.vault.engine.rows(ibis.to_sql(counted, dialect="duckdb"))
    return sorted((day, number) for day, number in rows if day is not None)
