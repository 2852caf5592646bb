"""Which announcement is asked for now, until when, and whether it is out.

Daily it is today's; by the week, month, quarter or year that of the period which ended last. Until
it is published it is asked for, and past its due time everybody concerned is told so.
"""

from __future__ import annotations

from dataclasses import dataclass

from shiftapp.model import announcements, days, periods
from shiftapp.model.periods import Kind, Period
from shiftapp.model.settings import Settings
from shiftapp.store import Db, Row


@dataclass(frozen=True)
class Due:
    """The announcement that is asked for: `date` is its day, of a period the last."""

    kind: Kind
    first: str
    date: str
    due_ms: int
    published: bool

    @property
    def about(self) -> str:
        """What names it in reminders."""
        return self.date if self.kind == "daily" else f"{self.kind} {self.date}"

    def over(self, now_ms: int) -> bool:
        """Whether its time has come and nothing was published."""
        return not self.published and now_ms >= self.due_ms


def asked(db: Db, settings: Settings, now_ms: int) -> Due:
    """What is to be announced now."""
    kind = periods.kind_of(settings.rhythm)
    date = days.asked_for(db, settings, now_ms)
    times, first = days.times(db, settings, date, kind), days.period(date, kind).first.isoformat()
    published = announcements.newest_of(db, date, kind) is not None
    return Due(kind, first, date, times.due_ms, published)


def before(db: Db, period: Period) -> Row | None:
    """What was announced for the day or period before, as `announcements.announcement`."""
    last = periods.before(period).last.isoformat()
    return announcements.newest_of(db, last, period.kind)
