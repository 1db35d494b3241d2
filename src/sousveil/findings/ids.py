"""Ids of questions: letters of any script and digits, so that a table called 危化企业 keeps its name in them.

An id is what a question is called in questions.toml, in findings.json and on a terminal. The names of files
are made from ids by `sousveil.publish.labels.slugs`, in ASCII only.
"""

from __future__ import annotations

import unicodedata

from sousveil.veil import is_identifying

LONGEST = 100
SHORT = 40
"""The longest part of an id that is made from a name, so that two of them fit into one id."""


def is_id(untrusted: str) -> bool:
    """Whether a text may be an id: letters and digits (first one of these), `-`, `_`, no identity number."""
    return (
        0 < len(untrusted) <= LONGEST
        and _is_letter(untrusted[0])
        and all(_is_letter(c) or c in "-_" or unicodedata.category(c)[0] == "M" for c in untrusted)
        and unicodedata.is_normalized("NFC", untrusted)
        and not is_identifying(untrusted)
    )


def _is_letter(c: str) -> bool:
    return unicodedata.category(c)[0] in "LN"


def key(an_id: str) -> str:
    """What two ids that a person may take for the same have in common: capitals, full-width forms."""
    return unicodedata.normalize("NFKC", an_id).casefold()


def slug(untrusted_name: str) -> str:
    """A name in lower-case letters (without accents), digits and hyphens; empty where it says too much."""
    if is_identifying(untrusted_name):
        return ""
    letters = ""
    for c in unicodedata.normalize("NFKD", untrusted_name.casefold()):
        if unicodedata.category(c)[0] != "M":
            letters += c if _is_letter(c) else " "
        elif letters and not letters[-1].isascii():
            letters += c  # Accents of Latin letters go; signs of other scripts are part of the letter.
    made = unicodedata.normalize("NFC", "-".join(letters.split()))[:SHORT].strip("-").lower()
    made = unicodedata.normalize("NFC", made)
    return made if is_id(made) else ""
