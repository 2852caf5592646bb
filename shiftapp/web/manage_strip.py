"""The next four weeks of crews, day by day: what a pattern, its anchor and an offset come to."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from shiftapp.model import crews, cycles, shifts
from shiftapp.store import Row
from shiftapp.web.context import now_ms, store

DAYS = 28


@dataclass(frozen=True)
class Strip:
    """Days (ISO), and for each crew the shift of every day, None = rest."""

    days: list[str]
    rows: list[tuple[Row, list[Row | None]]]
    uncovered: list[str]  # days on which not every shift of the pattern has a crew


def strip(pattern: str, working: Sequence[Row]) -> Strip:
    """The next 28 days of crews (rows of model/crews.py) that work one pattern."""
    times = {row["code"]: row for row in crews.pattern_shifts(store(), pattern)}
    zone = working[0]["zone"] if working else "UTC"
    today = shifts.site_day(zone, now_ms())
    days = [today + datetime.timedelta(days=number) for number in range(DAYS)]
    rows = [(crew, [times.get(_letter(crew, day)) for day in days]) for crew in working]
    lacking = [
        day.isoformat()
        for number, day in enumerate(days)
        if times.keys() - {row[number]["code"] for _, row in rows if row[number]}  # type: ignore[index]
    ]
    return Strip([day.isoformat() for day in days], rows, lacking)


def _letter(crew: Row, day: datetime.date) -> str:
    anchor = datetime.date.fromisoformat(crew["anchor"])
    return cycles.crew_shifts(crew["cycle"], crew["day_offset"], anchor, day) or ""
