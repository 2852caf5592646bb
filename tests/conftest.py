"""Fixtures for everybody: the two engines, and one cast in one plant (tests/plant.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings

from shiftapp.model import announcements
from shiftapp.store import Row, Store
from tests.engines import Postgres
from tests.page import Page
from tests.plant import Clock, Plant, client_of, make_app, use_joined
from tests.stock import Stock, stage_of

# The machine of a test run may be busy, and the first example of a run makes tables of characters.
# The same examples every time, so that a merge fails for what it changes; to look further:
# make test-fast ARGS="--hypothesis-profile=further".
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("further", PATIENT)
settings.register_profile("shiftapp", PATIENT, derandomize=True)
settings.load_profile("shiftapp")


SLOW = {"commands", "demo", "exchange", "qr"}  # folders of tests that `make test-fast` leaves out


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.relative_to(here).parts[0] in SLOW:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    server = Postgres(tmp_path_factory.mktemp("pg"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Stock:
    """Databases made once to copy from: migrating and planting again for every test is slow."""
    return Stock(tmp_path_factory.mktemp("stock"))


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, stock: Stock, tmp_path: Path) -> Iterator[Store]:
    """A migrated database on each engine, empty or at the stage a test asks for (stock.py)."""
    stage = stage_of(request.fixturenames)
    if request.param == "sqlite":
        yield from stock.sqlite(tmp_path, stage)
    else:
        yield from stock.postgres(request.getfixturevalue("postgres"), stage)


@pytest.fixture
def plant(request: pytest.FixtureRequest, store: Store, stock: Stock, tmp_path: Path) -> Plant:
    """The plant and its cast, on each engine."""
    return stock.plant(store, tmp_path / "keys", stage_of(request.fixturenames))


@pytest.fixture
def good_day(plant: Plant) -> Plant:
    """The plant on a day on which nothing stands open: all ready, their leaders signed."""
    return plant


@pytest.fixture
def published(plant: Plant) -> Row:
    """The announcement of the good day with two more crews: 41 of 43 on time, and a few."""
    found = announcements.current(plant.store)
    assert found is not None
    return found


@pytest.fixture
def clock() -> Clock:
    """The wall clock: 07:38 in the plant until a test sets it."""
    return Clock()


@pytest.fixture(scope="session")
def joined() -> list[Flask]:
    """The one application of the process that `app` gives to every test; empty at first."""
    return []


@pytest.fixture
def app(plant: Plant, tmp_path: Path, clock: Clock, joined: list[Flask]) -> Flask:
    """The web application over the plant. A test that adds routes makes its own: `make_app`."""
    return use_joined(joined, plant, tmp_path, clock)


@pytest.fixture
def page(app: Flask, plant: Plant) -> Callable[..., Page]:
    """`page("leader")` is a checked browser of somebody; `page(None)` of a stranger."""
    return lambda part, device=False: Page(client_of(app, plant, part, device=device))


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def standing_plant(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Plant]:
    """A plant made once a module on each engine: for tests that leave no trace but sessions."""
    folder, stock = tmp_path_factory.mktemp("standing"), request.getfixturevalue("stock")
    if request.param == "sqlite":
        stores = stock.sqlite(folder, "plant")
    else:
        stores = stock.postgres(request.getfixturevalue("postgres"), "plant")
    for store in stores:
        yield stock.plant(store, folder / "keys", "plant")


@pytest.fixture(scope="module")
def standing_app(standing_plant: Plant, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The web application over the standing plant, at 07:38."""
    return make_app(standing_plant, tmp_path_factory.mktemp("app"), Clock())
