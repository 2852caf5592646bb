"""Why somebody has not started yet: one tap of the leader, or a few words.

Leave and a stand-in are changes of the roster and not kept here (roster.py).
"""

from __future__ import annotations

from typing import Literal

from shiftapp.model import counters
from shiftapp.problems import Problem
from shiftapp.store import Db, Row

Why = Literal["on_the_way", "other"]
MAX_NOTE = 200


def of_instance(db: Db, instance: int) -> dict[str, Row]:
    """The reasons written in an instance, by person id."""
    found = db.rows(
        "SELECT * FROM absence WHERE instance = :i ORDER BY person",
        i=instance,
    )
    return {row["person"]: row for row in found}


def write(db: Db, instance: int, person: str, why: Why, note: str, *, by: str, now_ms: int) -> bool:
    """Write (or write anew) why a person has not started; gives whether it said otherwise before.

    :raises Problem: 422 `no_note`: 'other' needs words.
    """
    if why == "other" and not note.strip():
        raise Problem(422, "no_note", "写几个字：为什么还没开始。")
    text = note.strip()[:MAX_NOTE]
    before = of_instance(db, instance).get(person)
    if before is not None and (before["why"], before["note"]) == (why, text):
        return False
    db.run(
        "INSERT INTO absence (instance, person, why, note, at_ms, by_person)"
        " VALUES (:i, :p, :why, :note, :now, :by)"
        " ON CONFLICT (instance, person) DO UPDATE SET why = excluded.why, note = excluded.note,"
        " at_ms = excluded.at_ms, by_person = excluded.by_person",
        i=instance,
        p=person,
        why=why,
        note=text,
        now=now_ms,
        by=by,
    )
    counters.touch(db)
    return True
