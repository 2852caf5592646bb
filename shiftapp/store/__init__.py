"""Two engines behind one small adapter: SQL text in, plain values out.

`open_store(address)` gives a `Store`. Reading: `store.rows(...)`, `store.row(...)`,
`store.value(...)` on a connection of the calling thread. Writing: `store.write(fn)` runs a short
function in the group commit of the writer thread and returns once the commit is durable;
`store.tx()` is one write transaction for commands. No rule of the product lives here.
"""

from __future__ import annotations

from pathlib import Path

from shiftapp.store import postgres, sqlite
from shiftapp.store.db import Db, Row, Store

__all__ = ["GONE", "CannotOpen", "Db", "Row", "Store", "open_store"]

GONE = postgres.FAULTS


class CannotOpen(Exception):
    """A database that cannot be opened, in the words of its driver."""


def open_store(address: str | Path) -> Store:
    """The store at a `postgresql://` address or a path of a SQLite file. It is not migrated.

    PostgreSQL is asked with the first query, and `GONE` says that it did not answer.

    :raises CannotOpen: the file is none of SQLite, or may not be written.
    """
    if str(address).startswith(("postgresql://", "postgres://")):
        return postgres.PostgresStore(str(address))
    try:
        return sqlite.SqliteStore(Path(address))
    except sqlite.FAULTS as error:
        raise CannotOpen(str(error)) from error
