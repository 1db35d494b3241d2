"""Nothing is published without a certificate that a reader's verifier believes."""

from __future__ import annotations

import bz2
import json
from pathlib import Path
from typing import Any

import pytest

from sousveil.errors import CertificateFails
from sousveil.gate import release
from sousveil.gate.certificate import make
from sousveil.packing import as_file
from sousveil.publish import proof
from sousveil.publish.proof import Proof
from tests.gate_world import World
from tests.support_certificate import Published, published, verified


@pytest.fixture
def good() -> Published:
    world = World.of(("sex",), {("F",): 40, ("M",): 50, ("",): 3})
    return published(world, [[(("sex",), "", "records"), ((), "", "people")]])


def refused(made: Any) -> bool:
    try:
        proof.proof_of(made)
    except CertificateFails:
        return True
    return False


def test_the_certificate_that_the_last_release_names_is_taken(good: Published, tmp_path: Path) -> None:
    made = proof.proof_of(good.case)
    assert made is not None
    assert set(made.files) == {"certificate/worlds.json", "certificate/verify.py"}
    proof.check(good.write(tmp_path / "publication"), made)


def test_there_is_none_with_noise(good: Published) -> None:
    good.case.policy = good.case.policy.__class__(threshold=10, regime="noise")
    assert proof.proof_of(good.case) is None


def test_none_another_or_one_that_tells_of_few_is_refused(good: Published) -> None:
    text = good.case.documents["worlds"]
    good.case.documents["worlds"] = None
    assert refused(good.case)
    good.case.documents["worlds"] = text.replace('"told":0', '"told":2')
    assert refused(good.case)  # not the one of the last release
    for path in good.case.releases.glob("*.json"):
        path.write_text(json.dumps({**json.loads(path.read_text()), "certificate": ""}))
    assert refused(good.case)  # the printed numbers tell of a group that is small and not empty
    good.case.documents["worlds"] = text
    assert not refused(good.case)


def test_what_is_left_unproven_is_no_failure_where_the_certificate_admits_to_it(
    good: Published, tmp_path: Path
) -> None:
    bare = good.certificate
    bare["systems"][0]["worlds"] = []
    bare["unproven"] = [{"no room": len(proof_left(good, tmp_path / "left", bare))}]
    folder = good.write(tmp_path / "publication", bare)
    made = Proof(json.dumps(bare))
    assert made.unproven
    proof.check(folder, made)
    bare["unproven"][0]["no room"] -= 1
    with pytest.raises(CertificateFails):
        proof.check(folder, Proof(json.dumps(bare)))


def proof_left(good: Published, folder: Path, certificate: Any) -> list[str]:
    """The lines in which the verifier names what is not proven."""
    said = verified(good.write(folder, certificate)).stdout
    return [line for line in said.splitlines() if line.startswith("NOT PROVEN")]


def test_a_large_certificate_is_packed(good: Published) -> None:
    text = json.dumps({"systems": ["x" * 2_000_000]})
    name, data = as_file(text)
    assert name == "worlds.json.bz2"
    assert len(data) < 1_000_000
    assert bz2.decompress(data).decode() == text
    assert as_file(good.case.documents["worlds"])[0] == "worlds.json"


def test_one_that_the_verifier_does_not_believe_is_refused(good: Published, tmp_path: Path) -> None:
    broken = good.certificate
    broken["systems"][0]["worlds"] = []
    with pytest.raises(CertificateFails) as failed:
        proof.check(good.write(tmp_path / "publication", broken), Proof(good.case.documents["worlds"]))
    assert failed.value.where == {"exit code": 3}


def test_a_certificate_that_earlier_code_made_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World.of(("sex",), {("F",): 40, ("M",): 50, ("",): 3})
    with monkeypatch.context() as earlier:
        earlier.setattr(make, "FORMAT", make.FORMAT - 1)
        made = published(world, [[(("sex",), "", "records")]])
    old = made.case.documents["worlds"]
    again = release(made.case, made.tables, world)["findings"]
    assert again == made.findings
    new = made.case.documents["worlds"]
    assert json.loads(new) == {**json.loads(old), "format": make.FORMAT}
    last = json.loads(max(made.case.releases.glob("*.json")).read_text("utf-8"))
    assert (last["number"], last["tables"], last["certificate"]) == (2, [], make.sha256(new))
    release(made.case, made.tables, world)
    assert len([*made.case.releases.glob("*.json")]) == 2
