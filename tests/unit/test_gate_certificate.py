"""The certificate: worlds from printed numbers alone, which a reader's verifier and an attacker believe."""

from __future__ import annotations

import ast
import copy
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from sousveil.gate.certificate import certificate
from sousveil.publish.proof import VERIFIER
from tests.gate_world import World
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
    assert pages[0].certificate["unproven"] == []


def test_the_order_of_printed_tables_does_not_matter(good: Published) -> None:
    printed = [table for _, table in good.printed()]
    assert certificate(printed, 10) == certificate(printed[::-1], 10) == good.case.documents["worlds"]


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
    assert verified(good.write(tmp_path / "publication", broken)).returncode == 1


def test_another_number_on_the_page_is_noticed(good: Published, tmp_path: Path) -> None:
    for place, cell in [(1, 0), (2, 0), (0, 0), (2, -1)]:
        page = copy.deepcopy(good.page)
        page[place]["cells"][cell]["value"] = (page[place]["cells"][cell]["value"] or 0) + 1
        assert verified(good.write(tmp_path / "publication", page=page)).returncode == 1
    page = copy.deepcopy(good.page)
    page[1]["total"]["value"] += 1
    assert verified(good.write(tmp_path / "publication", page=page)).returncode == 1
