"""Run the web application: a threaded server, a ticker, and an end that loses nothing.

Cheroot because it is plain threads on Linux, macOS and Windows and has TLS of its own. A stop
(SIGTERM, Ctrl-C) lets requests in flight finish, then the store's writer drains.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from cheroot import wsgi
from cheroot.server import HTTPConnection
from cheroot.ssl.builtin import BuiltinSSLAdapter
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from shiftapp.commands import messenger, sequencer
from shiftapp.commands.speech import refuse
from shiftapp.model import clockwork, settings
from shiftapp.web.context import Context

log = logging.getLogger("shiftapp")

TICK_S = 5.0
PLAN_MS = 60_000  # shifts and rosters are looked at once in that time
SOCKET_S = 20  # a silent connection is closed after that
LOOK_S = 0.1  # how often the main thread looks for a signal
STOP_S = 20  # requests in flight get that long at the end; the service manager must wait longer
KEPT_CONNECTIONS = 1000  # idle ones cost a file handle, not a thread
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
    try:
        listen(server, "--port 8001")
        with (
            _until_signal() as left,
            _ticking(context),
            messenger.sending(context),
            sequencer.sequencing(context) if context.config.sequence else contextlib.nullcontext(),
            beside or contextlib.nullcontext(),
        ):
            serving = threading.Thread(target=server.serve, name="server", daemon=True)
            serving.start()
            ready(int(server.bind_addr[1]))
            while serving.is_alive() and not left.is_set():
                time.sleep(LOOK_S)
        log.info("stopping: requests in flight are answered first")
    finally:
        server.stop()  # waits for the worker threads
        context.store.close()  # the writer drains
        log.info("stopped")


def _give_big_memory_back() -> None:
    """What is big goes back to the system when it is freed.

    Argon2 takes 19 MB for a PIN; glibc would keep as much for every thread that ever checked one.
    """
    with contextlib.suppress(AttributeError, OSError, TypeError):  # another C library
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, BIG)


def listen(server: wsgi.Server, another: str) -> None:
    """Begin to listen; `another` is the option to try when the port is taken."""
    host, port = server.bind_addr
    try:
        server.prepare()
    except OSError as error:
        raise refuse(
            f"不能在 {host}:{port} 上听：{error.strerror or error}。换一个端口，例如 {another}。",
            f"Cannot listen on {host}:{port} ({error.strerror or error}). Try {another}.",
        ) from None


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


class _Connection(HTTPConnection):
    """A connection that knows whether it has waited for its first bytes."""

    has_waited = False


class _Server(wsgi.Server):
    """Cheroot's server with our limits and our log."""

    ConnectionClass = _Connection
    keep_alive_conn_limit = KEPT_CONNECTIONS
    max_request_header_size = 32 * 1024

    def process_conn(self, conn: _Connection) -> None:
        """A thread for who has said something; who has not waits as idle ones do.

        Cheroot would give a thread to every new connection: as many silent ones as threads, and
        nobody else is answered. With TLS the first bytes may be in its buffer already.
        """
        if self.ssl_adapter is None and not conn.has_waited:
            conn.has_waited = True
            self.put_conn(conn)
        else:
            super().process_conn(conn)

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        # Broken connections are ordinary with phones: only what is worse is worth a line.
        if level >= logging.WARNING and not msg.startswith("socket.error"):
            log.log(level, "server: %s", msg, exc_info=traceback)


def make_server(
    app: Flask, host: str, port: int, threads: int, tls: tuple[Path, Path] | None
) -> _Server:
    """The server an application runs in, not yet listening; the benchmark gives it another one."""
    server = _Server(
        (host, port),
        app,
        numthreads=threads,
        server_name="shiftapp",
        request_queue_size=256,
        timeout=SOCKET_S,
        shutdown_timeout=STOP_S,
        accepted_queue_size=2000,
    )
    server.software = "shiftapp"
    server.max_request_body_size = app.config["MAX_CONTENT_LENGTH"]
    if tls:
        server.ssl_adapter = BuiltinSSLAdapter(str(tls[0]), str(tls[1]))
    return server


class _Left:
    """Set by a signal handler: a plain flag, because a handler may wait for no lock."""

    def __init__(self) -> None:
        self._left = False

    def is_set(self) -> bool:
        return self._left

    def set(self, number: int, frame: object) -> None:
        self._left = True


@contextlib.contextmanager
def _until_signal() -> Iterator[_Left]:
    """SIGTERM and Ctrl-C set a flag; a second one changes nothing.

    They raise nothing: an exception out of nowhere inside the server's queue has left one of its
    threads waiting for ever.
    """
    left = _Left()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, left.set)
    yield left


@contextlib.contextmanager
def _ticking(context: Context) -> Iterator[None]:
    """Run what the clock brings every few seconds beside the requests."""
    stop = threading.Event()

    def tick() -> None:
        planned = -1  # the plant's minute; the demo's clock may jump
        while True:
            try:
                offset_ms = settings.get(context.store).clock_offset_ms
                now_ms = context.wall_ms() + offset_ms
                if now_ms // PLAN_MS != planned:
                    clockwork.plan(context.store, now_ms, context.token_bytes)
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
