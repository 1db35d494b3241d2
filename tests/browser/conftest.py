"""Debian's Chromium without a network of its own, and a publication to look at."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from sousveil.publish.place import write_files
from sousveil.publish.proof import Proof
from sousveil.publish.stage import build
from tests.support_publication import THRESHOLD, rich, verified

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of the session."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        started.close()


@pytest.fixture(scope="session")
def publication(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A publication from the made-up findings, with a certificate that leaves a cell open."""
    folder = tmp_path_factory.mktemp("browser") / "publication"
    certificate = Proof(json.dumps({"unproven": [{"told": 1}]}))
    write_files(folder, build(rich(), verified(), THRESHOLD, "exact", certificate))
    return folder
