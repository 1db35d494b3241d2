"""What a reader knows already: cells that a total tells, and numbers known from elsewhere."""

from __future__ import annotations

from typing import Any

from sousveil.findings.model import Question
from sousveil.gate import release
from tests.attack.product import outcome
from tests.gate_world import MemoryCase, World

NATIONS = {("KAZ",): 400, ("RUS",): 70, ("TUR",): 45, ("FRA",): 40, ("ISL",): 3, ("BTN",): 4}


def values(finding: dict[str, Any]) -> dict[str, int | None]:
    return {cell["keys"]["nation"]: cell["value"] for cell in finding["cells"]}


def test_a_cell_that_a_total_tells_is_not_hidden_in_vain() -> None:
    world = World.of(["nation"], NATIONS)
    asked = [world.ask(["nation"], "", "people"), world.ask([], "nation = 'FRA'", "people")]
    alone = release(MemoryCase(), asked[:1], world)["findings"]
    both = release(MemoryCase(), asked, world)["findings"]
    assert values(alone[0]) == {"KAZ": 400, "RUS": 70, "TUR": 45, "other, not shown": None}
    # France is told by its total, so Turkey is hidden along with the small ones.
    assert values(both[0]) == {"KAZ": 400, "RUS": 70, "FRA": 40, "other, not shown": None}
    assert both[1]["cells"][0]["value"] == 40


def totals(world: World, case: MemoryCase, known: list[Question], *wheres: str) -> list[str]:
    asked = [world.ask([], where, "people") for where in wheres]
    return [outcome(one) for one in release(case, asked, world, known=known)["findings"]]  # type: ignore[arg-type]


def test_what_readers_know_from_elsewhere_counts_as_released() -> None:
    world = World.of(["nation"], NATIONS)
    yearbook = [Question("yearbook", "The ministry's yearbook", "people", world.name)]
    asked = "nation <> 'ISL'"
    assert totals(world, MemoryCase(), [], asked) == ["published"]
    assert totals(world, MemoryCase(), yearbook, asked) == ["DIFF"]


def test_what_readers_knew_once_they_know_for_good() -> None:
    world, case = World.of(["nation"], NATIONS), MemoryCase()
    yearbook = [Question("yearbook", "The ministry's yearbook", "people", world.name)]
    assert totals(world, case, yearbook, "nation = 'KAZ'") == ["published"]
    assert totals(world, case, [], "nation <> 'ISL'") == ["DIFF"]
    assert totals(world, case, yearbook, "nation = 'KAZ'") == ["published"]
    assert len(list(case.releases.iterdir())) == 1


def test_a_cell_that_is_known_from_elsewhere_hides_nobody_else() -> None:
    world = World.of(["nation"], NATIONS)
    france = [Question("press", "A press release", "people", world.name, "nation = 'FRA'")]
    asked = [world.ask(["nation"], "", "people")]
    (alone,) = release(MemoryCase(), asked, world)["findings"]  # type: ignore[arg-type]
    (beside,) = release(MemoryCase(), asked, world, known=france)["findings"]  # type: ignore[arg-type]
    assert values(alone) == {"KAZ": 400, "RUS": 70, "TUR": 45, "other, not shown": None}
    # With France's forty known, seven people would be left beside it: Turkey is hidden instead.
    assert not {"TUR", "ISL", "BTN"} & set(values(beside))
