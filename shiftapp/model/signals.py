"""Integrity signals: who hears of them. The person first, then their leader, then nobody.

What is noticed and how is signal_watch.py. "Looked at, fine" is a whole answer, the first one
stands, and after 90 days all of it is erased.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from shiftapp.problems import Problem
from shiftapp.store import Db, Row

DAY_MS = 24 * 3_600_000
FIRST_MS = DAY_MS  # as long the person alone sees it, unless they have seen it
ANSWERED_MS = 30 * DAY_MS  # how long a leader's page lists what was answered
KEPT_MS = 90 * DAY_MS
HOW = ("fine", "talked")

_SIGNAL = (
    "SELECT signal.*, person.name, person.name_en, person.no, instance.date,"
    " instance.code, instance.name AS shift_name, instance.name_en AS shift_name_en,"
    " crew.name AS crew_name, crew.name_en AS crew_name_en, record.kind AS record_kind,"
    " record.sealed_ms, station.name AS station_name, station.name_en AS station_name_en,"
    " job.name AS job_name, job.name_en AS job_name_en, looker.name AS looker_name,"
    " looker.name_en AS looker_name_en FROM signal"
    " JOIN person ON person.id = signal.person JOIN instance ON instance.id = signal.instance"
    " JOIN crew ON crew.code = signal.crew JOIN record ON record.id = signal.record"
    " LEFT JOIN station ON station.code = record.station LEFT JOIN job ON job.code = record.job"
    " LEFT JOIN person AS looker ON looker.id = signal.looked_by"
)
_NEWEST = "ORDER BY signal.at_ms DESC, signal.id DESC"


def of_person(db: Db, person: str) -> list[Row]:
    """Somebody's own signals, newest first, with names of shift, station, job and who looked."""
    return _told(db.rows(f"{_SIGNAL} WHERE signal.person = :p {_NEWEST}", p=person))


def open_of(db: Db, crews: Iterable[str], me: str, now_ms: int) -> list[Row]:
    """What a leader of these crews has to look at, newest first: not their own, and the person has
    seen it or had a day to."""
    sql = f"{_SIGNAL} WHERE signal.crew = :crew AND signal.looked_ms IS NULL"
    found = [one for crew in crews for one in _told(db.rows(f"{sql} {_NEWEST}", crew=crew))]
    mine = [one for one in found if _is_for(one, me, now_ms)]
    return sorted(mine, key=lambda one: (-one["at_ms"], -one["id"]))


def answered_of(db: Db, crews: Iterable[str], me: str, now_ms: int) -> list[Row]:
    """What was answered in these crews in the last 30 days, the latest first."""
    sql = f"{_SIGNAL} WHERE signal.crew = :crew AND signal.looked_ms > :since {_NEWEST}"
    since_ms = now_ms - ANSWERED_MS
    found = [one for crew in crews for one in _told(db.rows(sql, crew=crew, since=since_ms))]
    mine = [one for one in found if one["person"] != me]
    return sorted(mine, key=lambda one: (-one["looked_ms"], -one["id"]))


def show_to(db: Db, person: str, now_ms: int) -> None:
    """Somebody sees their own signals: from now on their leader may."""
    db.run(
        "UPDATE signal SET shown_ms = :now WHERE person = :p AND shown_ms IS NULL",
        p=person,
        now=now_ms,
    )


def look(db: Db, id: int, how: str, *, crews: Iterable[str], by: str, now_ms: int) -> None:
    """Answer a signal of one of these crews; the first answer stands.

    :raises Problem: 404 `no_signal`, also for what is somebody else's, one's own or too new: it is
        not told; 422 `no_answer`.
    """
    found = db.row("SELECT * FROM signal WHERE id = :id", id=id)
    if found is None or found["crew"] not in set(crews) or not _is_for(found, by, now_ms):
        raise Problem(404, "no_signal", "没有这一条。")
    if how not in HOW:
        raise Problem(422, "no_answer", "选一个：看过，没事；或者当面聊过。")
    db.run(
        "UPDATE signal SET looked_ms = :now, looked_by = :by, looked_how = :how"
        " WHERE id = :id AND looked_ms IS NULL",
        id=id,
        by=by,
        how=how,
        now=now_ms,
    )


def erase_old(db: Db, now_ms: int) -> int:
    """Erase what is older than 90 days, answered or not; gives how many."""
    return db.run("DELETE FROM signal WHERE at_ms < :then", then=now_ms - KEPT_MS)


def _told(rows: list[Row]) -> list[Row]:
    return [{**row, "figures": json.loads(row["figures"])} for row in rows]


def _is_for(signal: Row, me: str, now_ms: int) -> bool:
    """Whether a leader may see it: never one's own, and not before the person could."""
    if signal["person"] == me:
        return False
    return signal["shown_ms"] is not None or signal["at_ms"] <= now_ms - FIRST_MS


def save_thresholds(db: Db, site: str, text: str) -> None:
    """The thresholds of a site, as `signal_rules` writes them."""
    db.run("UPDATE site SET signals = :text WHERE code = :code", code=site, text=text)
