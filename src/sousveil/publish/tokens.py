"""Every text as the forms in which an identifying value could stand in it.

A *unit* is one Chinese character or one run of other letters and digits. A *form* is a window of neighbouring
units, written together: NFKC, upper case, letters and digits only. `99 01 02` has the form `990102`, like
`99-01-02` and the same in full-width digits; `Jane Q. Doe` has, among others, `JANEQDOE`. Windows end at what
separates one cell from the next.

For Chinese, which has no spaces, every window of three characters and more counts, and a window of two only
where it stands by itself: of the words of two characters nearly all that begin with a surname are somebody's
name.
"""

from __future__ import annotations

import bz2
import html
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

HAN = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
LONGEST = 48
"""Characters of the longest form."""
MOST_UNITS = 6
MOST_HAN = 16
"""Units of the longest form with Chinese in it; more, where it also has a digit (an address)."""
LEAST_DIGITS = 7
"""A shorter number is a count, a year or a code far more often than somebody's number."""
LEAST_LETTERS = 6

_UNIT = re.compile(f"[{HAN}]|[^\\W_{HAN}]+")
_HARD = re.compile(r"""[\n\r\t|;<>{}\[\]=!?。；、！？《》]|,(?! [^0-9])|:\s|\s\s|…""")
_IS_HAN = re.compile(f"[{HAN}]")
_ISO_DATE = re.compile(r"(?<![0-9])[12][0-9]{3}-[01][0-9](-[0-3][0-9])?(?![0-9])")
_DIGEST = re.compile(r"(?<![0-9A-Za-z])([0-9a-f]{32,128}|[A-Za-z0-9+/]{43}=)(?![0-9A-Za-z])")
_LONG_DIGITS = re.compile("[0-9]{17}[0-9X]|[0-9]{7,}")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_GEOMETRY = re.compile(r"[MLHVZhvz0-9. -]+")
_MOST_GAP = 3
"""More than three characters between two units part them."""


def forms(text: str, known: frozenset[str] = frozenset()) -> set[str]:
    """The forms of a text in which an identifying value could stand.

    A window of nothing but `known` words and short numbers (`10 people are`) is left out.
    """
    found: set[str] = set()
    for phrase in phrases(text):
        found.update(_windows(phrase, known))
    return found


def units(text: str) -> set[str]:
    """The units of a text."""
    return {unit for phrase in phrases(text) for unit, _, _ in phrase}


def whole(text: str) -> str:
    """A whole text as one form: NFKC, upper case, letters and digits only."""
    return "".join(_UNIT.findall(_upright(text)))


def phrases(text: str) -> Iterator[list[tuple[str, bool, bool]]]:
    """The phrases of a text: lists of units, each with whether Chinese touches it before and after."""
    text = _DIGEST.sub("\n", _ISO_DATE.sub("\n", _upright(text, upper=False))).upper()
    for part in _HARD.split(text):
        units: list[tuple[str, bool, bool]] = []
        end = 0
        for match in _UNIT.finditer(part):
            if units and match.start() - end > _MOST_GAP:
                yield units
                units = []
            touches = match.start() == end and bool(units) and _is_han(units[-1][0])
            follows = match.end() < len(part) and bool(_IS_HAN.match(part, match.end()))
            units.append((match[0], touches, follows))
            end = match.end()
        if units:
            yield units


def files_of(what: Path) -> list[Path]:
    """The files under a path, or the file itself, in a fixed order."""
    return sorted(path for path in what.rglob("*") if path.is_file()) if what.is_dir() else [what]


def texts_of(path: Path) -> list[str]:
    """The texts that a file holds, whatever its format; none for a file that is not text."""
    data = path.read_bytes()
    if path.suffix == ".bz2":
        data = bz2.decompress(data)  # a file of our own
    if b"\0" in data[:65536] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return []
    return texts_in(data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace"))


def texts_in(text: str) -> list[str]:
    """The texts in a page, a JSON document or a plain text, escapes undone."""
    if re.match(r"\s*<(!DOCTYPE|html)", text[:200], re.IGNORECASE):
        page = _Page()
        page.feed(text)
        page.close()
        return page.texts
    if text.lstrip()[:1] in ("{", "["):
        try:
            return list(_strings(json.loads(text)))
        except (ValueError, RecursionError):
            pass  # then it is read as plain text, which finds the same words
    plain = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), html.unescape(text))
    return [plain, unquote(plain)] if re.search("%[0-9A-Fa-f]{2}", plain) else [plain]


def variants(form: str) -> Iterable[str]:
    """Other forms in which the same identifier may stand in the vault: with a prefix, as 15 digits."""
    if len(form) == 11 and form.isdecimal():
        return (f"86{form}", f"0086{form}")
    if len(form) == 18 and form[:17].isdecimal() and form[6:8] == "19":
        return (form[:6] + form[8:17],)
    return ()


def _upright(text: str, *, upper: bool = True) -> str:
    normal = unicodedata.normalize("NFKC", text)
    return normal.upper() if upper else normal


def _is_han(unit: str) -> bool:
    return len(unit) == 1 and bool(_IS_HAN.match(unit))


def _windows(units: list[tuple[str, bool, bool]], known: frozenset[str]) -> Iterator[str]:
    for start, (first, touches, _) in enumerate(units):
        if not first.isdecimal() and len(first) > LEAST_DIGITS:
            yield from _LONG_DIGITS.findall(first)
        joined, han, number, strange = "", False, False, False
        for count, (unit, _, follows) in enumerate(units[start:], start=1):
            joined += unit
            han = han or _is_han(unit)
            number = number or unit.isdecimal()
            strange = strange or not (unit in known or unit.isdecimal())
            if _is_too_long(joined, count, han):
                break
            if number and not strange and not _is_long_number(joined):
                continue
            if _counts(joined, han, apart=not touches and not follows):
                yield joined


def _is_long_number(form: str) -> bool:
    return sum(c.isdecimal() for c in form) >= LEAST_DIGITS


def _is_too_long(form: str, units: int, han: bool) -> bool:
    if len(form) > LONGEST:
        return True
    if not han:
        return units > MOST_UNITS
    return units > MOST_HAN and not any(c.isdecimal() for c in form)


def _counts(form: str, han: bool, apart: bool) -> bool:
    if form.isdecimal():
        return len(form) >= LEAST_DIGITS
    if han:
        return len(form) >= 3 or (apart and len(form) == 2)
    return len(form) >= LEAST_LETTERS


def _strings(document: Any) -> Iterator[str]:
    if isinstance(document, dict):
        for name, value in document.items():
            yield name
            yield from _strings(value)
    elif isinstance(document, list):
        for value in document:
            yield from _strings(value)
    elif document is not None:
        yield str(document)


class _Page(HTMLParser):
    """Collects the texts of a page: what stands between tags, and in attributes and comments."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        if not data.isspace():
            self.texts.append(" ".join(data.split()))

    def handle_comment(self, data: str) -> None:
        self.texts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        # Geometry is arithmetic on released figures; read as digits it would match any number by chance.
        drawn = {"d", "viewbox"}
        self.texts += [
            value for name, value in attrs if value and not (name in drawn and _GEOMETRY.fullmatch(value))
        ]
