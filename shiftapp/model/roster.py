"""The roster: who is expected, where, doing what; and the slots by which the log counts them.

A roster row is person × instance × station × job. Rows are never removed once their window is
open, only ended with a reason. Every change is told to `slots` in the same
transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple

from shiftapp.model import counters, elsewhere, leaves, posts_ahead, slots
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
        " CASE WHEN person.guest = 1 THEN '' ELSE person.phone END AS phone, person.guest,"
        " person.employer, person.vouched_ms, station.name AS station_name,"
        " station.name_en AS station_name_en, station.label, station.risk,"
        " job.name AS job_name, job.name_en AS job_name_en"
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
    then_ms = now_ms + FILL_AHEAD_MS
    surplus = posts_ahead.surplus(db, now_ms, then_ms)
    for row in surplus:
        db.run("DELETE FROM roster WHERE id = :id", id=row["id"])
        slots.drop(db, row["instance"], row["person"], now_ms)
    missing = posts_ahead.missing(db, now_ms, then_ms)
    fill(db, missing, now_ms, random)
    if surplus or missing:
        counters.touch(db)
    return len(surplus) + len(missing)


def fill(db: Db, missing: Sequence[Row], now_ms: int, random: Random) -> None:
    """Put people on rosters by their posts; for series of which nothing is public yet.

    Rows are those of posts_ahead.py. Who is on leave gets a row that is ended at once, so that the
    board shows it, and no slot.
    """
    db.run_many(
        "INSERT INTO roster (instance, person, station, job, run_required, how, added_ms,"
        " added_by, ended_ms, ended_why, ended_by) VALUES (:instance, :person, :station, :job,"
        " :run_required, 'pattern', :now, 'pattern', :ended, :why, :leave_by)",
        [{**row, "now": now_ms, **_ended(row, now_ms)} for row in missing],
    )
    here = [(row["instance"], row["person"]) for row in missing if row["leave_by"] is None]
    slots.give_many(db, here, now_ms, random)


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

    :raises Problem: 409 `same_person`; `not_on_roster`; `elsewhere`, `on_leave`.
    """
    if person == standin:
        raise Problem(409, "same_person", "替班的人和被替的人是同一个。")
    elsewhere.must_come(db, instance, standin)
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


def _ended(row: Row, now_ms: int) -> dict[str, object]:
    away = row["leave_by"] is not None
    return {"ended": now_ms if away else None, "why": "leave" if away else None}


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
        " added_ms, added_by) VALUES (:i, :p, :station, :job, :run, :how, :for, :now, :by)"
        # Another node may have put the same person there meanwhile: one row is what both meant.
        " ON CONFLICT (instance, person, station, job) WHERE ended_ms IS NULL DO NOTHING",
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
