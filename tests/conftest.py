"""Fixtures for everybody: the two engines. One cast and one plant: tests/plant.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shiftapp.store import Store
from tests.engines import Postgres, postgres_store, sqlite_store


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    server = Postgres(tmp_path_factory.mktemp("pg"))
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A migrated, empty database on each engine."""
    if request.param == "sqlite":
        yield from sqlite_store(tmp_path)
    else:
        yield from postgres_store(request.getfixturevalue("postgres"))
