"""For all tests: property tests draw the same examples each time, so that main is green or red, not both.

`make fuzz` draws new ones, and more of them.
"""

import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings
from xdist.workermanage import WorkerController

from tests import gate_world

TRUTH_TABLE = pytest.StashKey[list[str]]()
"""Lines of the table of truth against result, which the end of a run prints."""
SHARED = ("whole", "small", "browser")
"""Costly things that tests share: those that use one run in one process."""

settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("fuzz", max_examples=2_000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))


@pytest.fixture(autouse=True, scope="session")
def _scratch(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Cases in memory lie where pytest clears up: its processes may end without doing so."""
    gate_world.SCRATCH[:] = [tmp_path_factory.getbasetemp()]


@pytest.fixture(autouse=True)
def _ctrl_c_as_before() -> Iterator[None]:
    """The entry point lets go of Ctrl-C at its end; tests that call it in this process must not."""
    handler = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, handler)


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TRUTH_TABLE] = []


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep tests together that share a costly thing, or a file, when they run in two processes."""
    for item in items:
        wanted = [name for name in SHARED if name in getattr(item, "fixturenames", ())]
        item.add_marker(pytest.mark.xdist_group(wanted[0] if wanted else item.path.name))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the table from the process that made it to the one that prints it."""
    output: dict[str, list[str]] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["truth"] = session.config.stash[TRUTH_TABLE]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: WorkerController) -> None:
    """Take the table over from a process that is done."""
    node.config.stash[TRUTH_TABLE] += getattr(node, "workeroutput", {}).get("truth", [])


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print truth against result."""
    if config.stash[TRUTH_TABLE]:
        terminalreporter.section("truth against result")
        for line in config.stash[TRUTH_TABLE]:
            terminalreporter.line(line)
