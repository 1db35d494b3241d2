"""Identifiers that stand inside longer texts: of which kinds, and in which share of the rows.

A note, an address or a file name may hold somebody's number. Every row is looked at: the engine cuts out
what could be an identifier, numpy decides. Numbers count where their check digits hold (resident numbers,
bank cards), telephones where they have the form of a mainland mobile or a country code, plates and e-mail
addresses by their shape. What luck alone would give is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sousveil.normalise.identifiers import PLATE, matching, resident_id_of
from sousveil.normalise.tidy import whole
from sousveil.survey.checks import Truths, luhn
from sousveil.vault import Column, Engine, Table, text

LOOKED_INTO = frozenset(
    ("text", "unknown", "address", "organisation", "category", "serial", "url", "image_path", "flight")
)
"""Types whose values may hold more than they say."""
IDENTIFIES = 0.005
"""From this share of the rows on, what stands inside makes a column identifying."""

_OFTEN = 4
"""Values that stand so often on average are counted first, and then looked into once."""

_D = "[0-9０-９]"
_LAST = "[0-9０-９XxＸｘХх]"
_REGIONS = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新使"
FIRST = f"{_D}{{7}}|{_D}[ -]{_D}|@|[{_REGIONS}] ?[A-Z]"
"""What a text must match (RE2) to be looked into at all."""
PIECES = (
    r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+"
    rf"|1[3-9]{_D}[ -]{_D}{{4}}[ -]{_D}{{4}}"
    rf"|{_D}{{6}}[ -]{_D}{{8}}[ -]{_D}{{3}}{_LAST}"
    r"|\+[0-9](?:[ ()-]?[0-9]){8,14}"
    rf"|{_D}{{7,}}{_LAST}?"
    rf"|[{_REGIONS}] ?[A-Z][ ·.]?[A-Z0-9]{{4,6}}[挂学警港澳领试超使]?"
)
"""What is cut out of it (RE2), the longest forms first."""


@dataclass(frozen=True)
class Inside:
    """One kind of identifier inside the texts of a column."""

    type: str
    rows: int


def inside(engine: Engine, table: Table, column: Column, distinct: int) -> tuple[Inside, ...]:
    """What stands inside the texts of a column, over every row; the most frequent kind first.

    `distinct` says how many different values it has: where these are few, each is looked into once.
    """
    rows: dict[str, int] = {}
    runs, mobiles, long, cards = 0, 0, 0, 0
    texts = f"SELECT {column.sql} AS v, 1::BIGINT AS n FROM {table.raw}"  # noqa: S608
    if distinct * _OFTEN <= table.records:
        texts = f"SELECT {column.sql} AS v, count(*) AS n FROM {table.raw} GROUP BY 1"  # noqa: S608
    for batch in engine.batches(
        f"SELECT regexp_extract_all(v, {text(PIECES)}) AS v, n FROM ({texts}) "  # noqa: S608
        f"WHERE regexp_matches(v, {text(FIRST)})"
    ):
        pieces, parents = _flat(batch.column("v"))
        often = batch.column("n").to_numpy()
        for name, held in _kinds(pieces).items():
            rows[name] = rows.get(name, 0) + int(often[np.unique(parents[held])].sum())
        times = often[parents]
        eleven, many = matching(pieces, "[0-9]{11}"), matching(pieces, "[0-9]{16,19}")
        runs += int(times[eleven].sum())
        mobiles += int(times[matching(pieces, "1[3-9][0-9]{9}")].sum())
        long += int(times[many].sum())
        cards += int(times[many & luhn(pieces, (16, 17, 18, 19))].sum())
    if mobiles < 0.25 * runs:
        rows.pop("phone", None)
    if cards < 0.3 * long:
        rows.pop("bank_card", None)
    found = [Inside(name, count) for name, count in rows.items() if count]
    return tuple(sorted(found, key=lambda one: (-one.rows, one.type)))


def _flat(lists: pa.ListArray) -> tuple[pa.StringArray, npt.NDArray[np.int64]]:
    """The pieces in one canonical form, and the place of the row that each stands in."""
    pieces = pc.utf8_upper(pc.utf8_normalize(whole(pc.list_flatten(lists)), "NFKC"))
    plain = pc.replace_substring_regex(pc.replace_substring(pieces, "Х", "X"), r"[ ()·-]", "")
    kept = pc.if_else(pc.match_substring(pieces, "@"), pieces, plain)
    return kept, np.asarray(pc.list_parent_indices(lists).to_numpy(), np.int64)


def _kinds(pieces: pa.StringArray) -> dict[str, Truths]:
    """Which pieces are identifiers of which kind."""
    resident = np.asarray(pc.is_valid(resident_id_of(pieces)).to_numpy(zero_copy_only=False))
    resident &= matching(pieces, "[0-9]{17}[0-9X]")
    return {
        "cn_resident_id": resident,
        "phone": matching(pieces, r"(?:86|0086|\+86)?1[3-9][0-9]{9}|\+[1-9][0-9]{8,14}"),
        "email": matching(pieces, "[^@]+@[^@]+[.][A-Z]{2,24}"),
        "cn_plate": matching(pieces, PLATE) & matching(pieces, f"[{_REGIONS}][A-Z].*[0-9].*"),
        "bank_card": luhn(pieces, (16, 17, 18, 19)) & ~resident,
    }
