"""The encrypted store and the engine: the only place that touches DuckDB."""

from sousveil.vault.engine import Engine, ident, scratch, text
from sousveil.vault.rekey import rekey
from sousveil.vault.store import Column, Table, Vault

__all__ = ["Column", "Engine", "Table", "Vault", "ident", "rekey", "scratch", "text"]
