"""Quiet hours: times of the site's wall clock in which a channel sends nothing but what is urgent.

Pure. They may cross midnight; `from` is quiet, `to` is not. What falls into them waits for the end.
"""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from shiftapp.model import cycles


def ends_ms(quiet_from: str, quiet_to: str, zone: str, now_ms: int) -> int:
    """The first instant from now on that is not quiet: now itself, or the end of the quiet hours.

    The times are HH:MM, or both '' for never quiet.
    """
    wall = datetime.datetime.fromtimestamp(now_ms / 1000, ZoneInfo(zone))
    shown = wall.strftime("%H:%M")
    if not _within(quiet_from, quiet_to, shown):
        return now_ms
    day = wall.date() + datetime.timedelta(days=shown >= quiet_to)
    # In the hour that the clocks show twice the end may have been there already.
    return max(now_ms, cycles.window(day, quiet_to, 1, zone).starts_ms)


def _within(quiet_from: str, quiet_to: str, shown: str) -> bool:
    if quiet_from <= quiet_to:
        return quiet_from <= shown < quiet_to
    return shown >= quiet_from or shown < quiet_to
