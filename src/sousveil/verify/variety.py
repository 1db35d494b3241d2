"""How various names and births are: real ones are uneven, what is drawn from a list or a range is even.

Words drawn evenly from a list of K all come up about as often (n/K times, as Poisson has it); names of people
follow a long-tailed law, a few common and many rare ones. No list is needed, only that words come up three
times on average. Births drawn between two dates fill the years evenly, which no population does.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sousveil.normalise.tidy import known, tidy
from sousveil.vault import Column
from sousveil.verify.evidence import Evidence, Facts, Reading, cannot_tell, gathered
from sousveil.verify.sample import Sample
from sousveil.verify.words import words

FACTS = {
    "name-variety": Facts(
        "Assumes that names are given freely; codes, wards or a handful of names that stand for others come "
        "up evenly without being forged.",
        "More names: a list shows once its words repeat.",
    ),
    "birth-years": Facts(
        "Assumes that the table holds people of many ages; a sample drawn evenly over ages, as for a "
        "survey, is even by design.",
        "Knowing how the people came into the table.",
    ),
}
_OFTEN = 3.0
"""How often the words come up on average where evenness can be told."""
_LEAST, _LEAST_WORDS = 300, 15
_EVEN, _UNEVEN = 1.6, 3.0
"""Variance of the counts over what Poisson has: below even, above uneven."""
_PEOPLE, _SPAN = 1_000, 60

Numbers = npt.NDArray[np.int64]


def rows(sample: Sample) -> Iterator[Evidence]:
    """One row a reading for the columns of names (`name-variety`), one for the births (`birth-years`)."""
    yield from gathered(_variety(sample, column) for column in sample.of_type("person_name"))
    for column in sample.of_type("birth_date")[:1]:
        values = sample.clean(column)
        if values is not None:
            yield _births(sample, column, values)


def _variety(sample: Sample, column: Column) -> Evidence:
    name, names = "name-variety", (sample.names[column],)
    expected = "well above 1 if genuine, about 1 if drawn evenly from a list"
    texts = known(tidy(sample.raw(column).drop_null())).drop_null().unique()
    found = words(texts)
    best: tuple[float, int] | None = None
    for place in (0, 1, 2):
        counts = np.unique(found.word[found.place == place], return_counts=True)[1]
        if len(counts) >= _LEAST_WORDS and counts.sum() >= max(_LEAST, _OFTEN * len(counts)):
            index = _unevenness(counts)
            # Lists of one part are enough: a generator may weigh its surnames and not its given names.
            best = min(best or (np.inf, 0), (index, int(counts.sum())))
    if best is None:
        why = f"{len(texts):,} different names, whose words come up too seldom."
        return cannot_tell(name, sample.shown, names, len(texts), expected, why)
    index, n = best
    reading: Reading = (
        "consistent" if index >= _UNEVEN else "inconsistent" if index <= _EVEN else "inconclusive"
    )
    said = {"consistent": "as uneven as names are", "inconsistent": "as even as drawn from a list"}
    why = f"The counts of the words vary {index:.2f} times as much as even draws would, over {n:,} names."
    words_ = said.get(reading, "more even than most names")
    return Evidence(name, sample.shown, names, n, round(index, 3), expected, reading, words_, why)


def _unevenness(counts: Numbers) -> float:
    """Variance of counts over their mean, beside that of Poisson counts of which no zero is seen."""
    mean = float(counts.mean())
    # The rate whose counts without zeros have this mean, by fixed-point iteration.
    rate = mean
    for _ in range(50):
        rate = mean * (1 - float(np.exp(-rate)))
    variance = mean * (1 + rate - mean)
    return float(counts.var(ddof=1) / max(variance, 1e-9))


def _births(sample: Sample, column: Column, values: pa.Array) -> Evidence:
    """The distance of the births from an even spread (Kolmogorov and Smirnov's D), over 60 years and more."""
    name, names = "birth-years", (sample.names[column],)
    expected = "well above 0 if a population, close to 0 if drawn evenly"
    # Each date once: a person with many records is one.
    days = np.sort(pc.unique(values.drop_null()).cast(pa.int32()).to_numpy()).astype(float)
    n = len(days)
    low, high = (float(day) for day in np.percentile(days, [1, 99])) if n else (0.0, 0.0)
    if n < _PEOPLE or high - low < _SPAN * 365.25:
        why = (
            f"{n:,} different birth dates over {(high - low) / 365.25:.0f} years: too few, or too few years."
        )
        return cannot_tell(name, sample.shown, names, n, expected, why)
    inside = days[(days >= low) & (days <= high)]
    even = (inside - low) / (high - low)
    distance = float(np.abs(even - (np.arange(len(even)) + 0.5) / len(even)).max())
    bound = 1.7 / len(even) ** 0.5
    reading: Reading = "inconsistent" if distance <= bound else "inconclusive"
    if distance > max(2 * bound, 0.06):
        reading = "consistent"
    said = {"consistent": "uneven, as populations are", "inconsistent": "as even as drawn between two dates"}
    why = f"Births lie {distance:.3f} off an even spread over {(high - low) / 365.25:.0f} years, of {n:,}."
    words_ = said.get(reading, "nearly even")
    return Evidence(name, sample.shown, names, n, round(distance, 4), expected, reading, words_, why)
