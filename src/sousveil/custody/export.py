"""The evidence as a BagIt bag (RFC 8493): what a court, an archive or a second newsroom is given.

It holds the originals, sealed as they are, their key wrapped to the members, the manifest, the ledger with
its checkpoint, and a program of its own that checks all of it. It does not hold the vault, its key, or
anything that was worked out from the originals.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import Any

from sousveil.case import Case
from sousveil.custody import verifier, verify
from sousveil.custody.originals import hashed
from sousveil.errors import ExportTarget, IntegrityError
from sousveil.files import sync_folder
from sousveil.progress import Progress
from sousveil.version import __version__

_README = """The evidence of the Sousveil case {case}.

data/custody/originals/   the files as they came, each sealed with age (https://age-encryption.org/v1)
data/custody/manifest.json   what each file was and what became of it
data/custody/ledger.jsonl, checkpoint   who did what when, signed
data/custody/keys/originals.age   the key of the originals, sealed to the members of the case
data/custody/names.age   the files' names as they came, sealed like the originals

To check all of it, without any key and without Sousveil:

    python3 data/verify.py .

To open an original, with a member's key:

    age -d -i KEY-FILE -o originals.txt data/custody/keys/originals.age
    age -d -i originals.txt -o FILE data/custody/originals/SHA256.age
    sha256sum FILE

The last line gives the name of the sealed file. Delete originals.txt afterwards: it opens every original.
"""
_COPIED = ("custody/ledger.jsonl", "custody/checkpoint", "custody/manifest.json", "custody/names.age")
_KEY = "custody/keys/originals.age"


def export(case: Case, to: Path, progress: Progress) -> dict[str, Any]:
    """Write the evidence to the new folder `to`, whole or not at all; what was written.

    The export is entered into the ledger first, so that the bag's own ledger ends with it. Raises
    `ExportTarget` where `to` can't be used, `IntegrityError` where the evidence is not whole, `DiskFull`.
    """
    _check(case, to)
    found = verify.everything(case.custody, case.ledger)
    if found["manifest"]["state"] != "current":
        raise ExportTarget(
            "there is no finished intake to export", next="sousveil run DUMP --case CASE, then export again"
        )
    progress.stage("export", found["originals"]["bytes"])
    entry = case.ledger.append("export", {"originals": found["originals"]["files"]})
    beside = to.with_name(f".{to.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        payload = _payload(case, beside / "data", progress)
        _tags(beside, case, payload, entry["at"][:10])
        _synced(beside)
        if to.exists():
            to.rmdir()
        beside.replace(to)
        sync_folder(to.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    progress.finished(
        f"{found['originals']['files']} originals, {sum(size for _, size in payload.values()):,} bytes"
    )
    return {
        "bag": str(to),
        "files": len(payload),
        "originals": found["originals"],
        "head": case.ledger.head(),
    }


def _check(case: Case, to: Path) -> None:
    place = to.resolve()
    if place.is_relative_to(case.folder.resolve()) or case.folder.resolve().is_relative_to(place):
        raise ExportTarget("an export can't lie in the case, nor the case in it")
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise ExportTarget(f"{to} is there already and not empty")
    if not place.parent.is_dir():
        raise ExportTarget(f"there is no folder {place.parent}")


def _payload(case: Case, data: Path, progress: Progress) -> dict[str, tuple[str, int]]:
    """Write the payload; SHA-256 and size of each file by its path in the bag."""
    originals = sorted(path.name for path in (case.custody / "originals").glob("*.age"))
    paths = [*_COPIED, _KEY, *(f"custody/originals/{name}" for name in originals)]
    written, done = {}, 0
    for path in paths:
        target = data / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(case.folder / path, target)
        sums = hashed(target)
        if sums != hashed(case.folder / path):
            raise IntegrityError("a file changed while it was exported", where={"file": path})
        written[f"data/{path}"] = sums
        done += sums[1]
        progress.at("originals", done)
    for name, text in (
        ("verify.py", Path(verifier.__file__).read_text("utf-8")),
        ("README.txt", _README.format(case=case.id)),
    ):
        (data / name).write_text(text, "utf-8")
        written[f"data/{name}"] = hashed(data / name)
    return dict(sorted(written.items()))


def _tags(bag: Path, case: Case, payload: dict[str, tuple[str, int]], day: str) -> None:
    """Write the bag's own files (RFC 8493, 2.1 and 2.2)."""
    info = {
        "Bag-Software-Agent": f"Sousveil {__version__}",
        "Bagging-Date": day,
        "External-Identifier": case.id,
        "External-Description": "Sealed originals of a leak, with manifest and signed ledger",
        "Payload-Oxum": f"{sum(size for _, size in payload.values())}.{len(payload)}",
        "Sousveil-Ledger-Head": case.ledger.head(),
    }
    tags = {
        "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": "".join(f"{name}: {value}\n" for name, value in info.items()),
        "manifest-sha256.txt": "".join(f"{digest}  {path}\n" for path, (digest, _) in payload.items()),
    }
    sums = ""
    for name, text in tags.items():
        (bag / name).write_text(text, "utf-8")
        sums += f"{hashlib.sha256(text.encode()).hexdigest()}  {name}\n"
    (bag / "tagmanifest-sha256.txt").write_text(sums, "utf-8")


def _synced(folder: Path) -> None:
    """Bring every file and folder of the bag to the disk."""
    for path in [*folder.rglob("*"), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
