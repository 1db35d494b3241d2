"""Adding members, removing them, and the offline recovery key.

A new member costs two small files: the case's keys are wrapped anew. Removing one changes the keys: the vault
is written anew under another, and so is every original, since the one who goes has had the old ones. What
they copied before they went, they keep; nothing can take that back.

The change of keys is safe to be killed anywhere. First both wrapped files hold the new key and the old; then
the ledger names the new one; then vault and originals move over, each file whole; last the old keys go. Until
then either key opens what it finds, and `finish` goes on from wherever it was.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyrage
from pyrage import x25519

from sousveil.case import Case
from sousveil.custody import manifest, originals
from sousveil.custody.identity import make_key_file
from sousveil.custody.keys import Keys
from sousveil.custody.members import Member, is_name
from sousveil.errors import BadMember, IntegrityError
from sousveil.progress import Progress
from sousveil.vault import rekey
from sousveil.veil import is_identifying

_RECIPIENT = re.compile(r"\bage1[02-9ac-hj-np-z]{58}\b")


def listing(case: Case) -> dict[str, Any]:
    """Who the members are, by the ledger."""
    standing = case.ledger.standing
    return {
        "members": [_shown(member) for member in standing.members.values()],
        "key_change": "unfinished" if standing.key_change_open else "done",
    }


def _shown(member: Member) -> dict[str, Any]:
    kept = asdict(member)
    return {name: kept[name] for name in ("name", "kind", "recipient", "since", "added_by")} | {
        "signs": member.verifying_key is not None
    }


def add(case: Case, name: str, given: str, kind: str = "member") -> Member:
    """Let a member open the case: `given` is an age public key, or a file that holds one.

    The same member again has the keys wrapped anew (after a call that was cut off). Raises `BadMember`.
    """
    recipient = _recipient(given)
    standing = case.ledger.standing
    there = standing.members.get(name)
    if there is None or there.recipient != recipient:
        _check_new(case, name, recipient)
        nonce = secrets.token_bytes(32)
        sealed = pyrage.encrypt(nonce, [x25519.Recipient.from_str(recipient)])
        detail = {
            "name": name,
            "kind": kind,
            "recipient": recipient,
            "challenge": base64.b64encode(sealed).decode(),
            "proof": hashlib.sha256(nonce).hexdigest(),
        }
        # The ledger first: nobody gets a key of whom it does not say so.
        case.ledger.append("member added", detail)
    ring, standing = case.keyring, case.ledger.standing
    ring.wrap(ring.vault_keys(standing), ring.originals_keys(standing), _recipients(case))
    return standing.members[name]


def recovery_key(case: Case, to: Path) -> Member:
    """Make a key to be kept offline, in a new file outside the case, and let it open the case.

    Raises `BadMember`, `KeyMissing` where the file can't be made.
    """
    if to.resolve().is_relative_to(case.folder.resolve()):
        raise BadMember("the recovery key must not lie in the case that it opens", next="give another --to")
    names = case.ledger.standing.members
    number = next(n for n in range(1, len(names) + 2) if _recovery_name(n) not in names)
    comments = (
        f"Sousveil: recovery key of the case {case.id}. It opens the case and every original in it.",
        "Keep it offline: print it, or put it on a medium in a safe, and delete this file.",
        "It is not kept anywhere else.",
    )
    made = make_key_file(to, comments)
    if made is None:
        raise BadMember(f"{to} is there already", next="give a new file with --to")
    try:
        return add(case, _recovery_name(number), made.recipient, "recovery")
    except BaseException:
        to.unlink(missing_ok=True)
        raise


def remove(case: Case, name: str, progress: Progress) -> dict[str, Any]:
    """Take a member's way into the case away and change all keys; goes on where an earlier call was cut off.

    Returns what was done. Raises `BadMember`, `IntegrityError` for a damaged original, `VaultDamaged`.
    """
    ring, standing = case.keyring, case.ledger.standing
    if standing.key_change_open and name in standing.members:
        raise BadMember(
            "an earlier change of keys is unfinished",
            next="sousveil members remove NAME --case CASE, with the name of the member who went then",
        )
    if not standing.key_change_open:
        _check_leaving(case, name)
        new, old = Keys.make(), (ring.vault_keys(standing)[0], ring.originals_keys(standing)[0])
        staying = [member.recipient for member in standing.members.values() if member.name != name]
        ring.wrap([new.vault, old[0]], [new.originals, old[1]], staying)
        case.ledger.append("member removed", {"name": name} | new.named)
    return finish(case, progress)


def finish(case: Case, progress: Progress) -> dict[str, Any]:
    """Bring a change of keys to its end, from wherever it stands."""
    ring, standing = case.keyring, case.ledger.standing
    vault, identities = ring.vault_keys(standing), ring.originals_keys(standing)
    new = Keys(vault[0], identities[0])
    if new.named != {"vault": standing.vault[-1], "originals": standing.originals[-1]}:
        raise IntegrityError("custody/keys does not hold the keys that the ledger names last")
    case.close()
    rewritten = rekey(case.folder / "vault", new.vault, vault[1:])
    files = sorted((case.custody / "originals").glob(f"*{originals.ENDING}"))
    progress.stage("seal anew", sum(file.stat().st_size for file in files))
    done, sealed, scratch = 0, 0, case.folder / "vault" / "unsealed" / "original"
    scratch.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file in files:
        sealed += originals.resealed(file, identities, new.originals, scratch)
        done += file.stat().st_size
        progress.at("originals", done)
    manifest.resealed(case, new.originals)
    ring.wrap([new.vault], [new.originals], _recipients(case))
    case.ledger.append("keys changed", {"originals": len(files)})
    progress.finished(f"{sealed} originals and the vault are under new keys")
    return {"originals": len(files), "sealed_anew": sealed, "vault_rewritten": rewritten}


def _check_new(case: Case, name: str, recipient: str) -> None:
    members = case.ledger.standing.members
    if not is_name(name) or is_identifying(name):
        raise BadMember("a member's name is letters, figures, `.`, `-` and `_`, at most 40 of them")
    if name in members:
        raise BadMember("a member of this name has another key", where={"member": name})
    same = case.ledger.standing.by_recipient(recipient)
    if same is not None:
        raise BadMember("this key is a member's already", where={"member": same.name})


def _check_leaving(case: Case, name: str) -> None:
    members = case.ledger.standing.members
    if name not in members:
        raise BadMember("the case has no member of this name", where={"member": name})
    if members[name].recipient == case.keyring.identity.recipient:
        raise BadMember(
            "nobody can remove themselves: who stays must hold the new keys",
            next="have another member do it",
            where={"member": name},
        )


def _recipients(case: Case) -> list[str]:
    return [member.recipient for member in case.ledger.standing.members.values()]


def _recipient(given: str) -> str:
    """The age public key that was given, or that the file given holds. Raises `BadMember`."""
    text = given
    if not given.startswith("age1"):
        try:
            text = Path(given).read_text("utf-8")
        except (OSError, ValueError):
            raise BadMember(
                "the recipient is neither an age public key (age1…) nor a file that can be read"
            ) from None
    found = sorted(set(_RECIPIENT.findall(text)))
    try:
        if len(found) == 1:
            return str(x25519.Recipient.from_str(found[0]))
    except pyrage.RecipientError:
        pass
    raise BadMember(
        "there must be one age public key (age1…, X25519)",
        next="age-keygen -y KEY-FILE, or the line `public key` of a key file, gives it",
    )


def _recovery_name(number: int) -> str:
    return "recovery" if number == 1 else f"recovery-{number}"
