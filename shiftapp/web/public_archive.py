"""The announcements of earlier days: a month a page, and a search by date without a script.

`/announcements` shows the newest month, or what lies between two dates that somebody asks for. What
no longer fits its note is listed as such, without its figures.
"""

from __future__ import annotations

import datetime
from typing import NamedTuple

from flask import Response, request

from shiftapp.model import announcement_archive
from shiftapp.problems import Problem
from shiftapp.store import Row
from shiftapp.web.context import store
from shiftapp.web.errors import sentence
from shiftapp.web.public import bp, public_page
from shiftapp.web.public_seal import checked
from shiftapp.web.public_view import day, kind

__all__ = ["bp"]  # the public pages, with this one

MOST = 60  # on a page: it stays under 20 KB
_FIRST, _LAST = "0001-01-01", "9998-12-31"


class Entry(NamedTuple):
    """An announcement in the list: its newest version, whether it holds, and those before it."""

    id: str
    doc: dict[str, object] | None  # None: it no longer fits its note
    date: str
    kind: str
    why: str
    earlier: list[Row]


class Asked(NamedTuple):
    """The dates of a search as they were typed."""

    first: str
    last: str


@bp.get("/announcements")
@bp.get("/en/announcements")
def show_archive() -> Response:
    """The newest month that has announcements; with `from` or `to`, those between the dates."""
    asked = Asked(request.args.get("from", ""), request.args.get("to", ""))
    months = announcement_archive.months(store())
    if asked.first or asked.last:
        return _search(asked, months)
    return _month(months[0] if months else "", "announcements", months)


@bp.get("/announcements/months/<month>")
@bp.get("/en/announcements/months/<month>")
def show_month(month: str) -> Response:
    """The announcements of one month.

    :raises Problem: 404 `no_announcement`.
    """
    months = announcement_archive.months(store())
    if month not in months:
        raise Problem(404, "no_announcement", "没有这份公告。对一下网址，或者看历次公告。")
    return _month(month, f"announcements/months/{month}", months)


def _month(month: str, path: str, months: list[str]) -> Response:
    found = _between(*announcement_archive.month_days(month)) if month else []
    return _page(path, Asked("", ""), months, found=found, month=month)


def _search(asked: Asked, months: list[str]) -> Response:
    try:
        first, last = _dates(asked)
    except Problem as problem:
        response = _page("announcements", asked, months, error=sentence(problem))
        response.status_code = problem.status
        return response
    return _page("announcements", asked, months, found=_between(first, last))


def _dates(asked: Asked) -> tuple[str, str]:
    """The first and the last day asked for; an empty field is open.

    :raises Problem: 422 `no_date`, `dates_backwards`.
    """
    first = _date(asked.first) or _FIRST
    last = _date(asked.last) or _LAST
    if first > last:
        raise Problem(422, "dates_backwards", "从哪天要早于到哪天。把两个日期换过来。")
    return first, last


def _date(typed: str) -> str:
    text = typed.strip()
    if not text:
        return ""
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        said = "看不懂日期“%(text)s”。写成 2026-11-24 这样。"
        raise Problem(422, "no_date", said, params={"text": text[:40]}) from None


def _between(first: str, last: str) -> list[Entry]:
    rows = announcement_archive.between(store(), first, last, MOST + 1)
    if not rows:
        return []
    every = announcement_archive.all_versions(store(), rows[-1]["date"], rows[0]["date"])
    return [
        Entry(
            row["id"],
            checked(row)["doc"],
            row["date"],
            row["kind"],
            row["why"],
            [one for one in every if _before(one, row)],
        )
        for row in rows
    ]


def _before(one: Row, row: Row) -> bool:
    same = (one["kind"], one["date"]) == (row["kind"], row["date"])
    return bool(same and one["version"] < row["version"])


def _changed_ms(found: list[Entry]) -> int | None:
    """When something was published last; None when one was altered, nobody knows when."""
    if all(one.doc for one in found):
        return announcement_archive.changed_ms(store())
    return None


def _page(
    path: str,
    asked: Asked,
    months: list[str],
    *,
    found: list[Entry] | None = None,
    month: str = "",
    error: str = "",
) -> Response:
    year = month[:4] or (months[0][:4] if months else "")
    return public_page(
        "public/archive.html",
        path,
        changed_ms=_changed_ms(found or []),
        asks=True,
        asked=asked,
        found=found[:MOST] if found is not None else None,
        more=found is not None and len(found) > MOST,
        month=month,
        months=[one for one in months if one.startswith(year)],
        years=sorted({one[:4] for one in months}, reverse=True),
        error=error,
        day=day,
        kind=kind,
    )
