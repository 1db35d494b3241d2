"""Canonical names of people: NFKC, upper case, without spaces, in simplified characters, one middle dot."""

from __future__ import annotations

from functools import cache

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
        clean = simplified(pc.replace_substring_regex(clean, "·+$", ""))
    return clean


def simplified(values: pa.StringArray) -> pa.StringArray:
    """Texts without line breaks, their traditional characters as simplified ones (OpenCC, one by one).

    A name is no phrase: OpenCC's rules for words would read one into the next.
    """
    if not len(values):
        return values
    joined = "\n".join(values.fill_null("").to_pylist())
    simple = joined.translate(_simple_signs())
    if simple == joined:
        return values
    made = pa.array(simple.split("\n"), pa.string())
    return pc.if_else(values.is_valid(), made, pa.scalar(None, pa.string()))


@cache
def _simple_signs() -> dict[int, str]:
    """Traditional character -> its simplified one, of the whole Basic Multilingual Plane."""
    from opencc import OpenCC

    signs = [chr(point) for first, end in ((0x3400, 0x4DC0), (0x4E00, 0xA000)) for point in range(first, end)]
    made = OpenCC("t2s").convert("\n".join(signs)).split("\n")
    return {ord(sign): simple for sign, simple in zip(signs, made, strict=True) if sign != simple}
