"""How a text is written, as far as a person has said so: what is given is not voted on."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from sousveil.errors import BadDialect
from sousveil.intake.delimiters import Delimiter

NO_QUOTE = "none"
_NAMED = {"tab": "\t", r"\t": "\t", "space": " ", "pipe": "|", "comma": ",", "semicolon": ";"}
_LONGEST = 5
"""Characters of a delimiter."""
_MOST_SKIPPED = 10_000
_STAND_IN = 0x1D


@dataclass(frozen=True)
class Given:
    """What a person has said of one text; None for what is still to be voted on.

    `quote` is a character or "none"; `skip` is how many records stand above the header, or above the first
    record where there is no header.
    """

    delimiter: str | None = None
    quote: str | None = None
    encoding: str | None = None
    header: bool | None = None
    skip: int | None = None

    def __post_init__(self) -> None:
        if self.delimiter is not None and not _is_delimiter(self.delimiter):
            raise BadDialect(
                f"a delimiter is 1 to {_LONGEST} ASCII characters other than quotes and line ends"
            )
        if self.quote is not None and self.quote not in ('"', "'", NO_QUOTE):
            raise BadDialect(f"a quote is \" or ' or {NO_QUOTE}")
        if self.encoding is not None and not _is_encoding(self.encoding):
            raise BadDialect("there is no text encoding of that name")
        if self.skip is not None and not 0 <= self.skip <= _MOST_SKIPPED:
            raise BadDialect(f"up to {_MOST_SKIPPED:,} records may be skipped")

    @classmethod
    def named(cls, **said: Any) -> Self:
        """What is said in words: a delimiter may be `tab`, `space`, `pipe`, `comma` or `semicolon`.

        Raises `BadDialect`.
        """
        delimiter = said.get("delimiter")
        return cls(**{**said, "delimiter": _NAMED.get(delimiter, delimiter) if delimiter else None})

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """What `kept` has written. Raises `BadDialect`."""
        known = {key: value for key, value in kept.items() if key in cls.__dataclass_fields__}
        try:
            return cls(**known)
        except TypeError:
            raise BadDialect("a dialect that was kept can't be understood") from None

    def kept(self) -> dict[str, Any]:
        """What to keep, as JSON can hold it."""
        return {key: value for key, value in asdict(self).items() if value is not None}

    @property
    def is_dialect(self) -> bool:
        """Whether it says that the text is delimited, and not only in which encoding it is."""
        return any(said is not None for said in (self.delimiter, self.quote, self.header, self.skip))

    @property
    def divider(self) -> Delimiter | None:
        """The delimiter as the reader wants it."""
        if self.delimiter is None:
            return None
        written = self.delimiter.encode("ascii")
        return Delimiter(written[0]) if len(written) == 1 else Delimiter(_STAND_IN, written)


NOTHING = Given()


def _is_delimiter(text: str) -> bool:
    return 0 < len(text) <= _LONGEST and text.isascii() and not set(text) & set("\"'\r\n\0\\")


def _is_encoding(name: str) -> bool:
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return False
    return bool(found._is_text_encoding) and found.name not in ("idna", "punycode")
