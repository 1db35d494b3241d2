"""Every error that Sousveil raises on purpose: a stable code, an exit code, one sentence, the next step.

    SousveilError
    ├── UsageError            2   the command or one of the person's own files is wrong
    ├── RefusedError          3   disclosure control says no
    ├── KeyMissing and kin    4   the vault stays shut
    ├── NothingReadable       5   no table came out of the dump
    ├── IntegrityError        6   ledger or manifest does not verify
    ├── UnsealNotApproved     7   nobody else has approved
    ├── Interrupted         130   Ctrl-C
    └── everything else       1

The docstring of a class is the sentence in `docs/errors.md`, which is generated from here. A message never
carries a value of the dump: `where` holds names that went through `sousveil.veil`, and numbers.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sousveil.veil import plain


class SousveilError(Exception):
    """Something failed, and Sousveil knows what."""

    code: ClassVar[str] = "FAILED"
    exit_code: ClassVar[int] = 1
    next: ClassVar[str] = "sousveil status --case CASE"

    def __init__(self, message: str = "", *, where: dict[str, Any] | None = None, next: str = "") -> None:
        self.message = plain(message or (self.__doc__ or "").strip().splitlines()[0])
        self.where = where or {}
        self.next_step = next or self.next
        super().__init__(self.message)

    def as_json(self) -> dict[str, Any]:
        """The contract's `errors` shape, without control characters and broken ones."""
        where = {
            name: plain(value) if isinstance(value, str) else value for name, value in self.where.items()
        }
        return {
            "error": {
                "code": self.code,
                "message": self.message,
                "where": where,
                "next": plain(self.next_step),
            }
        }


class UsageError(SousveilError):
    """The command was called with something that it can't use."""

    code = "USAGE"
    exit_code = 2
    next = "sousveil --help"


class DumpMissing(UsageError):
    """The path given as the dump does not exist."""

    code = "DUMP_MISSING"
    next = "sousveil intake PATH --case CASE, with the path of the dump's file or folder"


class DumpForbidden(SousveilError):
    """A file or folder can't be read with this user's permissions."""

    code = "NO_PERMISSION"
    next = "give yourself the right to read and write there, then run the same command again"


class BadPasswords(UsageError):
    """The file given with --password-file holds no passwords, one a line."""

    code = "BAD_PASSWORDS"
    next = "write the passwords of the archives into a text file, one a line"


class BadDialect(UsageError):
    """The dialect given with `intake --again` can't be used."""

    code = "BAD_DIALECT"
    next = "sousveil intake --help lists what may be given"


class UnknownItem(UsageError):
    """The case has no item of that name or number to read again or to look at."""

    code = "UNKNOWN_ITEM"
    next = "sousveil intake --case CASE lists the items"


class JailMissing(SousveilError):
    """This system can't jail the parsers as the case insists on."""

    code = "NO_JAIL"
    next = 'use a Linux kernel with Landlock (5.13 or newer), or set jail = "warn" in case.toml'


class NotACase(UsageError):
    """The folder given with --case is not a Sousveil case."""

    code = "NOT_A_CASE"
    next = "sousveil run DUMP --case CASE, which makes the case"


class CaseTooNew(SousveilError):
    """The case was made by a newer version of Sousveil."""

    code = "CASE_TOO_NEW"
    next = "install the version that the case names, then run the same command again"


class CaseBusy(SousveilError):
    """Another Sousveil process holds this case."""

    code = "CASE_BUSY"
    next = "wait until it has finished, then run the same command again"


class BadMember(UsageError):
    """A member can't be added or removed like this."""

    code = "BAD_MEMBER"
    next = "sousveil members list --case CASE"


class ExportTarget(UsageError):
    """The evidence can't be exported like this."""

    code = "EXPORT"
    next = "give a new folder outside the case with --to"


class BadUnseal(UsageError):
    """An unseal request can't be understood, or nobody made it."""

    code = "BAD_UNSEAL"
    next = "sousveil unseal list --case CASE"


class StageMissing(UsageError):
    """A stage that this command needs has not been run yet."""

    code = "STAGE_MISSING"
    next = "sousveil run DUMP --case CASE"


class BadCase(UsageError):
    """case.toml can't be understood."""

    code = "BAD_CASE"
    next = "mend case.toml, or take it from a backup: without it nobody knows what the case promised"


class BadReview(UsageError):
    """review.toml can't be understood."""

    code = "BAD_REVIEW"
    next = "mend the line that is named, or delete the file to have it proposed anew"


class BadQuestion(UsageError):
    """A question can't be understood."""

    code = "BAD_QUESTION"
    next = "mend the question that is named in questions.toml"


class UnknownColumn(BadQuestion):
    """A question names a column that its table does not have."""

    code = "UNKNOWN_COLUMN"
    next = "sousveil survey --case CASE, which lists the columns of each table"


class UnknownTable(BadQuestion):
    """A question names a table that the case does not have."""

    code = "UNKNOWN_TABLE"
    next = "sousveil survey --case CASE, which lists the tables"


class UnsafeWhere(BadQuestion):
    """A `where` or `by` uses something outside the small safe language."""

    code = "UNSAFE_WHERE"
    next = "docs/questions.md lists what may stand there"


class NotReviewable(UsageError):
    """A count review can't be made of this, or not by this reviewer."""

    code = "NOT_REVIEWABLE"
    next = "sousveil count --case CASE, which lists the tables in which people can be told apart"


class RefusedError(SousveilError):
    """Disclosure control refuses everything that was asked."""

    code = "REFUSED"
    exit_code = 3
    next = "ask a coarser question: fewer columns in `by`, a longer period, merged categories"

    def __init__(self, message: str = "", *, suggestions: dict[str, Any] | None = None, **told: Any) -> None:
        super().__init__(message, **told)
        self.suggestions = suggestions or {}
        """By the id of a question, coarser ones that would pass."""

    def as_json(self) -> dict[str, Any]:
        """As for every error, with the suggestions where there are any."""
        said = super().as_json()
        if self.suggestions:
            said["error"]["suggestions"] = self.suggestions
        return said


class MixedRegime(RefusedError):
    """Exact numbers and numbers with noise about the same people can't come from one case."""

    code = "MIX"
    next = "make a new case with the other regime, from which nothing was published yet"


class NoiseMissing(SousveilError):
    """This case answers with noise, and the library that makes the noise (OpenDP) is not installed."""

    code = "NOISE_MISSING"
    next = "pip install 'sousveil[noise]', then run the same command again"


class Identifying(RefusedError):
    """A `where` or `by` names a column that can single a person out."""

    code = "IDENTIFYING"
    next = "group by a category, a nationality, a month or an age band instead"


class CutOffMoved(RefusedError):
    """An earlier finding of the same table stops at another day: the two would tell of those in between."""

    code = "CUTOFF"
    next = "use the findings that were released, or undo the change of event_date or cut_off_days"


class UnsealRefused(RefusedError):
    """The policy of the case does not let these records be shown."""

    code = "UNSEAL_REFUSED"
    next = "sousveil unseal list --case CASE, which says what may still be asked for"


class UnsealNotApproved(SousveilError):
    """The request has not been approved by another member."""

    code = "NOT_APPROVED"
    exit_code = 7
    next = "have another member run sousveil unseal approve REQUEST --case CASE"


class KeyMissing(SousveilError):
    """The key that opens this case's vault is not where it was expected."""

    code = "KEY_MISSING"
    exit_code = 4
    next = "give its file with --key FILE or SOUSVEIL_KEY"


class WrongKey(SousveilError):
    """The key does not open this case's vault."""

    code = "WRONG_KEY"
    exit_code = 4
    next = "give the file of a member's key with --key FILE or SOUSVEIL_KEY"


class NotAMember(SousveilError):
    """The key belongs to no member of this case."""

    code = "NOT_A_MEMBER"
    exit_code = 4
    next = "give the file of a member's key with --key FILE or SOUSVEIL_KEY, or have a member add you"


class KeyExposed(SousveilError):
    """Others on this machine can read the key file."""

    code = "KEY_EXPOSED"
    exit_code = 4
    next = "chmod 600 on the key file, then run the same command again"


class NothingReadable(SousveilError):
    """No table could be read from the dump."""

    code = "NOTHING_READABLE"
    exit_code = 5
    next = "sousveil intake --case CASE, which lists every item with the reason"


class IntegrityError(SousveilError):
    """The ledger or the manifest does not verify."""

    code = "DOES_NOT_VERIFY"
    exit_code = 6
    next = "keep the case as it is and compare it with a backup"


class DiskFull(SousveilError):
    """The disk is full."""

    code = "DISK_FULL"
    next = "free some room, then run the same command again: it goes on where it stopped"


class FileUnusable(SousveilError):
    """A file or folder of the case, or the disk under it, can't be used."""

    code = "FILE_UNUSABLE"
    next = "look whether the disk is sound and the case is whole, or take the case from a backup"


class EngineFailure(SousveilError):
    """The engine could not do what it was asked; its own message is held back, since it may quote records."""

    code = "ENGINE_FAILED"


class VaultDamaged(SousveilError):
    """The vault's file is damaged."""

    code = "VAULT_DAMAGED"
    next = "sousveil rebuild --case CASE, which makes it anew from the sealed originals"


class CertificateFails(SousveilError):
    """The certificate does not show that the publication's numbers keep what they hide."""

    code = "CERTIFICATE_FAILS"
    next = (
        "sousveil findings --case CASE, then publish again; if it stays, ask coarser questions in a new case"
    )


class EgressBlocked(SousveilError):
    """Something about to be published holds identifying values of the dump."""

    code = "EGRESS_BLOCKED"
    next = "sousveil survey --case CASE, then correct the types of the columns that are named in review.toml"


class Interrupted(SousveilError):
    """Stopped by Ctrl-C."""

    code = "INTERRUPTED"
    exit_code = 130
    next = "run the same command again: it goes on where it stopped"


class Unexpected(SousveilError):
    """A fault in Sousveil itself; the details are held back, since they may quote records."""

    code = "UNEXPECTED"
    next = "run it again with --debug, which shows the lines of code (never values), and report them"
