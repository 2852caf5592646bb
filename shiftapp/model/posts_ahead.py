"""Whom people's posts put on rosters: what is missing there, and what is there without a post.

Only stations in scope count, and shifts of which nothing is public yet: by a clock that was ahead a
window may have opened early. Each row that is missing says in `leave_by` who entered the leave of
that person for that day; None: they are expected. Who is on another roster of the same hours
already (overtime in another crew) is not doubled.
"""

from __future__ import annotations

from shiftapp.model.elsewhere import MEETING_MS
from shiftapp.store import Db, Row

_POSTS = (
    "SELECT instance.id AS instance, post.person, post.station, post.job, post.run_required,"
    " (SELECT leave.made_by FROM leave WHERE leave.person = post.person"
    "  AND leave.ended_ms IS NULL AND leave.first <= instance.date"
    "  AND leave.last >= instance.date ORDER BY leave.id LIMIT 1) AS leave_by"
    " FROM instance JOIN series ON series.s = instance.s"
    " JOIN person ON person.crew = instance.crew AND person.active = 1"
    " JOIN post ON post.person = person.id"
    " JOIN station ON station.code = post.station AND station.active = 1 AND station.scoped = 1"
    " WHERE series.state <> 'open'"
    " AND NOT EXISTS (SELECT 1 FROM roster AS busy JOIN instance AS there"
    "  ON there.id = busy.instance WHERE busy.person = post.person AND busy.ended_ms IS NULL"
    "  AND there.id <> instance.id"
    f"  AND there.starts_ms + {MEETING_MS} < instance.ends_ms"
    f"  AND there.ends_ms > instance.starts_ms + {MEETING_MS})"
)
_ORDER = " ORDER BY instance.id, post.station, person.no, post.job"


def surplus(db: Db, now_ms: int, then_ms: int) -> list[Row]:
    """Rows from the pattern without a post, of windows that open in now < opening ≤ then."""
    return db.rows(
        "SELECT roster.id, roster.instance, roster.person FROM roster"
        " JOIN instance ON instance.id = roster.instance"
        " JOIN series ON series.s = instance.s AND series.state <> 'open'"
        " WHERE instance.opens_ms > :now AND instance.opens_ms <= :then"
        " AND roster.how = 'pattern' AND roster.ended_ms IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM post JOIN person ON person.id = post.person"
        "  JOIN station ON station.code = post.station AND station.active = 1"
        "  AND station.scoped = 1"
        "  WHERE post.person = roster.person AND post.station = roster.station"
        "  AND post.job = roster.job AND post.run_required = roster.run_required"
        "  AND person.active = 1 AND person.crew = instance.crew) ORDER BY roster.id",
        now=now_ms,
        then=then_ms,
    )


def missing(db: Db, now_ms: int, then_ms: int) -> list[Row]:
    """Posts without a row, ended ones too, of windows that open in now < opening ≤ then.

    None where a workbook has said who is on: it names everybody.
    """
    return db.rows(
        f"{_POSTS} AND instance.opens_ms > :now AND instance.opens_ms <= :then AND NOT EXISTS"
        " (SELECT 1 FROM roster WHERE roster.instance = instance.id"
        "  AND (roster.how = 'workbook' OR (roster.person = post.person"
        f"  AND roster.station = post.station AND roster.job = post.job))){_ORDER}",
        now=now_ms,
        then=then_ms,
    )


def missing_open(db: Db, now_ms: int) -> list[Row]:
    """Posts of windows that are open, whose roster is empty and of which nothing is public."""
    return db.rows(
        f"{_POSTS} AND instance.opens_ms <= :now AND instance.closed_ms > :now AND NOT EXISTS"
        f" (SELECT 1 FROM roster WHERE roster.instance = instance.id){_ORDER}",
        now=now_ms,
    )
