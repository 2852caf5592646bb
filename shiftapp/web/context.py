"""What a view needs from around it: store, keys, settings, the clock, randomness.

All of it is put together once in `create_app`; a view asks here and passes plain values down.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import current_app, g

from shiftapp.config import Config
from shiftapp.ledger.keys import Keys
from shiftapp.model import settings as model_settings
from shiftapp.model.settings import Settings
from shiftapp.store import Store


@dataclass(frozen=True)
class Context:
    """The parts of a running install."""

    config: Config
    store: Store
    keys: Keys
    wall_ms: Callable[[], int]
    token_bytes: Callable[[int], bytes]


def context() -> Context:
    """The parts of the running install."""
    return cast(Context, current_app.extensions["shiftapp"])


def store() -> Store:
    """The store of this install."""
    return context().store


def keys() -> Keys:
    """The keys of this install."""
    return context().keys


def settings() -> Settings:
    """The settings, read once a request (another node may have changed them)."""
    if "settings" not in g:
        g.settings = model_settings.get(store())
    return cast(Settings, g.settings)


def now_ms() -> int:
    """The plant's clock, ms: the wall clock, moved by the demo's offset. One instant a request."""
    if "now_ms" not in g:
        g.now_ms = context().wall_ms() + settings().clock_offset_ms
    return cast(int, g.now_ms)


def token_bytes(count: int) -> bytes:
    """Bytes from the secure random source."""
    return context().token_bytes(count)
