"""The announcement to hand on: a card for messengers (PNG) and a sheet for the notice board (PDF).

Drawn from the signed document alone, so a file never changes under its address: it says until when
it holds and never that it does now. Drawing takes a fraction of a second: a few are kept, one is
drawn at a time, and no write waits for it.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable

from flask import Response

from qr.announcement_pdf import announcement_pdf
from qr.announcement_png import announcement_png
from qr.announcement_sheet import Sheet
from shiftapp.model import announcement_archive
from shiftapp.web.context import store
from shiftapp.web.public import bp, view_of
from shiftapp.web.public_caching import for_ever, for_others, kept
from shiftapp.web.public_seal import holds
from shiftapp.web.public_sheet import altered_sheet, sheet

__all__ = ["bp"]  # the public pages, with this one

KEPT = 32  # files; a sheet is some 60 KB
_DRAWING = threading.Lock()


@bp.get("/announcements/<id>.png")
@bp.get("/en/announcements/<id>.png")
def show_card(id: str) -> Response:
    """The card that a messenger shows for the link."""
    return _file(id, announcement_png, "image/png")


@bp.get("/announcements/<id>.pdf")
@bp.get("/en/announcements/<id>.pdf")
def show_sheet(id: str) -> Response:
    """The sheet for the notice board."""
    response = _file(id, announcement_pdf, "application/pdf")
    response.headers["Content-Disposition"] = f"inline; filename={id}.pdf"
    return response


def _file(id: str, draw: Callable[[Sheet], bytes], content_type: str) -> Response:
    found = announcement_archive.announcement(store(), id)
    if not holds(found):
        altered = Response(_drawn(draw, altered_sheet(found)), content_type=content_type)
        return for_others(kept(altered))
    return for_ever(_drawn(draw, sheet(found, view_of(found))), content_type, found["published_ms"])


def _drawn(draw: Callable[[Sheet], bytes], about: Sheet) -> bytes:
    """The file: one that was drawn before, or drawn now, while others wait their turn."""
    with _DRAWING:
        return _kept(draw, about)


@functools.lru_cache(maxsize=KEPT)
def _kept(draw: Callable[[Sheet], bytes], about: Sheet) -> bytes:
    return draw(about)
