"""Answers compressed by the server itself: text by gzip, what never changes once for all.

No page of ours shows a secret of the server beside something a stranger typed (CSRF needs no
token, design.md §4), so compressing does not leak one (BREACH).
"""

from __future__ import annotations

import functools
import gzip
from pathlib import Path

from flask import Flask, Response, request

from shiftapp.web.assets import STATIC

TEXT = (
    "text/",
    "application/json",
    "application/atom+xml",
    "application/problem+json",
    "application/javascript",
    "application/manifest+json",
    "application/wasm",
    "image/svg+xml",
)
MIN_BYTES = 600  # below one packet with its headers nothing is won
BUNDLES = "/log/tile/entries/"  # of JSON texts, for all that their type says
LEVEL = 6
STATIC_LEVEL = 9


def install(app: Flask) -> None:
    """Compress last: hooks run in reverse order, so this room is installed first."""
    app.after_request(compress)


def compress(response: Response) -> Response:
    """The same answer with `Content-Encoding: gzip` where it pays and the browser takes it."""
    if not _worth(response):
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings.quality("gzip"):
        return response
    data = _static_bytes() if request.endpoint == "static" else None
    response.direct_passthrough = False
    if data is None and response.cache_control.immutable and not _is_bundle():
        data = _kept(response.get_data())
    elif data is None:
        data = gzip.compress(response.get_data(), LEVEL, mtime=0)
    if closing := getattr(response.response, "close", None):
        closing()  # the open file of a static answer, which nobody will read
    response.set_data(data)
    response.headers["Content-Encoding"] = "gzip"
    etag, _ = response.get_etag()
    if etag:  # the bytes differ from the plain ones: the same content, not the same bytes
        response.set_etag(etag, weak=True)
    return response


def _worth(response: Response) -> bool:
    return (
        response.status_code in (200, 403, 404, 422)
        and request.method == "GET"
        and "Content-Encoding" not in response.headers
        and ((response.mimetype or "").startswith(TEXT) or _is_bundle())
        and (response.content_length is None or response.content_length >= MIN_BYTES)
        and (request.endpoint == "static" or not response.is_streamed)
    )


def _is_bundle() -> bool:
    """Entries of the log: too many of them to keep them compressed."""
    return request.path.startswith(BUNDLES)


def _static_bytes() -> bytes | None:
    """The compressed bytes of the static file that is asked for."""
    assert request.view_args is not None  # the static route has one
    path = STATIC / request.view_args["filename"]
    return _compressed(path, path.stat().st_mtime_ns)


@functools.lru_cache(maxsize=8)
def _kept(data: bytes) -> bytes:
    """What stays the same under its address: the joined script and style above all."""
    return gzip.compress(data, STATIC_LEVEL, mtime=0)


@functools.lru_cache(maxsize=256)
def _compressed(path: Path, changed_ns: int) -> bytes:
    return gzip.compress(path.read_bytes(), STATIC_LEVEL, mtime=0)
