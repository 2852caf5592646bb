"""`/verify`: anybody's own browser checks an announcement, or a worker's proof, against the log.

The one public page with a script. The script is ours, asks this server for nothing but the proof of
the announcement and what lies under `/log/`, and sends nothing; the page itself says nothing about
whether a figure is true.
"""

from __future__ import annotations

from flask import Response, request

from shiftapp.model import announcement_archive
from shiftapp.store import Row
from shiftapp.web.context import settings, store
from shiftapp.web.plant_time import zone
from shiftapp.web.public import bp, public_page
from shiftapp.web.public_view import day, kind
from shiftapp.web.verify_words import words

__all__ = ["bp"]  # the public pages, with this one

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors {ancestors};"
    " require-trusted-types-for 'script'; trusted-types 'none'"
)


@bp.get("/verify")
@bp.get("/en/verify")
def show_verifier() -> Response:
    """The page for an announcement (`?a=`, the newest where none is named) or a proof file."""
    found = _asked()
    response = public_page(
        "public/verify.html",
        "verify" + (f"?a={found['id']}" if found and "a" in request.args else ""),
        a=found,
        title=f"{kind(found['doc'])} {day(found['doc'])}" if found and found["doc"] else "",
        zone=zone(),
        words=words(),
    )
    ancestors = "'self'" if settings().demo else "'none'"
    response.headers["Content-Security-Policy"] = CSP.format(ancestors=ancestors)
    return response


def _asked() -> Row | None:
    """The announcement that is asked for, else the newest; None before the first.

    :raises Problem: 404 for an id that no announcement has.
    """
    if "a" in request.args:
        return announcement_archive.announcement(store(), request.args["a"])
    return announcement_archive.newest(store())
