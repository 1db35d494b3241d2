"""The sex that a record states."""

from sousveil.normalise.sexes import OF, OTHERS, PLAIN
from sousveil.survey.checks import Truths
from sousveil.survey.evidence import Evidence
from sousveil.survey.model import NOTHING, ColumnType, Weight, named


def _among(e: Evidence, words: frozenset[str]) -> Truths:
    import numpy as np

    return np.array(
        [text is not None and text.upper().rstrip(".") in words for text in e.tidied.to_pylist()], bool
    )


def _fits(e: Evidence) -> Truths:
    return _among(e, frozenset(OF)) & e.there if e.distinct <= 1000 else e.like("[男女]")


def _weigh(e: Evidence) -> Weight:
    if e.distinct > 12:
        return NOTHING
    said = _among(e, frozenset(OF))
    rows = int(e.counts[e.there].sum())
    stated = int(e.counts[said & e.there].sum())
    if stated < 0.8 * rows or e.counts[e.there & ~said & ~_among(e, OTHERS)].sum() > 0.1 * rows:
        return NOTHING
    sexes = {
        OF[text.upper().rstrip(".")] for text, yes in zip(e.tidied.to_pylist(), said, strict=True) if yes
    }
    plain = _among(e, PLAIN).any()
    letters = e.like("[mf]").sum() >= 2
    alone = 0.9 if plain else 0.8 if letters and len(sexes) == 2 else 0.05
    return Weight(
        named(alone, e, "sex"), alone, "values" if alone > 0.5 else "header; the values could be any code"
    )


TYPE = ColumnType(
    name="sex",
    summary="The sex that a record states.",
    canonical="`F` or `M`; null for others.",
    fits=_fits,
    askable=True,
    rivals=("category", "boolean"),
    weigh_by=_weigh,
)
