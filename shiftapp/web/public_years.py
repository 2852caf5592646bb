"""A year of announcements: `/years/<year>`, what was promised and what was done.

The sums come from the published documents alone. The chart is a drawing in the page, with its
table under it: no script, and nobody needs to see the drawing.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from flask import Response

from shiftapp.model import announcement_archive, announcement_years, days, periods
from shiftapp.model.announcement_years import Seen, Sums
from shiftapp.model.periods import Kind
from shiftapp.problems import Problem
from shiftapp.web.context import now_ms, settings, store
from shiftapp.web.public import bp, public_page
from shiftapp.web.public_seal import checked

__all__ = ["bp"]  # the public pages, with this one

_PITCH, _WIDE, _HIGH, _TOP = 30, 22, 130, 26  # of the chart; its unit is a pixel of a phone


class Bar(NamedTuple):
    """A month in the chart: expected as an outline, on time filled."""

    x: int
    n_y: int
    n_height: int
    on_y: int
    on_height: int


@bp.get("/years/<int:year>")
@bp.get("/en/years/<int:year>")
def show_year(year: int) -> Response:
    """The months of a year with their sums, as a chart and as a table.

    :raises Problem: 404 `no_such_year`.
    """
    first, last = f"{year:04}-01-01", f"{year:04}-12-31"
    kind = periods.kind_of(settings().rhythm)
    seen, changed_ms = _seen(kind, first, last) if len(first) == 10 else ([], None)
    if not seen:
        raise Problem(404, "no_such_year", "这一年没有公告。看别的年份。")
    due = _due(kind, first, last)
    months = announcement_years.by_month(seen, due)
    return public_page(
        "public/year.html",
        f"years/{year}",
        changed_ms=_changed_ms(kind, last, changed_ms) if all(one.doc for one in seen) else None,
        year=year,
        years=sorted({one[:4] for one in announcement_archive.months(store())}, reverse=True),
        months=months,
        with_announcements={one.date[:7] for one in seen},
        total=announcement_years.total(seen, due),
        bars=_bars(months),
        most=max(month.n for month in months.values()),
        labels=range(_PITCH // 2, 12 * _PITCH, _PITCH),
        width=12 * _PITCH,
        base_y=_TOP + _HIGH,
        wide=_WIDE,
    )


def _seen(kind: Kind, first: str, last: str) -> tuple[list[Seen], int | None]:
    """The newest versions between two days, and when the last of them was published."""
    every = [
        row
        for row in announcement_archive.all_versions(store(), first, last)
        if row["kind"] == kind
    ]
    why = Counter((row["date"], row["why"]) for row in every)
    firsts = {row["date"]: row["published_ms"] for row in reversed(every)}
    rows = announcement_archive.between(store(), first, last, len(every) + 1)
    seen = [
        Seen(
            date=row["date"],
            doc=checked(row)["doc"],
            first_ms=firsts[row["date"]],
            updates=why[row["date"], "update"],
            corrections=why[row["date"], "correction"],
        )
        for row in rows
        if row["kind"] == kind
    ]
    return seen, max((row["published_ms"] for row in every), default=None)


def _due(kind: Kind, first: str, last: str) -> list[str]:
    """The dates in a year that owe an announcement: from the first ever to what is due by now."""
    began = announcement_archive.earliest(store(), kind) or last
    through, _ = _through(kind)
    return announcement_years.due_dates(settings(), max(first, began), min(last, through))


def _through(kind: Kind) -> tuple[str, int]:
    """The last date whose announcement should be out by now, and since when, ms."""
    date = days.asked_for(store(), settings(), now_ms())
    due_ms = days.times(store(), settings(), date, kind).due_ms
    if now_ms() >= due_ms:
        return date, due_ms
    date = periods.before(days.period(date, kind)).last.isoformat()
    return date, days.times(store(), settings(), date, kind).due_ms


def _changed_ms(kind: Kind, last: str, published_ms: int | None) -> int | None:
    """When the page last changed: by a publication, or because one more day was due."""
    through, due_ms = _through(kind)
    if published_ms is None or through > last:
        return published_ms
    return max(published_ms, due_ms)


def _bars(months: dict[str, Sums]) -> list[Bar]:
    most = max([1, *(sums.n for sums in months.values())])
    found = []
    for month, sums in months.items():
        n, on = (round(figure * _HIGH / most) for figure in (sums.n, sums.on))
        x = (int(month[5:]) - 1) * _PITCH + (_PITCH - _WIDE) // 2
        found.append(Bar(x, _TOP + _HIGH - n, n, _TOP + _HIGH - on, on))
    return found
