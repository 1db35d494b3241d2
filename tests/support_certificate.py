"""Certificates for tests: what a gate let out, as a publication on disk with its own verifier."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sousveil.findings.model import ExactTable
from sousveil.gate import release
from sousveil.gate.certificate.printed import Printed, expression
from sousveil.gate.language import refs
from sousveil.packing import as_file
from sousveil.publish.proof import FOLDER, SCRIPT, VERIFIER
from tests.gate_world import MemoryCase, World

Question = tuple[tuple[str, ...], str, str]


@dataclass
class Published:
    """Findings with their tables, and the certificate of the case."""

    case: MemoryCase
    tables: list[ExactTable]
    findings: list[dict[str, Any]]

    @property
    def certificate(self) -> dict[str, Any]:
        return json.loads(self.case.documents["worlds"])

    @property
    def page(self) -> list[dict[str, Any]]:
        """The findings with the provenance that the product adds."""
        return [
            {**one, "provenance": {**one["provenance"], **provenance(table)}}
            for one, table in zip(self.findings, self.tables, strict=True)
        ]

    def printed(self) -> list[tuple[dict[str, Any], Printed]]:
        """Each finding that has numbers, and what the gate takes for its print."""
        made = []
        for one, table in zip(self.findings, self.tables, strict=True):
            if not one.get("refused"):
                cells = {tuple(cell["keys"].values()): cell["value"] for cell in one["cells"]}
                by = tuple(map(refs.canonical, one["by"]))
                total = one["total"]["value"] if by else cells[()]
                where = provenance(table)["where"]
                made.append((one, Printed(table.question.table, 1, one["unit"], where, by, total, cells)))
        return made

    def write(self, folder: Path, certificate: dict[str, Any] | None = None, page: Any = None) -> Path:
        """A publication as far as the verifier reads it."""
        shutil.rmtree(folder, ignore_errors=True)
        (folder / FOLDER).mkdir(parents=True)
        name, data = as_file(json.dumps(certificate) if certificate else self.case.documents["worlds"])
        (folder / FOLDER / name).write_bytes(data)
        (folder / "findings.json").write_text(json.dumps({"findings": page or self.page}), "utf-8")
        shutil.copy(VERIFIER, folder / SCRIPT)
        return folder


def provenance(table: ExactTable) -> dict[str, Any]:
    return {
        "question": {"table": table.question.table},
        "where": refs.base(table.population).partition("; where ")[2],
        "by": [expression(refs.canonical(by)) for by in table.question.by],
    }


def published(world: World, releases: Sequence[Sequence[Question]], k: int = 10) -> Published:
    """What the gate lets out of these questions, release by release."""
    made = Published(MemoryCase(k), [], [])
    for turn, part in enumerate(releases):
        tables = [world.ask(by, where, unit, id=f"r{turn}-q{n}") for n, (by, where, unit) in enumerate(part)]
        made.findings += release(made.case, tables, world)["findings"]
        made.tables += tables
    return made


def verified(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the verifier as a reader does."""
    command = [sys.executable, "-I", str(folder / SCRIPT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
