"""For all tests: property tests draw the same examples each time, so that main is green or red, not both.

`make fuzz` draws new ones, and more of them.
"""

import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("fuzz", max_examples=2_000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))


@pytest.fixture(autouse=True)
def _ctrl_c_as_before() -> Iterator[None]:
    """The entry point lets go of Ctrl-C at its end; tests that call it in this process must not."""
    handler = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, handler)
