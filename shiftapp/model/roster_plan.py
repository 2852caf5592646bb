"""Rosters of shifts whose window is not open yet, as a workbook reads and writes them.

A roster that was not filled yet is what the pattern would put there, so that it can be shown and
changed a week ahead. What a workbook says stands: `roster.fill_ahead` leaves it alone.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from shiftapp.model import counters, shifts, slots
from shiftapp.model.settings import Settings
from shiftapp.problems import Problem
from shiftapp.store import Db, Row

Random = Callable[[int], bytes]

# Rows of the pattern and of an earlier workbook; what a leader put there is not for a file to end.
OURS = ("pattern", "workbook")

# Whom the pattern will put into an instance: people of the crew with a post in scope, not on leave.
_PLANNED = (
    "JOIN person ON person.crew = instance.crew AND person.active = 1 AND NOT EXISTS"
    " (SELECT 1 FROM leave WHERE leave.person = person.id AND leave.ended_ms IS NULL"
    "  AND leave.first <= instance.date AND leave.last >= instance.date)"
    " JOIN post ON post.person = person.id"
    " JOIN station ON station.code = post.station AND station.active = 1 AND station.scoped = 1"
)


class Said(NamedTuple):
    """One row that a workbook says: person id, station code, job, whether a run is required."""

    person: str
    station: str
    job: str
    run_required: int


def ahead(db: Db, from_ms: int, until: str) -> list[Row]:
    """Instances whose window opens later than an instant, dated before `until`, in order; not those
    that are public already, by a clock that was ahead."""
    return db.rows(
        "SELECT id, crew, instance.date AS date, instance.code AS code, opens_ms,"
        " instance.starts_ms AS starts_ms, instance.ends_ms AS ends_ms FROM instance"
        " JOIN series ON series.s = instance.s AND series.state <> 'open'"
        " WHERE opens_ms > :now AND instance.date < :until"
        " ORDER BY instance.date, instance.starts_ms, crew, id",
        now=from_ms,
        until=until,
    )


def rows(db: Db, instance: int) -> list[Row]:
    """Who is expected in an instance: its live rows, or what the pattern would make of none.

    Each has `no label job run how`. Who left and guests of a day are not there, nor is who is on
    leave among those that the pattern would put there.
    """
    live = db.rows(
        "SELECT person.no, station.label, roster.job, roster.run_required AS run, roster.how"
        " FROM roster JOIN person ON person.id = roster.person AND person.active = 1"
        " AND person.guest = 0 JOIN station ON station.code = roster.station"
        " WHERE roster.instance = :i AND roster.ended_ms IS NULL"
        " ORDER BY station.label, person.no, roster.job",
        i=instance,
    )
    touched = db.value("SELECT COUNT(*) FROM roster WHERE instance = :i", i=instance)
    return live if touched else _planned(db, instance)


def elsewhere(db: Db, from_ms: int, until_ms: int) -> list[Row]:
    """Who works which shift between two instants, also by the pattern where nothing is filled yet.

    `no` of the person; `id crew date code starts_ms ends_ms` of the instance.
    """
    work = (
        "SELECT person.no AS no, instance.id AS id, instance.crew AS crew, instance.date AS date,"
        " instance.code AS code, instance.starts_ms AS starts_ms, instance.ends_ms AS ends_ms"
        " FROM instance"
    )
    span = "instance.starts_ms < :until AND instance.ends_ms > :a"
    return db.rows(
        f"{work} JOIN roster ON roster.instance = instance.id AND roster.ended_ms IS NULL"
        f" JOIN person ON person.id = roster.person AND person.active = 1 WHERE {span}"
        f" UNION {work} {_PLANNED} WHERE {span} AND NOT EXISTS"
        " (SELECT 1 FROM roster WHERE roster.instance = instance.id)"
        " ORDER BY starts_ms, id, no",
        a=from_ms,
        until=until_ms,
    )


def put(
    db: Db, instance: int, said: Sequence[Said], *, by: str, now_ms: int, random: Random
) -> None:
    """Make the roster of an instance what a workbook says; its window is not open yet.

    Rows of the pattern or of an earlier workbook that it does not name go without a trace, as a
    changed post does: before the opening changes are ordinary. What a leader put there stays.
    """
    live = db.rows(
        "SELECT id, person, station, job, how FROM roster"
        " WHERE instance = :i AND ended_ms IS NULL ORDER BY id",
        i=instance,
    )
    wanted = {(one.person, one.station, one.job): one for one in said}
    there = {(row["person"], row["station"], row["job"]): row for row in live}
    gone = [row for key, row in there.items() if key not in wanted and row["how"] in OURS]
    _remove(db, instance, gone, now_ms)
    _keep(db, [(there[key]["id"], wanted[key].run_required) for key in there if key in wanted])
    _insert(db, instance, [one for key, one in wanted.items() if key not in there], by, now_ms)
    slots.give_many(db, ((instance, one.person) for one in said), now_ms, random)
    _mark(db, instance)
    counters.touch(db)


def made(
    db: Db,
    now: Settings,
    crew: str,
    date: str,
    code: str,
    now_ms: int,
    random: Random,
) -> int:
    """The instance of a crew's shift, made by its pattern where it was not yet; gives its number.

    :raises Problem: 409 `not_planned`, `window_open`.
    """
    if shifts.instance(db, crew, date, code) is None:
        row = db.row(
            "SELECT crew.*, site.zone, pattern.cycle, pattern.anchor FROM crew"
            " JOIN site ON site.code = crew.site JOIN pattern ON pattern.code = crew.pattern"
            " WHERE crew.code = :crew",
            crew=crew,
        )
        assert row is not None  # a workbook's crews are written before
        shifts.make_instances(db, now, row, datetime.date.fromisoformat(date), 1, random)
    found = shifts.instance(db, crew, date, code)
    if found is None:
        raise Problem(409, "not_planned", "这个班组这天没有这个班。看一下班制。")
    if found["opens_ms"] <= now_ms or found["series_state"] == "open":
        raise Problem(409, "window_open", "这个班已经开始承诺，名单在看板上改。")
    return int(found["id"])


def _planned(db: Db, instance: int) -> list[Row]:
    return db.rows(
        "SELECT person.no, station.label, post.job, post.run_required AS run, 'pattern' AS how"
        f" FROM instance {_PLANNED} WHERE instance.id = :i"
        " ORDER BY station.label, person.no, post.job",
        i=instance,
    )


def _remove(db: Db, instance: int, gone: Iterable[Row], now_ms: int) -> None:
    for row in gone:
        db.run("DELETE FROM roster WHERE id = :id", id=row["id"])
        slots.drop(db, instance, row["person"], now_ms)


def _keep(db: Db, kept: Iterable[tuple[int, int]]) -> None:
    for id, run in kept:
        db.run(
            "UPDATE roster SET run_required = :run,"
            " how = CASE WHEN how IN ('pattern', 'added') THEN 'workbook' ELSE how END"
            " WHERE id = :id",
            run=run,
            id=id,
        )


def _insert(db: Db, instance: int, new: Iterable[Said], by: str, now_ms: int) -> None:
    db.run_many(
        "INSERT INTO roster (instance, person, station, job, run_required, how, added_ms,"
        " added_by) VALUES (:i, :person, :station, :job, :run_required, 'workbook', :now, :by)",
        [{**one._asdict(), "i": instance, "by": by, "now": now_ms} for one in new],
    )


def _mark(db: Db, instance: int) -> None:
    """At least one row is the workbook's: by that the filling ahead knows the whole roster is."""
    db.run(
        "UPDATE roster SET how = 'workbook' WHERE id ="
        " (SELECT MIN(id) FROM roster WHERE instance = :i AND ended_ms IS NULL)"
        " AND NOT EXISTS (SELECT 1 FROM roster AS other"
        "  WHERE other.instance = :i AND other.how = 'workbook')",
        i=instance,
    )
