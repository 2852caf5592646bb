"""Static files by content, and drawn icons.

`static('css/desk.css')` carries a hash, and then never expires. `sprite('i-check')` puts the
symbols a page uses into the page itself, so that an icon needs no request (ui.md §2).
"""

from __future__ import annotations

import functools
import hashlib
import re
from pathlib import Path

from flask import Flask, Response, request
from markupsafe import Markup

STATIC = Path(__file__).parent.parent / "static"


def install(app: Flask) -> None:
    """Give templates `static()` and `sprite()`, and static answers their cache headers."""
    app.add_template_global(static)
    app.add_template_global(sprite)
    app.after_request(_cache)


def static(path: str) -> str:
    """The URL of a static file with the hash of its content."""
    return f"/static/{path}?v={version(path)}"


def sprite(*names: str) -> Markup:
    """An invisible SVG that holds these symbols of `icons/icons.svg` for `<use href="#…">`.

    :raises KeyError: a symbol that is not drawn.
    """
    file = STATIC / "icons" / "icons.svg"
    symbols = _symbols(file, file.stat().st_mtime_ns)
    inside = "".join(symbols[name] for name in dict.fromkeys(names))
    start = '<svg width="0" height="0" class="sprite" aria-hidden="true" focusable="false">'
    return Markup(f"{start}{inside}</svg>")  # our own file, nothing of a user's


def version(path: str) -> str:
    """The first ten hex digits of the SHA-256 of a static file; it changes when the file does."""
    file = STATIC / path
    return _hash(file, file.stat().st_mtime_ns)


@functools.cache
def _hash(file: Path, changed_ns: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10]


@functools.lru_cache(maxsize=2)
def _symbols(file: Path, changed_ns: int) -> dict[str, str]:
    found = re.findall(r'<symbol id="([^"]+)".*?</symbol>', file.read_text("utf-8"), re.DOTALL)
    whole = re.findall(r"<symbol .*?</symbol>", file.read_text("utf-8"), re.DOTALL)
    return dict(zip(found, whole, strict=True))


def _cache(response: Response) -> Response:
    if request.endpoint == "static" and response.status_code < 400:
        asked = request.args.get("v")
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if asked else "public, max-age=300"
        )
    return response
