"""One open transaction that looks like a store: the whole plant is made in it or nothing is.

Model functions that queue their writes (`store.write`) run here at once, each in its savepoint.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar

from shiftapp.store import Db, Row

T = TypeVar("T")


class Whole:
    """A `Store` over the connection of an open transaction."""

    engine = "whole"
    address = ""

    def __init__(self, db: Db) -> None:
        self._db = db

    def run(self, sql: str, **values: object) -> int:
        return self._db.run(sql, **values)

    def run_many(self, sql: str, rows: Sequence[Row]) -> None:
        self._db.run_many(sql, rows)

    def rows(self, sql: str, **values: object) -> list[Row]:
        return self._db.rows(sql, **values)

    def row(self, sql: str, **values: object) -> Row | None:
        return self._db.row(sql, **values)

    def value(self, sql: str, **values: object) -> Any:
        return self._db.value(sql, **values)

    def write(self, fn: Callable[[Db], T]) -> T:
        """Run `fn` now; when it raises, its writes alone are undone."""
        self._db.run("SAVEPOINT whole")
        try:
            result = fn(self._db)
        except Exception:
            self._db.run("ROLLBACK TO SAVEPOINT whole")
            self._db.run("RELEASE SAVEPOINT whole")
            raise
        self._db.run("RELEASE SAVEPOINT whole")
        return result

    def reading(self) -> AbstractContextManager[Db]:
        """What is read in the transaction is read in it."""
        return nullcontext(self._db)

    def tx(self) -> AbstractContextManager[Db]:
        raise TypeError("a transaction is open")

    def migrate(self, target: int | None = None) -> list[str]:
        raise TypeError("a transaction is open")

    def migrated(self) -> list[str]:
        raise TypeError("a transaction is open")

    def scrub(self, *, again: bool = False) -> bool:
        """Nothing: what is being made holds nothing that was erased."""
        return True

    def close(self) -> None:
        raise TypeError("a transaction is open")
