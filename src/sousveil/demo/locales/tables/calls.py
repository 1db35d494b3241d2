"""Calls to the police, as a pg_dump."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from sousveil.demo import moments as when
from sousveil.demo.draft import Draft, Facts, Labels
from sousveil.demo.locales.mess import Clerk, written
from sousveil.demo.locales.people import LocalWorld
from sousveil.demo.locales.tables.common import codes_of, moments, under
from sousveil.demo.text import Codes, Rng, pick, plain, strings

_FIRST = dt.date(2016, 1, 1)
_STORIES = 400


def draft(world: LocalWorld) -> Draft:
    """The table, in the order of time."""
    locale, people, rng = world.locale, world.residents, world.rng("calls")
    size = world.share(0.4)
    person = (len(people) * rng.random(size) ** 1.2).astype(np.int32)
    days, seconds = when.in_order(when.happen(rng, _FIRST, when.LAST, size), when.hours(rng, size))
    kind = codes_of(rng, locale.calls, size)
    heads = locale.headers["calls"]
    facts = Facts(
        locale.files["calls"].table,
        locale.files["calls"].item,
        person,
        days,
        heads["at"],
        labels={heads["kind"]: Labels(kind, list(locale.calls))},
    )
    told = [story.format(int(rng.integers(2, 90)) * 10) for story in locale.stories for _ in range(_STORIES)]

    def render(rows: slice, rng: Rng) -> dict[str, pa.StringArray]:
        block = (person[rows], days[rows], seconds[rows], kind[rows])
        return under(heads, _record(world, rows.start, *block, strings(told), rng))

    return Draft(world, facts, render)


def _record(
    world: LocalWorld,
    first: int,
    who: Codes,
    days: Codes,
    seconds: Codes,
    kind: Codes,
    told: pa.StringArray,
    rng: Rng,
) -> dict[str, pa.StringArray]:
    locale, people, size = world.locale, world.residents, len(who)
    clerk = Clerk(locale, rng, size)
    east, north = (corner + 0.4 * rng.random(size) for corner in locale.region)
    return {
        "no": plain(np.arange(first, first + size) + 500_001),
        "at": moments(written(days, "%Y-%m-%d"), seconds),
        "name": clerk.name(pick(people.name, who)),
        "id": clerk.identity(people, who, lost=0.03, wrong=0.005),
        "phone": clerk.lost(pick(people.phone, who), 0.02),
        "kind": pick(strings(list(locale.calls)), kind),
        "district": pick(strings(list(locale.districts)), people.district[who]),
        "lon": plain(np.round(east, 6)),
        "lat": plain(np.round(north, 6)),
        "story": pick(told, rng.integers(0, len(told), size)),
    }
