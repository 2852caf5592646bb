"""shiftapp: pre-shift safety commitments and pointing-and-calling.

`create_app` is the one place where the rooms are joined.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from shiftapp.config import Config
    from shiftapp.ledger.keys import Keys
    from shiftapp.store import Store

__version__ = "0.1.0"


def wall_ms() -> int:
    """The wall clock, Unix ms."""
    return time.time_ns() // 1_000_000


def create_app(
    config: Config,
    *,
    store: Store | None = None,
    keys: Keys | None = None,
    wall_ms: Callable[[], int] = wall_ms,
    token_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> Flask:
    """The web application of an install: its database migrated, its keys made.

    The clock and the random source are arguments, so that tests and the demo have their own.

    :raises Problem: when keys are missing or malformed.
    """
    from flask import Flask

    from shiftapp.ledger.keys import load_keyset
    from shiftapp.store import open_store
    from shiftapp.web import rooms
    from shiftapp.web.context import Context

    app = Flask(__name__)
    loaded = keys or load_keyset(config.keys, sequence=config.sequence)
    app.secret_key = loaded.session_secret
    app.config["MAX_CONTENT_LENGTH"] = 32 * 1024 * 1024  # workbooks; sync has its own limit
    app.config["MAX_FORM_MEMORY_SIZE"] = 1024 * 1024
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["shiftapp"] = Context(
        config=config,
        store=store or open_store(config.address),
        keys=loaded,
        wall_ms=wall_ms,
        token_bytes=token_bytes,
    )
    for hook in rooms.HOOKS:
        hook.install(app)
    for page in rooms.PAGES:
        app.register_blueprint(page)
    return app
