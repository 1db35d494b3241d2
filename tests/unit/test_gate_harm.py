"""Group harm: a group nearly all alike is refused unless somebody signs for it by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sousveil.case import Case
from sousveil.errors import BadReview
from sousveil.findings import questions as toml
from sousveil.findings import stage
from sousveil.findings.signing import DID
from sousveil.gate import release
from sousveil.progress import Silent
from sousveil.review import SignOff, read, write
from tests.gate_world import MemoryCase, World
from tests.support_findings import add_table, empty_case

SENSITIVE = frozenset({0})
REVIEW = """
[tables.t]
sensitive = ["kind"]
[tables.t.columns]
kind = "category"
[[tables.t.sign_off]]
column = "kind"
who = "A. Editor"
reason = "The list itself is the story."
"""


def code(counts: dict[tuple[str, ...], int], by: list[str], **marks: frozenset[int]) -> str:
    world = World.of("ab"[: len(next(iter(counts)))], counts)
    table = replace(world.ask(by), **marks)
    (finding,) = release(MemoryCase(), [table], world)["findings"]
    return str(finding.get("refused", {}).get("code", "published"))


def test_a_sensitive_column_in_which_nearly_all_are_alike_is_refused() -> None:
    alike = {("listed",): 980, ("free",): 20}
    assert code(alike, ["a"]) == "published"
    assert code(alike, ["a"], sensitive=SENSITIVE) == "SAME"
    assert code({("listed",): 900, ("free",): 100}, ["a"], sensitive=SENSITIVE) == "published"


def test_a_signature_lets_it_pass() -> None:
    alike = {("listed",): 980, ("free",): 20}
    assert code(alike, ["a"], sensitive=SENSITIVE, signed=SENSITIVE) == "published"


def test_a_group_within_a_table_counts_as_well_as_the_whole() -> None:
    mixed = {("listed", "x"): 300, ("free", "x"): 11, ("listed", "y"): 200, ("free", "y"): 200}
    assert code(mixed, ["a", "b"], sensitive=SENSITIVE) == "SAME"
    assert code(mixed, ["b", "a"], sensitive=frozenset({1})) == "SAME"
    assert code(mixed, ["a", "b"], sensitive=frozenset({1})) == "published"


@pytest.mark.parametrize("k", [3, 10, 20])
def test_a_refusal_does_not_say_how_few_are_not_like_the_others(k: int) -> None:
    codes = set()
    for few in range(k):
        world = World.of(
            "ab", {("a1", "b0"): 97 - few, ("a0", "b0"): few, ("a1", "b1"): 200, ("a0", "b1"): 200}
        )
        tables = [world.ask((), "b = 'b0'"), world.ask(["a"], "b = 'b0'")]
        total, table = release(MemoryCase(k), tables, world)["findings"]
        assert "refused" not in total
        codes.add(table["refused"]["code"])
    assert codes == {"SAME"}


def test_a_population_near_another_is_refused_alike_whether_or_not_it_is_a_small_group() -> None:
    found = []
    for few in (0, 1, 9):
        world = World.of("ab", {("a1", "b0"): 100 - few, ("a0", "b0"): few, ("a1", "b1"): 200})
        case = MemoryCase()
        release(case, [world.ask((), "b = 'b0'", id="b0")], world)
        again = release(case, [world.ask(["b"], "b = 'b0' AND a <> 'a0'")], world)["findings"]
        found.append(again[0]["refused"])
    assert {(one["code"], one["earlier"]) for one in found} == {("DIFF", "b0")}


def test_records_that_state_nothing_harm_nobody() -> None:
    assert code({("",): 980, ("free",): 20}, ["a"], sensitive=SENSITIVE) == "published"


def test_review_toml_names_who_answers_for_what(tmp_path: Path) -> None:
    path = tmp_path / "review.toml"
    path.write_text(REVIEW, "utf-8")
    table = read(path, frozenset({"category"})).of("t")
    assert table.sensitive_columns == ("kind",)
    assert not table.sensitive
    assert table.signed == (SignOff("kind", "A. Editor", "The list itself is the story."),)
    path.write_text(write(read(path, frozenset({"category"}))), "utf-8")
    assert read(path, frozenset({"category"})).of("t") == table


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('who = "A. Editor"', ""),
        ('who = "A. Editor"', 'who = " "'),
        ('column = "kind"\nwho', 'column = "other"\nwho'),
        ('reason = "The', 'why = "x"\nreason = "The'),
        ("A. Editor", "13800138000 / 110101199003077758"),
        ('["kind"]', "[1]"),
        ('["kind"]', '["other"]'),
    ],
)
def test_a_signature_without_name_reason_or_column_is_none(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "review.toml"
    path.write_text(REVIEW.replace(old, new), "utf-8")
    with pytest.raises(BadReview):
        read(path, frozenset({"category"}))


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    made = empty_case(tmp_path)
    kinds = ["listed"] * 390 + ["free"] * 10
    scope = add_table(made, "t", {"kind": ("category", kinds)}, list(range(400)), None, "list")
    signed = (SignOff("kind", "A. Editor", "The list itself is the story."),)
    made.scopes = {"t": replace(scope, sensitive=frozenset({"kind"}), signed=signed)}  # type: ignore[attr-defined]
    for module in (stage, toml):
        monkeypatch.setattr(module, "scopes_of", lambda case: case.scopes)
    yield made
    made.close()


def answers(case: Case, *asked: str) -> list[dict[str, Any]]:
    text = "".join(
        f'[[question]]\nid = "q{n}"\ncount = "people"\ntable = "t"\nby = {by}\n' for n, by in enumerate(asked)
    )
    (case.folder / "questions.toml").write_text(text, "utf-8")
    return list(stage.run(case, Silent())["findings"])


def signatures(case: Case) -> list[dict[str, Any]]:
    return [entry["detail"] for entry in case.ledger.entries() if entry["did"] == DID]


def test_a_signature_that_takes_effect_is_in_the_ledger_once(case: Case) -> None:
    answers(case, "[]")
    assert signatures(case) == []
    _, finding = answers(case, "[]", "['kind']")
    assert "refused" not in finding
    answers(case, "[]", "['kind']")
    assert signatures(case) == [
        {"table": "t", "column": "kind", "who": "A. Editor", "reason": "The list itself is the story."}
    ]


def test_without_a_signature_the_question_is_refused_and_nothing_is_in_the_ledger(case: Case) -> None:
    case.scopes = {"t": replace(case.scopes["t"], signed=())}  # type: ignore[attr-defined]
    _, finding = answers(case, "[]", "['kind']")
    assert finding["refused"]["code"] == "SAME"
    assert signatures(case) == []
