"""truth.json and questions.toml: what is true of the dump, and what to ask it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import tomlkit

from sousveil.demo import moments
from sousveil.demo.draft import Facts
from sousveil.demo.figures import FIGURES, WHOLE_CASE
from sousveil.demo.question import Figure, up_to_cut_off

MARK = "demo truth"
"""The value of truth.json's first member `sousveil`, by which intake knows the file."""
PICTURES = 48


def truth(
    seed: int,
    tables: Sequence[Facts],
    items: Sequence[dict[str, str]],
    figures: Sequence[Figure] = FIGURES,
    pictures: int = PICTURES,
) -> dict[str, Any]:
    """The content of truth.json."""
    people = [facts for facts in tables if facts.unit == "people"]
    until = np.concatenate([facts.person[up_to_cut_off(facts)] for facts in people])
    by_name = {facts.table: facts for facts in tables} | {WHOLE_CASE: Facts(WHOLE_CASE, "", until)}
    return {
        "sousveil": MARK,
        "seed": seed,
        "records": sum(facts.records for facts in tables),
        "rejects": sum(facts.rejects for facts in tables),
        "cut_off": moments.CUT_OFF.isoformat(),
        "people": distinct([facts.person for facts in people]),
        "people_to_cut_off": distinct([until]),
        "pictures": pictures,
        "tables": [_table(facts) for facts in tables],
        "figures": [
            {
                "id": figure.id,
                "title": figure.title,
                "question": figure.question(),
                "cells": figure.cells(by_name[figure.table]),
            }
            for figure in figures
        ],
        "items": list(items),
    }


def _table(facts: Facts) -> dict[str, Any]:
    return {
        "table": facts.table,
        "item": facts.item,
        "records": facts.records,
        "rejects": facts.rejects,
        "people": distinct([facts.person]),
        "unit": facts.unit,
    }


def distinct(people: Sequence[np.ndarray[Any, Any]]) -> int:
    """How many distinct people there are in all; nobody (-1) is none."""
    # Sorted: NumPy's own `unique` takes many times as long on a million.
    together = np.sort(np.concatenate(people))
    return int((np.diff(together[together >= 0], prepend=-1) != 0).sum())


def as_json(document: dict[str, Any]) -> str:
    """The text of truth.json."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def questions(figures: Sequence[Figure] = FIGURES) -> str:
    """The text of questions.toml."""
    document = tomlkit.document()
    document.add(
        tomlkit.comment("What a journalist would ask the demo; docs/questions.md says how to write your own.")
    )
    asked = tomlkit.aot()
    for figure in figures:
        entry = tomlkit.table()
        entry["id"], entry["title"] = figure.id, figure.title
        for name, value in figure.question().items():
            if value:
                entry[name] = value
        asked.append(entry)
    document["question"] = asked
    return tomlkit.dumps(document)
