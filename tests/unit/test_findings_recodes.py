"""Coarser labels of a column: what each function determines, and that the gate links them."""

from __future__ import annotations

import itertools
from typing import Any

import pycountry
import pytest

from sousveil.findings.recodes import BANDS, FUNCTIONS, LABELS, chain, recoded
from sousveil.findings.regions import CONTINENT_OF, CONTINENTS, REGION_OF, REGIONS, countries
from sousveil.gate import release
from sousveil.gate.language import refs
from tests.gate_world import MemoryCase, World


def test_every_country_lies_in_one_region_and_every_region_in_one_continent() -> None:
    assert {country.alpha_3 for country in pycountry.countries} == set(REGION_OF) - {"XKX"}
    assert sum(len(codes.split()) for codes in REGIONS.values()) == len(REGION_OF)
    assert set(CONTINENT_OF) == set(REGIONS)
    assert sum(map(len, CONTINENTS.values())) == len(REGIONS)
    assert (
        set(countries(("Asia",))) > set(countries(("Central Asia",))) == {"KAZ", "KGZ", "TJK", "TKM", "UZB"}
    )


@pytest.mark.parametrize(
    ("label", "function", "coarse"),
    [
        ("2018-03", "quarter", "2018-Q1"),
        ("2018-04", "quarter", "2018-Q2"),
        ("2018-12", "quarter", "2018-Q4"),
        ("2018-12", "year", "2018"),
        ("2018-Q4", "year", "2018"),
        ("0-17", "of_age", "0-17"),
        ("60+", "of_age", "18+"),
        ("KAZ", "region", "Central Asia"),
        ("KAZ", "continent", "Asia"),
        ("Central Asia", "continent", "Asia"),
        ("ZZZ", "region", ""),
    ],
)
def test_a_label_tells_the_coarser_ones(label: str, function: str, coarse: str) -> None:
    assert recoded(label, function) == coarse


def test_recoding_step_by_step_is_recoding_at_once() -> None:
    fine = {"month": ["2017-12", "2018-01"], "age_band": list(BANDS), "": sorted(REGION_OF)}
    for function, labels in fine.items():
        for label, (near, far) in itertools.product(labels, itertools.pairwise(chain(function))):
            assert recoded(recoded(label, near), far) == recoded(label, far)
    assert set(LABELS) <= set(FUNCTIONS)


def test_references_determine_what_lies_further_along_their_chain() -> None:
    assert refs.determines("month(d)", "quarter(d)")
    assert refs.determines("month(d)", "year(d)")
    assert refs.determines("nation", "continent(nation)")
    assert refs.determines("age_band(b, on=2018-01-01)", "of_age(b, on=2018-01-01)")
    assert not refs.determines("age_band(b, on=2018-01-01)", "of_age(b, on=2018-01-02)")
    assert not refs.determines("year(d)", "quarter(d)")
    assert not refs.determines("month(d)", "quarter(e)")
    assert refs.reduced(["year(d)", "month(d)", "continent(n)", "n"]) == [1, 3]


def shown(finding: dict[str, Any]) -> dict[str, int | None]:
    return {next(iter(cell["keys"].values())): cell["value"] for cell in finding["cells"]}


@pytest.mark.parametrize(
    ("fine", "coarse", "counts"),
    [
        (
            "month(x)",
            "quarter(x)",
            {"2018-01": 500, "2018-02": 3, "2018-03": 90, "2018-04": 40, "2018-05": 60},
        ),
        ("quarter(x)", "year(x)", {"2017-11": 500, "2017-02": 3, "2018-03": 40, "2018-04": 60}),
        ("x", "region(x)", {"KAZ": 500, "UZB": 3, "FRA": 40, "DEU": 60}),
        ("region(x)", "continent(x)", {"KAZ": 500, "JPN": 3, "FRA": 40, "ITA": 60}),
        ("x", "continent(x)", {"KAZ": 500, "UZB": 3, "FRA": 40, "ITA": 60}),
    ],
)
def test_a_coarser_table_gives_no_small_cell_of_a_finer_one_away(
    fine: str, coarse: str, counts: dict[str, int]
) -> None:
    world = World.of(["x"], {(label,): number for label, number in counts.items()})
    case = MemoryCase()
    for first, second in ((fine, coarse), (coarse, fine)):
        case = MemoryCase()
        findings = {by: release(case, [world.ask([by])], world)["findings"][0] for by in (first, second)}
        if any("refused" in one for one in findings.values()):
            continue
        cells, sums = shown(findings[fine]), shown(findings[coarse])
        for label, total in sums.items():
            below = [one for one in counts if recoded(one, coarse.partition("(")[0]) == label]
            labels = {recoded(one, fine.partition("(")[0]) if "(" in fine else one for one in below}
            hidden = [one for one in labels if cells.get(one) is None]
            assert total is None or len(hidden) != 1, (first, second, label)
