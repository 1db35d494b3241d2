"""The noisy regime: what is bounded, drawn, remembered, and what is left of the budget."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sousveil.case import Case
from sousveil.errors import BadCase, MixedRegime
from sousveil.findings import questions as toml
from sousveil.findings import stage
from sousveil.findings.bases import bases
from sousveil.findings.bounded import bounded
from sousveil.findings.model import Question
from sousveil.findings.questions import checked
from sousveil.findings.tabulate import Tabulation
from sousveil.gate.noise import mechanism
from sousveil.gate.noise.mechanism import Bound, Mechanism
from sousveil.policy import Policy
from sousveil.progress import Silent
from tests.support_findings import add_table

NATIONS = ["KAZ"] * 600 + ["UZB"] * 300 + ["NPL"] * 3 + [None] * 40


def make_case(tmp_path: Path, **settings: Any) -> Case:
    return Case.make(tmp_path / "case", tmp_path / "key", policy=Policy.read({"regime": "noise", **settings}))


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    made = make_case(tmp_path, answers=4)
    number = len(NATIONS)
    columns = {
        "nation": ("nationality", NATIONS),
        "flag": ("boolean", [n % 2 == 0 for n in range(number)]),
        "kind": ("category", ["common" if n % 5 else "usual" for n in range(number - 1)] + ["only one"]),
        "day": ("date", [dt.date(2018, 1 + n % 6, 3) for n in range(number)]),
    }
    scope = add_table(made, "t", columns, [n if n < 900 else None for n in range(number)], None, "list")
    made.scopes = {"t": scope}  # type: ignore[attr-defined]
    for module in (stage, toml):
        monkeypatch.setattr(module, "scopes_of", lambda case: case.scopes)
    yield made
    made.close()


def ask(case: Case, *questions: tuple[str, str, list[str]]) -> dict[str, Any]:
    text = "".join(
        f'[[question]]\nid = "q{n}"\ncount = "{unit}"\ntable = "t"\nwhere = """{where}"""\nby = {by}\n'
        for n, (unit, where, by) in enumerate(questions)
    )
    (case.folder / "questions.toml").write_text(text, "utf-8")
    return stage.run(case, Silent())


def cells(finding: dict[str, Any]) -> dict[tuple[str, ...], int | None]:
    return {tuple(cell["keys"].values()): cell["value"] for cell in finding["cells"]}


def test_every_number_has_a_margin_of_error_and_is_near_the_truth(case: Case) -> None:
    (finding,) = ask(case, ("people", "", ["nation"]))["findings"]
    margin = finding["provenance"]["margin"]
    assert 0 < margin < 200
    shown = [cell for cell in (*finding["cells"], finding["total"]) if cell["status"] == "published"]
    assert len(shown) >= 2
    for cell in shown:
        assert cell["low"] == max(cell["value"] - margin, 0)
        assert cell["high"] == cell["value"] + margin
    # Twelve margins off has a chance of less than 1e-15.
    assert abs(cells(finding)["KAZ",] - 600) < 12 * margin
    assert abs(finding["total"]["value"] - 900) < 12 * margin


def test_nothing_below_its_own_margin_is_printed(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    (finding,) = ask(case, ("people", "", ["nation"]))["findings"]
    for cell in finding["cells"]:
        assert cell["value"] is None or cell["value"] > finding["provenance"]["margin"]
    # Noise may lift a few people above the margin, one time in forty: here it is drawn as nothing.
    monkeypatch.setattr(Mechanism, "counts", lambda drawn, values, changed, epsilon: list(values))
    few, nobody, _ = ask(
        case, *((("people", f"nation = '{one}'", [])) for one in ("NPL", "IND")), ("people", "", [])
    )["findings"]
    assert [cell["status"] for one in (few, nobody) for cell in one["cells"]] == ["withheld"] * 2


def test_the_same_question_is_answered_by_the_same_numbers_and_costs_nothing(case: Case) -> None:
    first = ask(case, ("people", "flag AND nation = 'KAZ'", ["month(day)", "nation"]))
    files = {path.name: path.read_bytes() for path in case.releases.iterdir()}
    again = ask(case, ("people", "nation = 'KAZ' AND flag = TRUE", ["nation", "month(day)"]))
    assert {path.name: path.read_bytes() for path in case.releases.iterdir()} == files
    assert again["budget"] == first["budget"]
    turned = {(b, a): value for (a, b), value in cells(first["findings"][0]).items()}
    assert {key: value for key, value in turned.items() if value} == {
        key: value for key, value in cells(again["findings"][0]).items() if value
    }
    assert first["findings"][0]["total"] == again["findings"][0]["total"]


def test_numbers_stay_when_the_data_changes(case: Case) -> None:
    first = ask(case, ("people", "", []))["findings"][0]["cells"]
    case.vault.engine.run("DELETE FROM people.t1 WHERE _row < 300")
    assert ask(case, ("people", "", []))["findings"][0]["cells"] == first


def test_noise_is_drawn_anew_in_each_case(tmp_path: Path) -> None:
    draws = [tuple(Mechanism(50.0).counts([1_000] * 4, 1, 1.0)) for _ in range(3)]
    assert len(set(draws)) == 3


def test_the_budget_is_spent_question_by_question_and_then_refused(case: Case) -> None:
    asked = [("people", f"month(day) = '2018-0{n}'", []) for n in range(1, 7)]
    result = ask(case, ("people", "", []), *asked)
    refused = [one.get("refused", {}).get("code") for one in result["findings"]]
    assert refused == [None] * 4 + ["BUDGET"] * 3
    assert result["budget"] == {"epsilon": 1.0, "delta": 1e-6, "answers": 4, "left": 0}
    assert ask(case, ("people", "", []))["budget"]["left"] == 0


def test_labels_that_the_data_alone_brings_are_not_shown_for_one_person(case: Case) -> None:
    result = ask(case, ("people", "", ["kind"]))
    text = json.dumps(result, ensure_ascii=False)
    assert "only one" not in text
    assert all(b"only one" not in path.read_bytes() for path in case.releases.iterdir())


def test_labels_known_to_everybody_are_drawn_for_all_of_them_nobody_included(case: Case) -> None:
    with bases(case, None) as made:
        scopes = case.scopes  # type: ignore[attr-defined]
        tabulation = Tabulation(made, scopes)

        def domain(*by: str) -> tuple[tuple[str, ...], ...] | None:
            asked = checked(scopes, Question("q", "q", "people", "t", "", by))
            found = bounded(tabulation, asked, case.policy)
            return found.domain  # type: ignore[union-attr]

        assert domain("flag") == (("true",), ("false",), ("",))
        assert len(domain("nation") or ()) == 251
        assert len(domain("continent(nation)", "flag") or ()) == 7 * 3
        assert domain("kind") is None
        assert domain("kind", "flag") is None
        assert domain("month(day)") is None
        assert domain("nation", "region(nation)") is None


def test_a_case_can_not_change_its_regime_or_its_budget(case: Case) -> None:
    ask(case, ("people", "", []))
    for setting, value in (("regime", "exact"), ("epsilon", 9.0), ("answers", 99), ("cells_per_person", 1)):
        kept = case.policy
        case.policy = replace(kept, **{setting: value})
        with pytest.raises(MixedRegime) as refused:
            ask(case, ("people", "", []))
        assert refused.value.code == "MIX"
        assert refused.value.exit_code == 3
        case.policy = kept


@pytest.mark.parametrize(
    "settings", [{"epsilon": 0}, {"epsilon": 11}, {"epsilon": True}, {"answers": 0}, {"regime": "loud"}]
)
def test_a_policy_that_promises_nothing_is_none(settings: dict[str, Any]) -> None:
    with pytest.raises(BadCase):
        Policy.read({"regime": "noise", **settings})


def test_noise_that_costs_more_than_was_set_aside_is_not_made() -> None:
    with pytest.raises(ArithmeticError):
        Mechanism(10.0).counts([5], changed=2, epsilon=0.1)
    with pytest.raises(ArithmeticError):
        Mechanism(10.0).labelled({"a": 500}, Bound(2, 1, 2), epsilon=0.1, delta=1e-6)


def test_the_threshold_keeps_a_label_of_one_person_hidden_as_often_as_promised() -> None:
    noise = Mechanism(2.0)
    delta = 0.05
    threshold = noise._threshold((1, 1, 1), delta)
    seen = sum(bool(noise.labelled({"x": 1}, Bound(1, 1, 1), 0.5, delta)) for _ in range(600))
    assert seen <= 600 * delta + 5 * (600 * delta) ** 0.5
    assert noise._thresholded(threshold - 1).map((1, 1, 1))[1] > delta
    assert mechanism.CERTAIN == 0.95


visits = st.lists(st.tuples(st.integers(0, 5), st.sampled_from("abcd")), min_size=1, max_size=40)


@given(visits, st.integers(1, 3), st.integers(1, 3), st.integers(0, 5))
def test_one_person_changes_a_bounded_table_by_no_more_than_the_bounds(
    rows: list[tuple[int, str]], cells_each: int, records_each: int, person: int
) -> None:
    policy = Policy(regime="noise", cells_per_person=cells_each, records_per_person=records_each)
    without = [row for row in rows if row[0] != person]
    for unit, most_cells, each, most in (
        ("people", cells_each, 1, 1),
        ("records", records_each, records_each, records_each),
    ):
        one, other = (_bounded(part, unit, policy) for part in (rows, without))
        changes = {
            label: abs(one[0].get(label, 0) - other[0].get(label, 0)) for label in {*one[0], *other[0]}
        }
        assert sum(change > 0 for change in changes.values()) <= most_cells
        assert max(changes.values(), default=0) <= each
        assert sum(changes.values()) <= (most_cells if unit == "people" else most)
        assert abs(one[1] - other[1]) <= most


def _bounded(rows: list[tuple[int, str]], unit: str, policy: Policy) -> tuple[dict[str, int], int]:
    from sousveil.findings import bounded as module

    counted = Counter(rows)
    labels = sorted({label for _, label in rows})
    pairs = module._Pairs(
        module.np.array([labels.index(label) for _, label in counted], dtype=module.np.int64),
        module.np.array([person for person, _ in counted], dtype=module.np.int64),
        module.np.array(list(counted.values()), dtype=module.np.int64),
        [(label,) for label in labels],
    )
    counts, total = (module._people if unit == "people" else module._records)(pairs, policy)
    return dict(zip(labels, map(int, counts), strict=True)), total
