"""Seats of a shift that no longer say whose they were: every record of somebody was erased.

The roster still lists the person, their slot names nobody. Which of the two belong together is
known no more, so the person's rows leave the shift and each such slot is a seat of its own with a
dash for a name: its commitment counts with its time, so that no figure of the day changes, and
nobody is shown as if they had missed the shift.
"""

from __future__ import annotations

from collections import defaultdict

from shiftapp.store import Db, Row

NOBODY = "—"

Seat = tuple[Row, list[Row]]  # a row as the roster has them, and the records


def parted(db: Db, s: bytes, rows: list[Row], records: list[Row]) -> tuple[list[Row], list[Seat]]:
    """The roster rows of who can still be told apart, and the seats of who cannot.

    `records` are those of the instance that name nobody.
    """
    slots = db.rows(
        "SELECT u, added_ms, ended_ms FROM slot WHERE s = :s AND person IS NULL ORDER BY u", s=s
    )
    if not slots:
        return rows, []
    held = db.rows(
        "SELECT DISTINCT person FROM slot WHERE s = :s AND person IS NOT NULL ORDER BY person", s=s
    )
    named = {row["person"] for row in held}
    gone = [row for row in rows if row["person"] not in named]
    ran = any(row["run_required"] for row in gone)
    theirs: defaultdict[bytes, list[Row]] = defaultdict(list)
    for record in records:
        theirs[bytes(record["slot_u"])].append(record)
    seats = [
        (_row(slot, ran), theirs[u]) for slot in slots for u in [bytes(slot["u"])] if u in theirs
    ]
    return [row for row in rows if row["person"] in named], seats


def _row(slot: Row, ran: bool) -> Row:
    """A row for a slot, in the shape of `roster.rows`; a run is asked of all if of any."""
    ended = slot["ended_ms"] is not None
    names = dict.fromkeys(("person_name", "person_name_en"), NOBODY)
    places = dict.fromkeys(("station_name", "station_name_en", "job_name", "job_name_en"), "")
    return {
        **names,
        **places,
        **dict.fromkeys(("id", "instance", "guest"), 0),
        **dict.fromkeys(("person", "no", "phone", "employer", "label", "added_by"), ""),
        "slot": bytes(slot["u"]).hex(),  # what tells two such seats apart
        **dict.fromkeys(("station", "job", "risk", "for_person", "vouched_ms"), None),
        "run_required": int(ran),
        "how": "pattern",
        "added_ms": slot["added_ms"],
        "ended_ms": slot["ended_ms"],
        "ended_why": "replaced" if ended else None,
        "ended_by": None,
    }
