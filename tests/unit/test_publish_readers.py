"""What readers are told of questions that were refused."""

import json

import pytest

from sousveil.gate.refusal import REASONS, Refusal
from sousveil.publish.readers import UNSAID
from sousveil.publish.stage import build
from tests.support_publication import THRESHOLD, refused, rich, verified


def published(code: str) -> dict[str, bytes]:
    """The files of a publication with one question that was refused for this reason."""
    reason = Refusal(code, "earlier").as_json()
    one = refused("ward", "By ward and illness", code, reason["message"], reason["next"])
    other = {"where": "", "by": ["ward"], "changes": ["without illness"]}
    one["refused"] = {**reason, "suggestions": [other]}
    return build({"findings": [*rich()["findings"], one]}, verified(), THRESHOLD, "exact")


@pytest.mark.parametrize("code", ["DIFF", "SAME", "UNPROVEN"])
def test_a_reason_that_would_tell_of_a_group_looks_like_any_other(code: str) -> None:
    assert published(code) == published("SMALL")
    assert code.encode() not in published(code)["findings.json"]


def test_the_question_is_named_among_those_not_released() -> None:
    files = published("SAME")
    assert b"By ward and illness" in files["index.html"]
    assert b"early all of a group" not in files["index.html"]
    assert json.loads(files["findings.json"])["findings"][-1]["refused"] == UNSAID


@pytest.mark.parametrize("code", ["EDITION", "CUTOFF", "BUDGET"])
def test_a_reason_that_is_about_no_group_is_told(code: str) -> None:
    assert (
        REASONS[code][0] in json.loads(published(code)["findings.json"])["findings"][-1]["refused"]["message"]
    )
