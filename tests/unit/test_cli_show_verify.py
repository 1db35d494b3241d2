"""`verify` on a terminal of 80 columns: what speaks against the dump first, names and figures unbroken."""

import pytest

from sousveil.cli import layout
from sousveil.cli.show_verify import verified


def reading(name: str, of: str, observed: float | None = 0.5, table: str = "登记") -> dict:
    return {
        "id": name,
        "table": table,
        "columns": ["姓名", "证件号码"],
        "reading": of,
        "observed": observed,
        "expected": "nearly 1 if genuine, 0.091 by chance",
        "why": f"Because {name} says so, in a sentence that is longer than a line of a terminal usually is.",
    }


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "WIDTH_IN_A_PIPE", 80)


def test_what_speaks_against_the_dump_stands_first(capsys: pytest.CaptureFixture[str]) -> None:
    verified({"tests": [reading("a-test", "consistent"), reading("b-test", "inconsistent")]})
    said = capsys.readouterr().out
    assert said.index("INCONSISTENT: 1") < said.index("b-test") < said.index("CONSISTENT: 1\n\n  a-test")
    assert "observed 0.500, expected nearly 1 if genuine, 0.091 by chance" in said


def test_every_line_fits_and_no_name_is_broken(capsys: pytest.CaptureFixture[str]) -> None:
    name = "reserved-ranges-cn-resident-id"
    verified({"tests": [reading(name, "inconsistent")]})
    lines = capsys.readouterr().out.splitlines()
    assert any(name in line for line in lines)
    assert max(map(len, lines)) <= 80


def test_a_reason_is_told_once_a_test_and_not_where_all_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    tests = [reading("a-test", "inconclusive", None, table) for table in ("t", "u")]
    verified({"tests": [*tests, reading("fine", "consistent")]})
    said = capsys.readouterr().out
    assert said.count("Because a-test") == 1
    assert "Because fine" not in said
    assert "observed" not in said.split("CONSISTENT")[0]


def test_a_dump_without_anything_to_test_is_told_as_such(capsys: pytest.CaptureFixture[str]) -> None:
    verified({"tests": []})
    assert "nothing in this dump that could be tested" in capsys.readouterr().out
