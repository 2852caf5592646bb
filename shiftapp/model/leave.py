"""Leave of some days: who is not expected in the shifts that start on them.

What is on a roster already is ended with the reason, what is filled later is ended at once
(posts_ahead.py). Taken back, the rows come back: before the window opens as if nothing had been,
after that as a change that stays visible.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

from shiftapp.model import counters, elsewhere, people, roster, shifts
from shiftapp.problems import Problem
from shiftapp.store import Db, Row

MOST_DAYS = 366

Random = Callable[[int], bytes]

_LEAVE = (
    "SELECT leave.*, person.name, person.name_en, person.no, person.crew,"
    " maker.name AS maker_name, maker.name_en AS maker_name_en FROM leave"
    " JOIN person ON person.id = leave.person JOIN person AS maker ON maker.id = leave.made_by"
)


def take(db: Db, person: str, first: str, last: str, *, by: str, now_ms: int) -> bool:
    """Enter leave for the days first..last; gives whether it is new.

    :raises Problem: 422 `bad_days`, `too_many_days`, `past_days`; 409 `leave_overlaps`.
    """
    _check_days(_zone(db, person), first, last, now_ms)
    db.run("UPDATE person SET active = active WHERE id = :p", p=person)  # one node at a time
    there = _overlapping(db, person, first, last)
    if there is not None and (there["first"], there["last"]) == (first, last):
        return False
    if there is not None:
        text = "%(first)s 到 %(last)s 已经请了假。先销掉那一段，或者改日期。"
        raise Problem(409, "leave_overlaps", text, params=there)
    db.run(
        "INSERT INTO leave (person, first, last, made_ms, made_by)"
        " VALUES (:p, :first, :last, :now, :by)",
        p=person,
        first=first,
        last=last,
        now=now_ms,
        by=by,
    )
    for instance in _expected_in(db, person, first, last, now_ms):
        roster.end(db, instance, person, "leave", by=by, now_ms=now_ms)
    counters.touch(db)
    return True


def take_back(db: Db, id: int, *, by: str, now_ms: int, random: Random) -> bool:
    """End a leave: from now on the person is expected again; gives whether it was not ended yet.

    :raises Problem: 404 `no_leave`; 409 `elsewhere`: they work another shift of those hours.
    """
    found = one(db, id)
    if found is None:
        raise Problem(404, "no_leave", "没有这个请假。")
    if found["ended_ms"] is not None:
        return False
    db.run("UPDATE leave SET ended_ms = :now WHERE id = :id", now=now_ms, id=id)
    who = people.person(db, found["person"])
    if who is not None and who["active"]:
        for row in _ended_by(db, found, now_ms):
            _put_back(db, row, by, now_ms, random)
    counters.touch(db)
    return True


def one(db: Db, id: int) -> Row | None:
    """A leave by its number, with `name`, `no` and `crew` of the person."""
    return db.row(f"{_LEAVE} WHERE leave.id = :id", id=id)


def of_person(db: Db, person: str, since: str) -> list[Row]:
    """The leave of a person that is not over on a day, by first day; shaped as `one`."""
    return db.rows(
        f"{_LEAVE} WHERE leave.person = :p AND leave.ended_ms IS NULL AND leave.last >= :since"
        " ORDER BY leave.first, leave.id",
        p=person,
        since=since,
    )


def standing(db: Db) -> list[Row]:
    """The leave of the active people that was not taken back: `no`, `first`, `last`."""
    return db.rows(
        "SELECT person.no, leave.first, leave.last FROM leave"
        " JOIN person ON person.id = leave.person AND person.active = 1"
        " WHERE leave.ended_ms IS NULL ORDER BY leave.first, person.no, leave.last, leave.id"
    )


def of_crew(db: Db, crew: str, since: str) -> list[Row]:
    """The leave of a crew's people that is not over on a day, by first day; shaped as `one`."""
    return db.rows(
        f"{_LEAVE} WHERE person.crew = :crew AND leave.ended_ms IS NULL AND leave.last >= :since"
        " ORDER BY leave.first, person.no, leave.id",
        crew=crew,
        since=since,
    )


def _zone(db: Db, person: str) -> str:
    """The time zone in which a person's days are meant."""
    zone = db.value(
        "SELECT site.zone FROM site LEFT JOIN crew ON crew.site = site.code"
        " LEFT JOIN person ON person.crew = crew.code AND person.id = :p"
        " ORDER BY CASE WHEN person.id IS NULL THEN 1 ELSE 0 END, site.code, crew.code LIMIT 1",
        p=person,
    )
    return str(zone)


def _check_days(zone: str, first: str, last: str, now_ms: int) -> None:
    try:
        days = [datetime.date.fromisoformat(text) for text in (first, last)]
    except ValueError as error:
        raise _bad_days() from error
    if [day.isoformat() for day in days] != [first, last] or days[0] > days[1]:
        raise _bad_days()
    if (days[1] - days[0]).days >= MOST_DAYS:
        raise Problem(422, "too_many_days", "一次最多请 366 天。分几次写。")
    if days[0] < shifts.site_day(zone, now_ms) - datetime.timedelta(days=1):
        raise Problem(422, "past_days", "请假最早从昨天写起。更早的改不了。")


def _bad_days() -> Problem:
    return Problem(422, "bad_days", "日期不对：写从哪天到哪天，第一天不能在最后一天后面。")


def _overlapping(db: Db, person: str, first: str, last: str) -> Row | None:
    return db.row(
        f"{_LEAVE} WHERE leave.person = :p AND leave.ended_ms IS NULL"
        " AND leave.first <= :last AND leave.last >= :first ORDER BY leave.id LIMIT 1",
        p=person,
        first=first,
        last=last,
    )


def _expected_in(db: Db, person: str, first: str, last: str, now_ms: int) -> list[int]:
    """The instances of some days whose window has not closed, with a person on the roster."""
    found = db.rows(
        "SELECT DISTINCT instance.id FROM roster JOIN instance ON instance.id = roster.instance"
        " WHERE roster.person = :p AND roster.ended_ms IS NULL AND instance.closed_ms > :now"
        " AND instance.date >= :first AND instance.date <= :last ORDER BY instance.id",
        p=person,
        first=first,
        last=last,
        now=now_ms,
    )
    return [row["id"] for row in found]


def _ended_by(db: Db, leave: Row, now_ms: int) -> list[Row]:
    """The rows that a leave ended, each post once, of windows that have not closed."""
    found = db.rows(
        "SELECT roster.*, instance.opens_ms FROM roster"
        " JOIN instance ON instance.id = roster.instance"
        " WHERE roster.person = :p AND roster.ended_why = 'leave' AND roster.ended_ms >= :made"
        " AND instance.closed_ms > :now AND instance.date >= :first AND instance.date <= :last"
        " ORDER BY roster.id",
        p=leave["person"],
        made=leave["made_ms"],
        now=now_ms,
        first=leave["first"],
        last=leave["last"],
    )
    return list({(r["instance"], r["station"], r["job"]): r for r in found}.values())


def _put_back(db: Db, row: Row, by: str, now_ms: int, random: Random) -> None:
    """A row again as it was; the ended one stays only where the window is open."""
    elsewhere.must_be_free(db, row["instance"], row["person"])
    if row["opens_ms"] > now_ms:
        db.run("DELETE FROM roster WHERE id = :id", id=row["id"])
    roster.add(
        db,
        row["instance"],
        row["person"],
        [roster.Post(row["station"], row["job"], bool(row["run_required"]))],
        how=row["how"],
        by=by,
        now_ms=now_ms,
        random=random,
        for_person=row["for_person"],
    )
