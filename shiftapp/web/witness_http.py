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

TIMEOUT_S = 5.0  # of a step
LONGEST_S = 8.0  # of all of them
MOST_BYTES = 16 * 1024
ADD = "add-checkpoint"  # the call, under the witness's URL


def send(witness: Witness, request: bytes, *, longest_s: float = LONGEST_S) -> Answer:
    """Ask a witness to sign a checkpoint.

    :raises OSError: it cannot be asked, or there is no answer in time.
    """
    parts = urlsplit(witness.url)
    path = f"{parts.path.rstrip('/')}/{ADD}" + (f"?{parts.query}" if parts.query else "")
    connection = _connection(parts)
    try:
        with contextlib.closing(connection), _until(connection, longest_s):
            connection.request("POST", path, request, {"User-Agent": "shiftapp"})
            answer = connection.getresponse()
            body = answer.read(MOST_BYTES)
            kind = answer.headers.get("Content-Type", "")
            return Answer(answer.status, body.decode("utf-8", "replace"), kind)
    except (http.client.HTTPException, ValueError) as error:
        raise ConnectionError(f"{type(error).__name__} from {witness.name}") from error


def _connection(parts: SplitResult) -> http.client.HTTPConnection:
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ConnectionError("not an address") from error
    if parts.scheme == "https" and host:
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=TIMEOUT_S, context=context)
    if parts.scheme == "http" and host:
        return http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
    raise ConnectionError("not an http address")


@contextlib.contextmanager
def _until(connection: http.client.HTTPConnection, seconds: float) -> Iterator[None]:
    """Cut a connection off after some seconds, in whatever step it is."""
    cut = threading.Timer(seconds, _cut, [connection])
    cut.daemon = True
    cut.start()
    try:
        yield
    finally:
        cut.cancel()


def _cut(connection: http.client.HTTPConnection) -> None:
    with contextlib.suppress(OSError, AttributeError):  # it was closed in between
        connection.sock.shutdown(socket.SHUT_RDWR)
