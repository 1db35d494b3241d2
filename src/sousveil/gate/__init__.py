"""The gate: the only way by which a number leaves the vault."""

from sousveil.gate.release import release

__all__ = ["release"]
