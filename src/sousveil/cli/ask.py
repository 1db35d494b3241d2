"""A sitting in the terminal: one card at a time on a screen of its own, which is wiped; or over a plain pipe.

On a terminal a key is enough and nothing is left to scroll back to. In a pipe (tests, screen readers) the
same words are written line by line to stderr, and each answer is a line on stdin.
"""

from __future__ import annotations

import os
import shutil
import sys
import termios
import textwrap
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from sousveil.case import Case
from sousveil.cli.show_count import judged
from sousveil.count.review.relations import relations
from sousveil.count.review.session import Question, Session, Standing
from sousveil.count.review.values import Reader
from sousveil.count.review.verdict import ANSWERS
from sousveil.veil import printable

_ENTER = "\x1b[?1049h"
_WIPE = "\x1b[2J\x1b[3J\x1b[H"
_LEAVE = "\x1b[?1049l"
_KEYS = "y same person   n somebody else   u can't say   b back   q stop, go on later"
_LABEL = 17
_FIELD = "  "
"""What the lines of fields begin with; where they break they go on under what is said of the field."""
_WIDEST = 100


def sit(case: Case, sitting: Session, *, quiet: bool, out: TextIO | None = None) -> None:
    """Ask until enough is known or the reviewer stops. Every answer is kept before the next question."""
    screen = _Screen(out or sys.stderr)
    reader = Reader(case)
    with screen.taken():
        note = ""
        while (question := sitting.question()) is not None:
            standing = sitting.standing()
            screen.show([_heading(question, standing), _progress(standing, sitting.width), note])
            screen.say(_card(sitting, reader, question))
            key = screen.key()
            note = ""
            if key in ANSWERS:
                sitting.answer(question, key)
            elif key == "b":
                note = "" if sitting.back() else "There is nothing to go back to."
            elif key in ("q", ""):
                break
            else:
                note = f"Press one of: {_KEYS}"
    if not quiet and not screen.is_terminal:
        screen.say([_progress(sitting.standing(), sitting.width)])


def _heading(question: Question, standing: Standing) -> str:
    return f"Sampled record {standing.decisions + 1:,}, comparison {question.turn} of {question.of}"


def _progress(standing: Standing, width: float) -> str:
    """How wide the interval is, and how much is left to do."""
    if standing.interval is None:
        return f"{judged(standing.decisions)}; too few yet for an interval"
    now = f"{judged(standing.decisions)}; interval now ±{standing.interval.half:.1%}"
    return f"{now}, about {standing.more:,} more for ±{width:.1%}" if standing.more else now


def _card(sitting: Session, reader: Reader, question: Question) -> list[str]:
    kept = sitting.kept
    rows = [kept.records[question.place], *(kept.cards[index] for index in question.alike)]
    *alike, other = reader.read([*rows, kept.cards[question.card]])
    sampled, *taken = (values.table for values in alike)
    beside = f", with {len(taken)} that you took for the same person" if taken else ""
    lines = [
        f"A sampled record (of {sampled}{beside}) and this one, of {other.table}.",
        "How this one stands to it:",
        "",
    ]
    lines += [
        f"{_FIELD}{field:<{_LABEL}}{said}"
        for field, said in relations(alike, other, kept.bearers[question.card])
    ]
    return [*lines, "", "Is it the same person?", _KEYS]


class _Screen:
    """Where questions are shown and keys come from."""

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.is_terminal = out.isatty() and sys.stdin.isatty()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """The terminal's other screen for as long as the block lasts; wiped at its end, whatever happens."""
        if not self.is_terminal:
            yield
            return
        before = termios.tcgetattr(sys.stdin)
        try:
            # A key at a time, unseen; one that is pressed too early waits.
            tty.setcbreak(sys.stdin, termios.TCSANOW)
            self._write(_ENTER)
            yield
        finally:
            self._write(_WIPE + _LEAVE)
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)

    def show(self, lines: list[str]) -> None:
        """Begin a new page with these lines."""
        if self.is_terminal:
            self._write(_WIPE)
        self.say([line for line in lines if line])

    def say(self, lines: list[str]) -> None:
        """Write lines, free of control characters and broken at the width of the terminal."""
        width = min(shutil.get_terminal_size((_WIDEST, 0)).columns, _WIDEST)
        for line in lines:
            safe = printable(line)
            indent = " " * (len(_FIELD) + _LABEL) if line.startswith(_FIELD) else ""
            self._write("\n".join(textwrap.wrap(safe, width, subsequent_indent=indent)) + "\n")

    def key(self) -> str:
        """The key pressed, or the first letter of a line; an empty text at the end of a pipe."""
        if self.is_terminal:
            pressed = os.read(sys.stdin.fileno(), 1)
            return "q" if pressed in (b"\x04", b"") else pressed.decode("ascii", "replace").lower()
        line = sys.stdin.readline()
        return line.strip()[:1].lower() or ("?" if line else "")

    def _write(self, text: str) -> None:
        self.out.write(text)
        self.out.flush()
