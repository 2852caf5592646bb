"""What is worth telling about special work: a gas test is due, a permit is past its end.

Each gas test has one reminder, from ten minutes before it is due until it is entered; one that
failed is told at once. Crews hear of the works that somebody of theirs guards.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from shiftapp.model import special_works
from shiftapp.model.special_works import Work
from shiftapp.store import Db, Row

GAS, OVER = "gas_due", "work_over"
EVENTS = (GAS, OVER)
SOON_MS = 10 * 60_000


class Told(NamedTuple):
    """What is so of a work: by when it should have been, and the crew (`name`, `name_en`)."""

    work: int
    by_ms: int
    zone: str
    crew: Row | None


def asked(db: Db, now_ms: int) -> Iterator[tuple[str, str, str | None]]:
    """Event, what it is about and the crew that hears of it, for all that is so now."""
    for work in special_works.open_now(db, now_ms + SOON_MS):
        for event in EVENTS:
            if (about := _about(event, work, now_ms)) is not None:
                yield event, about, _crew(work)


def still(db: Db, event: str, about: str, now_ms: int) -> Told | None:
    """What is told of an event while it is so; None: it is not, or no longer."""
    work = special_works.work(db, int(about.partition(".")[0]), now_ms)
    if work is None or _about(event, work, now_ms) != about:
        return None
    crew = db.row("SELECT name, name_en FROM crew WHERE code = :code", code=_crew(work) or "")
    by_ms = work.row["ends_ms"] if event == OVER else work.gas_due_ms
    return Told(work.id, int(by_ms or 0), str(work.row["zone"]), crew)


def _about(event: str, work: Work, now_ms: int) -> str | None:
    """The work with what tells this time from the next: its end, or the newest gas test."""
    if event == OVER:
        return f"{work.id}.{work.row['ends_ms']}" if work.over(now_ms) else None
    if work.gas_due_ms is None or work.over(now_ms):
        return None
    failed = work.gas is not None and not work.gas["passed"]
    if not failed and now_ms < work.gas_due_ms - SOON_MS:
        return None
    return f"{work.id}.{work.gas['id'] if work.gas else 0}"


def _crew(work: Work) -> str | None:
    return next((str(one["crew"]) for one in work.guardians if one["crew"]), None)
