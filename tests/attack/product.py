"""The whole product on a made-up dump: files in, findings out, as `sousveil findings --json` has them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sousveil import stages
from sousveil.case import Case
from sousveil.policy import Policy
from sousveil.progress import Silent

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity(number: int) -> str:
    """An identity number of the unallocated region 99 with its check digit (ISO 7064 MOD 11-2)."""
    body = f"990102{1950 + number % 40}0101{number // 40:03}"
    rest = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11
    return body + "10X98765432"[rest]


def ask(id: str, table: str, where: str = "", by: str = "", count: str = "people") -> str:
    """A question in the language of questions.toml."""
    listed = f'by = ["""{by}"""]\n' if by else ""
    return (
        f'[[question]]\nid = "{id}"\ntitle = "T"\ncount = "{count}"\ntable = "{table}"\n'
        f'where = """{where}"""\n{listed}'
    )


def findings(
    folder: Path, tables: Mapping[str, str], questions: str, policy: Policy | None = None
) -> dict[str, dict[str, Any]]:
    """Each finding by its id, after taking in these files (name → text) and asking these questions."""
    dump = folder / "dump"
    dump.mkdir(parents=True)
    for name, text in tables.items():
        (dump / name).write_text(text, "utf-8")
    case = Case.make(folder / "case", folder / "key.txt", policy=policy)
    try:
        stages.take_in(case, dump, Silent())
        (case.folder / "questions.toml").write_text(questions, "utf-8")
        found = stages.perform(case, "findings", Silent())["findings"]
    finally:
        case.close()
    return {finding["id"]: finding for finding in found}


def demo(folder: Path, records: int) -> dict[str, dict[str, Any]]:
    """findings.json of the demo's publication, made by the commands that a person types.

    First with the demo's own questions, then, in the same case, with those that the survey suggests.
    """
    case, page = folder / "case", folder / "case" / "publication" / "findings.json"
    _command(folder, "demo", folder / "demo", "--records", records)
    run = ("run", folder / "demo" / "dump", "--case", case)
    _command(folder, *run, "--questions", folder / "demo" / "questions.toml")
    own = json.loads(page.read_text("utf-8"))
    (case / "questions.toml").unlink()
    _command(folder, *run)
    return {"its own questions": own, "suggested questions": json.loads(page.read_text("utf-8"))}


def _command(folder: Path, *arguments: object) -> None:
    environment = {**os.environ, "SOUSVEIL_KEY": str(folder / "key.txt")}
    command = [sys.executable, "-m", "sousveil", *map(str, arguments), "--quiet"]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


def outcome(finding: Mapping[str, Any]) -> str:
    """`published`, or the code of the refusal."""
    return str(finding.get("refused", {}).get("code", "published"))
