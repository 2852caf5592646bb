"""The calendar of announcements: days, weeks from Monday, months, quarters and years.

Pure: days in, days out. What lies between them in time, and which shifts, is days.py.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["daily", "weekly", "monthly", "quarterly", "yearly"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}
_ONE = datetime.timedelta(1)


@dataclass(frozen=True)
class Period:
    """Whole days, both included."""

    kind: Kind
    first: datetime.date
    last: datetime.date


def kind_of(rhythm: str) -> Kind:
    """The kind of announcement that a setting asks for; of an unknown one daily."""
    return next((kind for kind in KINDS if kind == rhythm), "daily")


def containing(kind: Kind, day: datetime.date) -> Period:
    """The period in which a day lies."""
    if kind == "daily":
        return Period(kind, day, day)
    if kind == "weekly":
        monday = day - datetime.timedelta(day.weekday())
        return Period(kind, monday, monday + datetime.timedelta(6))
    months = _MONTHS[kind]
    first = datetime.date(day.year, (day.month - 1) // months * months + 1, 1)
    return Period(kind, first, _after(first, months) - _ONE)


def current(kind: Kind, today: datetime.date) -> Period:
    """The period that is to be announced on a day: of days that day, else the last that ended."""
    if kind == "daily":
        return containing(kind, today)
    return before(containing(kind, today))


def before(period: Period) -> Period:
    """The period that ends where this one begins."""
    return containing(period.kind, period.first - _ONE)


def next_of(period: Period) -> Period:
    """The period that begins where this one ends."""
    return containing(period.kind, period.last + _ONE)


def _after(first: datetime.date, months: int) -> datetime.date:
    """The first of the month so many months later."""
    number = first.year * 12 + first.month - 1 + months
    return datetime.date(number // 12, number % 12 + 1, 1)
