"""A second port that speaks plain http, for a phone that does not trust us yet.

It shows how to trust, hands the authority's certificate out, and sends everything else to https.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask

from shiftapp.commands.http_server import WSGI, listen, serving_beside
from shiftapp.commands.server import make_server

THREADS = 4
PAGE = {"/trust", "/en/trust", "/trust/ca.crt"}
DRESS = {"/static/css/tokens.css", "/static/css/public.css", "/static/icons/icon.svg"}


@contextlib.contextmanager
def trust_port(app: Flask, host: str, port: int, url: str) -> Iterator[None]:
    """Serve the page on a port while the block runs."""
    server = make_server(app, host, port, THREADS, None)
    server.wsgi_app = only_trust(app.wsgi_app, url)
    listen(server, "--trust-port 8081")
    with serving_beside(server, "trust port"):
        yield


def only_trust(app: WSGI, url: str) -> WSGI:
    """The application with no more than the page; all else is to be asked for at `url`."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO", ""))
        if environ["REQUEST_METHOD"] in ("GET", "HEAD") and path in PAGE | DRESS:
            return app(environ, start)
        place = url + quote(path.encode("latin-1"))
        start("307 Temporary Redirect", [("Location", place), ("Content-Length", "0")])
        return []

    return answer
