"""Blocks, gaps and repeats: where a table was written in another way than the rest of it."""

import random

import pytest

from sousveil.progress import Silent
from sousveil.stages import perform
from tests.support import make_case

SIZE = 8_000
TYPES = {"no": "serial", "name": "text", "kind": "category", "phone": "phone"}


def rows(size=SIZE, seed=1):
    rng = random.Random(seed)
    kinds = ("red", "green", "blue", "grey")
    return [
        (
            str(at + 1),
            f"n{rng.randrange(3_000):05}",
            kinds[int(4 * rng.random() ** 2)],
            f"139{rng.randrange(10**8):08}",
        )
        for at in range(size)
    ]


def made_up(first, count):
    rng = random.Random(2)
    return [
        (
            str(at + 1),
            f"n{rng.randrange(3_000):07}",
            rng.choice(("red", "grey")),
            f"15{rng.randrange(10**9):09}",
        )
        for at in range(first, first + count)
    ]


def verified(tmp_path, records):
    columns = {name: [row[at] for row in records] for at, name in enumerate(TYPES)}
    case = make_case(tmp_path, {"t": columns})
    kinds = "\n".join(f'{name} = "{kind}"' for name, kind in TYPES.items())
    (case.folder / "review.toml").write_text(f"[tables.t]\n[tables.t.columns]\n{kinds}\n", "utf-8")
    return {row["id"]: row for row in perform(case, "verify", Silent())["tests"]}


def test_a_block_of_one_row_in_a_hundred_is_found_and_where(tmp_path):
    records = rows()
    records[5_000:5_100] = made_up(5_000, 100)
    row = verified(tmp_path, records)["blocks"]
    assert row["reading"] == "inconsistent"
    [(first, last)] = row["rows"]
    assert 4_900 <= first <= 5_001 and 5_050 <= last <= 5_200
    assert {"name", "phone"} & set(row["columns"])
    assert "no" not in row["columns"]


def test_a_table_written_in_one_way_has_no_block(tmp_path):
    row = verified(tmp_path, rows())["blocks"]
    assert (row["reading"], row["rows"]) == ("consistent", [])


def test_a_table_of_many_parts_is_a_mixture_of_which_nothing_is_told(tmp_path):
    records = rows()
    for first in range(0, SIZE, 1_600):
        records[first : first + 200] = made_up(first, 200)
    assert verified(tmp_path, records)["blocks"]["reading"] == "inconclusive"


@pytest.mark.parametrize(
    ("dropped", "reading"), [(range(0), "consistent"), (range(3_000, 3_400), "inconclusive")]
)
def test_a_hole_in_running_numbers_is_seen(tmp_path, dropped, reading):
    records = [row for at, row in enumerate(rows()) if at not in dropped and at % 97]
    assert verified(tmp_path, records)["serial-gaps"]["reading"] == reading


def test_records_alike_in_all_but_one_column_are_counted(tmp_path):
    records = [(row[0], f"own{row[0]}", *row[2:]) for row in rows(3_000)]
    again = [(str(4_000 + at), *row[1:3], f"1370000{at:04}") for at, row in enumerate(records[:600])]
    found = verified(tmp_path, records + again)
    assert found["near-repeats"]["observed"] == pytest.approx(600 / 3_600, abs=0.02)
    assert found["near-repeats"]["reading"] == "inconclusive"
    assert found["repeated-records"]["observed"] == 0.0


def test_values_that_point_to_another_table_are_looked_for_there(tmp_path):
    plates = [f"宁W{place * 7 % 9_000 + 10_000}" for place in range(400)]
    rng = random.Random(3)
    tables = {
        "cars": {"HPHM": plates, "YS": ["红", "白"] * 200},
        "seen": {"HPHM": [rng.choice(plates) for _ in range(900)], "DD": ["东门", "西门", "南门"] * 300},
    }
    case = make_case(tmp_path, tables)
    found = [row for row in perform(case, "verify", Silent())["tests"] if row["id"] == "foreign-keys"]
    assert [(row["table"], row["columns"]) for row in found] == [("seen", ["HPHM", "cars.HPHM"])]
    assert (found[0]["reading"], found[0]["observed"]) == ("consistent", 1.0)
