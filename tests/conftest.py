"""Fixtures for everybody: the two engines, and one cast in one plant (tests/plant.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from shiftapp.store import Store
from tests.engines import Postgres, postgres_store, sqlite_store
from tests.page import Page
from tests.plant import Clock, Plant, client_of, make_app, make_keys, make_plant


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


@pytest.fixture
def plant(store: Store, tmp_path: Path) -> Plant:
    """The plant and its cast, on each engine."""
    return make_plant(store, make_keys(tmp_path / "keys"))


@pytest.fixture
def clock() -> Clock:
    """The wall clock: 07:38 in the plant until a test sets it."""
    return Clock()


@pytest.fixture
def app(plant: Plant, tmp_path: Path, clock: Clock) -> Flask:
    """The web application over the plant."""
    return make_app(plant, tmp_path, clock)


@pytest.fixture
def page(app: Flask, plant: Plant) -> Callable[..., Page]:
    """`page("leader")` is a checked browser of somebody; `page(None)` of a stranger."""
    return lambda part, device=False: Page(client_of(app, plant, part, device=device))


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def standing_plant(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Plant]:
    """A plant made once a module on each engine: for tests that leave no trace but sessions."""
    folder = tmp_path_factory.mktemp("standing")
    if request.param == "sqlite":
        stores = sqlite_store(folder)
    else:
        stores = postgres_store(request.getfixturevalue("postgres"))
    for store in stores:
        yield make_plant(store, make_keys(folder / "keys"))


@pytest.fixture(scope="module")
def standing_app(standing_plant: Plant, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The web application over the standing plant, at 07:38."""
    return make_app(standing_plant, tmp_path_factory.mktemp("app"), Clock())
