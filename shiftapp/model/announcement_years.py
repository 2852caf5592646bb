"""A year of announcements by month: what was promised and what was done.

Pure: from the published documents alone, so that anybody who has them comes to the same sums. A
day counts with its newest version; whether it came in time is told by its first.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shiftapp.model import periods
from shiftapp.model.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Seen:
    """The newest version of a day or period; `doc` is None when it no longer fits its note."""

    date: str
    doc: Mapping[str, Any] | None
    first_ms: int  # when its first version was published
    updates: int
    corrections: int


@dataclass(frozen=True)
class Sums:
    """A month's or a year's figures; people are counted once a shift."""

    due: int = 0  # announcements that were due
    announced: int = 0  # … and are there
    in_time: int = 0  # … and came in time
    n: int = 0  # people expected
    on: int = 0
    off: int = 0
    late: int = 0
    none: int = 0
    named: int = 0  # announcements that name something open
    overridden: int = 0  # … that were signed over open gaps
    updates: int = 0
    corrections: int = 0
    altered: int = 0  # they no longer fit their note and are in no other figure

    @property
    def percent(self) -> int | None:
        """Of those expected how many were on time, rounded down; None when nobody was."""
        return self.on * 100 // self.n if self.n else None


def by_month(found: Collection[Seen], due: Collection[str]) -> dict[str, Sums]:
    """The sums of each month (YYYY-MM) that has or owes an announcement, in their order."""
    months = sorted({date[:7] for date in (*due, *(one.date for one in found))})
    return {
        month: total(
            [one for one in found if one.date.startswith(month)],
            [date for date in due if date.startswith(month)],
        )
        for month in months
    }


def total(found: Collection[Seen], due: Collection[str]) -> Sums:
    """The sums of these announcements; `due` are the dates on which there should be one."""
    count: Counter[str] = Counter()
    for one in found:
        count.update(dict(_figures(one)))
    owed = {*due, *(one.date for one in found)}
    return Sums(due=len(owed), announced=len(found), **count)


def due_dates(settings: Settings, first: str, last: str) -> list[str]:
    """The dates of the announcements that the plant owes from one day to another."""
    day, end = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    kind = periods.kind_of(settings.rhythm)
    period = periods.containing(kind, day)
    found = []
    while period.last <= end:
        found.append(period.last.isoformat())
        period = periods.next_of(period)
    return found


def _figures(one: Seen) -> Iterator[tuple[str, int]]:
    yield "updates", one.updates
    yield "corrections", one.corrections
    if one.doc is None:
        yield "altered", 1
        return
    yield "in_time", int(one.first_ms <= one.doc["due_ms"])
    yield "named", int(bool(one.doc["named"]))
    yield "overridden", int(bool(one.doc["override"]))
    for code in ("n", "on", "off", "late", "none"):
        yield code, (one.doc["total"] or {}).get(code, 0)
