"""The days and periods of announcements in time: their instants, and the shifts they count.

A day counts the shifts that started in the 24 hours before its cut-off, by the clock of each site;
a period those from the cut-off before its first day to that of its last. Both go from cut-off to
cut-off, so that they meet also when the clocks change: a shift is counted in one of each kind.
Which days make a period is asked of periods.py.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from shiftapp.model import cycles, periods, places, shifts
from shiftapp.model.periods import Kind, Period
from shiftapp.model.settings import Settings
from shiftapp.store import Db, Row

DAY_MS = 24 * 3_600_000
YEARS = range(1970, 9999)  # a date beyond is no date: neighbours of it could not be written


@dataclass(frozen=True)
class Times:
    """The instants of an announcement, ms."""

    zone: str
    from_ms: int  # the shifts that count start at or after this
    to_ms: int  # … and before this, the cut-off
    due_ms: int  # it should be out by then
    valid_until_ms: int


def zone(db: Db) -> str:
    """The time zone of the enterprise: that of its first site."""
    return next((str(site["zone"]) for site in places.sites(db)), "UTC")


def today(db: Db, now_ms: int) -> str:
    """The date at the enterprise (its first site), YYYY-MM-DD."""
    return shifts.site_day(zone(db), now_ms).isoformat()


def asked_for(db: Db, settings: Settings, now_ms: int) -> str:
    """The date of the announcement that is to be made now: today, or the last day of the period
    that ended last, as often as the enterprise announces."""
    kind = periods.kind_of(settings.rhythm)
    return periods.current(kind, shifts.site_day(zone(db), now_ms)).last.isoformat()


def period(date: str, kind: Kind = "daily") -> Period:
    """The period that ends on a date.

    :raises ValueError: not a date, or no period of that kind ends on it.
    """
    day = datetime.date.fromisoformat(date)
    found = periods.containing(kind, day)
    if found.last != day or day.year not in YEARS:
        raise ValueError(f"no {kind} period ends on {date}")
    return found


def times(db: Db, settings: Settings, date: str, kind: Kind = "daily") -> Times:
    """The instants of the announcement of a day, or of the period that ends on it.

    :raises ValueError: not a date, or no period of that kind ends on it.
    """
    here, one = zone(db), period(date, kind)
    from_ms, to_ms = _counted(settings, one, here)
    due_ms = _due(settings, one, here)
    until_ms = due_ms + settings.valid_hours * 3_600_000
    if kind != "daily":
        until_ms = _due(settings, periods.next_of(one), here)
    return Times(here, from_ms, to_ms, due_ms, until_ms)


def calendar(db: Db, date: str) -> tuple[int, int]:
    """A calendar day at the enterprise, from its midnight to the next: that of special work.

    :raises ValueError: not a date.
    """
    here, day = zone(db), period(date).last
    return _instant(day, "00:00", here), _instant(day + datetime.timedelta(1), "00:00", here)


def instances_of(db: Db, settings: Settings, date: str, kind: Kind = "daily") -> list[Row]:
    """The shifts of an announcement, by the clock of each site.

    :raises ValueError: not a date, or no period of that kind ends on it.
    """
    one, when = period(date, kind), times(db, settings, date, kind)
    widest = shifts.started_between(db, when.from_ms - DAY_MS, when.to_ms + DAY_MS)
    bounds = {here: _counted(settings, one, here) for here in {row["zone"] for row in widest}}
    return [
        row for row in widest if bounds[row["zone"]][0] <= row["starts_ms"] < bounds[row["zone"]][1]
    ]


def day_of(shift: Row, cutoff: str) -> str:
    """The day whose announcement counts a shift (`starts_ms`, `zone`): what starts at the cut-off
    is tomorrow's."""
    start = datetime.datetime.fromtimestamp(shift["starts_ms"] / 1000, ZoneInfo(shift["zone"]))
    ahead = start.time() >= datetime.time.fromisoformat(cutoff)
    return (start.date() + datetime.timedelta(ahead)).isoformat()


def _counted(settings: Settings, one: Period, here: str) -> tuple[int, int]:
    before = one.first - datetime.timedelta(1)
    return _instant(before, settings.cutoff, here), _instant(one.last, settings.cutoff, here)


def _due(settings: Settings, one: Period, here: str) -> int:
    after = 0 if one.kind == "daily" else settings.due_day
    return _instant(one.last + datetime.timedelta(after), settings.due, here)


def _instant(day: datetime.date, clock: str, here: str) -> int:
    return cycles.window(day, clock, 1, here).starts_ms
