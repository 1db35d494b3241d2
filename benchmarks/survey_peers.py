"""What other tools say of the same columns, each in an environment of its own.

`python -m benchmarks.survey_peers CORPUS presidio=/path/to/venv/bin/python colscan=… dataprofiler=…` prints a
row a tool: right, wrong and silent among the columns of `heldout/` (headers hidden where a tool reads them),
and rows a CPU second. Each tool is asked as its own documentation says, and its names for types are read as
ours (`MEANS`). Presidio runs on a blank spaCy pipeline: a model with names can't be had offline, so it can't
find names; columns of names are left out for it.

The inner half runs in the tool's environment: `python survey_peers.py TOOL < columns.json`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROWS = {"presidio": 60, "dataprofiler": 400, "colscan": 400}
"""Values of each column that a tool is given: Presidio would take hours for all of them."""

MEANS: dict[str, tuple[str, ...]] = {
    "phone": ("PHONE_NUMBER", "PHONE", "phone", "phone_number"),
    "email": ("EMAIL_ADDRESS", "email", "EMAIL"),
    "bank_card": ("CREDIT_CARD", "credit_card", "CREDIT_DEBIT_NUMBER"),
    "ip": ("IP_ADDRESS", "IPV4", "IPV6", "ip", "ipv4", "ip_address"),
    "url": ("URL", "url"),
    "mac": ("MAC_ADDRESS", "mac", "mac_address"),
    "birth_date": ("DATE_TIME", "DATE", "date", "date_of_birth", "DATETIME", "datetime"),
    "date": ("DATE_TIME", "DATE", "date", "DATETIME", "datetime"),
    "datetime": ("DATE_TIME", "DATETIME", "datetime", "DATE", "date", "timestamp"),
    "person_name": ("PERSON", "name", "person", "full_name"),
    "address": ("LOCATION", "ADDRESS", "address"),
    "serial": ("UUID", "HASH_OR_KEY", "uuid"),
    "number": ("INTEGER", "FLOAT", "QUANTITY", "ORDINAL", "integer", "float", "numeric", "age", "int"),
    "money": ("FLOAT", "INTEGER", "QUANTITY", "currency", "float", "numeric", "price", "amount", "int"),
    "imei": ("IMEI", "imei"),
    "sex": ("gender_label", "gender", "SEX"),
    "longitude": ("longitude", "number", "FLOAT", "QUANTITY", "float", "coordinate"),
    "latitude": ("latitude", "number", "FLOAT", "QUANTITY", "float", "coordinate"),
}
"""Our type -> what the tools call it. A number for a coordinate is taken as right, too."""
SILENT = frozenset(
    (
        "",
        "UNKNOWN",
        "BACKGROUND",
        "unknown",
        "text",
        "string",
        "PAD",
        "categorical",
        "undetermined",
        "free_text",
    )
)


def presidio(columns: list[list[str]]) -> list[str]:
    """The entity that most values of each column are, where at least half are one."""
    import spacy
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    class Blank(SpacyNlpEngine):
        def __init__(self) -> None:
            super().__init__()
            self.nlp = {"en": spacy.blank("en")}

        def load(self) -> None:
            pass

    analyzer = AnalyzerEngine(nlp_engine=Blank(), supported_languages=["en"])
    found = []
    for values in columns:
        hits: Counter[str] = Counter()
        for value in values:
            results = [one for one in analyzer.analyze(value, "en") if one.end - one.start > 0.6 * len(value)]
            if results:
                hits[max(results, key=lambda one: one.score).entity_type] += 1
        best = hits.most_common(1)
        found.append(best[0][0] if best and best[0][1] >= 0.5 * len(values) else "")
    return found


def dataprofiler(columns: list[list[str]]) -> list[str]:
    """The data label of each column, else its data type."""
    import pandas as pd
    from dataprofiler import Profiler, ProfilerOptions

    options = ProfilerOptions()
    options.set({"structured_options.data_labeler.is_enabled": True, "multiprocess.is_enabled": False})
    found = []
    for values in columns:
        report = Profiler(pd.DataFrame({"c": values}), options=options).report()["data_stats"][0]
        label = str(report.get("data_label") or "")
        found.append(label if label and label not in SILENT else str(report.get("data_type") or ""))
    return found


def colscan(columns: list[list[str]]) -> list[str]:
    """The semantic type that colscan gives to each column without its name."""
    import colscan as tool

    return [str(tool.scan_column(values)["type"]) for values in columns]


TOOLS: dict[str, Callable[[list[list[str]]], list[str]]] = {
    "presidio": presidio,
    "dataprofiler": dataprofiler,
    "colscan": colscan,
}


def inner(tool: str) -> None:
    """Read columns as JSON, print verdicts and CPU seconds as JSON."""
    columns = json.load(sys.stdin)
    TOOLS[tool](columns[:1])  # what is loaded at first is not counted
    began = time.process_time()
    verdicts = TOOLS[tool](columns)
    sys.stdout.write("\n" + json.dumps({"verdicts": verdicts, "cpu": time.process_time() - began}))


def compare(corpus: Path, tools: dict[str, str]) -> None:
    """Ask each tool, print a row each."""
    files = sorted((corpus / "heldout").glob("*.json"))
    columns = [column for file in files for column in json.loads(file.read_text("utf-8"))["columns"]]
    columns = [column for column in columns if column["right"][0] in MEANS]
    print(f"{len(columns)} columns, headers hidden\ntool | right | wrong | silent | values a CPU second")
    _row("sousveil", *_ours(columns), columns)
    for tool, python in tools.items():
        given = [column["values"][: ROWS[tool]] for column in columns]
        done = subprocess.run(
            [python, __file__, tool], input=json.dumps(given), capture_output=True, text=True, check=False
        )
        if done.returncode:
            print(f"{tool} | could not be run: {done.stderr.strip().splitlines()[-1][:120]}")
            continue
        said = json.loads(done.stdout.splitlines()[-1])
        _row(tool, said["verdicts"], sum(map(len, given)) / max(said["cpu"], 1e-9), columns)


def _row(tool: str, verdicts: list[str], rate: float, columns: list[dict[str, Any]]) -> None:
    count = Counter(_judged(said, one["right"]) for said, one in zip(verdicts, columns, strict=True))
    print(tool, count["right"], count["wrong"], count["silent"], f"{rate:,.0f}", sep=" | ", flush=True)


def _ours(columns: list[dict[str, Any]]) -> tuple[list[str], float]:
    """The survey's own verdicts, each column alone in a table, and values a CPU second."""
    from benchmarks.survey_types import typed

    began = time.process_time()
    verdicts = [typed({"name": "", "columns": [column]}, named=False)[0].verdict.type for column in columns]
    took = time.process_time() - began
    return verdicts, sum(len(column["values"]) for column in columns) / took


def _judged(verdict: str, right: list[str]) -> str:
    if verdict in right or any(verdict in MEANS.get(name, ()) for name in right):
        return "right"
    return "silent" if verdict in SILENT or verdict.upper() in SILENT else "wrong"


if __name__ == "__main__":
    if len(sys.argv) == 2:
        inner(sys.argv[1])
    else:
        compare(Path(sys.argv[1]), dict(argument.split("=", 1) for argument in sys.argv[2:]))
