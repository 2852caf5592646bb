"""Demo plants: one built in memory of the test's store, one in a folder with its pages."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from shiftapp import create_app
from shiftapp.demo.build import Secret, Wanted, build
from shiftapp.demo.delivery import Later
from shiftapp.demo.folder import ORIGIN, Folder, prepare
from shiftapp.demo.ledger import Log
from shiftapp.demo.seed import Seed
from shiftapp.demo.tour import Tour
from shiftapp.ledger.keys import Keys, write_keyset
from shiftapp.store import Store
from shiftapp.store.sqlite import SqliteStore
from tests.engines import postgres_store, sqlite_store
from tests.page import Page
from tests.plant import Clock
from tests.terminal import Cli

DAY = datetime.date(2026, 11, 24)
URL = "http://127.0.0.1:8000"


@dataclass
class Made:
    """A demo plant in a store."""

    store: Store
    keys: Keys
    wanted: Wanted
    later: list[Later]


def make(store: Store, keys: Keys, wanted: Wanted) -> Made:
    later = build(store, keys, wanted, URL, ORIGIN, Secret("pin", "password"))
    return Made(store, keys, wanted, later)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return write_keyset(tmp_path_factory.mktemp("keys") / "keys", ORIGIN, Seed("keys").bytes)


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def made(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, keys: Keys
) -> Iterator[Made]:
    """The demo of 24 November 2026 in Chinese on each engine: to look at, not to change."""
    if request.param == "sqlite":
        stores = sqlite_store(tmp_path_factory.mktemp("made"))
    else:
        stores = postgres_store(request.getfixturevalue("postgres"))
    for store in stores:
        yield make(store, keys, Wanted(day=DAY))


@pytest.fixture
def fresh(store: Store, keys: Keys) -> Made:
    """The same, to be changed."""
    return make(store, keys, Wanted(day=DAY))


@dataclass
class Running:
    """A demo in a folder, as `shiftapp demo` runs it, with a clock that a test may set."""

    app: Flask
    store: SqliteStore
    folder: Folder
    clock: Clock
    wanted: Wanted

    def page(self) -> Page:
        """A browser that has never been here."""
        return Page(self.app.test_client())


@pytest.fixture(scope="session")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Folders of demos at 07:38 by language, made once."""
    made: dict[str, Path] = {}

    def give(lang: str) -> Path:
        if lang not in made:
            path = tmp_path_factory.mktemp(f"demo-{lang}") / "data"
            prepare(path, Wanted(lang=lang, day=DAY), Clock())
            made[lang] = path
        return made[lang]

    return give


def run(path: Path, lang: str) -> Iterator[Running]:
    clock, wanted = Clock(), Wanted(lang=lang, day=DAY)
    folder, _ = prepare(path, wanted, clock)
    store, keys = folder.store(), folder.keys()
    app = create_app(folder.config, store=store, keys=keys, wall_ms=clock)
    app.extensions["shiftapp.demo"] = Tour(
        folder, store, keys, wanted, clock, Log(app.extensions["shiftapp"])
    )
    app.testing = True
    yield Running(app, store, folder, clock, wanted)
    store.close()


@pytest.fixture
def demo(tmp_path: Path, morning: Callable[[str], Path]) -> Iterator[Running]:
    """The demo in Chinese; it is 07:38."""
    shutil.copytree(morning("zh"), tmp_path / "demo")
    yield from run(tmp_path / "demo", "zh")


@pytest.fixture
def english(tmp_path: Path, morning: Callable[[str], Path]) -> Iterator[Running]:
    """The demo in English."""
    shutil.copytree(morning("en"), tmp_path / "demo")
    yield from run(tmp_path / "demo", "en")


@pytest.fixture
def sqlite_install(tmp_path: Path) -> Cli:
    """A real install, which a demo leaves alone."""
    made = Cli(tmp_path / "real", "")
    made.init()
    return made
