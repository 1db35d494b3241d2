"""The last stage: from released findings to `CASE/publication/`, whole and checked, or not at all.

It reads the result of the stage `findings`, which has passed the gate, and the words of `verify`; no other
figure of the case is looked at. Everything is built in memory, written to a folder inside the vault, compared
there with the identifying values of the dump, and only then put in the place of the old publication.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from typing import Any

from sousveil.case import Case
from sousveil.errors import StageMissing
from sousveil.progress import Progress
from sousveil.publish import downloads, egress, proof, report
from sousveil.publish.labels import slugs
from sousveil.publish.place import put_in_place, write_files
from sousveil.publish.readers import for_readers
from sousveil.publish.story import tell
from sousveil.publish.tables import as_printed

PART = "publication.part"


def run(case: Case, progress: Progress) -> dict[str, Any]:
    """Write the publication; what was written, as counts of files and findings.

    Raises `CertificateFails` where the certificate does not hold for every number, `EgressBlocked` where a
    file holds an identifying value of the dump, and `StageMissing`.
    """
    progress.stage("publish", total=4)
    document, verified = _result(case, "findings"), _result(case, "verify")
    certificate = proof.proof_of(case)
    files = build(document, verified, case.policy.threshold, case.policy.regime, certificate)
    progress.at("certificate", 1)
    part = case.vault.folder / PART
    shutil.rmtree(part, ignore_errors=True)
    try:
        write_files(part, files)
        if certificate:
            proof.check(part, certificate)
        progress.at("egress check", 2)
        egress.check_publication(case, part, document, certificate)
        progress.at("put in place", 3)
        _open_to_readers(part)
        put_in_place(part, case.publication)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    shown = sum(not one.get("refused") or "stands" in one for one in document["findings"])
    progress.finished(f"{shown} of {len(document['findings'])} findings published")
    return {
        "folder": "publication",
        "files": len(files),
        "findings": shown,
        "refused": len(document["findings"]) - shown,
    }


def build(
    document: Mapping[str, Any],
    verified: Mapping[str, Any],
    threshold: int,
    regime: str,
    certificate: proof.Proof | None = None,
) -> dict[str, bytes]:
    """Every file of the publication by its path, from a findings document, verify's rows and the policy."""
    told = {**document, "findings": [for_readers(one) for one in document["findings"]]}
    printed = list(as_printed(told["findings"]))
    released = [
        (name, finding)
        for name, finding in zip(slugs([one["id"] for one in printed]), printed, strict=True)
        if not finding.get("refused")
    ]
    files = {f"data/{name}.csv": downloads.csv_of(finding) for name, finding in released}
    files["datapackage.json"] = downloads.as_json(downloads.data_package(released, files))
    files["findings.json"] = downloads.as_json({"findings": told["findings"]})
    files |= certificate.files if certificate else {}
    files |= report.pages(tell(told, verified, threshold, regime, certificate))
    files["ro-crate-metadata.json"] = downloads.as_json(downloads.ro_crate(released, files))
    files["SHA256SUMS"] = downloads.checksums(files)
    return files


def _result(case: Case, stage: str) -> Mapping[str, Any]:
    kept = case.vault.stage(stage)
    if kept is None:
        raise StageMissing(f"the stage {stage} has not been run yet")
    result: Mapping[str, Any] = kept[1]
    return result


def _open_to_readers(folder: Any) -> None:
    """Give the files the rights that a web server expects; the case's own folder stays closed to others."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
