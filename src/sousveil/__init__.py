"""From a leaked surveillance database to findings that name nobody."""

from sousveil.version import __version__

__all__ = ["__version__"]
