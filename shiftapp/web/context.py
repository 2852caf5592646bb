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
from shiftapp.model.traces import Traces
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


def traces() -> Traces:
    """What an erasure leaves outside the database."""
    return Traces(context().config.blobs, context().config.erased)


def settings() -> Settings:
    """The settings, read once a request (another node may have changed them)."""
    if "settings" not in g:
        g.settings = model_settings.get(store())
    return cast(Settings, g.settings)


def now_ms() -> int:
    """The plant's clock, ms: the wall clock, moved by the demo's offset. One instant a request."""
    if "now_ms" not in g:
        g.now_ms = fresh_ms()
    return cast(int, g.now_ms)


def fresh_ms() -> int:
    """The plant's clock at this very instant: when a long request has been read, say."""
    return context().wall_ms() + settings().clock_offset_ms


def token_bytes(count: int) -> bytes:
    """Bytes from the secure random source."""
    return context().token_bytes(count)


def new_uuid() -> str:
    """A random UUID (version 4) from the install's random source."""
    raw = bytearray(token_bytes(16))
    raw[6], raw[8] = raw[6] & 0x0F | 0x40, raw[8] & 0x3F | 0x80
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
