"""Which delimiters a text may have: single bytes, and sequences of several characters (`||`, `----`).

A long delimiter is read with one control byte standing in for it, which is put back where it stood within a
quoted field.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

SINGLE = b",\t;|^\x01\x1f~"
_STAND_INS = b"\x1d\x1c\x1e\x02\x03"
_LEAST_LINES = 0.6
_DOUBLED = re.compile(rb"([-|~^@#$;:*=+&%!])\1+")
_MIXED = re.compile(rb"[|~^@#$<>;:*&%!=+]{2,5}")
NOT_TEXT = b"\xff"


@dataclass(frozen=True)
class Delimiter:
    """A delimiter: the byte that splits, and, where several characters are written, those."""

    byte: int
    written: bytes = b""

    def in_place(self, text: bytes) -> bytes:
        """The text with the byte in place of what is written.

        The byte itself, should a text hold it, becomes one that is no text: its record is rejected.
        """
        if not self.written:
            return text
        return text.replace(bytes((self.byte,)), NOT_TEXT).replace(self.written, bytes((self.byte,)))


def delimiters(lines: Sequence[bytes]) -> list[Delimiter]:
    """What may divide these lines; of two that divide them alike, the one that comes first is right."""
    long = _long(lines)
    never = {
        byte
        for written in long
        if written != b", "
        for byte in set(written)
        if _only_in(byte, written, lines)
    }
    single = [
        Delimiter(byte)
        for byte in SINGLE
        if byte not in never and sum(byte in line for line in lines) >= 0.02 * len(lines)
    ]
    stand_in = next((byte for byte in _STAND_INS if not any(byte in line for line in lines)), None)
    return ([] if stand_in is None else [Delimiter(stand_in, written) for written in long]) + single


def _only_in(byte: int, written: bytes, lines: Sequence[bytes]) -> bool:
    """Whether a character stands nowhere but in a long delimiter, and so divides nothing by itself."""
    return all(line.count(byte) == line.count(written) * written.count(byte) for line in lines)


def _long(lines: Sequence[bytes]) -> list[bytes]:
    """Sequences of characters that stand in most lines."""
    found = []
    runs = [[match.group() for match in _DOUBLED.finditer(line)] for line in lines]
    for sign in sorted({run[:1] for line in runs for run in line}):
        lengths = [{len(run) for run in line if run[:1] == sign} for line in runs]
        shortest = min(length for line in lengths for length in line)
        alone = sum(line.count(sign) for line in lines) - sum(
            len(run) for line in runs for run in line if run[:1] == sign
        )
        within = sum(bool(line) and all(length % shortest == 0 for length in line) for line in lengths)
        # A dash or a colon stands alone within dates and times; the others do only where they divide.
        if within >= _LEAST_LINES * len(lines) and (sign in b"-:=+*&" or not alone):
            found.append(sign * shortest)
    mixed = Counter(
        token
        for line in lines
        for token in {match.group() for match in _MIXED.finditer(line)}
        if len(set(token)) > 1 or not _DOUBLED.fullmatch(token)
    )
    found += [token for token, count in mixed.most_common(2) if count >= _LEAST_LINES * len(lines)]
    # A blank after each comma belongs to it where else a quote after the blank would open nothing.
    if sum(b', "' in line for line in lines) >= 0.02 * len(lines) or _always_spaced(lines):
        found.append(b", ")
    return found


def _always_spaced(lines: Sequence[bytes]) -> bool:
    commas = sum(line.rstrip(b"\r").count(b",") for line in lines)
    ends = sum(line.rstrip(b"\r").endswith(b",") for line in lines)
    return commas > 0 and commas == ends + sum(line.count(b", ") for line in lines)
