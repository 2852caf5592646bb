"""The web side of a witness: one call, a word of health, and nothing else."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from cheroot.errors import MaxSizeExceeded

from shiftapp.commands.http_server import WSGI, listen, new_server, serve_until, until_signal
from shiftapp.ledger.witness import Answer, Witness, read_request
from shiftapp.ledger.witness_client import ADD, PLAIN

log = logging.getLogger("shiftapp")

THREADS = 8
MOST_BYTES = 64 * 1024
CALL, HEALTH = f"/{ADD}", "/healthz"

REASONS = {
    200: "OK",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    413: "Content Too Large",
    422: "Unprocessable Content",
    500: "Internal Server Error",
}


def serve(
    witness: Callable[[], Witness],
    host: str,
    port: int,
    tls: tuple[Path, Path] | None,
    ready: Callable[[int], None],
) -> None:
    """Answer until a signal; `witness` is asked for anew each time, so that its list may change."""
    app = application(witness, lambda: int(time.time()))
    server = new_server(app, host, port, threads=THREADS, most_bytes=MOST_BYTES, tls=tls)
    listen(server, "--port 8101")
    try:
        with until_signal() as left:
            serve_until(server, left, ready)
    finally:
        server.stop()
        log.info("stopped")


def application(witness: Callable[[], Witness], now_s: Callable[[], int]) -> WSGI:
    """The call under whatever prefix it is asked, and health."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        found = _answer(witness, now_s, environ)
        body = found.body.encode()
        headers = [("Content-Type", found.kind), ("Content-Length", str(len(body)))]
        headers += [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
        if found.status == 405:
            headers.append(("Allow", "POST" if _is(environ, CALL) else "GET, HEAD"))
        if found.status == 413:
            headers.append(("Connection", "close"))  # the rest of it is not read
        start(f"{found.status} {REASONS[found.status]}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    return answer


def _answer(
    witness: Callable[[], Witness], now_s: Callable[[], int], environ: WSGIEnvironment
) -> Answer:
    method = environ["REQUEST_METHOD"]
    if _is(environ, HEALTH):
        return _word(200, "ok") if method in ("GET", "HEAD") else _word(405, "GET")
    if not _is(environ, CALL):
        return _word(404, "nothing here")
    if method != "POST":
        return _word(405, "POST")
    try:
        body = environ["wsgi.input"].read(MOST_BYTES + 1)
    except (MaxSizeExceeded, OSError, ValueError):  # in pieces, and too many or broken ones
        return _word(413, "too large, or cut off")
    try:
        found = witness().answer(body, now_s())
    except Exception:  # the list of logs or the key cannot be read
        log.exception("the witness cannot answer")
        return _word(500, "the witness cannot answer")
    _note(environ, body, found)
    return found


def _note(environ: WSGIEnvironment, body: bytes, found: Answer) -> None:
    who = environ.get("REMOTE_ADDR", "")
    if found.status == 200:
        newest = read_request(body).checkpoint
        log.info("%s: signed tree %s of %s", who, newest.size, newest.origin)
    else:
        log.info("%s: %s %s", who, found.status, found.body.rstrip("\n"))


def _is(environ: WSGIEnvironment, call: str) -> bool:
    return str(environ.get("PATH_INFO", "")).endswith(call)


def _word(status: int, word: str) -> Answer:
    return Answer(status, f"{word}\n", PLAIN)
