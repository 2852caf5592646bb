"""Two engines behind one small adapter: SQL text in, plain values out.

`open_store(address)` gives a `Store`. Reading: `store.rows(...)`, `store.row(...)`,
`store.value(...)` on a connection of the calling thread. Writing: `store.write(fn)` runs a short
function in the group commit of the writer thread and returns once the commit is durable;
`store.tx()` is one write transaction for commands. No rule of the product lives here.
"""

from __future__ import annotations

from pathlib import Path

from shiftapp.store.db import Db, Row, Store
from shiftapp.store.postgres import PostgresStore
from shiftapp.store.sqlite import SqliteStore

__all__ = ["Db", "Row", "Store", "open_store"]


def open_store(address: str | Path) -> Store:
    """The store at a `postgresql://` address or a path of a SQLite file. It is not migrated."""
    if str(address).startswith(("postgresql://", "postgres://")):
        return PostgresStore(str(address))
    return SqliteStore(Path(address))
