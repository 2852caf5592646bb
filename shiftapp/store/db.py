"""What both engines give: the calls of a database (`Db`) and of a store (`Store`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

# A row's values are whatever the column holds: int, str, bytes or None. Readers know the column.
Row = dict[str, Any]
T = TypeVar("T")


class Db(Protocol):
    """One connection. SQL is one text for both engines with `:name` parameters."""

    def run(self, sql: str, **values: object) -> int:
        """Execute a statement that returns no rows; gives the number of rows changed."""

    def run_many(self, sql: str, rows: Sequence[Row]) -> None:
        """Execute a statement for each of many rows, in order and in few round trips."""

    def rows(self, sql: str, **values: object) -> list[Row]:
        """All rows of a query, or of a statement with RETURNING."""

    def row(self, sql: str, **values: object) -> Row | None:
        """The first row, or None."""

    def value(self, sql: str, **values: object) -> Any:
        """The first column of the first row, or None."""


class Store(Db, Protocol):
    """An engine with its write path. Its own `run` refuses to write: use `write` or `tx`."""

    engine: str  # 'sqlite' or 'postgres'
    address: str

    def write(self, fn: Callable[[Db], T]) -> T:
        """Run `fn` in the next group commit; returns its result once that is durable.

        `fn` is short: no network, no password hashing, no blob I/O. It may run twice when the
        engine asks for a retry, and has its own savepoint: when it raises, its writes alone are
        undone and the exception reaches the caller.

        :raises Problem: 503 `busy` when too many wait, or the disk refuses.
        """

    def tx(self) -> AbstractContextManager[Db]:
        """One write transaction for a command; commits at the end, rolls back on an exception."""

    def migrate(self, target: int | None = None) -> list[str]:
        """Apply what is missing, up to migration number `target`; gives the names applied."""

    def migrated(self) -> list[str]:
        """Names of the migrations applied, oldest first; [] for an empty database."""

    def scrub(self, *, again: bool = False) -> bool:
        """Take what was erased out of the engine's own files, once its transaction is durable.

        Gives whether it is done; False while a reader holds on to the old state. `again`: only
        if an earlier one was not.
        """

    def close(self) -> None:
        """Finish what waits, then close every connection."""
