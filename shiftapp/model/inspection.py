"""The inspector's self-check: what supervisors look at, computed before they come.

A plant looks at its own last weeks: announced in time, consistent with the register of permits,
every post covered, times that can be true, words that were not copied. It reads and judges
nothing: each item says how many of how many hold and names the rest. There is no score.
"""

from __future__ import annotations

import datetime

from shiftapp.model import (
    cycles,
    inspection_floor,
    inspection_published,
    inspection_register,
    inspection_texts,
)
from shiftapp.model.inspection_items import Item, Span
from shiftapp.model.settings import Settings
from shiftapp.problems import Problem
from shiftapp.store import Db

DAYS = 30  # unless told otherwise
MOST_DAYS = 366
EARLIEST, LATEST = 2000, 2200  # years that may be asked for


def span(zone: str, first: str, last: str, today: str, now_ms: int) -> Span:
    """The days that are asked for; '' of either: the last 30 days until today, or until `last`.

    :raises Problem: 422 `bad_span`.
    """
    try:
        end = datetime.date.fromisoformat(last or today)
        begin = datetime.date.fromisoformat(first) if first else _back(end)
    except (ValueError, OverflowError):
        raise _bad() from None
    if not begin <= end or (end - begin).days >= MOST_DAYS or not EARLIEST <= begin.year <= LATEST:
        raise _bad()
    return Span(
        first=begin.isoformat(),
        last=end.isoformat(),
        zone=zone,
        from_ms=cycles.window(begin, "00:00", 1, zone).starts_ms,
        to_ms=cycles.window(end + datetime.timedelta(1), "00:00", 1, zone).starts_ms,
        now_ms=now_ms,
    )


def inspect(db: Db, settings: Settings, span: Span) -> tuple[Item, ...]:
    """Every item of the span, in the order in which supervisors ask."""
    versions = inspection_published.published(db, span)
    newest = inspection_published.newest_daily(versions)
    works = inspection_register.works_of(db, span)
    return (
        inspection_published.on_time(db, settings, span, versions),
        inspection_register.consistent(span, newest, works),
        inspection_floor.stations(db, span),
        inspection_floor.crews(db, span),
        inspection_published.levels(versions),
        inspection_published.early(versions),
        inspection_floor.early_signatures(db, settings, span),
        inspection_floor.pace(db, span),
        inspection_register.gas(db, span),
        inspection_register.closing(span, works),
        inspection_texts.repeated(db, span, versions),
    )


def _back(end: datetime.date) -> datetime.date:
    return end - datetime.timedelta(DAYS - 1)


def _bad() -> Problem:
    return Problem(422, "bad_span", "日期不对：从早到晚，最多 %(n)s 天。", params={"n": MOST_DAYS})
