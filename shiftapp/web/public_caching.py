"""How long what anybody may read can be kept, and when a reader has it already.

No cookie and no `Vary: Cookie`: the same answer for everybody. A page is asked for again by ETag
or date; what is signed never changes under its address.
"""

from __future__ import annotations

import datetime
import hashlib

from flask import Response, request

from shiftapp.web.context import now_ms, settings

FRESH_S = 60  # how long a cache need not ask
_YEAR_S = 365 * 24 * 3600


def kept(
    response: Response, *, changed_ms: int | None = None, until_ms: int | None = None
) -> Response:
    """With what a cache needs; not modified when the reader has it already.

    `changed_ms`: when what it shows last changed. `until_ms`: when it will look different by
    itself.
    """
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    if settings().demo:  # its clock is moved by hand
        response.headers["Cache-Control"] = "no-cache"
    else:
        left_s = FRESH_S if until_ms is None else max(0, (until_ms - now_ms()) // 1000)
        response.headers["Cache-Control"] = f"public, max-age={min(FRESH_S, left_s)}"
        _date(response, changed_ms)
    return response.make_conditional(request)  # type: ignore[return-value]  # gives itself


def for_ever(data: bytes, content_type: str, changed_ms: int | None = None) -> Response:
    """What is signed, or drawn from it: it never changes; programs of others may read it."""
    response = Response(data, content_type=content_type)
    response.headers["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable"
    response.set_etag(hashlib.sha256(data).hexdigest()[:32])
    _date(response, changed_ms)
    return for_others(response).make_conditional(request)  # type: ignore[return-value]


def for_others(response: Response) -> Response:
    """Readable for pages and programs of other houses."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _date(response: Response, changed_ms: int | None) -> None:
    if changed_ms is not None:
        response.last_modified = datetime.datetime.fromtimestamp(changed_ms // 1000, datetime.UTC)
