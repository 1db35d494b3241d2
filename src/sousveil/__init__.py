"""From a leaked surveillance database to findings that name nobody.

The public surface: `Case`, the tree of errors (`sousveil.errors`), `__version__`. `Case` is imported at first
use, since the engine behind it takes a tenth of a second that the first line of progress can't wait for.
"""

from typing import TYPE_CHECKING, Any

from sousveil.errors import SousveilError
from sousveil.version import __version__

if TYPE_CHECKING:
    from sousveil.case import Case

__all__ = ["Case", "SousveilError", "__version__"]


def __getattr__(name: str) -> Any:
    if name == "Case":
        from sousveil.case import Case

        return Case
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
