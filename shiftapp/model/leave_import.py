"""Leave as a workbook brings it and shows it."""

from __future__ import annotations

from shiftapp.store import Db, Row


def take(db: Db, person: str, first: str, last: str, *, by: str, now_ms: int) -> None:
    """Enter leave for the days first..last (YYYY-MM-DD); what it means for rosters is of leave."""
    db.run(
        "INSERT INTO leave (person, first, last, made_ms, made_by)"
        " VALUES (:p, :first, :last, :now, :by)",
        **{"p": person, "first": first, "last": last, "now": now_ms, "by": by},
    )


def standing(db: Db) -> list[Row]:
    """The leave of the active people that was not taken back: `no`, `first`, `last`."""
    return db.rows(
        "SELECT person.no, leave.first, leave.last FROM leave"
        " JOIN person ON person.id = leave.person AND person.active = 1"
        " WHERE leave.ended_ms IS NULL ORDER BY leave.first, person.no, leave.last, leave.id"
    )
