"""Installs for the faults, on each engine. Everything here is marked `faults`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal import Cli


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.faults)


@pytest.fixture(params=["sqlite", "postgres"])
def cli(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Cli]:
    """An install for loopback on each engine."""
    if request.param == "sqlite":
        yield install(Cli(tmp_path / "data", ""))
        return
    server = request.getfixturevalue("postgres")
    address = server.empty()
    yield install(Cli(tmp_path / "data", address))
    server.drop(address)


@pytest.fixture
def sqlite_cli(tmp_path: Path) -> Cli:
    """An install for loopback on SQLite."""
    return install(Cli(tmp_path / "data", ""))


@pytest.fixture
def postgres_cli(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Cli]:
    """An install for loopback on PostgreSQL."""
    server = request.getfixturevalue("postgres")
    address = server.empty()
    yield install(Cli(tmp_path / "data", address))
    server.drop(address)


def install(cli: Cli) -> Cli:
    cli.run("init", "--url", "http://127.0.0.1:8000")
    return cli
