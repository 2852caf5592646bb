"""SQLite behind the adapter: sqlite-utils on `pysqlite3` where it has a wheel.

One connection writes (the writer thread and `tx()` take turns on it by a lock), every reading
thread has its own. WAL, `synchronous=FULL`: acknowledged means durable. `secure_delete=ON`:
erased means gone from the file. `db.atomic()` is not used: it begins deferred and dies under
contention (ledger brief §9).
"""

from __future__ import annotations

import contextlib
import errno
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import sqlite_utils
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # the engine it chose

from shiftapp.problems import Problem
from shiftapp.store.db import Db, Row
from shiftapp.store.migrations import migrate_sqlite, migrated_sqlite
from shiftapp.store.writer import Writer

FAULTS: tuple[type[Exception], ...] = (sqlite3.Error,)
SAFE_VERSION = (3, 51, 3)  # below: the WAL-reset bug (ledger brief §9); doctor warns
CHECKPOINT_PAGES = 1000
DISK = {sqlite3.SQLITE_FULL: errno.ENOSPC, sqlite3.SQLITE_IOERR: errno.EIO}

T = TypeVar("T")


def sqlite_version() -> tuple[int, ...]:
    """Version of the SQLite library in use."""
    return tuple(int(part) for part in sqlite3.sqlite_version.split("."))


class SqliteDb:
    """One SQLite connection as a `Db`."""

    def __init__(self, connection: Any) -> None:  # sqlite3's or pysqlite3's Connection
        self.connection = connection
        self.utils = sqlite_utils.Database(connection)

    def run(self, sql: str, **values: object) -> int:
        return int(self.connection.execute(sql, values).rowcount)

    def run_many(self, sql: str, rows: Sequence[Row]) -> None:
        self.connection.executemany(sql, rows)

    def rows(self, sql: str, **values: object) -> list[Row]:
        cursor = self.connection.execute(sql, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def row(self, sql: str, **values: object) -> Row | None:
        cursor = self.connection.execute(sql, values)
        found = cursor.fetchone()
        if found is None:
            return None
        return dict(zip([column[0] for column in cursor.description], found, strict=True))

    def value(self, sql: str, **values: object) -> Any:
        found = self.connection.execute(sql, values).fetchone()
        return None if found is None else found[0]


class SqliteStore:
    """A SQLite file as a `Store`."""

    engine = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.address = str(path)
        # Whose turn it is on the writing connection. One inside another fails at its BEGIN.
        self._turn = threading.RLock()
        self._readers = threading.local()
        self._open: list[Any] = []
        self._open_lock = threading.Lock()
        self._writing = SqliteDb(self._connect())
        self._writer = Writer(self.tx)
        self._stale = True  # the log beside the file may hold something erased, also of before

    def run(self, sql: str, **values: object) -> int:
        raise TypeError("a store does not write by itself: use write() or tx()")

    def run_many(self, sql: str, rows: Sequence[Row]) -> None:
        raise TypeError("a store does not write by itself: use write() or tx()")

    def rows(self, sql: str, **values: object) -> list[Row]:
        return self._reader().rows(sql, **values)

    def row(self, sql: str, **values: object) -> Row | None:
        return self._reader().row(sql, **values)

    def value(self, sql: str, **values: object) -> Any:
        return self._reader().value(sql, **values)

    def write(self, fn: Callable[[Db], T]) -> T:
        return self._writer.write(fn)

    @contextlib.contextmanager
    def tx(self) -> Iterator[Db]:
        with self._turn, _as_problem():
            self._writing.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._writing
            except BaseException:
                # A full disk may have rolled back already; then there is nothing to undo.
                if self._writing.connection.in_transaction:
                    self._writing.connection.execute("ROLLBACK")
                raise
            try:
                self._writing.connection.execute("COMMIT")
            except BaseException:
                if self._writing.connection.in_transaction:
                    self._writing.connection.execute("ROLLBACK")
                raise

    def migrate(self, target: int | None = None) -> list[str]:
        with self._turn:
            return migrate_sqlite(self._writing.utils, target)

    def migrated(self) -> list[str]:
        with self._turn:
            return migrated_sqlite(self._writing.utils)

    def copy_to(self, target: Path) -> None:
        """Write a consistent copy to a new file while others go on reading and writing.

        :raises OSError: the disk does not take it; no half of it stays.
        """
        source = self._connect()
        try:
            source.execute("VACUUM INTO :target", {"target": str(target)})
        except sqlite3.OperationalError as error:
            if (code := DISK.get(error.sqlite_errorcode & 0xFF)) is None:
                raise
            target.unlink(missing_ok=True)
            raise OSError(code, os.strerror(code), str(target)) from error
        finally:
            self._forget(source)

    def copy_from(self, source: Path) -> None:
        """Put the content of another database file in place of ours, whole, while others read.

        Append-only guards do not apply: only a demo is made anew while it runs.
        """
        with self._turn, contextlib.closing(sqlite3.connect(str(source))) as other:
            other.backup(self._writing.connection)

    def scrub(self, *, again: bool = False) -> bool:
        """Empty the log beside the file: `secure_delete` has overwritten it in the file itself."""
        if again and not self._stale:
            return True
        with self._turn:
            busy = self._writing.value("PRAGMA wal_checkpoint(TRUNCATE)")
        self._stale = bool(busy)
        return not self._stale

    def close(self) -> None:
        self._writer.close()
        with self._open_lock:
            for connection in self._open:
                connection.close()
            self._open.clear()

    def _reader(self) -> SqliteDb:
        db: SqliteDb | None = getattr(self._readers, "db", None)
        if db is None:
            connection = self._connect()
            connection.execute("PRAGMA query_only = ON")
            db = self._readers.db = SqliteDb(connection)
        return db

    def _connect(self) -> Any:
        # Autocommit by isolation_level=None: transactions begin and end where we say so.
        connection = sqlite3.connect(
            str(self.path), isolation_level=None, check_same_thread=False, timeout=5.0
        )
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
            "mmap_size = 0",
            f"wal_autocheckpoint = {CHECKPOINT_PAGES}",
        ):
            connection.execute(f"PRAGMA {pragma}")
        with self._open_lock:
            self._open.append(connection)
        return connection

    def _forget(self, connection: Any) -> None:
        connection.close()
        with self._open_lock:
            self._open.remove(connection)


@contextlib.contextmanager
def _as_problem() -> Iterator[None]:
    """A full or locked database is a 503 with a sentence, not a crash."""
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if "locked" in text or "full" in text or "disk I/O" in text:
            raise Problem(
                503, "busy", "服务器现在存不下来，稍等再传。记录还在手机上。", retry_after_s=5
            ) from error
        raise
