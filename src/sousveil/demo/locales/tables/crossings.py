"""Guests at a border, as an Elasticsearch export."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from sousveil.demo import moments as when
from sousveil.demo.draft import Draft, Facts, Labels, copied, repeated
from sousveil.demo.locales.mess import Clerk, any_of, written
from sousveil.demo.locales.people import LocalWorld
from sousveil.demo.locales.tables.common import codes_of, moments, sexes, under
from sousveil.demo.text import Codes, Rng, join, padded, pick, strings

_FIRST = dt.date(2016, 6, 1)


def draft(world: LocalWorld) -> Draft:
    """The table, in the order of time; every guest comes at least once."""
    locale, people, rng = world.locale, world.guests, world.rng("crossings")
    size = max(world.share(0.28), len(people))
    person = np.concatenate([np.arange(len(people)), rng.integers(0, len(people), size - len(people))])
    person = rng.permutation(person).astype(np.int32)
    days, seconds = when.in_order(when.happen(rng, _FIRST, when.LAST, size), when.hours(rng, size))
    port = codes_of(rng, locale.ports, size)
    repeats = repeated(rng, size, 0.004)
    heads = locale.headers["crossings"]
    who = copied(person, repeats)
    facts = Facts(
        locale.files["crossings"].table,
        locale.files["crossings"].item,
        (who + people.first).astype(np.int32),
        copied(days, repeats),
        heads["at"],
        labels={
            heads["nation"]: Labels(people.nation[who], list(locale.nations)),
            heads["port"]: Labels(copied(port, repeats), list(locale.ports)),
        },
        rejects=4,
    )

    def render(rows: slice, rng: Rng) -> dict[str, pa.StringArray]:
        block = (person[rows], days[rows], seconds[rows], port[rows])
        return under(heads, _record(world, *block, rng))

    return Draft(world, facts, render, repeats)


def _record(
    world: LocalWorld, who: Codes, days: Codes, seconds: Codes, port: Codes, rng: Rng
) -> dict[str, pa.StringArray]:
    locale, people = world.locale, world.guests
    clerk, size = Clerk(locale, rng, len(who)), len(who)
    words = [name for names in zip(*locale.nations.values(), strict=True) for name in names]
    nation = people.nation[who] + len(locale.nations) * clerk.some(0.2)
    return {
        "name": clerk.name(pick(people.name, who), 0.01),
        "sex": sexes(locale, people.male[who]),
        "born": clerk.dates(people.born[who]),
        "nation": pick(strings(words), nation),
        "passport": pick(people.passport, who),
        "at": moments(written(days, "%Y-%m-%d"), seconds),
        "port": pick(strings(list(locale.ports)), port),
        "flight": clerk.lost(join("QX", padded(rng.integers(100, 999, size), 4)), 0.3),
        "purpose": any_of(rng, locale.purposes, size),
    }
