"""Canonical identifiers: ASCII, upper case, without separators, null where they don't hold.

Also what a valid Chinese resident identity number says of its holder's birth date (GB 11643-1999).
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sousveil.normalise.tidy import any_byte, byte_set, known, tidy, upper
from sousveil.survey import checks

_SEPARATORS = r"[\s\-‐‑‒–—―·.・_/\\]"
_MAY_SEPARATE = byte_set(b" -._/\\" + bytes(range(128, 256)))
_POINT = byte_set(b".")
_NONE = pa.scalar(None, pa.string())


def compact(values: pa.StringArray) -> pa.StringArray:
    """Texts tidied, without placeholders, spaces, dashes and dots, in upper case."""
    return compact_of(known(tidy(values)))


def compact_of(texts: pa.StringArray) -> pa.StringArray:
    """The same for texts that are tidied already, without placeholders."""
    clean = upper(texts)
    if any_byte(clean, _POINT):
        # What a spreadsheet made of a number: the digits after the point are none of it.
        clean = pc.replace_substring_regex(clean, r"^([0-9]{6,})\.0$", r"\1")
    if any_byte(clean, _MAY_SEPARATE):
        clean = pc.replace_substring_regex(clean, _SEPARATORS + "+", "")
    return clean


def kept(values: pa.StringArray, holds: checks.Truths) -> pa.StringArray:
    """The texts where `holds`, null elsewhere."""
    return pc.if_else(pa.array(holds), values, _NONE)


def matching(values: pa.StringArray, pattern: str) -> checks.Truths:
    """Which texts match an RE2 pattern as a whole; a null does not."""
    found = pc.match_substring_regex(values, f"^(?:{pattern})$")
    return np.asarray(found.fill_null(False).to_numpy(zero_copy_only=False), dtype=np.bool_)


def resident_id_long(compacted: pa.StringArray) -> pa.StringArray:
    """Resident numbers with those of 15 digits made 18 long (century 19, check character computed).

    Other texts pass unchanged; a look-alike of X at the end (Cyrillic Х, ×, *) becomes X.
    """
    if any_byte(compacted, _MAY_SEPARATE) or any_byte(compacted, byte_set(b"*")):
        compacted = pc.replace_substring_regex(compacted, "[ХхΧ×*]$", "X")
    if not pc.any(pc.equal(pc.binary_length(compacted), 15)).as_py():
        return compacted
    old = matching(compacted, "[0-9]{15}")
    rows, _ = checks.byte_rows(compacted.filter(pa.array(old)), 15)
    longer = np.empty((len(rows), 18), np.uint8)
    longer[:, :6] = rows[:, :6]
    longer[:, 6:8] = np.frombuffer(b"19", np.uint8)
    longer[:, 8:17] = rows[:, 6:]
    longer[:, 17] = checks.resident_id_check(longer)
    made = pa.array(longer.view("S18").ravel().astype("U18"), pa.string())
    return pc.replace_with_mask(compacted, pa.array(old), made)


def resident_id(values: pa.StringArray) -> pa.StringArray:
    """Canonical resident numbers: 18 characters, valid; null elsewhere."""
    return resident_id_of(compact(values))


def resident_id_of(compacted: pa.StringArray) -> pa.StringArray:
    """The same for compact texts."""
    longer = resident_id_long(compacted)
    return kept(longer, checks.resident_id(longer))


def resident_birth_date(canonical: pa.StringArray) -> pa.Date32Array:
    """The birth dates inside canonical resident numbers; null for null."""
    text = pc.utf8_slice_codeunits(canonical, 6, 14)
    iso = pc.binary_join_element_wise(
        pc.utf8_slice_codeunits(text, 0, 4),
        pc.utf8_slice_codeunits(text, 4, 6),
        pc.utf8_slice_codeunits(text, 6, 8),
        "-",
    )
    return pc.cast(iso, pa.date32())


def passport(values: pa.StringArray) -> pa.StringArray:
    """Passport numbers by their shape: 5 to 12 letters and digits, at least four digits."""
    clean = compact(values)
    shape = matching(clean, "[A-Z0-9]{5,12}") & matching(clean, ".*(?:[0-9].*){4}")
    return kept(clean, shape)


_SEVERAL = r"^(\+?[0-9][0-9() -]{6,})[/;,、|\\].*$"


def phone(values: pa.StringArray) -> pa.StringArray:
    """Telephone numbers as digits: mainland mobiles without +86, others with their country code.

    Of several in one cell, the first.
    """
    first = pc.replace_substring_regex(known(tidy(values)), _SEVERAL, r"\1")
    clean = pc.replace_substring_regex(compact_of(first), r"[()（）]", "")
    clean = pc.replace_substring_regex(clean, r"^(?:\+|00)", "+")
    clean = pc.replace_substring_regex(clean, r"^\+?86(1[0-9]{10})$", r"\1")
    clean = pc.replace_substring_regex(clean, r"^\+", "")
    return kept(clean, matching(clean, "[0-9]{7,15}"))


def plate(values: pa.StringArray) -> pa.StringArray:
    """Chinese number plates without separators; null for another shape."""
    clean = compact(values)
    return kept(clean, matching(clean, f"{PLATE}|{MILITARY_PLATE}"))


PLATE = (
    r"[\x{4e00}-\x{9fff}][A-Z][A-Z0-9]{5,6}|[\x{4e00}-\x{9fff}][A-Z][A-Z0-9]{4}[挂学警港澳领试超使]|"
    r"使[0-9]{6}|[0-9]{6}使|WJ[\x{4e00}-\x{9fff}]?[0-9]{4}[0-9A-Z]"
)
"""The shape of a plate of the mainland, without separators (GA 36-2018, with the older forms).

Ordinary, new-energy, trailers, learners, police, Hong Kong and Macao, consulates, embassies, armed police.
"""
MILITARY_PLATE = "[A-Z]{2}[0-9]{5}"
"""The shape of the plates of the army since 2013, which other numbers have as well."""


def lowered(values: pa.StringArray, pattern: str) -> pa.StringArray:
    """Addresses of the network (e-mail, IP, MAC) in lower case, where they match the pattern."""
    clean = pc.utf8_lower(known(tidy(values)))
    return kept(clean, matching(clean, pattern))


def mac(values: pa.StringArray) -> pa.StringArray:
    """MAC addresses as twelve hexadecimal digits in upper case."""
    clean = pc.replace_substring_regex(compact(values), "[:]", "")
    return kept(clean, matching(clean, "[0-9A-F]{12}"))
