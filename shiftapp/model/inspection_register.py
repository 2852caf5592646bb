"""Self-check of the register of special work: as published against as it is now, and its times."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping

from shiftapp.model import cycles, shifts, special_works, work_figures
from shiftapp.model.inspection_items import Failing, Item, Span, item
from shiftapp.model.special_works import Work
from shiftapp.store import Db, Row

GAS_LATE_MS = 30 * 60_000  # entered that long after it was tested: after the fact
CLOSED_SOON_MS = 10 * 60_000  # closed so soon after the start: no work is that short
CLOSED_LATE_MS = 2 * 3_600_000  # closed so long after the end: nobody looked
COUNTED = (*work_figures.KINDS, *work_figures.ACROSS, "total")  # as the document names them


def works_of(db: Db, span: Span) -> list[Work]:
    """The permits that meet the span, as the register is now."""
    return special_works.of_day(db, span.from_ms, span.to_ms, span.now_ms)


def consistent(span: Span, newest: Mapping[str, Row], works: list[Work]) -> Item:
    """Whether the newest version of each day says what the register says now."""
    failing = [*_late(span, works), *_counts(span, newest, works)]
    for day, row in newest.items():
        failing += _added(day, row, _on(span, day, works))
    failing.sort(key=lambda one: (one.day, one.code, str(one.values.get("no", ""))))
    bad = {one.day for one in failing}
    return item("register", len(bad | newest.keys()), failing, failed=len(bad))


def counts(works: Iterable[Work]) -> dict[str, int]:
    """The permits of a day by the keys of the document."""
    found = work_figures.Works(tuple(works), {}, {}, (), (), ())
    return {key: len(found.under(key)) for key in COUNTED}


def gas(db: Db, span: Span) -> Item:
    """Whether gas tests were entered when they were made."""
    rows = db.rows(
        "SELECT gas_test.tested_ms, gas_test.at_ms, special_work.id, special_work.no"
        " FROM gas_test JOIN special_work ON special_work.id = gas_test.work"
        " WHERE gas_test.tested_ms >= :since AND gas_test.tested_ms < :until"
        " AND gas_test.at_ms <= :now ORDER BY gas_test.tested_ms, gas_test.id",
        since=span.from_ms,
        until=span.to_ms,
        now=span.now_ms,
    )
    late = [row for row in rows if row["at_ms"] - row["tested_ms"] > GAS_LATE_MS]
    failing = [
        Failing(_day(span, row["tested_ms"]), "gas_late", row, ("permit", str(row["id"])))
        for row in late
    ]
    return item("gas", len(rows), failing)


def closing(span: Span, works: list[Work]) -> Item:
    """Whether permits were closed at a time at which somebody can have looked at the place."""
    over = [
        work
        for work in works
        if work.row["cancelled_ms"] is None and special_works.until(work.row) <= span.now_ms
    ]
    failing = [one for work in over for one in _closed(span, work)]
    return item("closing", len(over), failing)


def _closed(span: Span, work: Work) -> Iterator[Failing]:
    row = work.row
    closed_ms, day = row["closed_ms"], _day(span, row["starts_ms"])
    code = ""
    if closed_ms is None:
        code = "never_closed"
    elif closed_ms < row["starts_ms"]:
        code = "closed_before"
    elif closed_ms < row["starts_ms"] + CLOSED_SOON_MS:
        code = "closed_soon"
    elif closed_ms > row["ends_ms"] + CLOSED_LATE_MS:
        code = "closed_late"
    if code:
        yield Failing(day, code, row, ("permit", str(row["id"])))


def _late(span: Span, works: list[Work]) -> Iterator[Failing]:
    """Permits registered once they had started, or cancelled after that."""
    for work in works:
        day, about = _day(span, work.row["starts_ms"]), ("permit", str(work.row["id"]))
        if not span.first <= day <= span.last:
            continue
        if work.late:
            yield Failing(day, "registered_late", work.row, about)
        if work.cancelled_late:
            yield Failing(day, "cancelled_late", work.row, about)


def _added(day: str, row: Row, works: list[Work]) -> Iterator[Failing]:
    """Permits of a day that came into the register after its newest version was signed."""
    for work in works:
        if work.row["made_ms"] > row["published_ms"]:
            values = {**work.row, "published_ms": row["published_ms"]}
            yield Failing(day, "added_after", values, ("permit", str(work.row["id"])))


def _counts(span: Span, newest: Mapping[str, Row], works: list[Work]) -> Iterator[Failing]:
    """Days whose published counts are not those of the register."""
    for day, row in newest.items():
        about = ("announcement", row["id"])
        if row["doc"] is None:
            yield Failing(day, "altered", {}, about)
            continue
        said, now = row["doc"].get("works"), counts(_on(span, day, works))
        if said is None and now["total"]:
            yield Failing(day, "unused", {"n": now["total"]}, about)
        elif said is not None:
            differ = [(key, said[key], n) for key, n in now.items() if said.get(key) != n]
            if differ:
                yield Failing(day, "counts", {"differ": differ}, about)


def _on(span: Span, day: str, works: list[Work]) -> list[Work]:
    """The permits that meet a calendar day."""
    date = datetime.date.fromisoformat(day)
    from_ms = _midnight(span, date)
    to_ms = _midnight(span, date + datetime.timedelta(1))
    return [
        work
        for work in works
        if work.row["starts_ms"] < to_ms and special_works.until(work.row) > from_ms
    ]


def _midnight(span: Span, date: datetime.date) -> int:
    return cycles.window(date, "00:00", 1, span.zone).starts_ms


def _day(span: Span, ms: int) -> str:
    return shifts.site_day(span.zone, ms).isoformat()
