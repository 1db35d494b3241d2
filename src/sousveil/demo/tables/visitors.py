"""`visitor_stays`: nights of foreign visitors in hotels, with English headers."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from sousveil.demo import city, moments
from sousveil.demo.draft import Draft, Facts, Labels, World
from sousveil.demo.mess import Clerk
from sousveil.demo.places import any_of, pool
from sousveil.demo.tables.border import NATIONS
from sousveil.demo.text import Codes, Rng, pick, plain, strings

TABLE = "visitor_stays"
_FIRST = dt.date(2016, 1, 1)


def draft(world: World) -> Draft:
    """The table, in the order of checking in."""
    rng, visitors = world.rng(TABLE), world.visitors
    size = world.sizes.story(14_000)
    who = rng.integers(0, len(visitors), size)
    days = np.sort(moments.happen(rng, _FIRST, moments.LAST, size))
    nation = visitors.nation[who]
    facts = Facts(
        TABLE,
        "app/vehicles.db",
        (who + visitors.first).astype(np.int32),
        days,
        "check_in",
        {
            "nationality": Labels(nation, [entry[0] for entry in NATIONS]),
            "sex": Labels(visitors.male[who].astype(np.int8), ["F", "M"]),
        },
    )

    def render(rows: slice, rng: Rng) -> dict[str, pa.StringArray]:
        return _render(world, who[rows], days[rows], rows.start, rng)

    return Draft(world, facts, render)


def _render(world: World, who: Codes, days: Codes, first: int, rng: Rng) -> dict[str, pa.StringArray]:
    size, visitors = len(who), world.visitors
    clerk = Clerk(rng, size)
    words = strings([str(nation[place]) for place in (2, 0, 1) for nation in NATIONS])
    writing = rng.choice(3, size, p=(0.7, 0.2, 0.1)) * len(NATIONS)
    leaving = np.minimum(days + rng.integers(1, 9, size), moments.day(moments.LAST))
    return {
        "stay_id": plain(np.arange(first, first + size) + 1),
        "full_name": clerk.name(pick(visitors.name, who), 0.01),
        "sex": pool(("F", "M"), visitors.male[who].astype(np.int8)),
        "date_of_birth": moments.dates(visitors.born[who]),
        "nationality": pick(words, visitors.nation[who] + writing),
        "passport_no": clerk.lost(pick(visitors.passport, who), 0.01),
        "hotel": any_of(rng, city.HOTELS, size),
        "district": any_of(rng, city.DISTRICTS, size),
        "room": plain(rng.integers(2, 30, size) * 100 + rng.integers(1, 25, size)),
        "check_in": moments.dates(days),
        "check_out": moments.dates(leaving),
        "purpose": any_of(rng, city.PURPOSES, size, city.PURPOSE_SHARES),
        "phone": clerk.lost(pick(visitors.phone, who), 0.2),
        "email": clerk.lost(pick(visitors.email, who), 0.5),
    }
