"""Self-check of what was published: in time, after the last shift began, every level signed."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from shiftapp.model import announcement_note, cycles, periods
from shiftapp.model.inspection_items import Failing, Item, Span, item
from shiftapp.model.settings import Settings
from shiftapp.store import Db, Row


def published(db: Db, span: Span) -> list[Row]:
    """Every version whose day, or last day, lies in the span, oldest first, `doc` parsed.

    It is None where what is stored was altered: that is told, and counts for nothing else.
    """
    rows = db.rows(
        "SELECT id, kind, date, version, supersedes, doc, note, published_ms FROM announcement"
        " WHERE date >= :first AND date <= :last ORDER BY date, kind, version, id",
        first=span.first,
        last=span.last,
    )
    return [{**row, "doc": announcement_note.document(row)} for row in rows]


def newest_daily(versions: list[Row]) -> dict[str, Row]:
    """The newest version of each day."""
    return {row["date"]: row for row in versions if row["kind"] == "daily"}


def on_time(db: Db, settings: Settings, span: Span, versions: list[Row]) -> Item:
    """Whether the first version of every day, or period, was out by its due time.

    Days before anything was on record are not asked for, nor is what is not due yet.
    """
    kind = periods.kind_of(settings.rhythm)
    begun = _begun(db, kind)
    first = {row["date"]: row for row in versions if row["kind"] == kind and row["version"] == 1}
    due = [one for one in _due(settings, span, kind) if begun and begun <= one[0]]
    failing = []
    for day, due_ms in due:
        row = first.get(day)
        if row is None:
            failing.append(Failing(day, "missing", {"due_ms": due_ms}, ("day", day)))
        elif row["published_ms"] > (said := row["doc"]["due_ms"] if row["doc"] else due_ms):
            values = {"at_ms": row["published_ms"], "due_ms": said}
            failing.append(Failing(day, "late", values, ("announcement", row["id"])))
    return item("on_time", len(due), failing)


def early(versions: list[Row]) -> Item:
    """Whether no version was signed before the last of its shifts had begun."""
    daily = [
        row for row in versions if row["doc"] and row["kind"] == "daily" and row["doc"]["shifts"]
    ]
    failing = []
    for row in daily:
        last_ms = max(shift["starts_ms"] for shift in row["doc"]["shifts"])
        if row["published_ms"] < last_ms:
            values = {"at_ms": row["published_ms"], "starts_ms": last_ms}
            about = ("announcement", row["id"])
            failing.append(Failing(row["date"], "early_announcement", values, about))
    return item("early_announcement", len(daily), failing)


def levels(versions: list[Row]) -> Item:
    """Whether every unit of every level above the crews had signed what was published."""
    asked, failing = 0, []
    for day, row in newest_daily(versions).items():
        for level in (row["doc"] or {}).get("levels", []):
            asked += 1
            if level["signed"] < level["of"]:
                values = {**level, "left": level["of"] - level["signed"]}
                failing.append(Failing(day, "level_unsigned", values, ("ladder", day)))
    return item("levels", asked, failing)


def _begun(db: Db, kind: str) -> str | None:
    """The first day of which there is a shift or an announcement; None: of none."""
    found = (
        db.value("SELECT MIN(date) FROM instance"),
        db.value("SELECT MIN(date) FROM announcement WHERE kind = :kind", kind=kind),
    )
    return min((str(one) for one in found if one is not None), default=None)


def _due(settings: Settings, span: Span, kind: periods.Kind) -> Iterator[tuple[str, int]]:
    """The days, or last days of periods, that were due, each with the instant."""
    one = periods.containing(kind, datetime.date.fromisoformat(span.first))
    after = datetime.timedelta(0 if kind == "daily" else settings.due_day)
    while one.last.isoformat() <= span.last:
        due_ms = cycles.window(one.last + after, settings.due, 1, span.zone).starts_ms
        if due_ms <= span.now_ms:
            yield one.last.isoformat(), due_ms
        one = periods.next_of(one)
