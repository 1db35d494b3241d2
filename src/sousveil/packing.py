"""The one form in which a certificate lies on disk: the gate measures it, publish writes it."""

from __future__ import annotations

import bz2

MOST_BYTES = 1_000_000


def as_file(text: str) -> tuple[str, bytes]:
    """The name and the bytes of a certificate: plain, or packed where it has more than a megabyte.

    bzip2, since its bytes are the same on every machine; those of gzip hang on the library.
    """
    data = text.encode("utf-8")
    return ("worlds.json", data) if len(data) <= MOST_BYTES else ("worlds.json.bz2", bz2.compress(data))


def fits(text: str) -> bool:
    """Whether it has at most a megabyte, packed if need be."""
    return len(as_file(text)[1]) <= MOST_BYTES
