"""Who is watched and why, as a spreadsheet."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sousveil.demo.draft import Draft, Facts, Labels
from sousveil.demo.locales.mess import Clerk, written
from sousveil.demo.locales.people import LocalWorld
from sousveil.demo.locales.tables.common import codes_of, sexes, under
from sousveil.demo.text import Codes, Rng, join, pick, plain, strings


def draft(world: LocalWorld) -> Draft:
    """The table: each person once."""
    locale, people, rng = world.locale, world.residents, world.rng("watched")
    person = rng.choice(len(people), min(world.share(0.04), len(people)), replace=False).astype(np.int32)
    kind = codes_of(rng, locale.lists, len(person))
    heads = locale.headers["watched"]
    facts = Facts(
        locale.files["watched"].table,
        locale.files["watched"].item,
        person,
        labels={
            heads["kind"]: Labels(kind, list(locale.lists)),
            heads["sex"]: Labels(people.male[person].astype(np.int8), ["F", "M"]),
        },
        born={heads["born"]: people.born[person]},
    )

    def render(rows: slice, rng: Rng) -> dict[str, pa.StringArray]:
        return under(heads, _record(world, rows.start, person[rows], kind[rows], rng))

    return Draft(world, facts, render)


def _record(world: LocalWorld, first: int, who: Codes, kind: Codes, rng: Rng) -> dict[str, pa.StringArray]:
    locale, people, size = world.locale, world.residents, len(who)
    clerk = Clerk(locale, rng, size)
    return {
        "no": plain(np.arange(first, first + size) + 1),
        "name": pick(people.name, who),
        "sex": sexes(locale, people.male[who]),
        "born": written(people.born[who], "%Y-%m-%d"),
        "id": clerk.identity(people, who, lost=0.02, wrong=0.004),
        "kind": pick(strings(list(locale.lists)), kind),
        "officer": join("N ", plain(rng.integers(1, 60, size))),
    }
