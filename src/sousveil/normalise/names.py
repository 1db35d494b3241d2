"""Canonical names of people: NFKC, upper case, without spaces; one middle dot for the dozen in use."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from sousveil.normalise.tidy import highest_byte, known, tidy, upper

DOTS = "·•∙⋅‧・･．.•●〇˙゜"
"""What stands between the parts of a name in Chinese transcription (after NFKC, `．` is a full stop)."""


def person_names(values: pa.StringArray) -> pa.StringArray:
    """Names of people in canonical form; null for null and for placeholders."""
    clean = upper(known(tidy(values)))
    clean = pc.replace_substring_regex(clean, r"[\s]+", "")
    if highest_byte(clean) >= 128:
        # Only between Han characters: a full stop after an initial is another matter.
        han = r"[\x{3400}-\x{9fff}\x{20000}-\x{2ffff}]"
        clean = pc.replace_substring_regex(clean, f"({han})[{DOTS}]+", "\\1·")
        clean = pc.replace_substring_regex(clean, "·+$", "")
    return clean
