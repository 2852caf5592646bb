"""The public log under `/log`: the files that C2SP tlog-tiles names, and our own beside them.

For programs of other houses: no cookie, no page, the same answer for everybody. What never changes
may be kept for ever; the checkpoint a few seconds. In a demo nothing is kept: it is made anew, and
another log then has the same address.
"""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, request

from shiftapp.model import log_files
from shiftapp.model.log_files import File
from shiftapp.web.context import settings, store
from shiftapp.web.public_caching import for_ever, for_others

bp = Blueprint("public_log", __name__)

FRESH_S = 5  # of a checkpoint: "not beyond a few seconds"


@bp.get("/log/<path:path>")
def show_file(path: str) -> Response:
    """A file of the log; 404 with the code `no_file` as text where there is none (yet)."""
    found = log_files.read(store(), path)
    if found is None:
        missing = Response("no_file\n", 404, content_type=log_files.TEXT)
        return for_others(missing)
    if found.for_ever and not settings().demo:
        return for_ever(found.data, found.content_type)
    return _briefly(found)


def _briefly(found: File) -> Response:
    response = Response(found.data, content_type=found.content_type)
    fresh = "no-cache" if settings().demo else f"public, max-age={FRESH_S}"
    response.headers["Cache-Control"] = fresh
    response.set_etag(hashlib.sha256(found.data).hexdigest()[:32])
    return for_others(response).make_conditional(request)  # type: ignore[return-value]
