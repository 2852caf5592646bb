"""PostgreSQL behind the adapter (psycopg 3, extra `[postgres]`), for more than one machine.

Only portable features: READ COMMITTED, no advisory locks, no LISTEN (ledger brief §11).
"""

from __future__ import annotations

import contextlib
import functools
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from shiftapp.problems import Problem
from shiftapp.store.db import Db, Row
from shiftapp.store.migrations import migrate_postgres, migrated_postgres
from shiftapp.store.writer import Writer

try:
    import psycopg
    from psycopg.rows import dict_row
except ImportError:  # the extra is not installed; open_store says so
    if not TYPE_CHECKING:
        psycopg = None

# What an erasure changes: old versions of these rows hold what was erased.
ERASED_FROM = (
    "record", "record_blob", "blob", "finding", "slot", "signal", "proxy_answer", "quarantine",
)  # fmt: skip
FAULTS: tuple[type[Exception], ...] = () if psycopg is None else (psycopg.OperationalError,)
RETRY_STATES = {"40001", "40P01"}  # serialization failure, deadlock

T = TypeVar("T")


@functools.cache
def translate(sql: str) -> str:
    """`:name` to `%(name)s`; our SQL holds no `%`, no `::` and no colon in a literal."""
    return re.sub(r"(?<![:\w]):([a-z_]\w*)", r"%(\1)s", sql)


class PostgresDb:
    """One PostgreSQL connection as a `Db`."""

    def __init__(self, connection: psycopg.Connection[Row]) -> None:
        self.connection = connection

    def run(self, sql: str, **values: object) -> int:
        return self.connection.execute(translate(sql), values).rowcount

    def run_many(self, sql: str, rows: Sequence[Row]) -> None:
        with self.connection.cursor() as cursor:
            cursor.executemany(translate(sql), rows)

    def rows(self, sql: str, **values: object) -> list[Row]:
        return self.connection.execute(translate(sql), values).fetchall()

    def row(self, sql: str, **values: object) -> Row | None:
        return self.connection.execute(translate(sql), values).fetchone()

    def value(self, sql: str, **values: object) -> Any:
        found = self.row(sql, **values)
        return None if found is None else next(iter(found.values()))


class PostgresStore:
    """A PostgreSQL database as a `Store`."""

    engine = "postgres"

    def __init__(self, address: str) -> None:
        if psycopg is None:
            raise Problem(
                500, "no_psycopg", "PostgreSQL 需要先装：pip install 'shiftapp[postgres]'"
            )
        self.address = address
        self._local = threading.local()
        self._open: list[psycopg.Connection[Row]] = []
        self._open_lock = threading.Lock()
        self._writer = Writer(self.tx, _may_retry)

    def run(self, sql: str, **values: object) -> int:
        raise TypeError("a store does not write by itself: use write() or tx()")

    def run_many(self, sql: str, rows: Sequence[Row]) -> None:
        raise TypeError("a store does not write by itself: use write() or tx()")

    def rows(self, sql: str, **values: object) -> list[Row]:
        return self._read(lambda db: db.rows(sql, **values))

    def row(self, sql: str, **values: object) -> Row | None:
        return self._read(lambda db: db.row(sql, **values))

    def value(self, sql: str, **values: object) -> Any:
        return self._read(lambda db: db.value(sql, **values))

    def write(self, fn: Callable[[Db], T]) -> T:
        return self._writer.write(fn)

    @contextlib.contextmanager
    def tx(self) -> Iterator[Db]:
        with contextlib.ExitStack() as stack:
            yield self._begin(stack)

    def migrate(self, target: int | None = None) -> list[str]:
        return migrate_postgres(self._thread_db("writing").connection, target)

    def migrated(self) -> list[str]:
        return migrated_postgres(self._reader().connection)

    def scrub(self, *, again: bool = False) -> bool:
        """Give up the old versions of rows that were erased.

        The space is free from then on and overwritten as it is used again; the bytes in it, in the
        write-ahead log and on standbys go with time. Only full-disk encryption covers that.
        """
        if again:
            return True  # autovacuum comes by
        db = self._thread_db("writing")
        db.connection.execute(f"VACUUM (INDEX_CLEANUP ON) {', '.join(ERASED_FROM)}".encode())
        return True

    def close(self) -> None:
        self._writer.close()
        with self._open_lock:
            for connection in self._open:
                connection.close()
            self._open.clear()

    def _begin(self, stack: contextlib.ExitStack) -> PostgresDb:
        """This thread's writing connection with a transaction begun on it."""
        db = self._thread_db("writing")
        try:
            stack.enter_context(db.connection.transaction())
        except psycopg.OperationalError:
            if not db.connection.closed:
                raise
            db = self._thread_db("writing")  # it was cut while idle, and nothing has been done
            stack.enter_context(db.connection.transaction())
        return db

    def _read(self, ask: Callable[[PostgresDb], T]) -> T:
        """A read; asked again on a new connection where the old one was cut while it was idle."""
        db = self._reader()
        try:
            return ask(db)
        except psycopg.OperationalError:
            if not db.connection.closed:
                raise
            return ask(self._reader())

    def _reader(self) -> PostgresDb:
        return self._thread_db("reading")

    def _thread_db(self, use: str) -> PostgresDb:
        """This thread's connection for a use; a broken one is replaced."""
        db: PostgresDb | None = getattr(self._local, use, None)
        if db is None or db.connection.closed:
            connection = psycopg.connect(self.address, autocommit=True, row_factory=dict_row)
            db = PostgresDb(connection)
            setattr(self._local, use, db)
            with self._open_lock:
                self._open = [one for one in self._open if not one.closed] + [connection]
        return db


def _may_retry(error: Exception) -> bool:
    return getattr(error, "sqlstate", None) in RETRY_STATES
