"""Totals that are each harmless, and together are not: through the real gate, on a made-up case."""

from pathlib import Path
from typing import Any

from sousveil import stages
from sousveil.case import Case
from sousveil.progress import Silent


def identity(number: int) -> str:
    """An identity number of the unallocated region 99 with its check digit (ISO 7064 MOD 11-2)."""
    body = f"990102{1950 + number % 40}0101{number // 40:03}"
    rest = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11
    return body + "10X98765432"[rest]


WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def answers(tmp_path: Path, tables: dict[str, str], questions: str) -> dict[str, Any]:
    dump = tmp_path / "dump"
    dump.mkdir()
    for name, text in tables.items():
        (dump / name).write_text(text, "utf-8")
    case = Case.make(tmp_path / "case", tmp_path / "key.txt")
    try:
        stages.take_in(case, dump, Silent())
        (case.folder / "questions.toml").write_text(questions, "utf-8")
        found = stages.perform(case, "findings", Silent())["findings"]
    finally:
        case.close()
    return {finding["id"]: finding.get("refused", {}).get("code", "published") for finding in found}


def ask(id: str, table: str, where: str = "") -> str:
    return f'[[question]]\nid = "{id}"\ntitle = "T"\ncount = "people"\ntable = "{table}"\nwhere = "{where}"\n'


def rows(numbers: range, nationality: str) -> str:
    return "".join(f"{identity(number)},{nationality}\n" for number in numbers)


def test_a_chain_of_parts_leaves_nobody_over(tmp_path: Path) -> None:
    people = rows(range(300), "CHN") + rows(range(300, 420), "KAZ") + rows(range(420, 421), "NPL")
    parts = [ask(name.lower(), "entries", f"nationality = '{name}'") for name in ("CHN", "KAZ")]
    asked = ask("all", "entries") + "".join(parts)
    found = answers(tmp_path, {"entries.csv": "resident_id,nationality\n" + people}, asked)
    assert found == {"all": "published", "chn": "published", "kaz": "DIFF"}


def test_the_whole_case_tells_of_nobody_outside_a_table(tmp_path: Path) -> None:
    tables = {
        "big.csv": "resident_id,kind\n" + rows(range(300), "a"),
        "other.csv": "resident_id,kind\n" + rows(range(200, 303), "b"),
    }
    found = answers(tmp_path, tables, ask("all", "*") + ask("one", "big") + ask("two", "other"))
    assert found == {"all": "DIFF", "one": "published", "two": "published"}


def test_the_whole_case_beside_two_tables_tells_of_nobody_in_both(tmp_path: Path) -> None:
    tables = {
        "big.csv": "resident_id,kind\n" + rows(range(300), "a"),
        "other.csv": "resident_id,kind\n" + rows(range(296, 500), "b"),
    }
    found = answers(tmp_path, tables, ask("all", "*") + ask("one", "big") + ask("two", "other"))
    assert found == {"all": "DIFF", "one": "published", "two": "published"}


def test_the_whole_case_is_published_where_it_tells_nothing(tmp_path: Path) -> None:
    tables = {
        "big.csv": "resident_id,kind\n" + rows(range(300), "a"),
        "other.csv": "resident_id,kind\n" + rows(range(200, 500), "b"),
    }
    found = answers(tmp_path, tables, ask("all", "*") + ask("one", "big") + ask("two", "other"))
    assert found == {"all": "published", "one": "published", "two": "published"}
