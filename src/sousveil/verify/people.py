"""Names against birth year and sex, by permutation: what parents choose goes with time and sex.

No list of names is needed: the words of the names in a table are compared with the years and sexes of the
same table, and with random pairings of them. Names drawn at random, or recombined from another file, say
nothing of either.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sousveil.vault import Column
from sousveil.verify.evidence import Evidence, Facts, Reading, cannot_tell
from sousveil.verify.sample import Sample, truths
from sousveil.verify.words import Words, words

FACTS = {
    "names-cohort": Facts(
        "Assumes that given names go in and out of fashion within the years that the births span, as they "
        "do everywhere that was looked at; names of one family or order, or transcribed by rule, may not.",
        "More people, or a wider span of births.",
    ),
    "names-sex": Facts(
        "Assumes that most names are given to one sex; names as initials, or surnames alone, tell nothing.",
        "The given names in full.",
    ),
}
_LEAST = 300
"""Different people from which on names can speak for the years or sexes."""
_ENOUGH = 1_000
"""Different people from which on their silence speaks, too."""
_OFTEN = 5
_TURNS = 40
_SPAN = 15
"""Years between the quartiles of the births: in less, fashion hardly changes."""
_SEED = 20_190_621

Floats = npt.NDArray[np.float64]


def rows(sample: Sample) -> Iterator[Evidence]:
    """Up to two rows for a table with names: `names-cohort` and `names-sex`."""
    named = _own_names(sample)
    if not named:
        return
    for kind, test in (("birth_date", _cohort), ("sex", _sex)):
        beside = sample.of_type(kind)
        values = sample.clean(beside[0]) if beside else None
        if values is not None:
            yield test(sample, named, beside[0], values)


def _own_names(sample: Sample) -> list[Column]:
    """The columns with the names of whom the records are about."""
    names = sample.of_type("person_name")
    own = [column for column in names if sample.names[column] in sample.review.person]
    return own or names[:1]


def _cohort(sample: Sample, named: list[Column], column: Column, values: pa.Array) -> Evidence:
    name, expected = "names-cohort", "clearly above 0 if genuine, 0 if drawn or paired at random"
    years = pc.year(values).cast(pa.float64())
    found, given = _people(sample, named, years)
    names = tuple(sample.names[c] for c in (*named, column))
    low, high = np.percentile(given, [25, 75]) if len(given) else (0, 0)
    if len(given) < _LEAST or high - low < _SPAN:
        why = f"{len(given):,} different people with a name and a birth date: too few, or of one age."
        return cannot_tell(name, sample.shown, names, len(given), expected, why)
    said = ("names go with the years of birth", "names say nothing of the years of birth")
    return _judged(sample, name, names, found, given, expected, (0.02, 0.005), said)


def _sex(sample: Sample, named: list[Column], column: Column, values: pa.Array) -> Evidence:
    name, expected = "names-sex", "well above 0 if genuine, 0 if drawn or paired at random"
    male = pc.equal(values, "M").cast(pa.float64())
    found, given = _people(sample, named, male)
    names = tuple(sample.names[c] for c in (*named, column))
    share = float(given.mean()) if len(given) else 0.0
    if len(given) < _LEAST or not 0.1 <= share <= 0.9:
        why = f"{len(given):,} different people with a name and a sex: too few, or nearly all of one sex."
        return cannot_tell(name, sample.shown, names, len(given), expected, why)
    said = ("names go with the sexes", "names say nothing of the sexes")
    return _judged(sample, name, names, found, given, expected, (0.1, 0.02), said)


def _people(sample: Sample, named: list[Column], beside: pa.Array) -> tuple[Words, Floats]:
    """The words of different people's names, and what stands beside: each name and value once."""
    texts = pc.binary_join_element_wise(
        *(sample.raw(column) for column in named), " ", null_handling="replace", null_replacement=""
    )
    table = pa.table({"name": texts, "beside": beside}).filter(pa.array(truths(beside.is_valid())))
    once = (
        table.group_by(["name", "beside"])
        .aggregate([])
        .sort_by([("name", "ascending"), ("beside", "ascending")])
    )
    found = words(once.column("name").combine_chunks())
    return found, np.asarray(once.column("beside").to_numpy(), np.float64)


def _judged(
    sample: Sample,
    name: str,
    names: tuple[str, ...],
    found: Words,
    given: Floats,
    expected: str,
    bounds: tuple[float, float],
    said: tuple[str, str],
) -> Evidence:
    gain, sigma, used = _gain(found, given)
    n = len(given)
    reading: Reading = "inconclusive"
    words_ = "names say little"
    if gain >= bounds[0] and sigma >= 5:
        reading, words_ = "consistent", said[0]
    elif gain < bounds[1] and n >= _ENOUGH and used >= _ENOUGH:
        reading, words_ = "inconsistent", said[1]
    why = (
        f"The words of the names explain {gain:.1%} of the differences among {n:,} people more than a random "
        f"pairing does, {sigma:.1f} standard deviations of such pairings."
    )
    return Evidence(name, sample.shown, names, n, round(gain, 4), expected, reading, words_, why)


def _gain(found: Words, given: Floats) -> tuple[float, float, int]:
    """The share of variance between words beyond random pairings, in deviations too, and the words used."""
    word, count = np.unique(found.word, return_inverse=True, return_counts=True)[1:]
    often = count[word] >= _OFTEN
    word, row = word[often], found.row[often]
    if not len(word):
        return 0.0, 0.0, 0
    centred = given - given.mean()
    rng = np.random.Generator(np.random.PCG64(_SEED))
    size = len(count)

    def between(values: Floats) -> float:
        sums = np.bincount(word, values[row], size)
        return float((sums[count >= _OFTEN] ** 2 / count[count >= _OFTEN]).sum())

    seen = between(centred)
    lots = np.array([between(rng.permutation(centred)) for _ in range(_TURNS)])
    whole = float((centred[row] ** 2).sum()) or 1.0
    gain = (seen - lots.mean()) / whole
    return float(gain), float((seen - lots.mean()) / (lots.std(ddof=1) or 1.0)), len(word)
