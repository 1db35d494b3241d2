"""Whether a case is sound: its key, its members, the rights on its folder, its custody, vault and stages."""

from __future__ import annotations

import stat
from pathlib import Path

from sousveil.case import Case
from sousveil.doctor.model import RIGHT, WARNING, WRONG, Outcome, Patient
from sousveil.errors import CaseBusy
from sousveil.progress import several

WIDE_ENOUGH = 60
"""Days over which the cut-off must be spread, so that no day of the copy is likelier than one in so many."""


def key(patient: Patient) -> Outcome:
    """Whether the key file is there, its owner's alone, and a member's."""
    case = _case(patient)
    recipient = case.keyring.identity.recipient
    member = case.ledger.standing.by_recipient(recipient)
    if member is None:
        return Outcome(
            WRONG, "the key file is sound, but no member's of this case", "give another with --key"
        )
    case.keyring.vault_keys(case.ledger.standing)
    return Outcome(RIGHT, f"the key file is its owner's alone and opens the case as {member.name}")


def members(patient: Patient) -> Outcome:
    """Whether the case is lost with one key."""
    every = _case(patient).ledger.standing.members.values()
    if len(every) > 1:
        kinds = [one.kind for one in every]
        said = (
            f"{several(kinds.count('member'), 'member')}, {several(kinds.count('recovery'), 'recovery key')}"
        )
        return Outcome(RIGHT, said)
    return Outcome(
        WARNING,
        "there is one key: whoever loses it loses the case",
        "sousveil members recovery-key --case CASE --to FILE, and keep FILE offline",
    )


def rights(patient: Patient) -> Outcome:
    """Whether others on this machine can look into the case."""
    folder = _case(patient).folder
    open_ = [part.name for part in (folder, folder / "custody", folder / "vault") if _others_may(part)]
    if open_:
        return Outcome(WARNING, "others on this machine can look into the case", "chmod -R go-rwx CASE")
    return Outcome(RIGHT, "nobody else on this machine can look into the case")


def custody(patient: Patient) -> Outcome:
    """Ledger, manifest and every sealed original, as `ledger verify`."""
    from sousveil.custody import verify

    case = _case(patient)
    found = verify.everything(case.custody, case.ledger)
    ledger, originals, state = found["ledger"], found["originals"], found["manifest"]["state"]
    said = (
        f"{several(ledger['lines'], 'line')} of the ledger and {several(originals['files'], 'original')} hold"
    )
    if state == "unfinished":
        return Outcome(
            WARNING, f"{said}; a command was cut off before it could write the manifest", "run it again"
        )
    return Outcome(RIGHT, said)


def vault(patient: Patient) -> Outcome:
    """Whether the vault opens, and which stages are out of date."""
    from sousveil import stages

    case = _case(patient)
    if _is_new(case):
        return Outcome(RIGHT, "nothing was taken in yet")
    try:
        with case.held("sousveil doctor"):
            states = {stage.name: stages.state(case, stage.name) for stage in stages.STAGES}
    except CaseBusy:
        return Outcome(WARNING, "another command is at work on the case", "ask again when it is done")
    finally:
        case.close()
    stale, missing = (
        ", ".join(name for name, state in states.items() if state == one) for one in ("stale", "missing")
    )
    if stale:
        return Outcome(WARNING, f"the vault opens; out of date: {stale}", "sousveil run DUMP --case CASE")
    return Outcome(RIGHT, f"the vault opens; not made yet: {missing}" if missing else "the vault opens")


def cut_off(patient: Patient) -> Outcome:
    """Whether the cut-off, which is printed, tells who knows this program when the dump was copied."""
    case = _case(patient)
    try:
        with case.held("sousveil doctor"):
            day = None if _is_new(case) else case.vault.document("cut_off")
    except CaseBusy:
        return Outcome(WARNING, "another command is at work on the case", "ask again when it is done")
    finally:
        case.close()
    if not day:
        return Outcome(RIGHT, "nothing was asked yet of a table that tells when things happened")
    spread, until = case.policy.cut_off_spread_days, f"findings stop at {day}"
    if spread >= WIDE_ENOUGH:
        return Outcome(RIGHT, f"{until}, by a number of days that only the vault knows")
    said = f"{until}: it leaves who knows this program {28 + spread} to {31 + spread} days to choose among"
    if any(one["did"] == "released" for one in case.ledger.entries()):
        return Outcome(WARNING, f"{said}; numbers are released, so it stays", "see docs/attacks.md")
    return Outcome(WARNING, said, f"set cut_off_spread_days = {WIDE_ENOUGH} in case.toml, under [policy]")


def _case(patient: Patient) -> Case:
    return Case.open(patient.folder or Path(), patient.key)


def _is_new(case: Case) -> bool:
    """Whether nothing was taken in yet, so that there is no vault to be opened."""
    return not (case.folder / "vault" / "vault.duckdb").exists() and not case.ledger.standing.manifests


def _others_may(path: Path) -> bool:
    return path.exists() and bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
