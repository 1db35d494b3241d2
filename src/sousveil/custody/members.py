"""What the ledger says of a case: who its members are, which keys hold, what the manifest was.

The ledger is the one authority. A list of members in a file of its own could be changed by whoever can write
into the case, and the next original would be sealed to a stranger.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

FOUNDER = "founder"
"""What the ledger calls the first member, who has not said a name: never the name of a machine's user."""
_NAME = re.compile(r"[^\W_][\w.-]{0,39}")


@dataclass(frozen=True)
class Member:
    """Somebody who can open the case."""

    name: str
    recipient: str
    """The age public key that the case's keys are wrapped to."""
    kind: str
    """`member`, or `recovery`: an offline key, which opens everything and approves nothing."""
    since: int
    """The line of the ledger that made them a member."""
    added_by: str
    challenge: str = ""
    """A random text, sealed to the member by age (base64): who can read it may name their signing key."""
    proof: str = ""
    """SHA-256 of that text."""
    verifying_key: str | None = None
    """The public half of the signing key; None until the member's first command."""


@dataclass
class Standing:
    """What holds after the lines that were followed."""

    case: str = ""
    policy: Mapping[str, Any] = field(default_factory=dict)
    """The policy as it was when the case was made."""
    members: dict[str, Member] = field(default_factory=dict)
    originals: list[str] = field(default_factory=list)
    """Public keys that originals were ever sealed to; the last one holds."""
    vault: list[str] = field(default_factory=list)
    """SHA-256 of each key that the vault ever had; the last one holds."""
    key_change_open: bool = False
    manifests: list[tuple[int, str]] = field(default_factory=list)
    """Line and SHA-256 of each manifest that was written."""
    intake_open: bool = False
    """Whether an intake began whose manifest was not written yet."""
    lines: int = 0

    def by_recipient(self, recipient: str) -> Member | None:
        """The member whose age public key this is."""
        return next((one for one in self.members.values() if one.recipient == recipient), None)

    def follow(self, entry: Mapping[str, Any]) -> str:
        """Take a line in; the key that its signature must hold under.

        Raises `KeyError`, `TypeError`, `ValueError` where the line says what can't be.
        """
        self.lines += 1
        did, detail, who = entry["did"], entry["detail"], entry["who"]
        if self.lines == 1:
            self._founded(detail, who)
        elif did == "signing key named":
            self._named(who, detail)
        author = self.members[who]
        if author.verifying_key is None:
            raise ValueError("signed by somebody whose key is not known")
        if did == "member added":
            self._added(detail, who)
        elif did == "member removed":
            self._removed(detail)
        elif did == "keys changed":
            self.key_change_open = False
        elif did == "intake begun":
            self.intake_open = True
        elif did == "manifest":
            self.intake_open = False
            self.manifests.append((self.lines, str(detail["sha256"])))
        return author.verifying_key

    def _founded(self, detail: Mapping[str, Any], who: str) -> None:
        self.case = str(detail["case"])
        self.policy = dict(detail["policy"])
        self.originals.append(str(detail["originals"]))
        self.vault.append(str(detail["vault"]))
        key = str(detail["signing_key"])
        self.members[who] = Member(who, str(detail["recipient"]), "member", 1, who, verifying_key=key)

    def _named(self, who: str, detail: Mapping[str, Any]) -> None:
        member = self.members[who]
        if (
            member.verifying_key
            or hashlib.sha256(bytes.fromhex(detail["answer"])).hexdigest() != member.proof
        ):
            raise ValueError("the challenge was not answered")
        self.members[who] = replace(member, verifying_key=str(detail["signing_key"]))

    def _added(self, detail: Mapping[str, Any], by: str) -> None:
        name, kind = str(detail["name"]), str(detail["kind"])
        if name in self.members or kind not in ("member", "recovery"):
            raise ValueError("nobody can be added twice")
        self.members[name] = Member(
            name,
            str(detail["recipient"]),
            kind,
            self.lines,
            by,
            str(detail["challenge"]),
            str(detail["proof"]),
        )

    def _removed(self, detail: Mapping[str, Any]) -> None:
        del self.members[str(detail["name"])]
        self.originals.append(str(detail["originals"]))
        self.vault.append(str(detail["vault"]))
        self.key_change_open = True


def is_name(name: str) -> bool:
    """Whether a text can be a member's name: a letter or figure, then letters, figures, `.`, `-`, `_`."""
    return bool(_NAME.fullmatch(name))
