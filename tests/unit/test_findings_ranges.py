"""What a publication says of the count comes from released numbers, and never is the count's own figure."""

import json
import re
from pathlib import Path

import pytest

from sousveil import stages
from sousveil.case import Case
from sousveil.progress import Silent
from sousveil.publish.stage import build
from tests.support import make_case
from tests.support_leak import leak, review_of

QUESTIONS = {
    "all": 'table = "*"',
    "guests": 'table = "stays"',
    "by-hotel": 'table = "stays"\nby = ["LD"]',
    "one-hotel": 'table = "stays"\nwhere = "LD = \'城东旅社\'"',
    "stays": 'table = "stays"\ncount = "records"',
}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory):
    made = leak()
    tables = {
        name: {column: [row[at] for row in rows] for at, column in enumerate(made.roles[name])}
        for name, rows in made.rows.items()
    }
    case = make_case(tmp_path_factory.mktemp("ranges"), tables)
    (case.folder / "review.toml").write_text(review_of(made.roles), "utf-8")
    asked = [
        f'[[question]]\nid = "{name}"\ntitle = "{name}"\n'
        + ("" if "count =" in more else 'count = "people"\n')
        for name, more in QUESTIONS.items()
    ]
    text = "\n".join(head + more for head, more in zip(asked, QUESTIONS.values(), strict=True))
    (case.folder / "questions.toml").write_text(text, "utf-8")
    yield case
    case.close()


def found(case: Case) -> dict[str, dict]:
    return {one["id"]: one for one in stages.perform(case, "findings", Silent())["findings"]}


def test_a_finding_on_everybody_in_a_table_says_what_the_count_says_of_it(case: Case) -> None:
    findings = found(case)
    assert {name for name, one in findings.items() if "count" in one} == {"all", "guests", "by-hotel"}
    for name in ("all", "guests"):
        said = findings[name]["count"]
        assert said["level"] is None
        assert said["low"] <= said["likely_low"] <= said["estimate"] <= said["likely_high"] <= said["high"]
    assert findings["all"]["count"]["table"] == "*"
    row = next(row for row in stages.perform(case, "count", Silent())["people"] if row["table"] == "*")
    value, said = findings["all"]["cells"][0]["value"], findings["all"]["count"]
    assert said["low"] <= value * row["low"] / row["told_apart"]
    assert value * row["high"] / row["told_apart"] <= said["high"], "every record without a number is new"
    assert findings["by-hotel"]["count"] == findings["guests"]["count"]


def test_the_counts_own_figures_are_in_no_publication(case: Case) -> None:
    document = {"findings": list(found(case).values())}
    files = build(document, {"tests": []}, case.policy.threshold, "exact")
    rows = {row["table"]: row for row in stages.perform(case, "count", Silent())["people"]}
    whole = rows["*"]
    working = {whole[name] for name in ("low", "high", "likely_low", "likely_high", "estimate", "records")}
    printed = {cell["value"] for one in document["findings"] for cell in one["cells"]}
    page = re.sub(r"(?s)^.*<main|<[^<>]*>|\b[0-9a-f]{64}\b", " ", files["index.html"].decode("utf-8"))
    text = page + json.dumps([one.get("count") for one in document["findings"]])
    numbers = {int(digits.replace(",", "")) for digits in re.findall("[0-9][0-9,]*", text)}
    assert len(working - printed) >= 4, "so that there is something to be found"
    assert (working - printed) & numbers == set()


def test_with_noise_nothing_is_said_of_the_count(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    from sousveil.findings import ranges

    monkeypatch.setattr(ranges, "EXACT", "another regime")
    findings = [{"id": "all", "provenance": {"question": {"table": "*"}}}]
    ranges.add_ranges(case, findings)
    assert "count" not in json.loads(json.dumps(findings))[0]


def test_a_review_stands_in_the_findings_with_its_level(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    from sousveil.findings import ranges

    before = found(case)["all"]["count"]
    people = stages.perform(case, "count", Silent())["people"]
    base = next(row for row in people if row["table"] == "*")["told_apart"]

    def reviewed(_: Case, document: dict) -> dict:
        rows = [
            {**row, "unreviewed": row, "estimate": round(base * 1.2), "low": round(base * 1.12),
             "high": round(base * 1.28), "level": 0.95} if row["table"] == "*" else row
            for row in document["people"]
        ]  # fmt: skip
        return {"people": rows}

    monkeypatch.setattr(ranges, "with_reviews", reviewed)
    findings = list(found(case).values())
    value = findings[0]["cells"][0]["value"]
    ranges.add_ranges(case, findings)
    said = findings[0]["count"]
    assert said["unreviewed"] == before
    assert said["level"] == 0.95 and "judged" in said["method"]
    assert value < said["low"] <= value * 1.12 and value * 1.28 <= said["high"] <= value * 1.4
    page = build({"findings": findings}, {"tests": []}, 10, "exact")["index.html"].decode("utf-8")
    assert "Reviewed, 95%" in page and f"{said['low']} to {said['high']}" in page


def test_an_answer_in_a_review_makes_the_findings_stale(case: Case) -> None:
    from sousveil.count.review.store import Answer, Store

    found(case)
    store = Store(case.vault)
    assert stages.state(case, "findings") == "done"
    store.add(1, Answer(1, False, "A", 0, 0, "y"))
    assert stages.state(case, "findings") == "stale"
    store.take_back(1, 1)
    assert stages.state(case, "findings") == "done"


def test_the_page_draws_each_table_once_the_whole_case_first() -> None:
    from sousveil.publish.people import counted
    from tests.support_publication import rich

    drawn = counted((one["id"], one) for one in rich()["findings"])
    assert [one.table.text if one.table else "*" for one in drawn] == ["*", "lists", "informants"]
    whole = drawn[0]
    assert whole.reviewed is not None and whole.likely is not None
    assert whole.bracket.left < whole.reviewed.left < whole.likely.left < whole.mark < whole.likely.right
    assert whole.words.startswith("The best estimate is 354,716. Reviewed by people: 345,936 to 363,497, 95%")
    assert drawn[2].told_apart == "2,810"


def test_a_publication_without_the_number_of_everybody_draws_nothing(tmp_path: Path) -> None:
    from tests.support_publication import finding

    document = {"findings": [finding("a", "By sex", by=["sex"], cells=[(["F"], 40)])]}
    assert b'id="people"' not in build(document, {"tests": []}, 10, "exact")["index.html"]
