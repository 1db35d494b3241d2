"""The files beside the pages: CSV, findings.json, a Frictionless data package, an RO-Crate, checksums.

All of them are made from the released findings alone, without clock or chance, so that the same release gives
the same bytes. Formats: RFC 4180 (CSV), Data Package 2.0, RO-Crate 1.2, `sha256sum`.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from sousveil.publish.labels import plain, unquoted
from sousveil.publish.tables import published, unit_of
from sousveil.version import __version__

_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠\t\r]")
_NAME = "Findings from a leaked database"
_DESCRIPTION = (
    "Counts that name nobody, released through disclosure control: small groups, zeros and whatever would "
    "give them away are withheld. People recorded in the database, not people known to have been watched."
)
_CERTIFICATE = "The certificate: made-up databases that agree with every printed number"
_PAGES = {
    "index.html": ("The report", "text/html"),
    "methods.html": ("Methods", "text/html"),
    "findings.json": ("Every finding, with its provenance", "application/json"),
    "certificate/worlds.json": (_CERTIFICATE, "application/json"),
    "certificate/worlds.json.bz2": (_CERTIFICATE, "application/x-bzip2"),
    "certificate/verify.py": ("Checks the certificate", "text/x-python"),
    "datapackage.json": ("Description of the data files (Data Package)", "application/json"),
}
WORDS = (
    _NAME,
    _DESCRIPTION,
    *(title for title, _ in _PAGES.values()),
    "The schema of the data, cell by cell",
)
"""Words of our own that stand in these files: the egress check does not take them for names."""


def csv_of(finding: Mapping[str, Any]) -> bytes:
    """One finding as CSV: a column a key, then `value`, `low`, `high`, `status`; withheld values are
    empty."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*_key_fields(finding), "value", "low", "high", "status"])
    for cell in finding["cells"]:
        keys = [inert(str(cell["keys"].get(name, ""))) for name in finding["by"]]
        figures = [cell["value"], cell["low"], cell["high"]] if published(cell) else ["", "", ""]
        writer.writerow([*keys, *figures, "published" if published(cell) else "withheld"])
    return out.getvalue().encode("utf-8")


def inert(untrusted: str) -> str:
    """A text that no spreadsheet takes for a formula, without control characters."""
    return f"'{plain(untrusted).text}" if _FORMULA.match(untrusted) else plain(untrusted).text


def as_json(document: Any) -> bytes:
    """A document as JSON for people and programs; control and format characters in texts are escaped."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return (_escaped(text) + "\n").encode("utf-8")


def _escaped(text: str) -> str:
    if text.isascii():
        return text  # json.dumps has escaped the control characters of ASCII (but DEL, which is harmless)
    return "".join(
        json.dumps(c)[1:-1] if ord(c) > 126 and unicodedata.category(c)[0] == "C" else c for c in text
    )


def data_package(
    findings: Sequence[tuple[str, Mapping[str, Any]]], files: Mapping[str, bytes]
) -> dict[str, Any]:
    """`datapackage.json` for the CSV files: `findings` are pairs of slug and finding, `files` their bytes."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "findings",
        "title": _NAME,
        "description": _DESCRIPTION,
        "homepage": "index.html",
        "resources": [
            {
                "name": slug,
                "title": plain(finding["title"]).text,
                "path": f"data/{slug}.csv",
                "type": "table",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "hash": f"sha256:{sha256(files[f'data/{slug}.csv'])}",
                "schema": _schema(finding),
            }
            for slug, finding in findings
        ],
    }


def ro_crate(findings: Sequence[tuple[str, Mapping[str, Any]]], files: Mapping[str, bytes]) -> dict[str, Any]:
    """`ro-crate-metadata.json`: what each file is and which program made it.

    It has no `datePublished` and no `license`, since both are for whoever publishes to state.
    """
    paths = sorted(files)
    titles = {f"data/{slug}.csv": plain(finding["title"]).text for slug, finding in findings}
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": _NAME,
        "description": _DESCRIPTION,
        "hasPart": [{"@id": path} for path in paths],
        "mentions": {"@id": "#made"},
    }
    return {
        "@context": "https://w3id.org/ro/crate/1.2/context",
        "@graph": [
            {
                "@id": "ro-crate-metadata.json",
                "@type": "CreativeWork",
                "conformsTo": {"@id": "https://w3id.org/ro/crate/1.2"},
                "about": {"@id": "./"},
            },
            root,
            *(_crate_file(path, titles, files[path]) for path in paths),
            {
                "@id": "#made",
                "@type": "CreateAction",
                "name": "Publication through disclosure control",
                "instrument": {"@id": "#sousveil"},
                "result": {"@id": "./"},
            },
            {"@id": "#sousveil", "@type": "SoftwareApplication", "name": "Sousveil", "version": __version__},
        ],
    }


def checksums(files: Mapping[str, bytes]) -> bytes:
    """`SHA256SUMS` over all files, in the form that `sha256sum --check` reads."""
    return "".join(f"{sha256(files[path])}  {path}\n" for path in sorted(files)).encode("ascii")


def sha256(data: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _key_fields(finding: Mapping[str, Any]) -> list[str]:
    """The names of a CSV's key columns: the columns of `by`, told apart from the columns of figures."""
    taken = {"value", "low", "high", "status"}
    names = []
    for name in finding["by"]:
        field = inert(unquoted(name)) or "key"
        while field in taken:
            field += "_"
        taken.add(field)
        names.append(field)
    return names


def _schema(finding: Mapping[str, Any]) -> dict[str, Any]:
    unit = f"distinct {unit_of(finding)} recorded" if finding["unit"] == "people" else "records"
    figures = [
        ("value", f"The number of {unit}; empty where it is withheld."),
        ("low", "The lower bound of the count's uncertainty."),
        ("high", "The upper bound of the count's uncertainty."),
    ]
    return {
        "fields": [
            *({"name": name, "type": "string"} for name in _key_fields(finding)),
            *({"name": name, "type": "integer", "description": words} for name, words in figures),
            {"name": "status", "type": "string", "constraints": {"enum": ["published", "withheld"]}},
        ],
        "missingValues": [""],
    }


def _crate_file(path: str, titles: Mapping[str, str], data: bytes) -> dict[str, Any]:
    title, media = _PAGES.get(path) or (titles[path], "text/csv")
    return {
        "@id": path,
        "@type": "File",
        "name": title,
        "encodingFormat": media,
        "sha256": sha256(data),
    }
