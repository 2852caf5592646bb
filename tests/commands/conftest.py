"""Installs of each engine, made by the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal import Cli


@pytest.fixture(params=["sqlite", "postgres"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Cli]:
    """A folder and, on PostgreSQL, an empty database: nothing installed yet."""
    if request.param == "sqlite":
        yield Cli(tmp_path / "data", "")
        return
    server = request.getfixturevalue("postgres")
    address = server.empty()
    yield Cli(tmp_path / "data", address)
    server.drop(address)


@pytest.fixture
def cli(bare: Cli) -> Cli:
    """An empty install."""
    bare.init()
    return bare


@pytest.fixture
def sqlite_cli(tmp_path: Path) -> Cli:
    """An empty install on SQLite, where the engine makes no difference."""
    made = Cli(tmp_path / "data", "")
    made.init()
    return made
