"""Nobody is at two places at once: who stands on a roster of the same hours is not put on another.

Asked before a person is added by hand: stand-in, swap, overtime, arrival, guest. The sentence names
the other shift, because that is where it is put right. Who is on leave takes no post over either:
it would be empty. Who comes in from leave all the same comes as overtime.
"""

from __future__ import annotations

from shiftapp.problems import Problem
from shiftapp.store import Db

MEETING_MS = 30 * 60_000  # shifts that overlap for the handover: who stays on is at both

_THERE = (
    "SELECT person.name, crew.name AS crew, there.date, there.name AS shift FROM roster"
    " JOIN person ON person.id = roster.person JOIN instance AS there ON there.id = roster.instance"
    " JOIN crew ON crew.code = there.crew JOIN instance AS here ON here.id = :i"
    " WHERE roster.person = :p AND roster.ended_ms IS NULL AND there.id <> here.id"
    " AND there.starts_ms + :meet < here.ends_ms AND there.ends_ms > here.starts_ms + :meet"
    " ORDER BY there.starts_ms, there.id LIMIT 1"
)

_AWAY = (
    "SELECT person.name, leave.first, leave.last FROM leave"
    " JOIN person ON person.id = leave.person JOIN instance ON instance.id = :i"
    " WHERE leave.person = :p AND leave.ended_ms IS NULL AND leave.first <= instance.date"
    " AND leave.last >= instance.date ORDER BY leave.id LIMIT 1"
)


def must_be_free(db: Db, instance: int, person: str) -> None:
    """Pass when a person is on no live roster whose hours meet those of an instance.

    :raises Problem: 409 `elsewhere`.
    """
    db.run("UPDATE person SET active = active WHERE id = :p", p=person)  # one node at a time
    there = db.row(_THERE, i=instance, p=person, meet=MEETING_MS)
    if there is not None:
        text = "%(name)s 在 %(crew)s %(date)s %(shift)s 的名单上，时间重叠。先在那边去掉。"
        raise Problem(409, "elsewhere", text, params=there)


def must_come(db: Db, instance: int, person: str) -> None:
    """Pass when a person who takes a post over is free, and not on leave that day.

    :raises Problem: 409 `elsewhere`, `on_leave`.
    """
    must_be_free(db, instance, person)
    away = db.row(_AWAY, i=instance, p=person)
    if away is not None:
        text = "%(name)s %(first)s 到 %(last)s 请假。先销假，或者换一个人。"
        raise Problem(409, "on_leave", text, params=away)
