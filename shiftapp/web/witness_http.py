"""One checkpoint to one witness over HTTP (C2SP tlog-witness): what it answers, read and bounded.

http and https as the operator's policy says, no redirects, no proxy of the environment, no cookies.
A witness that answers in drops is cut off: it must hold up nobody.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from shiftapp.ledger.policy import Witness
from shiftapp.ledger.witness import Answer
from shiftapp.ledger.witness_client import ADD

TIMEOUT_S = 5.0  # of a step
LONGEST_S = 8.0  # of all of them
MOST_BYTES = 16 * 1024


def send(witness: Witness, request: bytes, *, longest_s: float = LONGEST_S) -> Answer:
    """Ask a witness to sign a checkpoint.

    :raises OSError: it cannot be asked, or there is no whole answer in time.
    """
    parts = urlsplit(witness.url)
    path = f"{parts.path.rstrip('/')}/{ADD}" + (f"?{parts.query}" if parts.query else "")
    try:
        connection, sock = _connection(parts)
        with contextlib.closing(connection), contextlib.closing(sock), _until(sock, longest_s):
            if isinstance(sock, ssl.SSLSocket):
                sock.do_handshake()
            connection.request("POST", path, request, {"User-Agent": "shiftapp"})
            return _read(connection.getresponse())
    except (http.client.HTTPException, ValueError) as error:
        raise ConnectionError(f"{type(error).__name__} from {witness.name}") from error


def _connection(parts: SplitResult) -> tuple[http.client.HTTPConnection, socket.socket]:
    """A connection that is made, its handshake still to come, and its socket."""
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host:
        raise ConnectionError("not an http address")
    made = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = made(host, parts.port, timeout=TIMEOUT_S)
    sock = socket.create_connection((host, connection.port), TIMEOUT_S)
    if parts.scheme == "https":
        context = ssl.create_default_context()
        sock = context.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
    connection.sock = sock
    return connection, sock


def _read(answer: http.client.HTTPResponse) -> Answer:
    body = answer.read(MOST_BYTES)
    kind = answer.headers.get("Content-Type", "")
    return Answer(answer.status, body.decode("utf-8", "replace"), kind)


@contextlib.contextmanager
def _until(sock: socket.socket, seconds: float) -> Iterator[None]:
    """Cut a connection off after some seconds, in whatever step it is.

    :raises TimeoutError: it was.
    """
    late = threading.Event()

    def cut() -> None:
        late.set()
        with contextlib.suppress(OSError):  # it was closed in between
            sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if late.is_set():
            raise TimeoutError("no whole answer in time")
