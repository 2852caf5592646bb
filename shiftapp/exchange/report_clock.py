"""Instants of a shift's report: HH:MM, with the day where it is not that of the shift."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from zoneinfo import ZoneInfo

from shiftapp.store import Row

Clock = Callable[[int | None], str]


def of(instance: Row) -> Clock:
    """How an instant (ms) reads in the report of an instance: 08:00, 11-25 06:10; '' for None."""
    zone = ZoneInfo(instance["zone"])

    def clock(ms: int | None) -> str:
        if ms is None:
            return ""
        when = datetime.datetime.fromtimestamp(ms / 1000, zone)
        same = when.date().isoformat() == instance["date"]
        return f"{when:%H:%M}" if same else f"{when:%m-%d %H:%M}"

    return clock
