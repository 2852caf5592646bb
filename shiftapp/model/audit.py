"""Who changed what at a desk or on the command line."""

from __future__ import annotations

from shiftapp.store import Db, Row


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


def lines(db: Db, before: int, limit: int, about: str = "") -> list[Row]:
    """Lines with `seq` below `before` (0: from the newest), of one thing or ('') all, newest first.

    With `name` and `name_en` of who did it, and `about_name` where the thing is a person. Answers
    to a leader's private to-dos ("not today" is health data) are not among them.
    """
    return db.rows(
        "SELECT audit.*, person.name, person.name_en, other.name AS about_name,"
        " other.name_en AS about_name_en FROM audit LEFT JOIN person ON person.id = audit.person"
        " LEFT JOIN person AS other ON audit.about = 'person:' || other.id"
        " WHERE SUBSTR(audit.what, 1, 5) <> 'todo.' AND (:before = 0 OR audit.seq < :before)"
        " AND (:about = '' OR audit.about = :about)"
        " ORDER BY audit.seq DESC LIMIT :limit",
        before=before,
        about=about,
        limit=limit,
    )
