"""What a command prints for a person: plain tables on stdout, names veiled, no markup from the data."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import click

from sousveil.cli.layout import cell, indented, paragraph, table
from sousveil.cli.show_count import counted, in_words, reviewed
from sousveil.cli.show_verify import verified
from sousveil.progress import several
from sousveil.veil import plain


def result(document: dict[str, Any], command: str, *, as_json: bool) -> None:
    """Print a stage's result: the contract's JSON, or the table that suits the command."""
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        _SHOWN[command](document)


def _intake(document: dict[str, Any]) -> None:
    loaded = [item for item in document["items"] if item["tables"]]
    table(
        ("file", "format", "encoding", "table", "records", "rejects"),
        [
            (item["path"], item["format"], item["encoding"], t["table"], t["records"], t["rejects"])
            for item in loaded
            for t in item["tables"]
        ],
        right=(4, 5),
    )
    others = _groups(item for item in document["items"] if not item["tables"])
    if others:
        click.echo("Not loaded as tables:")
        table(("files", "format", "status", "why", "for example"), others, right=(0,))
    click.echo(f"{document['records']:,} records loaded, {document['rejects']:,} rejected and kept.")


def _rejects(document: dict[str, Any]) -> None:
    if not document["reasons"]:
        click.echo("Every record of it could be read.")
        return
    table(
        ("table", "why", "records", "row", "bytes", "how it looks"),
        [
            (kind["table"], kind["reason"], kind["records"], one["row"], one["bytes"], one["shape"])
            if first
            else ("", "", None, one["row"], one["bytes"], one["shape"])
            for kind in document["reasons"]
            for first, one in zip((True, *[False] * len(kind["shapes"])), kind["shapes"], strict=False)
        ],
        right=(2, 3, 4),
    )
    click.echo(
        f"{document['rejects']:,} records rejected and kept. 9 stands for a digit, x and 字 for letters."
    )


def _groups(items: Iterable[dict[str, Any]]) -> list[tuple[Any, ...]]:
    groups: dict[tuple[Any, ...], list[str]] = {}
    for item in items:
        groups.setdefault((item["format"], item["status"], item["reason"]), []).append(item["path"])
    return [(len(paths), *kind, paths[0]) for kind, paths in groups.items()]


def _survey(document: dict[str, Any]) -> None:
    for found in document["tables"]:
        click.echo(f"\n{found['table']}: {found['records']:,} records, from {found['item']}")
        table(
            ("column", "type", "confidence", "filled", "valid", "distinct"),
            [
                (c["column"], c["type"], c["confidence"], c["present_share"], c["valid_share"], c["distinct"])
                for c in found["columns"]
            ],
            right=(2, 3, 4, 5),
        )
    click.echo("Wrong somewhere? Correct review.toml in the case and run the same command again.")


def _findings(document: dict[str, Any]) -> None:
    explained: set[str] = set()
    for finding in document["findings"]:
        click.echo(f"\n{plain(finding['title'])}  [{finding['id']}]")
        if finding.get("refused"):
            _refused(finding["refused"], explained if "stands" in finding else None)
        else:
            _finding(finding)
        renewed = [cell["keys"] for cell in finding["cells"] if cell["status"] == "published"]
        for one in finding.get("stands", ()):
            _stands(one, renewed)
            renewed += [cell["keys"] for cell in one["cells"] if cell["status"] == "published"]
    gone = [one for one in document.get("earlier", ()) if one["status"] == "withdrawn"]
    if gone:
        click.echo(
            "\nReleased before, and not any more (readers have them; they count as long as the case does):"
        )
        for one in gone:
            indented(f"{plain(one['title'])}  [{one['id']}]", 2)
    if "budget" in document:
        click.echo(f"\n{budget(document['budget'])}")


def budget(left: dict[str, Any]) -> str:
    """What is left of a budget of noise, in words."""
    of = (
        f"{left['answers'] - left['left']} of {several(left['answers'], 'answer')} given, {left['left']} left"
    )
    return f"Budget of noise (epsilon {left['epsilon']:g}): {of}. The same question again costs nothing."


def _stands(finding: dict[str, Any], renewed: list[dict[str, str]]) -> None:
    """Numbers that were released before, said to be so; without those of which there are newer ones."""
    of = finding["provenance"]
    until = f", records up to {of['cut_off']}" if of["cut_off"] else ""
    rest = [cell for cell in finding["cells"] if cell["keys"] not in renewed]
    what = "What has no new numbers, as" if len(rest) < len(finding["cells"]) else "As"
    indented(f"{what} released on {finding['released']} (release {of['release']}{until}):", 2)
    _finding(
        {**finding, "cells": rest, "withheld": finding["withheld"] * (len(rest) == len(finding["cells"]))}
    )


def _finding(finding: dict[str, Any]) -> None:
    shown = [cell for cell in finding["cells"] if cell["status"] == "published"]
    places = len(finding["by"])
    rows = [(*map(_label, cell["keys"].values()), *_figures(cell)) for cell in shown]
    # What the count says of a total is finer than the bounds of cells, and rounded otherwise: one of them.
    in_words_below = bool(finding.get("count")) and not finding["by"]
    bounds = ("low", "high") if any(row[-1] is not None for row in rows) and not in_words_below else ()
    if rows:
        table(
            (*finding["by"], finding.get("of") or finding["unit"], *bounds),
            [row[: places + 1 + len(bounds)] for row in rows],
            right=tuple(range(places, places + 3)),
        )
    margin = finding.get("provenance", {}).get("margin")
    if margin and rows:
        indented(f"each with a margin of error of ±{margin:,}, which holds in 19 cases of 20", 2)
    if in_words_below:
        indented(in_words(finding["count"]), 2)
    if finding["withheld"]:
        hidden = several(finding["withheld"], "cell")
        why = "below its margin of error" if margin else "they would give a small one away"
        indented(f"{hidden} not shown (n/s): small, or {why}.", 2)


def _refused(refusal: dict[str, Any], explained: set[str] | None) -> None:
    """Why there are no new numbers, and what to do.

    Where earlier ones stand, they are what to use: `explained` are the codes of which the reason was said.
    """
    code, why = refusal["code"], f"{refusal['code']}: {refusal['message']}"
    if explained is None:
        indented(f"refused, {why}", 2)
        indented(f"next: {refusal['next']}", 2)
    else:
        indented(f"no new numbers, {f'{code}, as above' if code in explained else why}", 2)
        explained.add(code)
    if refusal.get("suggestions"):
        indented("would pass, what keeps most first:", 2)
    for one in refusal.get("suggestions", ()):
        indented(f"- {plain('; '.join(one['changes']))}", 4)


def _label(value: str) -> str:
    return value or "(not stated)"


def _figures(cell: dict[str, Any]) -> tuple[int, int | None, int | None]:
    """Value and bounds; bounds that say no more than the value are left empty."""
    exact = cell["low"] == cell["high"] == cell["value"]
    return cell["value"], None if exact else cell["low"], None if exact else cell["high"]


def _publish(document: dict[str, Any]) -> None:
    for name, value in document.items():
        click.echo(f"{name}: {cell(value)}")


def _status(document: dict[str, Any]) -> None:
    click.echo(f"case {document['case']}, made by Sousveil {document['made_by']}")
    table(("stage", "state"), [(s["stage"], s["state"]) for s in document["stages"]])
    click.echo(f"ledger: {document['ledger']} entries, sound; releases: {document['releases']}")
    if "budget" in document:
        click.echo(budget(document["budget"]))
    if (busy := document.get("at_work")) is not None:
        since = "{member} has been at work since {since} ({command}, process {process})"
        who = since.format(**busy) if busy else "Another process is at work"
        click.echo(f"{plain(who)}; stages that are kept may be out of date.")


def members(document: dict[str, Any]) -> None:
    """Print who the members of a case are."""
    table(
        ("member", "kind", "public key", "signs", "since line", "added by"),
        [
            (m["name"], m["kind"], m["recipient"], m["signs"], m["since"], m["added_by"])
            for m in document["members"]
        ],
        right=(4,),
    )
    if document["key_change"] == "unfinished":
        click.echo("A change of keys was cut off: run `sousveil members remove` again with the same name.")


def unseal_requests(document: dict[str, Any]) -> None:
    """Print unseal requests."""
    table(
        ("request", "by", "what", "records", "in clear", "approved by", "shown", "reason"),
        [
            (
                r["request"],
                r["by"],
                " ".join(f"{name} {value}" for name, value in r["what"].items()),
                r["records"],
                ", ".join(r["clear"]),
                r["approved_by"],
                r["shown"],
                r["reason"],
            )
            for r in document["requests"]
        ],
        right=(3, 6),
    )
    if "left" in document:
        click.echo(f"{document['left']} records may still be asked for, {document['per_request']} a request.")


def unsealed(document: dict[str, Any]) -> None:
    """Print the records of a request, one below the other."""
    click.echo(f"Request {document['request']} by {document['by']}, approved by {document['approved_by']}.")
    paragraph(f"Purpose: {document['purpose']}")
    for number, row in enumerate(document["rows"], 1):
        click.echo(f"\n{document['table']}, record {number} of {len(document['rows'])}")
        masked = set(document["masked"])
        table(("column", "value", ""), [(c, v, "masked" if c in masked else "") for c, v in row.items()])


_SHOWN = {
    "intake": _intake,
    "rejects": _rejects,
    "survey": _survey,
    "verify": verified,
    "count": counted,
    "count review": reviewed,
    "findings": _findings,
    "publish": _publish,
    "status": _status,
}
