"""The count hangs on what a dump says, not on how it says it: through intake, with a person's review.toml."""

import random
from pathlib import Path

import pytest

from tests.support_leak import ROLES, TRADITIONAL, Leak, as_csv, as_json, as_sql, counted, leak, written

FIGURES = ("estimate", "low", "high", "likely_low", "likely_high", "level", "unit")
NAMES = dict(zip(ROLES["stays"], ("证件", "甲", "出生", "联系方式", "旅馆", "日期"), strict=True))


def partly_traditional(made: Leak) -> Leak:
    """The leak with every other row of each table in traditional characters."""
    other = made.changed(lambda text: "".join(TRADITIONAL.get(character, character) for character in text))
    rows = {
        table: [(row, other.rows[table][place])[place % 2] for place, row in enumerate(found)]
        for table, found in made.rows.items()
    }
    return Leak(rows, made.roles)


def twice(made: Leak) -> Leak:
    """The leak with each file appended to itself."""
    return Leak({table: rows + rows for table, rows in made.rows.items()}, made.roles)


def halved(made: Leak) -> Leak:
    """The leak with the stays in two files."""
    stays = made.rows["stays"]
    rows = {"register": made.rows["register"], "stays": stays[::2], "more": stays[1::2]}
    return Leak(rows, {**made.roles, "more": made.roles["stays"]})


def figures(folder: Path, made: Leak, writer=as_csv) -> dict[str, tuple]:
    rows = counted(folder / "case", written(folder / "dump", made, writer), made.roles)
    return {table: tuple(row.get(name) for name in FIGURES) for table, row in rows.items()}


LEAKS = {
    "with numbers": lambda: leak(),
    "with few numbers": lambda: leak(60).worn(random.Random(2), 0.1),
    "without numbers": lambda: leak(numbers=False),
}


@pytest.fixture(scope="module", params=LEAKS.values(), ids=LEAKS)
def as_it_is(request, tmp_path_factory):
    """A leak, and its count."""
    made = request.param()
    found = figures(tmp_path_factory.mktemp("leak"), made)
    assert set(found) == {"register", "stays", "*"}
    estimate, low, high, likely_low, likely_high, *_ = found["*"]
    assert low < estimate < high and likely_low < likely_high, "so that there is something to get wrong"
    return made, found


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda made: made.reordered(random.Random(3)), id="rows shuffled"),
        pytest.param(lambda made: made.renamed(NAMES), id="columns renamed"),
        pytest.param(partly_traditional, id="some in traditional characters"),
        pytest.param(lambda made: twice(made).reordered(random.Random(5)), id="appended to itself"),
    ],
)
def test_the_same_people_are_counted(tmp_path, as_it_is, change):
    made, found = as_it_is
    assert figures(tmp_path, change(made)) == found


@pytest.mark.parametrize("writer", [as_json, as_sql], ids=["json", "sql"])
def test_the_format_of_the_files_changes_nothing(tmp_path, as_it_is, writer):
    made, found = as_it_is
    assert figures(tmp_path, made, writer) == found


def test_the_order_of_the_files_changes_nothing(tmp_path, as_it_is):
    made, found = as_it_is
    names = {table: f"{26 - place}" for place, table in enumerate(sorted(made.rows))}
    other = Leak(
        {names[table]: rows for table, rows in made.rows.items()},
        {names[table]: roles for table, roles in made.roles.items()},
    )
    assert figures(tmp_path, other) == {names.get(table, table): row for table, row in found.items()}


def test_a_copy_of_a_table_under_another_name_changes_nothing(tmp_path, as_it_is):
    made, found = as_it_is
    stays = made.rows["stays"]
    rows = {**made.rows, "backup": random.Random(4).sample(stays, len(stays))}
    doubled = figures(tmp_path, Leak(rows, {**made.roles, "backup": made.roles["stays"]}))
    assert doubled == {**found, "backup": found["stays"]}


def test_a_table_in_two_files_makes_the_same_whole_case(tmp_path, as_it_is):
    """The estimate is calibrated by table, so that it may move a little; what is certain may not."""
    made, found = as_it_is
    estimate, low, high, *_ = figures(tmp_path, halved(made))["*"]
    assert (low, high) == found["*"][1:3]
    assert estimate == pytest.approx(found["*"][0], rel=0.03)
