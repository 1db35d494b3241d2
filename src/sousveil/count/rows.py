"""How the count is told: the contract's rows, with what each figure rests on and assumes, in words.

Every row has `table`, `estimate`, `low`, `high`, `level`, `unit` and `method`. `method` is `basis` and
`assumption` together, so that whoever prints many rows can say once what holds for all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sousveil.count.estimate import Estimate
from sousveil.count.more import ENOUGH

if TYPE_CHECKING:
    from sousveil.count.through import Reached

PEOPLE = "people"
RECORDS = "records"

_ASSUMES = (
    "Assumes that a valid number is one person's and that people without one are like the others but for "
    "what their records show. The likely range also allows that they have more or fewer records, written "
    "better or worse, as far as the records leave it open. The bracket from low to high assumes only the "
    "first: it runs from the distinct valid identifiers to every record without one being somebody new."
)
_ASSUMES_ALONE = (
    "Assumes that records which agree so far are of one person as often as the records themselves suggest. "
    "The bracket from low to high assumes nothing: it runs from one person to every record being somebody "
    "new."
)
_BARE = (
    "Most of the records say nothing of a person but the name, which may be several people's, and one of "
    "several of a person's: how many people they are about can't be told. The estimate counts different "
    "names; the likely range is the bracket."
)
_NOBODY = "No table of the case can tell people apart, so nothing is said of how many people it records."
_THROUGH_ASSUMES = (
    "Assumes that a key is one person's wherever it stands, one that leads to no record included. The "
    "bracket runs from the people named by valid identifiers there to every other key, and every record "
    "without one, being somebody new."
)
_UNIT_ASSUMES = (
    "Says nothing of how many people stand behind them; the figure for the whole case leaves them out."
)
_RECORDS_ASSUME = (
    "How many people or things they are about can't be said: the bracket runs from none to one for each "
    "record. The figure for the whole case leaves the table out."
)


def people_row(table: str, counted: Estimate, beside: str = "") -> dict[str, Any]:
    """The row of a table that tells people apart, or of the whole case (`*`).

    Besides the contract's keys: `likely_low` and `likely_high`, the number of `records`, the share of them
    that is `numbered`, by how many hidden numbers the estimate is calibrated (`calibrated_by`, 0 for by
    likelihood alone), the people `told_apart` (to whom records were given: those that findings count),
    those known by travel `papers` alone, those taken off since keys name them `twice`, and `beside`, what
    else there is to say.
    """
    basis = " ".join(words for words in (beside, _basis(counted)) if words)
    figures = (counted.estimate, counted.low, counted.high)
    return _row(table, figures, PEOPLE, basis, _assumption(counted)) | {
        "likely_low": counted.likely[0],
        "likely_high": counted.likely[1],
        "records": counted.records,
        "numbered": round(counted.vouched / counted.records, 4) if counted.records else 0.0,
        "calibrated_by": counted.ghosts if counted.ghosts >= ENOUGH else 0,
        "told_apart": counted.told_apart,
        "papers": counted.papers,
        "twice": round(counted.twice),
        "beside": beside,
    }


def _assumption(counted: Estimate) -> str:
    if not counted.records:
        return ""
    return _ASSUMES if counted.vouched or counted.ghosts >= ENOUGH else _ASSUMES_ALONE


def _basis(counted: Estimate) -> str:
    if not counted.records:
        return _NOBODY
    share = f"{counted.vouched / counted.records:.1%}"
    twice = _twice(counted)
    if not counted.keyless:
        return (
            f"People with a valid number or travel document, which {share} of {counted.records:,} records "
            f"carry, are counted; no record is without one.{twice}"
        )
    how = (
        f"calibrated by {counted.ghosts:,} records with a hidden number"
        if counted.ghosts >= ENOUGH
        else "by likelihood alone, since too few records carry a number to calibrate it"
    )
    if not counted.vouched and counted.bare:
        return f"None of {counted.records:,} records carries a valid number or travel document. {_BARE}"
    if not counted.vouched:
        return (
            f"None of {counted.records:,} records carries a valid number or travel document; how many people "
            f"stand behind the {counted.keyless:,} distinct ones is estimated by linkage, {how}."
        )
    return (
        f"People with a valid number or travel document, which {share} of {counted.records:,} records "
        f"carry, are counted; how many more stand behind the {counted.keyless:,} distinct records "
        f"without one is estimated by linkage, {how}.{twice}" + (f" {_BARE}" if counted.bare else "")
    )


def _twice(counted: Estimate) -> str:
    """What is said of people who may be counted twice, by a number and by a document."""
    if counted.likely_twice[1] > counted.likely_twice[0] > 0:
        return (
            f" {round(counted.twice):,} people are taken off who are counted by two travel documents, or by "
            "one and a number, as records of people found by another of theirs suggest."
        )
    if counted.papers:
        return (
            f" {counted.papers:,} people known by travel documents alone may be among those with a national "
            "number; `low` and the likely range allow for it."
        )
    return ""


def through_row(
    table: str, reached: Reached, more: tuple[int, ...], records: int, leads: tuple[str, str]
) -> dict[str, Any]:
    """The row of a table whose people are those of the records of another that its key leads to.

    `more` are people besides those whom it leads to: the best guess, the least and the most; `leads` the
    shown names of the column and of the other table.
    """
    column, other = leads
    basis = (
        f"Nothing in the table itself tells people apart; these are the people of the records of {other} "
        f"that the column {column} leads to."
    )
    if reached.dangling:
        basis += f" {reached.dangling:,} different keys lead to no record, and count as one person each."
    estimate = reached.told + more[0]
    high = reached.told + reached.unknown + reached.dangling + reached.without
    low = max(reached.sure, min(estimate, 1))
    return _row(table, (estimate, low, max(high, estimate)), PEOPLE, basis, _THROUGH_ASSUMES) | {
        "likely_low": min(reached.told + min(more), estimate),
        "likely_high": max(reached.told + max(more), estimate),
        "records": records,
        "numbered": round(reached.vouched / records, 4) if records else 0.0,
        "calibrated_by": 0,
        "told_apart": reached.told,
        "papers": 0,
        "twice": 0,
        "beside": "",
        "leads_by": column,
        "leads_to": other,
    }


def unit_row(table: str, what: str, column: str, distinct: int, records: int, missing: int) -> dict[str, Any]:
    """The row of a table that can't tell people apart, for what is counted in their stead.

    `what` is one of `subjects.UNITS`, `column` the shown name of where it stands, which `missing` records
    leave empty.
    """
    unit = what.partition(",")[0]
    basis = (
        f"The table cannot tell people apart, so this counts {what}: distinct values of the column "
        f"{column}, which {missing:,} of {records:,} records lack."
    )
    low = min(distinct, 1) if unit == "names" else distinct
    high = records if unit == "names" else distinct + missing
    extra = {"what": what, "column": column, "records": records, "missing": missing}
    return _row(table, (distinct, low, high), unit, basis, _UNIT_ASSUMES) | extra


def records_row(table: str, distinct: int, records: int) -> dict[str, Any]:
    """The row of a table in which nothing tells people or things apart: its records, identical ones once."""
    alike = "identical ones once" if distinct < records else "of which no two are identical"
    basis = f"Nothing in the table tells people or things apart, so this counts its records, {alike}."
    extra = {"what": RECORDS, "records": records}
    return _row(table, (distinct, 0, distinct), RECORDS, basis, _RECORDS_ASSUME) | extra


def _row(table: str, figures: tuple[int, int, int], unit: str, basis: str, assumption: str) -> dict[str, Any]:
    estimate, low, high = figures
    return {
        "table": table,
        "estimate": estimate,
        "low": low,
        "high": high,
        "level": None,
        "unit": unit,
        "method": f"{basis} {assumption}".rstrip(),
        "basis": basis,
        "assumption": assumption,
    }
