"""The public page: what the company has announced, for anybody, in Chinese and under `/en/`.

No login, no cookie, no script; figures change when somebody publishes, never live. Pages may be
kept by caches and are asked for again by ETag. Only here search engines are welcome.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app

from shiftapp.model import announcement_archive, figures, log_proofs, log_state
from shiftapp.store import Row
from shiftapp.web.context import now_ms, settings, store
from shiftapp.web.language import language
from shiftapp.web.plant_time import plant_time
from shiftapp.web.public_caching import for_ever, for_others, kept
from shiftapp.web.public_seal import checked, holds, signed_words, vkey
from shiftapp.web.public_view import View, view
from shiftapp.web.public_words import joined, said
from shiftapp.web.squares import squares

bp = Blueprint("public", __name__)

EARLIER = 4  # days that stand under the announcement
WORDS_BYTES = 12_000  # of what was signed, under an altered announcement
CSP = (  # without a script nothing connects but what checks the page, which asks for robots.txt
    "default-src 'none'; script-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action {forms}; frame-ancestors {ancestors}"
)


@bp.get("/")
@bp.get("/en/")
def show_current() -> Response:
    """The newest announcement, or what will stand here once there is one."""
    found = announcement_archive.newest(store())
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
    return _announcement(announcement_archive.announcement(store(), id), f"announcements/{id}")


@bp.get("/announcements/<id>.json")
def show_document(id: str) -> Response:
    """The document, byte for byte as it was signed."""
    found = announcement_archive.announcement(store(), id)
    return _as_signed(found, found["bytes"], "application/json")


@bp.get("/announcements/<id>.txt")
def show_note(id: str) -> Response:
    """The signed note: the document's hash and the announcement in words (C2SP signed-note)."""
    found = announcement_archive.announcement(store(), id)
    return _as_signed(found, found["note"].encode(), "text/plain; charset=utf-8")


@bp.get("/robots.txt")
def show_robots() -> Response:
    """Everybody may read; what is not public says so itself (noindex)."""
    return kept(Response("User-agent: *\nAllow: /\n", content_type="text/plain; charset=utf-8"))


@bp.get("/privacy")
@bp.get("/en/privacy")
def show_privacy() -> Response:
    """What is kept about people and for how long: the plant's own text, else the one that ships."""
    own = settings().privacy_en if language() == "en" else settings().privacy_zh
    paragraphs = [part.strip() for part in own.split("\n\n") if part.strip()]
    return public_page("public/privacy.html", "privacy", paragraphs=paragraphs)


def view_of(found: Row) -> View:
    """What is shown of a stored announcement."""
    every = announcement_archive.versions(store(), found["kind"], found["date"])
    return view(found["doc"], every[0]["published_ms"])


def _announcement(found: Row, path: str) -> Response:
    if not holds(found):
        return _altered(found, path)
    doc, total = found["doc"], found["doc"]["total"]
    expired = now_ms() >= doc["valid_until_ms"]
    earlier = announcement_archive.before(store(), doc["date"], EARLIER)
    every = announcement_archive.versions(store(), found["kind"], found["date"])
    changed = [found["published_ms"], *(row["published_ms"] for row in (*earlier, *every))]
    changed += [doc["valid_until_ms"]] if expired else []
    stands = log_state.force(store())
    changed += [stands.changed_ms]
    return public_page(
        "public/announcement.html",
        path,
        changed_ms=max(changed),
        until_ms=None if expired else doc["valid_until_ms"],
        doc=doc,
        total=total,
        v=view(doc, every[0]["published_ms"]),
        versions=every,
        lost=_lost(every),
        expired=expired,
        newest=found["id"] == announcement_archive.newest_id(store()),
        newer=every[-1] if every[-1]["version"] > doc["version"] else None,
        earlier=[checked(row) for row in earlier],
        squares=squares(total["n"], total["on"]) if total else None,
        said=said,
        joined=joined,
        vkey=vkey(),
        stands=stands,
        sealed=log_proofs.place(store(), found["entry_seq"]) is not None,
    )


def _altered(found: Row, path: str) -> Response:
    """A red banner in place of the figures, and the words that were signed where they hold."""
    words, room = signed_words(found), WORDS_BYTES
    shown = []
    for line in words or []:
        room -= len(line.encode())
        if room < 0:
            break
        shown.append(line)
    return public_page(
        "public/altered.html",
        path,
        a=found,
        known=words is not None,
        words=shown,
        more=len(shown) < len(words or []),
    )


def _lost(versions: list[Row]) -> list[int]:
    """The numbers of versions that must have been there and are gone."""
    there = {row["version"] for row in versions}
    return [number for number in range(1, max(there)) if number not in there]


def _as_signed(found: Row, data: bytes, content_type: str) -> Response:
    """For ever while it holds; somebody who mends an altered row is seen soon."""
    if holds(found):
        return for_ever(data, content_type, found["published_ms"])
    return for_others(kept(Response(data, content_type=content_type)))


def public_page(
    template: str,
    path: str,
    *,
    changed_ms: int | None = None,
    until_ms: int | None = None,
    asks: bool = False,
    **values: Any,
) -> Response:
    """A public page. Not `render_template`: its context would look for a session.

    `path`: behind `/` or `/en/`. `changed_ms`, `until_ms`: as `kept`. `asks`: it has a form.
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
        forms="'self'" if asks else "'none'",
        ancestors="'self'" if settings().demo else "'none'",
    )
    response.headers["Link"] = ", ".join(
        f'<{settings().url}{base}{path}>; rel="alternate"; hreflang="{lang}"'
        for base, lang in (("/", "zh-CN"), ("/en/", "en"))
    )
    return kept(response, changed_ms=changed_ms, until_ms=until_ms)
