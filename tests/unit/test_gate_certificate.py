"""The certificate: worlds from printed numbers alone, which a reader's verifier and an attacker believe."""

from __future__ import annotations

import ast
import bz2
import copy
import json
import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sousveil import packing
from sousveil.gate import release
from sousveil.gate.certificate import pieces
from sousveil.gate.certificate.glue import World as Database
from sousveil.gate.certificate.glue import between_pieces
from sousveil.gate.certificate.make import REASONS, certificate
from sousveil.gate.certificate.printed import Printed
from sousveil.publish.proof import VERIFIER
from tests.gate_world import MemoryCase, World
from tests.support_certificate import Published, published, verified

COUNTS = {
    ("KAZ", "F"): 60, ("KAZ", "M"): 41, ("RUS", "F"): 3, ("RUS", "M"): 44, ("TUR", "F"): 25,
    ("TUR", "M"): 6, ("PAK", "F"): 0, ("PAK", "M"): 30, ("UZB", "F"): 16, ("UZB", "M"): 22,
}  # fmt: skip
QUESTIONS = [[((), "", "records"), (("nation", "sex"), "", "records"), (("nation",), "", "records")]]


@pytest.fixture(scope="module")
def good() -> Published:
    return published(World.of(("nation", "sex"), COUNTS), QUESTIONS)


def figures(said: str) -> tuple[int, ...]:
    """Printed numbers, hidden cells, unproven ones, as the verifier's last line has them."""
    return tuple(map(int, re.findall(r"\d+", said.splitlines()[-1])))


def test_a_reader_checks_it_from_any_folder_and_is_told_what_was_checked(
    good: Published, tmp_path: Path
) -> None:
    folder = good.write(tmp_path / "publication")
    for arguments in ((), (str(folder),)):
        done = verified(folder, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        printed, hidden, unproven = figures(done.stdout)
        assert printed == sum(len(table.shown) + 1 for _, table in good.printed())
        assert hidden >= 4
        assert unproven == 0


def test_the_verifier_is_short_and_needs_nothing_but_python() -> None:
    lines = VERIFIER.read_text("utf-8").splitlines()
    assert len(lines) <= 60
    assert max(map(len, lines)) <= 120
    tree = ast.parse("\n".join(lines))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert names <= set(sys.stdlib_module_names)
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]


MONTHS = {
    "2018-01": 60,
    "2018-02": 3,
    "2018-03": 80,
    "2018-04": 4,
    "2018-05": 25,
    "2018-06": 0,
    "2018-07": 31,
}


@pytest.mark.parametrize(
    "swapped", [("2018-02", "2018-04"), ("2018-02", "2018-06"), ("2018-04", "2018-06")], ids="{}".format
)
def test_truths_that_print_the_same_have_the_same_certificate(swapped: tuple[str, str]) -> None:
    other = MONTHS | {swapped[0]: MONTHS[swapped[1]], swapped[1]: MONTHS[swapped[0]]}
    asked = [[(("month(day)",), "", "records"), (("month(day)",), "", "people")]]
    pages = [
        published(World.of(("day",), {(month,): count for month, count in truth.items()}), asked)
        for truth in (MONTHS, other)
    ]
    assert pages[0].page == pages[1].page
    assert pages[0].case.documents["worlds"] == pages[1].case.documents["worlds"]
    assert pages[0].certificate["unproven"] == [{}]


def test_the_order_of_printed_tables_does_not_matter(good: Published) -> None:
    printed = [table for _, table in good.printed()]
    made, turned = certificate(printed, 10), certificate(printed[::-1], 10)
    assert made.text == turned.text == good.case.documents["worlds"]


def _without_a_world(one: dict[str, Any]) -> None:
    del one["systems"][0]["worlds"][-1]


def _no_worlds(one: dict[str, Any]) -> None:
    one["systems"][0]["worlds"] = []


def _one_more_record(one: dict[str, Any]) -> None:
    one["systems"][0]["worlds"][0][1] += 1


def _fewer_than_nobody(one: dict[str, Any]) -> None:
    one["systems"][0]["worlds"][0][1] -= 10_000


def _moved_row(one: dict[str, Any]) -> None:
    one["systems"][0]["worlds"][0][0] += 1


def _smaller_k(one: dict[str, Any]) -> None:
    for table in one["systems"][0]["printed"]:
        table["k"] = 2


def _no_system(one: dict[str, Any]) -> None:
    one["systems"] = []


def _no_table(one: dict[str, Any]) -> None:
    one["systems"][0]["printed"].pop()


def _other_total(one: dict[str, Any]) -> None:
    one["systems"][0]["printed"][0]["total"] += 10


def _printed_as_hidden(one: dict[str, Any]) -> None:
    table = next(table for table in one["systems"][0]["printed"] if table["by"])
    next(cell for cell in table["cells"] if cell[-1])[-1] = None


def _hidden_as_printed(one: dict[str, Any]) -> None:
    table = next(table for table in one["systems"][0]["printed"] if len(table["by"]) == 2)
    next(cell for cell in table["cells"] if cell[-1] is None)[-1] = 12


def _other_value(one: dict[str, Any]) -> None:
    next(column for column in one["systems"][0]["columns"] if len(column) > 3)[1][0] = "XXX"


FORGERIES = (
    _without_a_world, _no_worlds, _one_more_record, _fewer_than_nobody, _moved_row, _smaller_k, _no_system,
    _no_table, _other_total, _printed_as_hidden, _hidden_as_printed, _other_value,
)  # fmt: skip


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda one: one.__name__)
def test_a_broken_certificate_is_noticed(good: Published, tmp_path: Path, forge: Any) -> None:
    broken = copy.deepcopy(good.certificate)
    forge(broken)
    assert broken != good.certificate
    assert verified(good.write(tmp_path / "publication", broken)).returncode in (1, 3)


def test_another_number_on_the_page_is_noticed(good: Published, tmp_path: Path) -> None:
    for place, cell in [(1, 0), (2, 0), (0, 0), (2, -1)]:
        page = copy.deepcopy(good.page)
        page[place]["cells"][cell]["value"] = (page[place]["cells"][cell]["value"] or 0) + 1
        assert verified(good.write(tmp_path / "publication", page=page)).returncode == 1
    page = copy.deepcopy(good.page)
    page[1]["total"]["value"] += 1
    assert verified(good.write(tmp_path / "publication", page=page)).returncode == 1


def test_a_reader_can_hold_earlier_publications_against_it(good: Published, tmp_path: Path) -> None:
    now, earlier = good.write(tmp_path / "now"), tmp_path / "earlier"
    shutil.copytree(now, earlier)
    assert verified(now, str(now), str(earlier)).returncode == 0
    page = copy.deepcopy(good.page)
    page[1]["cells"][0]["value"] += 1
    (earlier / "findings.json").write_text(json.dumps({"findings": page}), "utf-8")
    assert verified(now, str(now), str(earlier)).returncode == 1


def test_more_people_in_a_part_than_in_the_whole_are_noticed(tmp_path: Path) -> None:
    asked = [[(("nation", "sex"), "", "people"), (("nation",), "", "people")]]
    made = published(World.of(("nation", "sex"), COUNTS), asked)
    broken = made.certificate
    first = broken["systems"][0]["worlds"][0]
    for place in range(0, len(first), 3):  # all have more: a person may be in several rows
        first[place + 1] += 100
        first[place + 2] += 100
    done = verified(made.write(tmp_path / "publication", broken))
    assert done.returncode == 1
    assert "more people in a part than in the whole" in done.stdout
    assert "other numbers" not in done.stdout


def test_fewer_records_than_people_are_noticed(tmp_path: Path) -> None:
    world = World.of(("nation", "sex"), COUNTS)
    asked = [[(("nation", "sex"), "", "records"), (("nation", "sex"), "", "people")]]
    made = published(world, asked)
    broken = made.certificate
    broken["systems"][0]["worlds"][0][2] = broken["systems"][0]["worlds"][0][1] + 1
    done = verified(made.write(tmp_path / "publication", broken))
    assert done.returncode == 1
    assert "people BETWEEN 0 AND records" in done.stderr


def test_tables_that_hang_together_in_too_many_combinations_are_left_unproven(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pieces, "MOST_ATOMS", 5)
    made = published(World.of(("nation", "sex"), COUNTS), QUESTIONS)
    (left,) = made.certificate["unproven"]
    assert list(left) == [REASONS["large"]]
    done = verified(made.write(tmp_path / "publication"))
    assert done.returncode == 3
    assert figures(done.stdout)[2] == left[REASONS["large"]] > 0
    assert done.stdout.count("NOT PROVEN") == left[REASONS["large"]]


def test_where_there_is_no_room_the_rest_is_left_unproven(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = published(World.of(("nation", "sex"), COUNTS), QUESTIONS)
    size = len(bz2.compress(whole.case.documents["worlds"].encode()))
    monkeypatch.setattr(packing, "MOST_BYTES", size - 1)
    made = published(World.of(("nation", "sex"), COUNTS), QUESTIONS)
    assert made.page == whole.page
    assert REASONS["room"] in made.certificate["unproven"][0]
    assert len(made.certificate["systems"][0]["worlds"]) < len(whole.certificate["systems"][0]["worlds"])
    assert verified(made.write(tmp_path / "publication")).returncode == 3


@pytest.mark.parametrize(("limit", "least"), [("MOST_LISTED", 9), ("MOST_BYTES", 400)])
def test_what_no_certificate_can_carry_is_refused_at_release(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, limit: str, least: int
) -> None:
    monkeypatch.setattr(pieces if limit == "MOST_LISTED" else packing, limit, least)
    made = published(World.of(("nation", "sex"), COUNTS), QUESTIONS)
    refused = [one["refused"]["code"] for one in made.findings if "refused" in one]
    assert set(refused) == {"UNPROVEN"}
    assert verified(made.write(tmp_path / "publication")).returncode in (0, 3)
    # Asked again, it is refused again, and what was released stands.
    again = release(made.case, made.tables, World.of(("nation", "sex"), COUNTS))["findings"]
    assert again == made.findings


def test_a_table_that_tells_of_a_few_is_refused_at_release(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(sheets: Any, *_: Any) -> list[frozenset[Any]]:
        return [frozenset(key for key, cell in one.cells.items() if cell.people >= 10) for one in sheets]

    monkeypatch.setattr(sys.modules["sousveil.gate.together"], "protected", careless)
    world = World.of(("nation", "sex"), COUNTS)
    first = [(("sex",), "", "records"), (("nation", "sex"), "", "records")]
    made = published(world, [first, [(("nation",), "", "records")]])
    codes = [one.get("refused", {}).get("code") for one in made.findings]
    assert codes == [None, None, "UNPROVEN"]
    assert made.certificate["told"] == 0


def test_what_stands_as_it_stood_is_taken_over_from_the_certificate_before(good: Published) -> None:
    printed = [table for _, table in good.printed()]
    other = [replace(one, table="stays") for one in printed]
    every = [*printed, *other]
    assert certificate(every, 10, good.case.documents["worlds"]) == certificate(every, 10)


def test_labels_that_only_a_where_names_are_cells_of_their_own(tmp_path: Path) -> None:
    """24 are of three kinds together, of which the table shows none: each of them may be nobody."""
    case = MemoryCase()
    printed = [
        Printed(
            "visits", 1, "records", "", ("kind",), 80, {("A",): 30, ("B",): 26, ("other, not shown",): None}
        ),
        Printed("visits", 1, "records", "\"kind\" IN ('x', 'y', 'z')", (), 24, {(): 24}),
    ]
    text = certificate(printed, 10).text
    case.documents["worlds"] = text
    done = verified(Published(case, [], []).write(tmp_path / "publication", page=[]))
    assert json.loads(text)["unproven"] == [{}]
    assert done.returncode == 0


@pytest.mark.parametrize(("people", "holds"), [(40, True), (41, False)])
def test_no_hidden_cell_has_more_people_than_a_printed_number_that_it_meets_elsewhere(
    people: int, holds: bool
) -> None:
    printed = [
        Printed("visits", 1, "people", "", (column,), 60, {("x",): 40, ("other, not shown",): None})
        for column in ("a", "b")
    ]
    layout = pieces.Layout(printed)
    assert len(layout.pieces) == 2
    atoms = [[value[0] for value in layout.columns[one.columns[0]].values] for one in layout.pieces]
    place = (atoms[0].index("(not shown, 1)"), atoms[1].index("x"))
    assert between_pieces(layout, Database({place: people}, {})) == holds
