"""What is worth telling somebody outside: asked of the database, not remembered.

An event is a name (library/messages/events.json) and what it is about. Here the clock and the rows
say which may be due, and who listens; whether it is so, and with which figures, says
notice_facts.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from shiftapp import library
from shiftapp.model import (
    announcement_due,
    board,
    channels,
    deliveries,
    notice_facts,
    shifts,
    work_notices,
)
from shiftapp.model.announcement_due import Due
from shiftapp.model.deliveries import Message
from shiftapp.model.settings import Settings
from shiftapp.store import Db, Row

EVENTS: list[Row] = library.messages()["events"]  # `code`, `urgent`, names and words
TEST: Row = library.messages()["test"]
URGENT = frozenset(one["code"] for one in EVENTS if one["urgent"])

HOUR_MS = 3_600_000
LATE_MS = 2 * HOUR_MS  # a server that was down tells an alarm that late and no later
AFTER_MS = 12 * HOUR_MS  # the same for summaries and changes after the shift
DAY_MS = 24 * HOUR_MS
WIDEST_MS = 48 * HOUR_MS  # windows that opened before are of no interest; also how far `told` looks
ANNOUNCE_MS = 30 * 60_000


class Asked(NamedTuple):
    """An event that may be due; `crew` None: about the plant."""

    event: str
    about: str
    crew: str | None


def due(db: Db, settings: Settings, now_ms: int, *, only_urgent: bool = False) -> list[Message]:
    """What has not been told and is so now, for every channel that listens. Reads only.

    `only_urgent`: failed vetoes alone, which cost one query.
    """
    listening = channels.listening(db)
    if not listening:
        return []
    told = deliveries.told(db, now_ms - WIDEST_MS)
    found = []
    for asked in _urgent(db, now_ms) if only_urgent else _asked(db, settings, now_ms):
        ears = [one for one in listening if _hears(one, asked, told)]
        known = notice_facts.facts(db, settings, asked.event, asked.about, now_ms) if ears else None
        if known is not None:
            found += [Message(one["id"], asked.event, asked.about, known) for one in ears]
    return found


def _hears(channel: Row, asked: Asked, told: set[tuple[int, str, str]]) -> bool:
    if asked.event not in channel["events"]:
        return False
    if channel["crew"] is not None and channel["crew"] != asked.crew:
        return False
    return (channel["id"], asked.event, asked.about) not in told


def _asked(db: Db, settings: Settings, now_ms: int) -> Iterator[Asked]:
    """Everything that the clock or a write may have brought about."""
    yield from _urgent(db, now_ms)
    for instance in shifts.ahead(db, now_ms - WIDEST_MS, now_ms):
        for event in _by_the_clock(instance, now_ms):
            yield Asked(event, str(instance["id"]), instance["crew"])
    for row in _newest_signoffs(db, now_ms):
        yield Asked("reopened", f"{notice_facts.CREW}{row['id']}", row["crew"])
    for number in notice_facts.units_reopened(db, settings, now_ms):
        yield Asked("reopened", f"{notice_facts.UNIT}{number}", None)
    for event, about, crew in work_notices.asked(db, now_ms):
        yield Asked(event, about, crew)
    yield from _announcement(announcement_due.asked(db, settings, now_ms), now_ms)


def _announcement(due: Due, now_ms: int) -> Iterator[Asked]:
    """Shortly before its time, and from then on until it is published."""
    ahead_ms = ANNOUNCE_MS if due.kind == "daily" else DAY_MS
    if due.over(now_ms):
        yield Asked("no_announcement", due.about, None)
    elif due.due_ms - ahead_ms <= now_ms < due.due_ms:
        yield Asked("announcement_due", due.about, None)


def _urgent(db: Db, now_ms: int) -> Iterator[Asked]:
    rows = db.rows(
        "SELECT id, crew FROM finding WHERE veto = 1 AND kind = 'hazard' AND state = 'found'"
        " AND answered_ms IS NULL AND found_ms <= :now AND found_ms > :since ORDER BY id",
        now=now_ms,
        since=now_ms - DAY_MS,
    )
    for row in rows:
        yield Asked("stopped", str(row["id"]), row["crew"])


def _by_the_clock(instance: Row, now_ms: int) -> list[str]:
    starts_ms, closed_ms = instance["starts_ms"], instance["closed_ms"]
    alarm_ms = starts_ms + board.ALARM_MS
    until_ms = min(closed_ms, alarm_ms + LATE_MS)
    spans = {
        "missing": (starts_ms - board.SOON_MS, starts_ms),
        "alarm": (alarm_ms, until_ms),
        "unsigned": (alarm_ms, until_ms),
        "shift_done": (closed_ms, closed_ms + AFTER_MS),
    }
    return [event for event, (a_ms, b_ms) in spans.items() if a_ms <= now_ms < b_ms]


def _newest_signoffs(db: Db, now_ms: int) -> list[Row]:
    """The newest signature of each shift that runs or was over a little while ago."""
    return db.rows(
        "SELECT MAX(signoff.id) AS id, instance.crew FROM signoff"
        " JOIN instance ON instance.id = signoff.instance"
        " WHERE instance.opens_ms > :since AND instance.closed_ms > :over"
        " GROUP BY instance.id, instance.crew ORDER BY id",
        since=now_ms - WIDEST_MS,
        over=now_ms - AFTER_MS,
    )
