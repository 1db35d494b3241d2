"""Records by labels and truths as arrays of codes."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from sousveil.findings import coded


@pytest.mark.parametrize("most", [1, 6, 1 << 40])
def test_combinations_are_those_that_occur_however_many_there_could_be(
    monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(coded, "MOST", most)
    chance = np.random.default_rng(1)
    parts = [
        coded.Coded(chance.integers(0, size, 200).astype(np.int32), [f"{name}{n}" for n in range(size)])
        for name, size in (("a", 3), ("b", 1), ("c", 50))
    ]
    code, classes = coded.combined(parts, 200)
    rows = [tuple(part.labels[part.codes[row]] for part in parts) for row in range(200)]
    assert [classes[one] for one in code.tolist()] == rows
    assert len(classes) == len(set(rows))


def test_values_with_one_label_are_one() -> None:
    found = coded.labelled(pa.chunked_array([["x", ""], [None, "x"]]), "text")
    assert [found.labels[code] for code in found.codes.tolist()] == ["x", "", "", "x"]
    assert list(found.labels) == ["", "x"]


def test_an_unknown_truth_does_not_hold() -> None:
    found = coded.labelled(pa.chunked_array([[True, False, None]]), None)
    assert [found.labels[code] for code in found.codes.tolist()] == ["1", "0", "0"]


def test_people_count_once_and_nobody_known_not_at_all() -> None:
    persons = np.array([0, 0, 1, -1, -1, 1])
    records, people = coded.counts(np.array([0, 0, 0, 1, 0, 1]), 3, persons, 2)
    assert (records, people) == ([4, 2, 0], [2, 1, 0])


def test_no_records_make_no_combinations() -> None:
    assert coded.combined([coded.truths(np.zeros(0, dtype=np.bool_))], 0)[1] == []


def test_people_are_counted_alike_in_a_table_and_by_sorting(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(4)
    for records, people, classes in ((900, 300, 4), (50, 40, 3), (10, 0, 2), (0, 0, 2)):
        code = draw.integers(0, classes, records)
        persons = draw.integers(-1, people, records)
        wanted = [len({*persons[code == one].tolist()} - {-1}) for one in range(classes)]
        for roomy in (0, 1_000):
            monkeypatch.setattr(coded, "ROOMY", roomy)
            assert coded.counts(code, classes, persons, people)[1] == wanted
