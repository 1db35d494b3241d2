"""Where a question has no new numbers, those that were released stand, said to be of their release."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner

from sousveil import stages
from sousveil.cli import show
from sousveil.progress import Silent
from tests.attack.live import Live
from tests.attack.product import ask, identity

PORTS = ("p0",) * 60 + ("p1",) * 40 + ("p2",) * 25
QUESTIONS = ask("all", "visits") + ask("ports", "visits", by="port")


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Live, list[list[dict[str, Any]]]]]:
    """A case whose file has grown by 15 people, 3 of them at the smallest port, and by 60 more."""
    live = Live(tmp_path_factory.mktemp("grown") / "case")
    weeks = []
    few = ("p0",) * 12 + ("p2",) * 3
    for week, more in enumerate(((), few, few + ("p0",) * 40 + ("p1",) * 20)):
        folder = live.folder / f"week-{week}"
        folder.mkdir()
        rows = [f"{identity(person)},{port}" for person, port in enumerate((*PORTS, *more))]
        (folder / "visits.csv").write_text("\n".join(["resident_id,port", *rows]) + "\n", "utf-8")
        stages.take_in(live.case, folder, Silent())
        weeks.append(live.ask(QUESTIONS))
    yield live, weeks
    live.case.close()


Grown = tuple[Live, list[list[dict[str, Any]]]]


def test_a_question_without_new_numbers_keeps_those_of_its_release(grown: Grown) -> None:
    _, (before, after, _) = grown
    assert "refused" not in before[1]
    assert after[0]["cells"][0]["value"] == 140
    assert after[1]["refused"]["code"] == "EDITION"
    assert after[1]["cells"] == []
    (stands,) = after[1]["stands"]
    assert stands["cells"] == before[1]["cells"]
    assert stands["total"] == before[1]["total"]
    assert stands["provenance"]["release"] == 1
    assert stands["released"]


def test_the_terminal_says_of_which_release_a_number_is(grown: Grown) -> None:
    _, (_, after, _) = grown
    with CliRunner().isolation() as (out, _, _):
        show.result({"findings": after}, "findings", as_json=False)
    said = " ".join(out.getvalue().decode("utf-8").split())
    day = after[1]["stands"][0]["released"]
    assert "no new numbers, EDITION" in said
    assert f"As released on {day} (release 1)" in said


def test_a_table_has_new_numbers_where_many_came_and_the_others_stand(grown: Grown) -> None:
    _, (before, _, after) = grown
    # Three came to p2. Who subtracts gets 23 for p1 and p2 together, and 20 of them may be of either.
    assert numbers(after[1]) == {"p0": 112}
    assert after[1]["total"]["value"] == 200
    (stands,) = after[1]["stands"]
    assert numbers(stands) == numbers(before[1]) == {"p0": 60, "p1": 40, "p2": 25}


def numbers(finding: dict[str, Any]) -> dict[str, int]:
    return {cell["keys"]["port"]: cell["value"] for cell in finding["cells"] if cell["status"] == "published"}


def printed(*findings: dict[str, Any], **more: Any) -> str:
    with CliRunner().isolation() as (out, _, _):
        show.result({"findings": findings} | more, "findings", as_json=False)
    return out.getvalue().decode("utf-8")


def test_a_number_has_one_range_on_the_terminal(grown: Grown) -> None:
    _, (_, _, after) = grown
    said = printed(after[0])
    assert "bracket" in said and "low" not in said
    without = {name: value for name, value in after[0].items() if name != "count"}
    assert "low" in printed(without)


def test_the_reason_for_no_new_numbers_is_said_once(grown: Grown) -> None:
    _, (_, after, _) = grown
    said = " ".join(printed(after[1], after[1]).split())
    assert said.count("the data has changed") == 1
    assert "no new numbers, EDITION, as above" in said


def test_the_terminal_names_findings_that_were_withdrawn() -> None:
    one = {"id": "ports", "title": "Visits by port", "status": "withdrawn"}
    assert "Visits by port [ports]" in " ".join(printed(earlier=[one]).split())
    assert "Visits by port" not in printed(earlier=[one | {"status": "standing"}])


def test_the_terminal_says_what_has_no_new_numbers(grown: Grown) -> None:
    _, (_, _, after) = grown
    with CliRunner().isolation() as (out, _, _):
        show.result({"findings": after}, "findings", as_json=False)
    new, stands = out.getvalue().decode("utf-8").split("What has no new numbers, as released on ")
    assert "112" in new and "60" not in stands
    assert "40" in stands and "25" in stands


def test_the_publication_shows_it_without_a_day_and_the_certificate_covers_it(grown: Grown) -> None:
    live, (before, _, after) = grown
    stages.perform(live.case, "publish", Silent())
    folder = live.case.publication
    page = (folder / "index.html").read_text("utf-8")
    published = (folder / "findings.json").read_text("utf-8")
    assert "in release&nbsp;1" in page
    assert after[1]["stands"][0]["released"] not in page + published
    shown = json.loads(published)["findings"][1]
    assert numbers(shown) == {"p0": 112} and shown["stands"][0]["cells"] == before[1]["cells"]
    command = [sys.executable, str(folder / "certificate" / "verify.py")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    (folder / "findings.json").write_text(published.replace('"value": 40,', '"value": 41,'), "utf-8")
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


def test_a_result_of_an_older_shape_is_stale(grown: Grown, monkeypatch: pytest.MonkeyPatch) -> None:
    live, _ = grown
    assert stages.state(live.case, "count") == "done"
    newer = [
        stages.Stage(one.name, one.needs, one.inputs, one.shape + (one.name == "count"))
        for one in stages.STAGES
    ]
    monkeypatch.setattr(stages, "_BY_NAME", {one.name: one for one in newer})
    assert stages.state(live.case, "count") == "stale"
    assert stages.state(live.case, "findings") == "stale"
