"""The server underneath: plain threads on one port, limits, TLS of its own, and an end by signal.

Cheroot because it runs on Linux, macOS and Windows alike.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import click
from cheroot import wsgi
from cheroot.server import HTTPConnection
from cheroot.ssl.builtin import BuiltinSSLAdapter

from shiftapp.commands.speech import refuse

log = logging.getLogger("shiftapp")

SOCKET_S = 20  # a silent connection is closed after that
LOOK_S = 0.1  # how often the main thread looks for a signal
STOP_S = 20  # requests in flight get that long at the end; the service manager must wait longer
KEPT_CONNECTIONS = 1000  # idle ones cost a file handle, not a thread

WSGI = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]


class _Connection(HTTPConnection):
    """A connection that knows whether it has waited for its first bytes."""

    has_waited = False


class Server(wsgi.Server):
    """Cheroot's server with our limits and our log."""

    ConnectionClass = _Connection
    keep_alive_conn_limit = KEPT_CONNECTIONS
    max_request_header_size = 32 * 1024
    refused: OSError | None = None  # why the last address could not be listened on

    def bind(self, family: int, type: int, proto: int = 0) -> Any:  # cheroot's own signature
        """Keep what the system says: cheroot tells only its text on."""
        try:
            return super().bind(family, type, proto)
        except OSError as error:
            self.refused = error
            raise

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


def new_server(
    app: WSGI,
    host: str,
    port: int,
    *,
    threads: int,
    most_bytes: int,
    tls: tuple[Path, Path] | None = None,
) -> Server:
    """A server for an application, not yet listening; bodies up to `most_bytes`.

    `tls` is certificate chain and key.
    """
    server = Server(
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
    server.max_request_body_size = most_bytes
    if tls:
        server.ssl_adapter = BuiltinSSLAdapter(str(tls[0]), str(tls[1]))
    return server


def listen(server: Server, another: str) -> None:
    """Begin to listen; `another` is the option to try when the port is taken.

    :raises click.ClickException: the system does not let it.
    """
    host, port = server.bind_addr
    try:
        server.prepare()
    except OSError as error:
        raise _cannot_listen(host, port, server.refused or error, another) from None


def _cannot_listen(host: str, port: int, why: OSError, another: str) -> click.ClickException:
    where = f"{host}:{port}"
    if why.errno == errno.EADDRINUSE:
        return refuse(
            f"{where} 已经有别的程序在用。换一个端口，例如 {another}。",
            f"Another program listens on {where}. Try another port, {another} for example.",
        )
    if why.errno == errno.EACCES:
        return refuse(
            f"没有权限在 {where} 上听。换一个端口，例如 {another}。",
            f"Listening on {where} is not permitted. Try another port, {another} for example.",
        )
    if isinstance(why, socket.gaierror) or why.errno == errno.EADDRNOTAVAIL:
        return refuse(f"这台机器没有 {host} 这个地址。", f"This machine has no address {host}.")
    said = why.strerror or str(why)
    return refuse(f"不能在 {where} 上听：{said}。", f"Cannot listen on {where}: {said}.")


class Left:
    """Set by a signal handler: a plain flag, because a handler may wait for no lock."""

    def __init__(self) -> None:
        self._left = False

    def is_set(self) -> bool:
        return self._left

    def set(self, number: int, frame: object) -> None:
        self._left = True


@contextlib.contextmanager
def until_signal() -> Iterator[Left]:
    """SIGTERM and Ctrl-C set a flag; a second one changes nothing.

    They raise nothing: an exception out of nowhere inside the server's queue has left one of its
    threads waiting for ever.
    """
    left = Left()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, left.set)
    yield left


@contextlib.contextmanager
def serving_beside(server: Server, name: str) -> Iterator[None]:
    """Serve in a thread of its own while the block runs; the server listens already."""
    thread = threading.Thread(target=server.serve, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.stop()
        thread.join()


def serve_until(server: Server, left: Left, ready: Callable[[int], None]) -> None:
    """Serve in a thread of its own until the flag is set; `ready(port)` once it runs."""
    serving = threading.Thread(target=server.serve, name="server", daemon=True)
    serving.start()
    ready(int(server.bind_addr[1]))
    while serving.is_alive() and not left.is_set():
        time.sleep(LOOK_S)
