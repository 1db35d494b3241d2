"""Which program wrote a dump, as far as that changes how its text is read.

Only three things differ that matter: whether a backslash within quotes takes the meaning from the next
character (MySQL; PostgreSQL with `standard_conforming_strings` off), whether brackets quote names and lines
with `GO` end batches (SQL Server), and whether `#` begins a comment (MySQL).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Dialect:
    """How a dump is to be read."""

    name: str
    backslash: bool = False
    """Whether a backslash escapes within '…'."""
    brackets: bool = False
    """Whether [name] is a quoted name."""
    batches: bool = False
    """Whether a line `GO` or a new INSERT ends a statement without `;`."""
    hashes: bool = False
    """Whether # begins a comment."""


MYSQL = Dialect("mysql", backslash=True, hashes=True)
POSTGRESQL = Dialect("postgresql")
SQLITE = Dialect("sqlite", brackets=True)
SQLSERVER = Dialect("sqlserver", brackets=True, batches=True)
ORACLE = Dialect("oracle")
UNKNOWN = Dialect("unknown", brackets=True, hashes=True)

# Each pattern that is found counts once. They stand at the start of a line, where data seldom gets.
_SIGNS: tuple[tuple[Dialect, bytes], ...] = (
    (MYSQL, rb"^-- (?:MySQL|MariaDB) dump|^-- phpMyAdmin|^-- Host: |^# (?:HeidiSQL|Host|MySQL)|^/\*M?!"),
    (MYSQL, rb"Source Server Type *: (?:MySQL|MariaDB)"),
    (MYSQL, rb"^(?:INSERT|REPLACE)(?: IGNORE)? INTO `|^CREATE TABLE (?:IF NOT EXISTS )?`|^LOCK TABLES"),
    (MYSQL, rb"^\) *ENGINE *=|^SET NAMES |^(?:  )?`[^`\n]+` [a-z]+\([0-9]+\)"),
    (POSTGRESQL, rb"^-- PostgreSQL database|Source Server Type *: PostgreSQL"),
    (POSTGRESQL, rb"^SET (?:client_encoding|statement_timeout|search_path|standard_conforming_strings)"),
    (POSTGRESQL, rb"^COPY [^\n]{1,2000} FROM stdin;|^SELECT pg_catalog\."),
    (SQLITE, rb"^PRAGMA foreign_keys|^BEGIN TRANSACTION;\r?$|Source Server Type *: SQLite"),
    (SQLITE, rb"^INSERT INTO (?:\"[^\"\n]*\"|\w+) VALUES\("),
    (SQLSERVER, rb"^USE \[|^GO\r?$|^SET (?:ANSI_NULLS|QUOTED_IDENTIFIER|IDENTITY_INSERT)"),
    (SQLSERVER, rb"^INSERT (?:INTO )?\[|^CREATE TABLE \[|Source Server Type *: SQL Server"),
    (ORACLE, rb"^REM INSERTING|^SET DEFINE OFF|Source Server Type *: Oracle|TO_DATE\('"),
)
_COMPILED = tuple((dialect, re.compile(pattern, re.MULTILINE | re.IGNORECASE)) for dialect, pattern in _SIGNS)
_ESCAPED = re.compile(rb"(?<!\\)(?:\\\\)*\\'(?!')")


def detect(sample: bytes) -> Dialect:
    """Guess the dialect from the first part of a dump (UTF-8); `UNKNOWN` where nothing tells.

    An unknown dump escapes with backslashes if in its sample some `\\'` stands where no string can end.
    """
    votes: dict[Dialect, int] = {}
    for dialect, pattern in _COMPILED:
        if pattern.search(sample):
            votes[dialect] = votes.get(dialect, 0) + 1
    best = max(votes, key=lambda dialect: votes[dialect], default=UNKNOWN)
    if best is UNKNOWN:
        return replace(UNKNOWN, backslash=_quotes_are_escaped(sample))
    if best is POSTGRESQL and re.search(rb"standard_conforming_strings\s*=\s*'?off", sample):
        return replace(POSTGRESQL, backslash=True)
    if best is MYSQL and b"NO_BACKSLASH_ESCAPES" in sample:
        return replace(MYSQL, backslash=False)
    return best


def _quotes_are_escaped(sample: bytes) -> bool:
    ends = [match.end() for match in _ESCAPED.finditer(sample)]
    return any(not re.match(rb"\s*(?:[,);]|\Z)", sample[end : end + 40]) for end in ends)
