"""A receiver, a channel to it, and the parts of a running server that send."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shiftapp.config import Config
from shiftapp.model import channels, clockwork, notices
from shiftapp.model.channels import Channel
from shiftapp.store import Row, Store
from shiftapp.web.context import Context
from tests.plant import Clock, Plant
from tests.reach.capture import Capture, http_capture

ALL = tuple(str(one["code"]) for one in notices.EVENTS)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback is asked directly on machines that have a proxy."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def capture() -> Iterator[Capture]:
    with http_capture() as found:
        yield found


@pytest.fixture
def install(plant: Plant, tmp_path: Path, clock: Clock) -> Context:
    """What `serve` sends with, on each engine; the clock is the test's."""
    return Context(Config(data=tmp_path), plant.store, plant.keys, clock, plant.random)


@pytest.fixture
def channel(plant: Plant, capture: Capture) -> Callable[..., int]:
    """`channel(crew="JIA")` adds a channel to the receiver and gives its number."""

    def add(**changes: Any) -> int:
        one = Channel("甲班群", "webhook", capture.url, "wecom", ALL)
        with plant.store.tx() as db:
            return channels.add(db, dataclasses.replace(one, **changes))

    return add


@pytest.fixture
def tick(plant: Plant, clock: Clock) -> Callable[[], None]:
    """What the ticker does in a minute."""

    def plan() -> None:
        clockwork.plan(plant.store, clock.ms, plant.random)
        clockwork.tick(plant.store, clock.ms)

    return plan


def queued(store: Store) -> list[Row]:
    """The queue, oldest first."""
    return store.rows("SELECT * FROM delivery ORDER BY id")


def events(store: Store) -> list[tuple[str, str]]:
    """Event and about of all that was ever queued."""
    return [(row["event"], row["about"]) for row in queued(store)]
