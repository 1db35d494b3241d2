"""What `count` and `count review` print for a person: one table, then what its columns mean and assume."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sousveil.cli.layout import paragraph, table

_WHOLE = "the whole case"
_READING = (
    "people: the best estimate of distinct people recorded. range: where it would lie if the calibration "
    "were redrawn and its assumption bent; it has no level but where people have reviewed a sample. bracket: "
    "the lowest and the highest number that the records allow. ID: the share of records with a valid "
    "identity number or travel document."
)
_NO_PEOPLE = (
    "No table of this case can tell people apart, so nothing can be said of how many people it records."
)


def counted(document: dict[str, Any]) -> None:
    """Print the result of `count`: people first, then what is counted where they can't be told apart."""
    rows = document["people"]
    people = [row for row in rows if row["unit"] == "people" and (row["table"] != "*" or row["records"])]
    others = [row for row in rows if row["unit"] != "people"]
    if people:
        table(
            ("", "people", "range", "level", "bracket", "ID"),
            [_row(row) for row in people],
            right=(1, 2, 3, 4, 5),
        )
        paragraph(_READING)
        for words in _notes(people):
            paragraph(words)
    else:
        paragraph(_NO_PEOPLE)
    if others:
        _others(others, beside=bool(people))
    paragraph(
        "Working figures, for the members of the case: what may be published is in `sousveil findings`."
    )


def _row(row: dict[str, Any]) -> tuple[str, ...]:
    before = row.get("unreviewed", row)
    inner = _range(row["low"], row["high"]) if row["level"] else _likely(row)
    return (
        _name(row),
        f"{row['estimate']:,}",
        inner,
        f"{row['level']:.0%}" if row["level"] else "none",
        _range(before["low"], before["high"]),
        f"{int(100 * row['numbered'])}%",
    )


def _likely(row: dict[str, Any]) -> str:
    return _range(row["likely_low"], row["likely_high"])


def _range(low: int, high: int) -> str:
    return f"{low:,}–{high:,}"


def _name(row: dict[str, Any]) -> str:
    return _WHOLE if row["table"] == "*" else str(row["table"])


def _notes(people: Sequence[dict[str, Any]]) -> Iterable[str]:
    """What the figures rest on: said once where it holds for all of them, else with the tables' names."""
    for assumption in dict.fromkeys(row["assumption"] for row in people if not row["level"]):
        yield _of(people, [row for row in people if row["assumption"] == assumption], assumption)
    unsure = [row for row in people if not row["level"] and not row["calibrated_by"] and row["numbered"] < 1]
    if unsure:
        words = "Too few records carry a number to calibrate the estimate by; it goes by likelihood alone."
        yield _of(people, unsure, words)
    for row in people:
        if row.get("beside"):
            yield f"{_name(row).capitalize()}: {row['beside']}"
        if row.get("twice"):
            yield (
                f"{_name(row)}: {row['twice']:,} people are taken off who are counted by two travel "
                "documents, or by one and a number, as others' records suggest."
            )
        elif row["papers"]:
            yield (
                f"{_name(row)}: {row['papers']:,} people known by travel documents alone may be among those "
                "with a national number; range and bracket allow for it."
            )
        if row["level"]:
            before = row["unreviewed"]
            yield (
                f"{_name(row)}, reviewed: {row['method']} Without the review: {before['estimate']:,}, likely "
                f"{_likely(before)}."
            )


def _of(every: Sequence[dict[str, Any]], some: Sequence[dict[str, Any]], words: str) -> str:
    return words if len(some) == len(every) else f"{', '.join(map(_name, some))}: {words}"


def _others(others: Sequence[dict[str, Any]], *, beside: bool) -> None:
    which = "These tables" if beside else "Its tables"
    left_out = "; the whole case leaves them out" if beside else ""
    paragraph(
        f"{which} can't tell people apart. They are counted in what they have, which says nothing of how "
        f"many people stand behind it{left_out}."
    )
    table(
        ("", "number", "of", "column", "bracket", "without"),
        [
            (
                _name(row),
                f"{row['estimate']:,}",
                row["what"],
                row.get("column", ""),
                "" if row["unit"] == "records" else _range(row["low"], row["high"]),
                "" if row["unit"] == "records" else f"{row['missing']:,} of {row['records']:,}",
            )
            for row in others
        ],
        right=(1, 4, 5),
    )


def in_words(said: dict[str, Any]) -> str:
    """What a finding says of the count of everybody in a table, in a line."""
    before = said.get("unreviewed", said)
    level = f"reviewed, {said['level']:.0%}: {_range(said['low'], said['high'])}; " if said["level"] else ""
    return f"{level}likely {_likely(before)}; bracket {_range(before['low'], before['high'])}"


def judged(decisions: int) -> str:
    """How many records are judged, in words; one with nothing near it is judged without a question."""
    return f"{decisions:,} {'record' if decisions == 1 else 'records'} judged"


def reviewed(document: dict[str, Any]) -> None:
    """Print what came of a sitting of `count review`."""
    found = document["review"]
    interval = found["interval"]
    more = "" if found["finished"] else "; more can be judged"
    paragraph(f"{judged(found['decisions'])}{more}.")
    if interval:
        paragraph(
            f"{interval['estimate']:,} people, {interval['low']:,} to {interval['high']:,} "
            f"({interval['level']:.0%}, ±{found['half_width']:.1%})."
        )
    else:
        paragraph("Too few yet for an interval.")
    if found["second"] and not found["cards_judged_twice"] and found["finished"]:
        paragraph("The first reviewer has judged nothing yet of the share that a second one judges.")
    if found["agreement"] is not None:
        kappa = "" if found["kappa"] is None else f", Cohen's kappa {found['kappa']:.2f}"
        paragraph(
            f"Two reviewers agreed on {found['agreement']:.0%} of {found['cards_judged_twice']:,} cards"
            f"{kappa}."
        )
    if found["open"]:
        cards = "comparison" if found["open"] == 1 else "comparisons"
        paragraph(f"{found['open']:,} {cards} must be looked at again; until then they count both ways.")
