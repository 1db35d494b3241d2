"""The stages in their order, what each needs, and when one is up to date.

A stage's fingerprint is a SHA-256 over the version, its name, the fingerprints of the stages before it,
its own inputs, and the shape of its result. A stage whose fingerprint is the one that was acknowledged is not
run again; one that was killed was never acknowledged, and starts anew or goes on, as it knows best.
"""

from __future__ import annotations

import hashlib
import importlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sousveil.case import Case
from sousveil.errors import StageMissing
from sousveil.intake.asked import Asked
from sousveil.intake.given import Given
from sousveil.progress import Progress
from sousveil.version import __version__


def _nothing(_: Case) -> str:
    return ""


def _review(case: Case) -> str:
    return _read(case.folder / "review.toml")


def _questions(case: Case) -> str:
    from sousveil.count.review.store import answered

    return _read(case.folder / "questions.toml") + repr(case.policy) + answered(case.vault)


def _releases(case: Case) -> str:
    return repr(case.policy) + repr(sorted(path.name for path in case.releases.glob("*.json")))


def _published(case: Case) -> str:
    """What was to be published and what lies there: a publication that was lost or changed is made anew."""
    files = sorted(path for path in case.publication.rglob("*") if path.is_file())
    names = [path.relative_to(case.publication).as_posix() for path in files]
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
    return _releases(case) + repr(list(zip(names, digests, strict=True)))


@dataclass(frozen=True)
class Stage:
    """One stage: the module `sousveil.<room>.stage` has its `run(case, progress) -> dict`."""

    name: str
    needs: tuple[str, ...]
    inputs: Callable[[Case], str] = _nothing
    shape: int = 1
    """Raised with each change of what its kept result looks like: one of another shape is stale.

    That of findings includes the certificate (`FORMAT` of `gate.certificate.make`).
    """

    @property
    def module(self) -> str:
        """Where its `run` is."""
        return f"sousveil.{self.name}.stage"


STAGES = (
    Stage("intake", ()),
    Stage("survey", ("intake",), _review),
    Stage("normalise", ("survey",), _review),
    Stage("verify", ("normalise",)),
    Stage("count", ("normalise",), shape=3),
    Stage("findings", ("count",), _questions, shape=3),
    Stage("publish", ("findings", "verify"), _published),
)
"""Every stage, in the order of `sousveil run`."""

_BY_NAME = {stage.name: stage for stage in STAGES}


def take_in(case: Case, dump: Path, progress: Progress, asked: Asked | None = None) -> dict[str, Any]:
    """Run intake on a dump; files that are already in the vault are not loaded again.

    A vault that is missing is first rebuilt from what was taken in before.
    """
    from sousveil.custody import rebuild as anew

    if anew.is_missing(case):
        progress.warn("The vault is missing: it is rebuilt from the sealed originals first.")
        rebuild(case, progress, asked)
    _begin(case)
    run = importlib.import_module(_BY_NAME["intake"].module).run
    return _holds(case, run(case, progress, dump, asked))


def read_again(
    case: Case, untrusted_item: str, given: Given, progress: Progress, asked: Asked | None = None
) -> dict[str, Any]:
    """Read one item again as a person says that it is written; what was made of it before is stale then."""
    _begin(case)
    run = importlib.import_module("sousveil.intake.again").run
    return _holds(case, run(case, progress, untrusted_item, given, asked))


def rebuild(case: Case, progress: Progress, asked: Asked | None = None) -> dict[str, Any]:
    """Make the vault anew from the sealed originals: intake as it was, the later stages when next asked for.

    Cut off, it goes on. Raises `IntegrityError`, with all else done, where originals are missing or damaged.
    """
    from sousveil.custody.rebuild import Rebuild
    from sousveil.intake.asked import Asked as Nothing

    going = Rebuild(case, progress)
    plan = going.begin()
    _begin(case)
    size = sum(one["bytes"] or 0 for one in plan if one["sha256"])
    stage = importlib.import_module(_BY_NAME["intake"].module)
    stage.take(case, progress, going.found(plan), size, asked or Nothing())
    going.name_tables(plan)
    stage.write_manifest(case)
    result = _holds(case, stage.result(case))
    going.end()
    return result


def _begin(case: Case) -> None:
    """Say in the ledger that originals may come that the manifest does not name yet."""
    case.at_work_on("intake")
    case.ledger.append("intake begun", {"version": __version__})


def _holds(case: Case, result: dict[str, Any]) -> dict[str, Any]:
    """Acknowledge what intake holds now."""
    case.forget()
    # By content, not by name: what a name may show changes with the survey.
    content = [
        [item["sha256"], item["status"], [[table["records"], table["rejects"]] for table in item["tables"]]]
        for item in result["items"]
    ]
    given = _read(case.custody / "dialects.json")
    _acknowledge(case, "intake", _digest(["intake", content, *([given] if given else [])]), result)
    return result


def _taken_in(case: Case) -> dict[str, Any]:
    """What intake holds, also where a run of it was cut off or found nothing to load."""
    result: dict[str, Any] = importlib.import_module(_BY_NAME["intake"].module).result(case)
    if not result["items"]:
        raise StageMissing("nothing was taken in yet", next="sousveil intake DUMP --case CASE")
    return result


def perform(case: Case, name: str, progress: Progress) -> dict[str, Any]:
    """The result of a stage: the kept one where it is up to date, else made now, with all it needs.

    Raises `StageMissing` where no dump was taken in yet, and whatever the stages raise.
    """
    if name == "intake":
        return _taken_in(case)
    stage = _BY_NAME[name]
    for needed in stage.needs:
        perform(case, needed, progress)
    if state(case, "intake") != "done":
        raise StageMissing("intake was cut off", next="sousveil intake DUMP --case CASE")
    kept = case.vault.stage(name)
    if kept and kept[0] == fingerprint(case, name):
        return dict(kept[1])
    case.at_work_on(name)
    result: dict[str, Any] = importlib.import_module(stage.module).run(case, progress)
    case.forget()
    if name == "survey":
        # Before it is acknowledged: a name that proved to be a value must not stay in the manifest.
        importlib.import_module("sousveil.intake.catalogue").write_manifest(case)
    # A stage may write the file that is its input (questions.toml, the publication): fingerprint it after.
    _acknowledge(case, name, fingerprint(case, name), result)
    return result


def fingerprint(case: Case, name: str) -> str:
    """The fingerprint that the stage would have if it ran now."""
    stage = _BY_NAME[name]
    before = [(case.vault.stage(needed) or ("missing",))[0] for needed in stage.needs]
    shape = [stage.shape] if stage.shape > 1 else []
    return _digest([__version__, name, before, stage.inputs(case), *shape])


def state(case: Case, name: str) -> str:
    """`done`, `stale` (an input has changed since) or `missing`."""
    kept = case.vault.stage(name)
    if kept is None:
        return "missing"
    stage = _BY_NAME[name]
    if any(state(case, needed) != "done" for needed in stage.needs):
        return "stale"
    return "done" if name == "intake" or kept[0] == fingerprint(case, name) else "stale"


def while_busy(case: Case, stage: str, since: str) -> list[dict[str, str]]:
    """What can be said of the stages while another process has the vault, by the ledger alone.

    `stage` is being made by a command that began at `since` (ISO 8601). `done` was acknowledged since then;
    `kept` before: whether it still holds, only the vault can tell.
    """
    last = {entry["did"]: str(entry["at"]) for entry in case.ledger.entries() if entry["did"] in _BY_NAME}
    states = {name: "done" if at[:19] >= since[:19] else "kept" for name, at in last.items()}
    states |= {stage: "running"} if stage in _BY_NAME else {}
    return [{"stage": one.name, "state": states.get(one.name, "missing")} for one in STAGES]


def _acknowledge(case: Case, name: str, mark: str, result: dict[str, Any]) -> None:
    """Keep the result, on the disk, and then say so in the ledger; the vault remembers where that stood."""
    case.vault.put_document("ledger head", case.ledger.head())
    case.vault.acknowledge(name, mark, result)
    case.ledger.append(name, {"fingerprint": mark, "version": __version__})


def _read(path: Path) -> str:
    """A person's file, which may be anything: whether it can be understood is for its stage to say."""
    return path.read_bytes().decode("utf-8", "backslashreplace") if path.is_file() else ""


def _digest(parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode("utf-8")).hexdigest()
