"""What a supervisor's form is made of: a published day, its units and its permits as known then.

The figures are those of the signed document and are not counted again. Beside them stand the units
with their states and the permits behind the counts, both as they were known when that version was
published; a permit that an earlier version counted and this one does not is told as dropped.
"""

from __future__ import annotations

from dataclasses import dataclass

from shiftapp.model import announcements, days, facilities, special_works
from shiftapp.model.facilities import Now
from shiftapp.model.special_works import Work
from shiftapp.problems import Problem
from shiftapp.store import Db, Row


@dataclass(frozen=True)
class Promise:
    """A version of a day's announcement with what stands behind its figures."""

    announcement: Row  # as announcements.announcement
    first: Row  # version 1 of the day, the same shape
    company_code: str
    units: tuple[Now, ...]
    works: tuple[Work, ...]  # behind this version's counts, by start
    dropped: tuple[Work, ...] = ()  # behind those of an earlier version only


def newest(db: Db, date: str = "") -> Row | None:
    """The newest version of a day, of the last day announced unless told; None: there is none."""
    day = date or db.value("SELECT MAX(date) FROM announcement WHERE kind = 'daily'")
    return announcements.newest_of(db, str(day)) if day else None


def promise(db: Db, company_code: str, id: str) -> Promise:
    """What a form of this announcement is made of.

    :raises Problem: 404 `no_announcement`; 409 `not_daily`, `altered`.
    """
    found = announcements.announcement(db, id)
    if found["kind"] != "daily":
        raise Problem(409, "not_daily", "上报表只有每日公告才有。选一份每日公告。")
    _must_fit(found)
    earlier = db.rows(
        "SELECT id, published_ms FROM announcement WHERE kind = 'daily' AND date = :date"
        " AND version < :version ORDER BY version",
        date=found["date"],
        version=found["version"],
    )
    works = _works(db, found["date"], found["published_ms"])
    dropped = {
        work.id: work
        for version in earlier
        for work in _works(db, found["date"], version["published_ms"])
    }
    for work in works:
        dropped.pop(work.id, None)
    first = announcements.announcement(db, earlier[0]["id"]) if earlier else found
    _must_fit(first)
    return Promise(
        announcement=found,
        first=first,
        company_code=company_code,
        units=_units(db, found["published_ms"]),
        works=tuple(works),
        dropped=tuple(dropped.values()),
    )


def _must_fit(announcement: Row) -> None:
    if announcement["doc"] is None:
        raise Problem(409, "altered", "存着的这份公告和签名不符，里面的数不能信，不能上报。")


def _units(db: Db, at_ms: int) -> tuple[Now, ...]:
    """The units in use with their states at an instant; not those that came later.

    When a unit was registered is not kept: one whose first state was entered later came later.
    """
    later = {
        row["facility"]
        for row in db.rows(
            "SELECT facility FROM facility_state GROUP BY facility HAVING MIN(at_ms) > :at"
            " ORDER BY facility",
            at=at_ms,
        )
    }
    found = facilities.now(db, at_ms)
    return tuple(one for one in found if one.row["kind"] == "unit" and one.row["code"] not in later)


def _works(db: Db, date: str, at_ms: int) -> list[Work]:
    """The permits of a day as they were known at an instant."""
    from_ms, to_ms = days.calendar(db, date)
    return special_works.of_day(db, from_ms, to_ms, at_ms)
