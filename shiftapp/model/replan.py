"""Shifts that a changed pattern no longer plans, and rosters of windows that are open already.

For imports: an anchor that was wrong must not leave eight days of wrong shifts behind, and whoever
brings a plant in during a shift sees that shift on the board.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from shiftapp.model import counters, posts_ahead, roster, shifts, slots
from shiftapp.model.settings import Settings
from shiftapp.store import Db, Row

Random = Callable[[int], bytes]


def plan_again(
    db: Db, settings: Settings, crews: Iterable[str], now_ms: int, random: Random
) -> None:
    """Plan the shifts of some crews (codes) anew, make what is missing ahead, fill the rosters."""
    for crew in crews:
        forget_ahead(db, crew, now_ms)
    shifts.make_ahead(db, settings, now_ms, random)
    fill_open(db, now_ms, random)
    roster.fill_ahead(db, now_ms, random)


def forget_ahead(db: Db, crew: str, now_ms: int) -> int:
    """Remove a crew's instances whose window is not open yet, of which nothing is public (a clock
    may have been ahead) and that nobody has touched.

    Touched: a leader changed its roster, or a record came; leave of some days is no touch, it is
    found again. What is missing is made again by `shifts.make_ahead`. Gives how many were removed.
    """
    found = db.rows(
        "SELECT id, s FROM instance WHERE crew = :crew AND opens_ms > :now"
        " AND NOT EXISTS (SELECT 1 FROM series WHERE series.s = instance.s"
        "  AND series.state = 'open')"
        " AND NOT EXISTS (SELECT 1 FROM roster WHERE roster.instance = instance.id"
        "  AND (roster.how <> 'pattern' OR (roster.ended_ms IS NOT NULL AND NOT EXISTS"
        "   (SELECT 1 FROM leave WHERE leave.person = roster.person AND leave.ended_ms IS NULL"
        "    AND leave.first <= instance.date AND leave.last >= instance.date))))"
        " AND NOT EXISTS (SELECT 1 FROM record WHERE record.instance = instance.id)"
        " AND NOT EXISTS (SELECT 1 FROM finding WHERE finding.instance = instance.id)"
        " AND NOT EXISTS (SELECT 1 FROM absence WHERE absence.instance = instance.id)"
        " AND NOT EXISTS (SELECT 1 FROM signoff WHERE signoff.instance = instance.id)"
        " ORDER BY id",
        crew=crew,
        now=now_ms,
    )
    for row in found:
        _forget(db, row, now_ms)
    if found:
        counters.touch(db)
    return len(found)


def _forget(db: Db, instance: Row, now_ms: int) -> None:
    people = db.rows(
        "SELECT DISTINCT person FROM roster WHERE instance = :i ORDER BY person", i=instance["id"]
    )
    db.run("DELETE FROM roster WHERE instance = :i", i=instance["id"])
    for row in people:
        slots.drop(db, instance["id"], row["person"], now_ms)
    db.run("DELETE FROM instance WHERE id = :i", i=instance["id"])
    if db.value("SELECT COUNT(*) FROM instance WHERE s = :s", s=instance["s"]) == 0:
        # Nothing of a series is public before its window opens.
        db.run("DELETE FROM slot WHERE s = :s", s=instance["s"])
        db.run("DELETE FROM series WHERE s = :s", s=instance["s"])


def fill_open(db: Db, now_ms: int, random: Random) -> int:
    """Fill the rosters of windows that are open but were never filled; gives how many people.

    Only where the public log has no `open` entry: a plant that comes in during a shift.
    """
    missing = posts_ahead.missing_open(db, now_ms)
    roster.fill(db, missing, now_ms, random)
    if missing:
        counters.touch(db)
    return len({(row["instance"], row["person"]) for row in missing})
