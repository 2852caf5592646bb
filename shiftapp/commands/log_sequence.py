"""`shiftapp log sequence`: the keeper of the log as a process of its own."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import sys
import threading
from pathlib import Path

import click

import shiftapp
from shiftapp.commands import locking
from shiftapp.commands.install import Install, data_option, opened
from shiftapp.commands.keeper import keeper_of
from shiftapp.commands.sequencer import now_of, sequencing
from shiftapp.commands.server import start_logging
from shiftapp.commands.speech import refuse, say
from shiftapp.config import Config
from shiftapp.model import log_keeping
from shiftapp.web.context import Context


@click.command()
@click.option("--once", is_flag=True, help="One round, then end.")
@data_option
def sequence(once: bool, data: Path | None) -> None:
    """Keep the log until SIGTERM: places, checkpoints, witnesses.

    For PostgreSQL, beside servers with SHIFTAPP_SEQUENCE=off, on as many machines as you like. On
    SQLite one process holds the folder and `serve` keeps the log; there only while none runs.
    """
    with opened(data) as install, _alone(install.config):
        context = _context(install)
        if once:
            log_keeping.round(context.store, keeper_of(context), now_of(context))
            return
        start_logging()
        _keep(context)


def _context(install: Install) -> Context:
    return Context(
        config=install.config,
        store=install.store,
        keys=install.keys(sequence=True),
        wall_ms=shiftapp.wall_ms,
        token_bytes=secrets.token_bytes,
    )


def _keep(context: Context) -> None:
    left = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: left.set())
    with sequencing(context) as refused:
        say("公开账本开始记了。", "Keeping the log.")
        sys.stdout.flush()
        while not left.is_set() and not refused.is_set():
            left.wait(0.2)
        failed = refused.is_set()
    sys.exit(1 if failed else 0)


def _alone(found: Config) -> contextlib.AbstractContextManager[None]:
    """On SQLite the folder, which `serve` holds as long as it runs."""
    if found.database:
        return contextlib.nullcontext()
    refusal = refuse(
        f"{found.data} 上有一个 serve 在运行，SQLite 只用一个进程：公开账本由它来记。",
        f"A `serve` is running on {found.data}. SQLite is one process: it keeps the log itself.",
    )
    return locking.alone(found.data / "serve.lock", os.O_RDWR | os.O_CREAT, refusal)
