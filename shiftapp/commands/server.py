"""Run the web application: a threaded server, a ticker, and an end that loses nothing.

Cheroot because it is plain threads on Linux, macOS and Windows and has TLS of its own. A stop
(SIGTERM, Ctrl-C) lets requests in flight finish, then the store's writer drains.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from shiftapp.commands import messenger, sequencer
from shiftapp.commands.http_server import Server, listen, new_server, serve_until, until_signal
from shiftapp.commands.remains import Remains
from shiftapp.model import clockwork, settings
from shiftapp.web.context import Context

log = logging.getLogger("shiftapp")

TICK_S = 5.0
PLAN_MS = 60_000  # shifts and rosters are looked at once in that time
M_MMAP_THRESHOLD, BIG = -3, 1 << 20  # malloc.h


def start_logging() -> None:
    """One line an event on standard error; the time is UTC."""
    line = logging.Formatter(
        "%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S"
    )
    line.converter = time.gmtime
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(line)
    logging.basicConfig(level=logging.INFO, handlers=[handler])


def run_server(
    app: Flask,
    host: str,
    port: int,
    *,
    threads: int,
    trusted_proxies: int = 0,
    tls: tuple[Path, Path] | None = None,
    ready: Callable[[int], None] = lambda port: None,
    beside: contextlib.AbstractContextManager[None] | None = None,
) -> None:
    """Serve until a signal; `ready(port)` once it listens (port 0 picks a free one).

    `tls` is certificate chain and key; `beside` is open while it serves.
    Returns when everything received is answered and stored.
    """
    context: Context = app.extensions["shiftapp"]
    _give_big_memory_back()
    if trusted_proxies:
        n = trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    server = make_server(app, host, port, threads, tls)
    with contextlib.closing(context.store):  # the writer drains
        listen(server, "--port 8001")
        try:
            with (
                until_signal() as left,
                _ticking(context),
                messenger.sending(context),
                sequencer.sequencing(context)
                if context.config.sequence
                else contextlib.nullcontext(),
                beside or contextlib.nullcontext(),
            ):
                serve_until(server, left, ready)
            log.info("stopping: requests in flight are answered first")
        finally:
            server.stop()  # waits for the worker threads
    log.info("stopped")


def _give_big_memory_back() -> None:
    """What is big goes back to the system when it is freed.

    Argon2 takes 19 MB for a PIN; glibc would keep as much for every thread that ever checked one.
    """
    with contextlib.suppress(AttributeError, OSError, TypeError):  # another C library
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, BIG)


def lan_address(host: str) -> str:
    """The address at which another device in the network would find a host listened on."""
    if host not in ("0.0.0.0", "::"):
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1: sends nothing, only asks for the route
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def make_server(
    app: Flask, host: str, port: int, threads: int, tls: tuple[Path, Path] | None
) -> Server:
    """The server an application runs in, not yet listening; the benchmark gives it another one."""
    most_bytes = app.config["MAX_CONTENT_LENGTH"]
    return new_server(app, host, port, threads=threads, most_bytes=most_bytes, tls=tls)


@contextlib.contextmanager
def _ticking(context: Context) -> Iterator[None]:
    """Run what the clock brings every few seconds beside the requests."""
    stop = threading.Event()
    remains = Remains(context.store, context.config)

    def tick() -> None:
        planned = -1  # the plant's minute; the demo's clock may jump
        while True:
            try:
                offset_ms = settings.get(context.store).clock_offset_ms
                now_ms = context.wall_ms() + offset_ms
                if now_ms // PLAN_MS != planned:
                    clockwork.plan(context.store, now_ms, context.token_bytes, remains.where)
                    remains.clear(now_ms, context.wall_ms())
                    planned = now_ms // PLAN_MS
                clockwork.tick(context.store, now_ms)
            except Exception:
                log.exception("the ticker failed and goes on")
            if stop.wait(TICK_S):
                return

    thread = threading.Thread(target=tick, name="ticker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
