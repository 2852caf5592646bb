"""What a leader changes on rosters beside leave and stand-ins: swap, overtime; pressed once.

A swap changes two rosters or none, and no post is left empty by it: each takes the rows of the
other. Both rosters show it as a change.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from shiftapp.model import elsewhere, roster
from shiftapp.problems import Problem
from shiftapp.store import Db, Row

Random = Callable[[int], bytes]


class Side(NamedTuple):
    """Somebody in a shift: one half of a swap. `instance` is a row of shifts.py."""

    instance: Row
    person: str


def swap(db: Db, one: Side, other: Side, *, by: str, now_ms: int, random: Random) -> bool:
    """Each of two people takes over the live rows of the other; False: it is so already.

    :raises Problem: 409 `same_person`, `same_shift`, `shift_over`, `not_on_roster`, `elsewhere`,
        `on_leave`.
    """
    if one.person == other.person:
        raise Problem(409, "same_person", "换班要两个人。")
    if one.instance["id"] == other.instance["id"]:
        raise Problem(409, "same_shift", "两个人在同一个班，不用换班。换工位就用“替班”。")
    if _is_done(db, one, other) and _is_done(db, other, one):
        return False
    for side in (one, other):
        must_run(side.instance, now_ms)
    left = [(one, other, _leave(db, one, by, now_ms)), (other, one, _leave(db, other, by, now_ms))]
    for side, mate, posts in left:
        elsewhere.must_come(db, side.instance["id"], mate.person)
        roster.add(
            db,
            side.instance["id"],
            mate.person,
            posts,
            how="swap",
            by=by,
            now_ms=now_ms,
            random=random,
            for_person=side.person,
        )
    return True


def overtime(
    db: Db,
    instance: Row,
    person: str,
    post: roster.Post,
    *,
    by: str,
    now_ms: int,
    random: Random,
) -> bool:
    """Somebody stays on or comes in addition; False: they stand at that post already.

    :raises Problem: 409 `shift_over`, `elsewhere`.
    """
    return put(db, instance, person, post, how="overtime", by=by, now_ms=now_ms, random=random)


def put(
    db: Db,
    instance: Row,
    person: str,
    post: roster.Post,
    *,
    how: roster.How,
    by: str,
    now_ms: int,
    random: Random,
) -> bool:
    """Put somebody at a post of a shift that is not over; False: they stand there already.

    :raises Problem: as `overtime`.
    """
    live = roster.posts(db, instance["id"], person)
    if (post.station, post.job) in {(row["station"], row["job"]) for row in live}:
        return False
    must_run(instance, now_ms)
    elsewhere.must_be_free(db, instance["id"], person)
    roster.add(db, instance["id"], person, [post], how=how, by=by, now_ms=now_ms, random=random)
    return True


def must_run(instance: Row, now_ms: int) -> None:
    """Pass while the window of a shift has not closed.

    :raises Problem: 409 `shift_over`.
    """
    if instance["closed_ms"] <= now_ms:
        text = "%(date)s %(shift)s 已经结束，名单不再改。"
        raise Problem(
            409, "shift_over", text, params={"date": instance["date"], "shift": instance["name"]}
        )


def ended_so(
    db: Db, instance: int, person: str, row: int | None, why: roster.Why, *, by: str
) -> bool:
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


def _leave(db: Db, side: Side, by: str, now_ms: int) -> list[roster.Post]:
    """End somebody's rows for a swap; gives the posts they held."""
    rows = roster.posts(db, side.instance["id"], side.person)
    roster.end(db, side.instance["id"], side.person, "swapped", by=by, now_ms=now_ms)
    return [roster.Post(row["station"], row["job"], bool(row["run_required"])) for row in rows]


def _is_done(db: Db, left: Side, came: Side) -> bool:
    """Whether somebody is gone from their shift and the other stands in for them there by swap."""
    found = db.value(
        "SELECT COUNT(*) FROM roster WHERE instance = :i AND person = :came AND how = 'swap'"
        " AND for_person = :left AND ended_ms IS NULL",
        i=left.instance["id"],
        came=came.person,
        left=left.person,
    )
    return bool(found) and not roster.posts(db, left.instance["id"], left.person)
