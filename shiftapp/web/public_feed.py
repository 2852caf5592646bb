"""The announcements as an Atom feed (RFC 4287): `/announcements.atom`, and in English under `/en/`.

Every version is an entry of its own, so that a reader who has the first learns of its correction.
An entry's id is the announcement's UUID; its English twin has one made of it, for it is another
text. What no longer fits its note is left out but for that it does not.
"""

from __future__ import annotations

import datetime
import re
import uuid
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask import Response, current_app
from flask_babel import gettext

from shiftapp.model import announcement_archive
from shiftapp.store import Row
from shiftapp.web.context import settings, store
from shiftapp.web.language import language
from shiftapp.web.plant_time import zone
from shiftapp.web.public import bp
from shiftapp.web.public_caching import for_others, kept
from shiftapp.web.public_seal import checked
from shiftapp.web.public_view import day, issued, kind, signed_for
from shiftapp.web.public_words import Doc, said

__all__ = ["bp"]  # the public pages, with this one

MOST = 30
ATOM = "application/atom+xml; charset=utf-8"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Entry(NamedTuple):
    """One version: its ids and times, and what stands in it, a paragraph each."""

    urn: str
    id: str
    title: str
    updated: str
    lines: list[str]
    earlier: str | None  # id of the version it takes the place of


@bp.get("/announcements.atom")
@bp.get("/en/announcements.atom")
def show_feed() -> Response:
    """The newest versions, the last published first."""
    rows = [checked(row) for row in announcement_archive.newest_versions(store(), MOST)]
    changed_ms = rows[0]["published_ms"] if rows else 0
    whole = bool(rows) and all(row["doc"] for row in rows)
    plant = settings()
    name = (language() == "en" and plant.name_en) or plant.name or gettext("本公司")
    xml = current_app.jinja_env.get_template("public/feed.xml").render(
        url=plant.url,
        name=name,
        title=gettext("%(name)s：安全承诺公告", name=name),
        base="/en/" if language() == "en" else "/",
        urn=_urn(str(uuid.uuid5(uuid.NAMESPACE_URL, plant.origin or plant.url))),
        updated=_instant(changed_ms),
        entries=[_entry(row) for row in rows],
    )
    response = Response(_NOT_XML.sub(" ", xml), content_type=ATOM)
    return for_others(kept(response, changed_ms=changed_ms if whole else None))


def _entry(row: Row) -> Entry:
    doc = row["doc"]
    return Entry(
        _urn(row["id"]),
        row["id"],
        _title(row, doc),
        _instant(row["published_ms"]),
        _lines(doc) if doc else [gettext("存着的这一份，签发后被改过，里面的数不能信。")],
        row["supersedes"],
    )


def _title(row: Row, doc: Doc | None) -> str:
    if doc is None:
        return gettext("公告与签名不符：%(date)s", date=row["date"])
    title = f"{kind(doc)} {day(doc)}"
    if row["why"] == "first":
        return title
    if row["why"] == "update":
        return gettext("更新：%(title)s，第 %(v)s 版", title=title, v=row["version"])
    return gettext("更正：%(title)s，第 %(v)s 版", title=title, v=row["version"])


def _lines(doc: Doc) -> list[str]:
    total, change = doc["total"], doc.get("change")
    lines = [said(doc["text"]), *(said(one) for one in doc["named"])]
    if total:
        lines.append(gettext("%(n)s 人中 %(on)s 人按时", n=total["n"], on=total["on"]))
    if doc["override"]:
        lines.append(gettext("带着没处理的事签发，理由由签发人写明。"))
        lines.append(gettext("理由：%(why)s", why=doc["override"]["reason"]))
    if change:
        lines += [said(one) for one in change["changes"]]
        lines.append(gettext("理由：%(why)s", why=change["reason"]))
    return [line for line in (*lines, issued(doc), signed_for(doc)) if line]


def _urn(id: str) -> str:
    if language() == "en":
        id = str(uuid.uuid5(uuid.UUID(id), "en"))
    return f"urn:uuid:{id}"


def _instant(ms: int) -> str:
    """An instant as Atom has it (RFC 3339), at the site."""
    when = datetime.datetime.fromtimestamp(ms / 1000, ZoneInfo(zone()))
    return when.isoformat(timespec="seconds")
