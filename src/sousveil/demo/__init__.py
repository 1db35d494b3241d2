"""The synthetic dump: an invented city's public security bureau, with nobody real in it."""

from sousveil.demo.dump import write

__all__ = ["write"]
