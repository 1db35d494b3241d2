"""The certificate's place in a publication: its two files, and the same check that a reader makes.

What is in it was made by the gate, from printed numbers alone; here it is only held against `releases/` and
handed to the verifier, which runs as a reader runs it: by itself, in Python without this package.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sousveil.case import Case
from sousveil.errors import CertificateFails
from sousveil.findings.regions import REGIONS
from sousveil.packing import as_file

VERIFIER = Path(__file__).with_name("verifier.py")
FOLDER, SCRIPT = "certificate", "certificate/verify.py"
LEFT = 3
"""The verifier's exit code where nothing is wrong, but some hidden cells are left unproven."""
SECONDS = 600
"""More than any certificate of at most a megabyte takes."""
WORDS = (VERIFIER.read_text("utf-8"), "not shown, 1", "not shown, 2", "any other", *REGIONS)
"""Words of our own that stand in these files."""


@dataclass(frozen=True)
class Proof:
    """The certificate of a case."""

    text: str

    @property
    def document(self) -> Mapping[str, Any]:
        """What it says."""
        found: Mapping[str, Any] = json.loads(self.text)
        return found

    @property
    def unproven(self) -> int:
        """How many hidden cells it leaves open."""
        return sum(number for left in self.document["unproven"] for number in left.values())

    @property
    def worlds(self) -> str:
        """The path of its worlds in the publication."""
        return f"{FOLDER}/{as_file(self.text)[0]}"

    @property
    def files(self) -> dict[str, bytes]:
        """The files that go into the publication, by path."""
        return {self.worlds: as_file(self.text)[1], SCRIPT: VERIFIER.read_bytes()}


def proof_of(case: Case) -> Proof | None:
    """The certificate of all that a case has released; None where its numbers carry noise.

    Raises `CertificateFails` where there is none, where it is not the one that the last release names, and
    where it says itself that a hidden group is told to be small and not empty.
    """
    if case.policy.regime != "exact":
        return None
    text = case.vault.document("worlds")
    releases = sorted(case.releases.glob("*.json"))
    named = json.loads(releases[-1].read_bytes()).get("certificate", "") if releases else ""
    if not isinstance(text, str):
        raise CertificateFails("there is no certificate for what was released")
    if named and hashlib.sha256(text.encode("utf-8")).hexdigest() != named:
        raise CertificateFails("the certificate is not the one of the last release")
    proof = Proof(text)
    if proof.document["told"]:
        raise CertificateFails(where={"cells": proof.document["told"]})
    return proof


def check(folder: Path, proof: Proof) -> None:
    """Check a publication as a reader does. Raises `CertificateFails`.

    Cells that are left unproven are no failure where the certificate admits to them: readers are told.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(folder / SCRIPT)], capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise CertificateFails("the check of the certificate takes too long") from None
    if done.returncode != (LEFT if proof.unproven else 0):
        # What the verifier prints names cells, which are for readers of the publication only.
        raise CertificateFails(where={"exit code": done.returncode})
    counted = re.search(rb"(\d+) of them unproven\s*$", done.stdout)
    if not counted or int(counted[1]) != proof.unproven:
        raise CertificateFails("the certificate leaves another number of cells unproven than it says")


def as_findings(proof: Proof) -> Iterator[dict[str, Any]]:
    """All tables that were ever printed, in the shape of findings, as far as the egress check reads them."""
    for system in proof.document["systems"]:
        for number, table in enumerate(system["printed"]):
            yield {
                "id": f"printed {number}",
                "by": table["by"],
                "where": table["where"],
                "cells": [
                    {
                        "keys": dict(zip(table["by"], labels, strict=True)),
                        **dict.fromkeys(("value", "low", "high"), value),
                        "status": "withheld" if value is None else "published",
                    }
                    for *labels, value in table["cells"]
                ],
                "total": {**dict.fromkeys(("value", "low", "high"), table["total"]), "status": "published"},
            }


def counts(proof: Proof) -> frozenset[str]:
    """The numbers of the worlds: made up, so that one may be somebody's telephone number by chance."""
    return frozenset(
        str(number)
        for system in proof.document["systems"]
        for world in system["worlds"]
        for number in world
        if number >= 10**6
    )
