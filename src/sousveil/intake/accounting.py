"""What became of every byte of a text: in a record, in a reject, or syntax around them.

A text is counted twice, by two parties that know nothing of each other: by the transcript that hands it out,
and by the loader that takes it apart. Where the two differ, something was lost on the way, and the item says
so.
"""

from __future__ import annotations

from dataclasses import dataclass

from sousveil.intake.sink import Sink

PARTS = ("bytes_of_records", "bytes_of_rejects", "bytes_of_syntax")
"""The notes of an item that add up to its bytes."""


@dataclass
class Account:
    """Bytes of one text.

    `text` is how much was handed out, as UTF-8, and `source` how much was read for it, in the encoding of the
    file. The loader counts `records`, `rejects` and `syntax` (line ends, blank lines, headers, brackets,
    statements that are no rows) as UTF-8; of the last two it also knows their length in the file.
    """

    text: int = 0
    source: int = 0
    ended: bool = False
    """Whether the source was read to its end."""
    records: int = 0
    rejects: int = 0
    syntax: int = 0
    rejects_in_source: int = 0
    syntax_in_source: int = 0

    @property
    def missing(self) -> int:
        """Bytes of the text that were handed out and are in none of the parts; negative if there are more."""
        return self.text - self.records - self.rejects - self.syntax

    def reject(self, size: int, in_source: int) -> None:
        """Count a reject."""
        self.rejects += size
        self.rejects_in_source += in_source

    def around(self, size: int, in_source: int) -> None:
        """Count syntax."""
        self.syntax += size
        self.syntax_in_source += in_source

    def note(self, sink: Sink) -> None:
        """Put the parts into the manifest; they add up to the bytes of the file.

        An item whose text was not taken whole, or not accounted for, is partly loaded.
        """
        records = self.source - self.rejects_in_source - self.syntax_in_source
        parts = (records, self.rejects_in_source, self.syntax_in_source)
        for name, size in zip(PARTS, parts, strict=True):
            sink.note(name, size)
        if self.missing:
            sink.partly(f"{abs(self.missing)} bytes of its text are not accounted for")
        elif not self.ended:
            sink.partly("it was not read to its end")
