"""Countries and nationalities, as names in several languages or as ISO codes."""

import numpy as np

from sousveil.normalise.countries import country
from sousveil.survey.checks import Truths
from sousveil.survey.evidence import Evidence, beats_chance
from sousveil.survey.model import NOTHING, ColumnType, Weight, named

_MOST = 1_000
"""More distinct values are no list of countries; looking each of them up would be slow."""


def _fits(e: Evidence) -> Truths:
    if e.distinct > _MOST:
        return np.zeros(len(e.untrusted_values), np.bool_)
    if "country" not in e.cache:
        e.cache["country"] = np.array([country(text) is not None for text in e.texts.to_pylist()], np.bool_)
    return e.cache["country"]


def _weigh(e: Evidence) -> Weight:
    if e.distinct > _MOST or e.lengths.mean() > 40:
        return NOTHING
    right = _fits(e) & e.there
    rows = float(e.counts[right].sum()) / max(e.present, 1)
    strength = e.meanings.get("nationality", 0.0)
    if max(rows, e.share(right)) < 0.5 or rows < 0.4:
        return NOTHING
    # Two letters are a country's code in one case of three (249 of 676), three digits in one of four.
    codes = e.compact_like("[A-Z]{2}|[0-9]{3}")
    chance = 0.4 if e.share(codes) > 0.5 else 0.02
    several = int(right.sum()) >= 3 and beats_chance(int(right.sum()), e.distinct, chance)
    alone = min(0.9, rows) if several else 0.45 if chance < 0.1 else 0.1
    if chance > 0.1 and strength < 0.5:
        alone = min(alone, 0.1 if e.share(e.like("[0-9]+")) > 0.5 else 0.6)
    return Weight(named(alone, e, "nationality"), alone, "names or codes of countries")


TYPE = ColumnType(
    name="nationality",
    summary="A country or nationality.",
    canonical="The country's ISO 3166-1 alpha-3 code; null where it is none.",
    fits=_fits,
    askable=True,
    rivals=("category",),
    weigh_by=_weigh,
)
