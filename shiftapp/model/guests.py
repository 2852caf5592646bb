"""Contractors and visitors of a day: people with a name, an employer and four digits of a phone.

A leader adds them and vouches for them by that, or they say at a station who they are and wait to
be vouched for: their records are stored, and marked *unverified* until then (history.py). Who says
the same again on the same day is the same person. They leave by themselves a day after their last
shift.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shiftapp.model import counters, people, shifts
from shiftapp.problems import Problem
from shiftapp.store import Db, Row

SESSION_MS = 12 * 3_600_000
GONE_MS = 24 * 3_600_000
CONTRACTOR_JOB = "J17"  # of the library: what a contractor goes through before entering
MOST_NAME = 40
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Guest(NamedTuple):
    """What is asked of a guest; `tail` are the last four digits of their phone."""

    name: str
    employer: str
    tail: str


def read(name: str, employer: str, tail: str) -> Guest:
    """A guest as typed.

    :raises Problem: 422 `no_name`, `no_employer`, `bad_tail`.
    """
    said = Guest(_tidy(name), _tidy(employer), _tidy(tail))
    if not 0 < len(said.name) <= MOST_NAME:
        raise Problem(422, "no_name", "写上姓名，40 个字以内。")
    if not 0 < len(said.employer) <= MOST_NAME:
        raise Problem(422, "no_employer", "写上单位，40 个字以内。没有单位就写“访客”。")
    if re.fullmatch("[0-9]{4}", said.tail) is None:
        raise Problem(422, "bad_tail", "手机尾号是最后 4 位数字。")
    return said


def register(db: Db, guest: Guest, crew: str, *, id: str, now_ms: int) -> str:
    """The person of a guest; made with this id if nobody said the same today, nor is expected so.

    Gives the id.
    """
    counters.touch(db)  # first: nodes take turns from here on, so that a number is given once
    zone = _zone(db, crew)
    known = db.value(
        "SELECT id FROM person WHERE guest = 1 AND active = 1 AND name = :name"
        " AND employer = :employer AND phone = :tail AND (made_ms >= :since OR EXISTS"
        " (SELECT 1 FROM roster JOIN instance ON instance.id = roster.instance"
        "  WHERE roster.person = person.id AND roster.ended_ms IS NULL"
        "  AND instance.closed_ms > :now)) ORDER BY made_ms, id LIMIT 1",
        **guest._asdict(),
        now=now_ms,
        since=min(_day_began(zone, now_ms), now_ms - SESSION_MS),
    )
    if known is not None:
        return str(known)
    no = _free_number(db, shifts.site_day(zone, now_ms))
    made = people.Person(id, no, guest.name, crew=crew, employer=guest.employer, phone=guest.tail)
    people.save_person(db, made, now_ms)
    db.run("UPDATE person SET guest = 1 WHERE id = :id", id=id)
    return id


def vouch(db: Db, person: str, *, by: str, now_ms: int) -> bool:
    """Confirm who a guest is; False: somebody has already, or it is no guest."""
    done = db.run(
        "UPDATE person SET vouched_ms = :now, vouched_by = :by"
        " WHERE id = :id AND guest = 1 AND vouched_ms IS NULL",
        now=now_ms,
        by=by,
        id=person,
    )
    if done:
        counters.touch(db)
    return bool(done)


def waiting(db: Db, crew: str) -> list[Row]:
    """The guests of a crew for whom nobody has vouched yet, by when they registered."""
    return db.rows(
        "SELECT id, no, name, name_en, employer, phone AS tail, made_ms FROM person"
        " WHERE crew = :crew AND guest = 1 AND active = 1 AND vouched_ms IS NULL"
        " ORDER BY made_ms, id",
        crew=crew,
    )


def let_go(db: Db, now_ms: int) -> int:
    """Deactivate the guests whose last shift ended a day ago; gives how many."""
    gone = db.run(
        "UPDATE person SET active = 0 WHERE guest = 1 AND active = 1 AND made_ms < :then"
        " AND NOT EXISTS (SELECT 1 FROM roster JOIN instance ON instance.id = roster.instance"
        "  WHERE roster.person = person.id AND roster.ended_ms IS NULL"
        "  AND instance.ends_ms >= :then)"
        " AND NOT EXISTS (SELECT 1 FROM record JOIN instance ON instance.id = record.instance"
        "  WHERE record.person = person.id AND instance.ends_ms >= :then)",
        then=now_ms - GONE_MS,
    )
    if gone:
        counters.touch(db)
    return gone


def _tidy(text: str) -> str:
    """One line without characters that nobody sees: they would make two people of one name."""
    seen = "".join(" " if char.isspace() else char for char in text)
    kept = (char for char in seen if unicodedata.category(char) not in ("Cc", "Cf"))
    return " ".join(unicodedata.normalize("NFKC", "".join(kept)).split())


def _zone(db: Db, crew: str) -> str:
    zone = db.value(
        "SELECT site.zone FROM crew JOIN site ON site.code = crew.site WHERE crew.code = :crew",
        crew=crew,
    )
    return str(zone)


def _day_began(zone: str, now_ms: int) -> int:
    day = shifts.site_day(zone, now_ms)
    midnight = datetime.datetime.combine(day, datetime.time(), ZoneInfo(zone))
    return int(midnight.timestamp() * 1000)


def _free_number(db: Db, day: datetime.date) -> str:
    """`G20261124A`: no number of that day was ever given twice."""
    start = f"G{day:%Y%m%d}"
    taken = db.rows(
        "SELECT no FROM person WHERE substr(no, 1, 9) = :start ORDER BY no", start=start
    )
    used = {row["no"] for row in taken}
    return next(no for n in range(len(used) + 1) if (no := start + _letters(n)) not in used)


def _letters(n: int) -> str:
    """A … Z, AA, AB, …"""
    text = ""
    while n >= 0:
        n, rest = divmod(n, 26)
        text, n = LETTERS[rest] + text, n - 1
    return text
