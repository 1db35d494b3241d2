"""Totals that are each harmless, and together are not: through the real gate, on a made-up case."""

from pathlib import Path

import pytest

from tests.attack.product import ask, findings, identity, outcome


def rows(numbers: range, label: str) -> str:
    return "".join(f"{identity(number)},{label}\n" for number in numbers)


def answers(tmp_path: Path, tables: dict[str, str], questions: str) -> dict[str, str]:
    return {name: outcome(one) for name, one in findings(tmp_path, tables, questions).items()}


def test_a_chain_of_parts_leaves_nobody_over(tmp_path: Path) -> None:
    people = rows(range(300), "CHN") + rows(range(300, 420), "KAZ") + rows(range(420, 421), "NPL")
    parts = [ask(name.lower(), "entries", f"nationality = '{name}'") for name in ("CHN", "KAZ")]
    asked = ask("all", "entries") + "".join(parts)
    found = answers(tmp_path, {"entries.csv": "resident_id,nationality\n" + people}, asked)
    assert found == {"all": "published", "chn": "published", "kaz": "DIFF"}


@pytest.mark.parametrize(
    ("other", "whole_case"),
    [
        pytest.param(range(200, 303), "DIFF", id="three-people-outside-a-table"),
        pytest.param(range(296, 500), "DIFF", id="four-people-in-both-tables"),
        pytest.param(range(200, 500), "published", id="it-tells-nothing"),
    ],
)
def test_the_whole_case_beside_its_tables_tells_of_no_few_people(
    tmp_path: Path, other: range, whole_case: str
) -> None:
    tables = {
        "big.csv": "resident_id,kind\n" + rows(range(300), "a"),
        "other.csv": "resident_id,kind\n" + rows(other, "b"),
    }
    found = answers(tmp_path, tables, ask("all", "*") + ask("one", "big") + ask("two", "other"))
    assert found == {"all": whole_case, "one": "published", "two": "published"}
