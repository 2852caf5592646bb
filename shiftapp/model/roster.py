"""The roster: who is expected, where, doing what; and the slots by which the log counts them.

A roster row is person × instance × station × job. Rows are never removed once their window is
open, only ended with a reason. Every change is told to `slots` in the same
transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple

from shiftapp.model import counters, leaves, slots
from shiftapp.problems import Problem
from shiftapp.store import Db, Row

FILL_AHEAD_MS = 36 * 3_600_000

Why = Literal["leave", "swapped", "replaced", "mistake"]
How = Literal["pattern", "added", "standin", "swap", "overtime", "guest", "workbook"]
Random = Callable[[int], bytes]


class Post(NamedTuple):
    """One station and job of a person in an instance."""

    station: str
    job: str
    run_required: bool = True


def rows(db: Db, instance: int) -> list[Row]:
    """Every row of an instance, ended ones too, with person, station and job names."""
    return db.rows(
        "SELECT roster.*, person.name AS person_name, person.name_en AS person_name_en, person.no,"
        " person.phone, station.name AS station_name, station.name_en AS station_name_en,"
        " station.label, station.risk, job.name AS job_name, job.name_en AS job_name_en"
        " FROM roster JOIN person ON person.id = roster.person"
        " JOIN station ON station.code = roster.station JOIN job ON job.code = roster.job"
        " WHERE roster.instance = :instance ORDER BY roster.id",
        instance=instance,
    )


def posts(db: Db, instance: int, person: str) -> list[Row]:
    """The live rows of one person."""
    return db.rows(
        "SELECT station, job, run_required, for_person FROM roster"
        " WHERE instance = :i AND person = :p"
        " AND ended_ms IS NULL ORDER BY id",
        i=instance,
        p=person,
    )


def fill_ahead(db: Db, now_ms: int, random: Random) -> int:
    """Bring the rosters of windows that open soon in line with people's posts; gives the changes.

    Only before the window opens, and only rows that came from the pattern: what a leader changed
    or a workbook said stays. A row once ended (leave entered ahead) is not made again.
    """
    span = {"now": now_ms, "then": now_ms + FILL_AHEAD_MS}
    surplus = db.rows(
        "SELECT roster.id, roster.instance, roster.person FROM roster"
        " JOIN instance ON instance.id = roster.instance"
        " WHERE instance.opens_ms > :now AND instance.opens_ms <= :then"
        " AND roster.how = 'pattern' AND roster.ended_ms IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM post JOIN person ON person.id = post.person"
        "  JOIN station ON station.code = post.station AND station.active = 1"
        "  WHERE post.person = roster.person AND post.station = roster.station"
        "  AND post.job = roster.job AND post.run_required = roster.run_required"
        "  AND person.active = 1 AND person.crew = instance.crew) ORDER BY roster.id",
        **span,
    )
    for row in surplus:
        db.run("DELETE FROM roster WHERE id = :id", id=row["id"])
        slots.drop(db, row["instance"], row["person"], now_ms)
    missing = db.rows(
        "SELECT instance.id AS instance, post.person, post.station, post.job, post.run_required"
        " FROM instance JOIN person ON person.crew = instance.crew AND person.active = 1"
        " JOIN post ON post.person = person.id"
        " JOIN station ON station.code = post.station AND station.active = 1"
        " WHERE instance.opens_ms > :now AND instance.opens_ms <= :then AND NOT EXISTS"
        " (SELECT 1 FROM roster WHERE roster.instance = instance.id"
        "  AND (roster.how = 'workbook' OR (roster.person = post.person"
        "  AND roster.station = post.station AND roster.job = post.job)))"
        " ORDER BY instance.id, post.station, person.no, post.job",
        **span,
    )
    fill(db, missing, now_ms, random)
    if surplus or missing:
        counters.touch(db)
    return len(surplus) + len(missing)


def fill(db: Db, missing: Sequence[Row], now_ms: int, random: Random) -> None:
    """Put people on rosters by their posts; for series of which nothing is public yet.

    Rows are `instance`, `person`, `station`, `job` and `run_required`.
    """
    db.run_many(
        "INSERT INTO roster (instance, person, station, job, run_required, how, added_ms,"
        " added_by) VALUES (:instance, :person, :station, :job, :run_required, 'pattern', :now,"
        " 'pattern')",
        [{**row, "now": now_ms} for row in missing],
    )
    slots.give_many(db, ((row["instance"], row["person"]) for row in missing), now_ms, random)


def add(
    db: Db,
    instance: int,
    person: str,
    wanted: Iterable[Post],
    *,
    how: How,
    by: str,
    now_ms: int,
    random: Random,
    for_person: str | None = None,
) -> None:
    """Put a person on the roster of an instance; rows that are live already stay as they are.

    After the window opened: slot, `chg` and the entries of what waits, all in this transaction.
    """
    have = {(row["station"], row["job"]) for row in posts(db, instance, person)}
    for post in wanted:
        if (post.station, post.job) not in have:
            _insert(db, instance, person, post, how, for_person, now_ms, by)
    given = slots.give(db, instance, person, now_ms, random)
    slots.write_change(db, instance, [given] if given else [], [], now_ms)
    leaves.enter_waiting(db, instance, person, now_ms)
    counters.touch(db)


def end(db: Db, instance: int, person: str, why: Why, *, by: str, now_ms: int) -> None:
    """End all live rows of a person: leave, swapped out, replaced, put there by mistake.

    :raises Problem: 409 `not_on_roster` when there is none.
    """
    done = db.run(
        "UPDATE roster SET ended_ms = :now, ended_why = :why, ended_by = :by"
        " WHERE instance = :i AND person = :p AND ended_ms IS NULL",
        now=now_ms,
        why=why,
        by=by,
        i=instance,
        p=person,
    )
    if not done:
        raise Problem(409, "not_on_roster", "这个人不在本班名单里。")
    dropped = slots.drop(db, instance, person, now_ms)
    slots.write_change(db, instance, [], [dropped] if dropped else [], now_ms)
    counters.touch(db)


def end_row(db: Db, instance: int, row: int, why: Why, *, by: str, now_ms: int) -> None:
    """End one live row by its number; the person stays for the rows that are left.

    :raises Problem: 409 `not_on_roster` when it is not live, or not of this instance.
    """
    found = db.rows(
        "UPDATE roster SET ended_ms = :now, ended_why = :why, ended_by = :by"
        " WHERE id = :row AND instance = :i AND ended_ms IS NULL RETURNING person",
        now=now_ms,
        why=why,
        by=by,
        row=row,
        i=instance,
    )
    if not found:
        raise Problem(409, "not_on_roster", "这个人不在本班名单里。")
    dropped = slots.drop(db, instance, found[0]["person"], now_ms)
    slots.write_change(db, instance, [], [dropped] if dropped else [], now_ms)
    counters.touch(db)


def ended_so(db: Db, instance: int, person: str, row: int | None, why: Why, *, by: str) -> bool:
    """Whether one row of a person, or (None) each, is ended, the last by this person and why."""
    found = db.rows(
        "SELECT id, ended_ms, ended_why, ended_by FROM roster"
        " WHERE instance = :i AND person = :p ORDER BY ended_ms, id",
        i=instance,
        p=person,
    )
    asked = [one for one in found if row is None or one["id"] == row]
    if not asked or any(one["ended_ms"] is None for one in asked):
        return False
    return (asked[-1]["ended_why"], asked[-1]["ended_by"]) == (why, by)


def replace(
    db: Db,
    instance: int,
    person: str,
    standin: str,
    why: Why,
    *,
    by: str,
    now_ms: int,
    random: Random,
) -> None:
    """Another person takes over the live rows of a person.

    :raises Problem: 409 `same_person`; `not_on_roster`.
    """
    if person == standin:
        raise Problem(409, "same_person", "替班的人和被替的人是同一个。")
    wanted = [_post(row) for row in posts(db, instance, person)]
    end(db, instance, person, why, by=by, now_ms=now_ms)
    add(
        db,
        instance,
        standin,
        wanted,
        how="standin",
        by=by,
        now_ms=now_ms,
        random=random,
        for_person=person,
    )


def _post(row: Row) -> Post:
    return Post(row["station"], row["job"], bool(row["run_required"]))


def _insert(
    db: Db,
    instance: int,
    person: str,
    post: Post,
    how: How,
    for_person: str | None,
    now_ms: int,
    by: str,
) -> None:
    db.run(
        "INSERT INTO roster (instance, person, station, job, run_required, how, for_person,"
        " added_ms, added_by) VALUES (:i, :p, :station, :job, :run, :how, :for, :now, :by)",
        i=instance,
        p=person,
        station=post.station,
        job=post.job,
        run=int(post.run_required),
        how=how,
        now=now_ms,
        by=by,
        **{"for": for_person},
    )
