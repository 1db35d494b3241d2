"""What a locale's demo is made of: names, places, words, headers and numbers. The locales' files are data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sousveil.demo.text import Codes


def words(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


@dataclass(frozen=True)
class Names:
    """Parts of names. Lists of the two sexes go together place by place where a language declines them."""

    surnames: tuple[str, ...]
    surnames_female: tuple[str, ...]
    male: tuple[str, ...]
    female: tuple[str, ...]
    fathers: tuple[str, ...] = ()
    """Patronymics of men; empty where the language has none."""
    fathers_female: tuple[str, ...] = ()
    surname_first: bool = False


@dataclass(frozen=True)
class Identity:
    """The identity number: never given out, with right check digits."""

    make: Callable[[Codes], Codes]
    """Serials to numbers, a row of ASCII bytes each; no two alike."""
    fixed: int
    """Digits at the beginning that mark the range: no slip ever hits them."""


@dataclass(frozen=True)
class File:
    """Where a table is written and how."""

    item: str
    table: str
    encoding: str = "utf-8"
    delimiter: str = ","
    bom: bytes = b""


@dataclass(frozen=True)
class Locale:
    """One invented city with its bureau's files, in one language."""

    code: str
    city: str
    region: tuple[float, float]
    """Longitude and latitude of the corner of a square out at sea, of 0.4 degrees."""
    names: Names
    identity: Identity
    phone: str
    """What stands before nine digits of a telephone that no network has given out."""
    sexes: tuple[str, str]
    """Female, male."""
    districts: tuple[str, ...]
    streets: tuple[str, ...]
    address: str
    """`{street}`, `{house}`, `{flat}`, `{district}`, `{city}`."""
    nations: Mapping[str, tuple[str, str]]
    """ISO alpha-3 -> what the country is called in the language, and in another way."""
    kinds: tuple[str, ...]
    """Why people are on the register."""
    lists: tuple[str, ...]
    calls: tuple[str, ...]
    stories: tuple[str, ...]
    ports: tuple[str, ...]
    purposes: tuple[str, ...]
    hotels: tuple[str, ...]
    nothing: tuple[str, ...]
    """Words that stand where nothing is known."""
    dates: tuple[str, str]
    """Two ways to write a date, by strftime."""
    headers: Mapping[str, Mapping[str, str]]
    """Table -> key -> header."""
    files: Mapping[str, File]
    readme: str
