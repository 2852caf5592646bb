"""Who changed what at a desk or on the command line."""

from __future__ import annotations

from shiftapp.store import Db


def note(db: Db, now_ms: int, person: str | None, what: str, about: str, detail: str = "") -> None:
    """Write one line, in the transaction of the change itself. `person` None: the command line."""
    db.run(
        "INSERT INTO audit (at_ms, person, what, about, detail)"
        " VALUES (:at_ms, :person, :what, :about, :detail)",
        at_ms=now_ms,
        person=person,
        what=what,
        about=about,
        detail=detail,
    )
