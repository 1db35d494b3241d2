"""The functions of the language: each makes coarser labels of a column, known to everybody beforehand.

What one determines another does, too: a month its quarter, a quarter its year, a country its region, a region
its continent, an age band whether somebody is of age. `coarser` says so, for the gate and for the questions
that are proposed in the place of refused ones.
"""

from __future__ import annotations

import re

from sousveil.findings.regions import CONTINENT_OF, CONTINENTS, REGION_OF, REGIONS

FUNCTIONS = ("month", "quarter", "year", "age_band", "of_age", "region", "continent")
DATES = frozenset({"month", "quarter", "year"})
"""Functions of a date."""
AGES = frozenset({"age_band", "of_age"})
"""Functions of a birth date and of a day on which the age is taken."""
PLACES = frozenset({"region", "continent"})
"""Functions of a nationality."""

BANDS = ("0-17", "18-29", "30-44", "45-59", "60+")
"""The age bands, in completed years."""
OF_AGE = ("0-17", "18+")

LABELS = {
    "age_band": BANDS,
    "of_age": OF_AGE,
    "region": tuple(REGIONS),
    "continent": tuple(CONTINENTS),
}
"""All labels of the functions that have few, in their order."""

COARSER = {"month": "quarter", "quarter": "year", "age_band": "of_age", "region": "continent"}
"""For each function the one that it determines next; a bare nationality determines `region`."""

MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
QUARTER = re.compile(r"[0-9]{4}-Q[1-4]")
YEAR = re.compile(r"[0-9]{4}")


def chain(function: str) -> tuple[str, ...]:
    """Every function that this one determines, the nearest first; of a bare column (``""``) the places."""
    found = []
    step = COARSER.get(function, "") if function else "region"
    while step:
        found.append(step)
        step = COARSER.get(step, "")
    return tuple(found)


def recoded(label: str, function: str) -> str:
    """The label under a coarser function, of a label of any finer one: `2018-Q1` for `2018-03`."""
    match function:
        case "quarter" if MONTH.fullmatch(label):
            return f"{label[:4]}-Q{(int(label[5:]) + 2) // 3}"
        case "year" if MONTH.fullmatch(label) or QUARTER.fullmatch(label):
            return label[:4]
        case "of_age" if label in BANDS:
            return OF_AGE[label != BANDS[0]]
        case "region":
            return REGION_OF.get(label, "")
        case "continent":
            return CONTINENT_OF.get(REGION_OF.get(label, label), "")
        case _:
            return label
