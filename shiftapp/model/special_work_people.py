"""Who is named on a permit of special work, and whether they have committed before it.

States and records come from `history.people_states` and nowhere else. Of a permit that is valid
for days only its last 24 hours are looked at: a commitment of last week says nothing about today.
"""

from __future__ import annotations

from dataclasses import dataclass

from shiftapp.model import history, shifts, states
from shiftapp.store import Db, Row

DAY_MS = 24 * 3_600_000

# People of shifts that were asked for already, by instance and person.
Told = dict[int, dict[str, history.PersonState]]


@dataclass(frozen=True)
class Named:
    """Somebody named on a permit, and what they have recorded in a shift of it."""

    row: Row  # as `special_works.Work.people`
    committed_ms: int | None  # when the commitment that counts came; None: there is none
    ran_ms: int | None  # when the newest complete run came

    @property
    def part(self) -> str:
        """`guardian` or `worker`."""
        return str(self.row["part"])

    @property
    def committed(self) -> bool:
        """Whether a commitment of theirs counts."""
        return self.committed_ms is not None


def named(db: Db, work: Row, who: Row, told: Told, now_ms: int) -> Named:
    """Somebody named on a work, with what they have recorded in a shift that meets its window."""
    committed: list[int] = []
    ran: list[int] = []
    for instance in _shifts_of(db, work, who["id"], now_ms):
        if instance["id"] not in told:
            known = history.people_states(db, instance, now_ms)
            told[instance["id"]] = {one.person: one for one in known}
        person = told[instance["id"]].get(who["id"])
        for record in _counting(person, instance, now_ms) if person else []:
            if record.result == "committed":
                committed.append(record.recv_ms)
            if record.result == "done":
                ran.append(record.recv_ms)
    return Named(who, min(committed, default=None), max(ran, default=None))


def _shifts_of(db: Db, work: Row, person: str, now_ms: int) -> list[Row]:
    """The shifts of somebody that meet a work's window, of its last 24 hours so far."""
    starts_ms, ends_ms = work["starts_ms"], work["ends_ms"]
    since_ms = max(starts_ms, min(ends_ms, max(now_ms, starts_ms)) - DAY_MS)
    rows = db.rows(
        "SELECT DISTINCT instance.id FROM roster JOIN instance ON instance.id = roster.instance"
        " WHERE roster.person = :person AND instance.opens_ms <= :now"
        " AND instance.starts_ms < :ends AND instance.ends_ms > :since ORDER BY instance.id",
        person=person,
        now=now_ms,
        ends=ends_ms,
        since=since_ms,
    )
    found = [shifts.by_id(db, row["id"]) for row in rows]
    return [one for one in found if one is not None]


def _counting(person: history.PersonState, instance: Row, now_ms: int) -> list[states.Counted]:
    """The records that count, came in the window and whose origin holds; of who is not away."""
    if person.name == "excused":
        return []
    window, doubted = states.window_of(instance), history.doubted(person, now_ms)
    return [
        one
        for one in person.counted
        if one.counts
        and one.recv_ms <= now_ms
        and one.id not in doubted
        and states.in_window(window, one)
    ]
