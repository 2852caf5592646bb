"""The public page: what the company has announced, for anybody, in Chinese and under `/en/`.

No login, no cookie, no script; figures change when somebody publishes, never live. Pages may be
kept by caches and are asked for again by ETag. Only here search engines are welcome.
"""

from __future__ import annotations

import datetime
import hashlib
from typing import Any

from flask import Blueprint, Response, current_app, request

from shiftapp.ledger import note
from shiftapp.model import announcements, figures, publishing
from shiftapp.store import Row
from shiftapp.web.context import keys, now_ms, settings, store
from shiftapp.web.language import language
from shiftapp.web.plant_time import plant_time
from shiftapp.web.squares import squares

bp = Blueprint("public", __name__)

FRESH_S = 60  # how long a cache need not ask
ARCHIVE_DAYS = 31
CSP = (  # without a script nothing connects but what checks the page, which asks for robots.txt
    "default-src 'none'; script-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
)


@bp.get("/")
@bp.get("/en/")
def show_current() -> Response:
    """The newest announcement, or what will stand here once there is one."""
    found = announcements.current(store())
    if found is None:
        day = figures.today(store(), now_ms())
        return public_page(
            "public/empty.html", "", due=figures.times(store(), settings(), day).due_ms
        )
    return _announcement(found, "")


@bp.get("/announcements/<id>")
@bp.get("/en/announcements/<id>")
def show_announcement(id: str) -> Response:
    """One announcement, whatever came after it."""
    return _announcement(announcements.announcement(store(), id), f"announcements/{id}")


@bp.get("/announcements/<id>.json")
def show_document(id: str) -> Response:
    """The document, byte for byte as it was signed."""
    found = announcements.announcement(store(), id)
    return _for_ever(found["bytes"], "application/json")


@bp.get("/announcements/<id>.txt")
def show_note(id: str) -> Response:
    """The signed note over the document's hash (C2SP signed-note)."""
    found = announcements.announcement(store(), id)
    return _for_ever(found["note"].encode(), "text/plain; charset=utf-8")


@bp.get("/announcements")
@bp.get("/en/announcements")
def show_archive() -> Response:
    """The announcements of earlier days, a month a page."""
    before = request.args.get("before", "")
    days = announcements.archive(store(), ARCHIVE_DAYS + 1, before or "9999-12-31")
    more = days[ARCHIVE_DAYS - 1]["date"] if len(days) > ARCHIVE_DAYS else None
    return public_page("public/archive.html", "announcements", days=days[:ARCHIVE_DAYS], more=more)


@bp.get("/privacy")
@bp.get("/en/privacy")
def show_privacy() -> Response:
    """What is kept about people and for how long: the plant's own text, else the one that ships."""
    own = settings().privacy_en if language() == "en" else settings().privacy_zh
    paragraphs = [part.strip() for part in own.split("\n\n") if part.strip()]
    return public_page("public/privacy.html", "privacy", paragraphs=paragraphs)


def _announcement(found: Row, path: str) -> Response:
    doc, total = found["doc"], found["doc"]["total"]
    expired = now_ms() >= doc["valid_until_ms"]
    earlier = announcements.archive(store(), 4, doc["date"])
    changed = [found["published_ms"], *(row["published_ms"] for row in earlier)]
    changed += [found["newer"]["published_ms"]] if found["newer"] else []
    changed += [doc["valid_until_ms"]] if expired else []
    return public_page(
        "public/announcement.html",
        path,
        changed_ms=max(changed),
        until_ms=None if expired else doc["valid_until_ms"],
        a=found,
        doc=doc,
        total=total,
        expired=expired,
        newest=found["id"] == _newest_id(),
        earlier=earlier,
        squares=squares(total["n"], total["on"]) if total else None,
        vkey=vkey(),
    )


def _newest_id() -> str | None:
    newest = announcements.current(store())
    return newest["id"] if newest else None


def vkey() -> str:
    """The key with which anybody verifies our announcements."""
    return note.vkey(publishing.signer_name(settings()), note.public_bytes(keys().announcement))


def public_page(
    template: str,
    path: str,
    *,
    changed_ms: int | None = None,
    until_ms: int | None = None,
    **values: Any,
) -> Response:
    """A public page. Not `render_template`: its context would look for a session.

    `path`: behind `/` or `/en/`. `changed_ms`: when what it shows last changed. `until_ms`: when
    it will look different by itself.
    """
    html = current_app.jinja_env.get_template(template).render(
        settings=settings(),
        plant_time=plant_time(),
        base="/en/" if language() == "en" else "/",
        path=path,
        **values,
    )
    response = Response(html, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = CSP.format(
        ancestors="'self'" if settings().demo else "'none'"
    )
    response.headers["Link"] = ", ".join(
        f'<{settings().url}{base}{path}>; rel="alternate"; hreflang="{lang}"'
        for base, lang in (("/", "zh-CN"), ("/en/", "en"))
    )
    return _kept(response, changed_ms, until_ms)


def _kept(response: Response, changed_ms: int | None, until_ms: int | None) -> Response:
    """With what a cache needs; not modified when the reader has it already."""
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    if settings().demo:  # its clock is moved by hand
        response.headers["Cache-Control"] = "no-cache"
    else:
        left_s = FRESH_S if until_ms is None else max(0, (until_ms - now_ms()) // 1000)
        response.headers["Cache-Control"] = f"public, max-age={min(FRESH_S, left_s)}"
        if changed_ms is not None:
            response.last_modified = datetime.datetime.fromtimestamp(
                changed_ms // 1000, datetime.UTC
            )
    return response.make_conditional(request)  # type: ignore[return-value]  # gives itself


def _for_ever(data: bytes, content_type: str) -> Response:
    """What is signed never changes; programs of others may read it."""
    response = Response(data, content_type=content_type)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.set_etag(hashlib.sha256(data).hexdigest()[:32])
    return response.make_conditional(request)  # type: ignore[return-value]  # gives itself
