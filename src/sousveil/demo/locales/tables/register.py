"""Who lives where: each resident once, some twice with a slip in the number."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sousveil.demo.draft import Draft, Facts, Labels
from sousveil.demo.locales.mess import Clerk
from sousveil.demo.locales.people import LocalWorld
from sousveil.demo.locales.tables.common import address, codes_of, sexes, under
from sousveil.demo.text import Codes, Rng, pick, strings


def draft(world: LocalWorld) -> Draft:
    """The table; nobody's record has a date."""
    locale, people, rng = world.locale, world.residents, world.rng("register")
    size = world.share(0.22)
    person = rng.choice(len(people), min(size, len(people)), replace=False)
    person = rng.permutation(np.concatenate([person, person[: len(person) // 80]])).astype(np.int32)
    kind = codes_of(rng, locale.kinds, len(person))
    heads = locale.headers["register"]
    facts = Facts(
        locale.files["register"].table,
        locale.files["register"].item,
        person,
        labels={
            heads["kind"]: Labels(kind, list(locale.kinds)),
            heads["district"]: Labels(people.district[person], list(locale.districts)),
            heads["sex"]: Labels(people.male[person].astype(np.int8), ["F", "M"]),
        },
        born={heads["born"]: people.born[person]},
        rejects=3,
    )

    def render(rows: slice, rng: Rng) -> dict[str, pa.StringArray]:
        return under(heads, _record(world, person[rows], kind[rows], rng))

    return Draft(world, facts, render)


def _record(world: LocalWorld, who: Codes, kind: Codes, rng: Rng) -> dict[str, pa.StringArray]:
    locale, people = world.locale, world.residents
    clerk = Clerk(locale, rng, len(who))
    return {
        "name": clerk.name(pick(people.name, who)),
        "sex": sexes(locale, people.male[who]),
        "born": clerk.dates(people.born[who]),
        "id": clerk.identity(people, who, lost=0.02, wrong=0.005),
        "phone": clerk.lost(pick(people.phone, who), 0.08),
        "address": address(locale, rng, people.district[who]),
        "district": pick(strings(list(locale.districts)), people.district[who]),
        "kind": pick(strings(list(locale.kinds)), kind),
    }
