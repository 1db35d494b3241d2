"""Guests in hotels, as delimited text in the second of the locale's encodings."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from sousveil.demo import moments as when
from sousveil.demo.draft import Draft, Facts, Labels
from sousveil.demo.locales.mess import Clerk, any_of, written
from sousveil.demo.locales.people import LocalWorld
from sousveil.demo.locales.tables.common import under
from sousveil.demo.text import Codes, Rng, join, pick, plain, strings

_FIRST = dt.date(2017, 1, 1)


def draft(world: LocalWorld) -> Draft:
    """The table, in the order of checking in."""
    locale, people, rng = world.locale, world.guests, world.rng("stays")
    size = world.share(0.06)
    person = rng.integers(0, len(people), size).astype(np.int32)
    days = np.sort(when.happen(rng, _FIRST, when.LAST, size))
    heads = locale.headers["stays"]
    facts = Facts(
        locale.files["stays"].table,
        locale.files["stays"].item,
        (person + people.first).astype(np.int32),
        days,
        heads["at"],
        labels={heads["nation"]: Labels(people.nation[person], list(locale.nations))},
        rejects=2,
    )

    def render(rows: slice, rng: Rng) -> dict[str, pa.StringArray]:
        return under(heads, _record(world, person[rows], days[rows], rng))

    return Draft(world, facts, render)


def _record(world: LocalWorld, who: Codes, days: Codes, rng: Rng) -> dict[str, pa.StringArray]:
    locale, people, size = world.locale, world.guests, len(who)
    clerk = Clerk(locale, rng, size)
    names = strings([written_so[0] for written_so in locale.nations.values()])
    left = np.minimum(days + rng.integers(1, 9, size), when.day(when.LAST))
    return {
        "name": clerk.name(pick(people.name, who), 0.01),
        "nation": pick(names, people.nation[who]),
        "passport": clerk.lost(pick(people.passport, who), 0.01),
        "at": written(days, locale.dates[0]),
        "left": written(left, locale.dates[0]),
        "hotel": any_of(rng, locale.hotels, size),
        "phone": clerk.lost(pick(people.phone, who), 0.2),
        "email": clerk.lost(join("guest", plain(who.astype(np.int64) * 7 + 1000), "@mail.example"), 0.4),
    }
