"""One line a request, without personal data: no address, no query, no person, no station MAC.

The line names the route, not the URL: `GET /W/<station>/<mac> 200 4312 8ms`. A path that leads
nowhere is `-`. Fields: method, route, status, bytes of the answer, time until it was ready.
"""

from __future__ import annotations

import logging
import time

from flask import Flask, Response, g, request

log = logging.getLogger("shiftapp.access")


def install(app: Flask) -> None:
    """Time every request and write its line."""
    app.before_request(_start)
    app.after_request(_write)


def _start() -> None:
    g.started = time.perf_counter()


def _write(response: Response) -> Response:
    took_ms = round(1000 * (time.perf_counter() - g.get("started", time.perf_counter())))
    route = request.url_rule.rule if request.url_rule else "-"
    size = response.content_length
    log.info(
        "%s %s %d %s %dms",
        request.method if request.method.isalpha() else "-",
        route,
        response.status_code,
        "-" if size is None else size,
        took_ms,
    )
    return response
