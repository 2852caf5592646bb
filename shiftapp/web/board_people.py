"""A person in a shift, and what the leader changes there: reason, leave, stand-in, rows, arrivals.

Every change is a form with its own URL and leads back to the board.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import cast

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from shiftapp.model import (
    absences,
    audit,
    blobs,
    guests,
    history,
    leave,
    people,
    places,
    records,
    roster,
    roster_changes,
    seats,
)
from shiftapp.model.flags_now import flags_now
from shiftapp.problems import Problem
from shiftapp.store import Db, Row
from shiftapp.web import auth, scope
from shiftapp.web.context import now_ms, store, token_bytes
from shiftapp.web.numbers import whole

bp = Blueprint("board_people", __name__)

PATH = "/board/<crew>/<string(length=10):date>/<code>/people/<person>"
LEAVE_WHYS: tuple[roster.Why, ...] = ("leave", "mistake")


@bp.get(PATH)
@auth.needs(*scope.READ)
def show_person(crew: str, date: str, code: str, person: str) -> str:
    """State, rows and records of a person in a shift, and what can be done."""
    return _page(scope.board_of(crew, date, code), person)


@bp.post(f"{PATH}/absence")
@auth.needs(*scope.ACT)
def write_absence(crew: str, date: str, code: str, person: str) -> Response | tuple[str, int]:
    """Why somebody has not started: on the way, or a few words."""

    def write(db: Db, instance: Row) -> bool:
        why = cast(absences.Why, _one_of(("on_the_way", "other")))
        note, me = request.form.get("note", ""), auth.account().id
        return absences.write(db, instance["id"], person, why, note, by=me, now_ms=now_ms())

    return _do(crew, date, code, person, "board.absence", write)


@bp.post(f"{PATH}/end")
@auth.needs(*scope.ACT)
def end_rows(crew: str, date: str, code: str, person: str) -> Response | tuple[str, int]:
    """Leave, or there by mistake: all rows of a person, or one. A swap has its own page."""

    def write(db: Db, instance: Row) -> bool:
        if request.form.get("why") == "swapped":
            raise Problem(422, "swap_needs_two", "换班要写谁来上；没人上就记请假。")
        why = cast(roster.Why, _one_of(LEAVE_WHYS))
        row, me = request.form.get("row", ""), auth.account().id
        if roster_changes.ended_so(db, instance["id"], person, whole(row), why, by=me):
            return False
        if row:
            number = whole(row) or 0  # no row has that one
            roster.end_row(db, instance["id"], number, why, by=me, now_ms=now_ms())
        else:
            roster.end(db, instance["id"], person, why, by=me, now_ms=now_ms())
        return True

    return _do(crew, date, code, person, "roster.end", write)


@bp.post(f"{PATH}/standin")
@auth.needs(*scope.ACT)
def put_standin(crew: str, date: str, code: str, person: str) -> Response | tuple[str, int]:
    """Somebody else takes over the rows of a person; what they recorded already counts."""

    def write(db: Db, instance: Row) -> bool:
        standin = person_asked(db)
        me, id = auth.account().id, instance["id"]
        stands_in = {row["for_person"] for row in roster.posts(db, id, standin["id"])}
        if person in stands_in and roster_changes.ended_so(db, id, person, None, "swapped", by=me):
            return False
        replace(db, instance, person, standin["id"], "swapped")
        return True

    return _do(crew, date, code, person, "roster.standin", write)


@bp.post(f"{PATH}/join")
@auth.needs(*scope.ACT)
def join(crew: str, date: str, code: str, person: str) -> Response | tuple[str, int]:
    """Who came and recorded is put on the roster, by its own time; a guest is vouched for so."""

    def write(db: Db, instance: Row) -> bool:
        wanted = _recorded_posts(db, instance, person)
        if not wanted:
            raise Problem(409, "no_records", "这个人在本班还没有记录，没加。")
        vouched = guests.vouch(db, person, by=auth.account().id, now_ms=now_ms())
        live = {(row["station"], row["job"]) for row in roster.posts(db, instance["id"], person)}
        if all((post.station, post.job) in live for post in wanted):
            return vouched
        who = people.person(db, person)
        how: roster.How = "guest" if who and who["guest"] else "added"
        me, at_ms = auth.account().id, now_ms()
        records.join(db, instance, person, wanted, by=me, now_ms=at_ms, random=token_bytes, how=how)
        return True

    return _do(crew, date, code, person, "roster.join", write)


def replace(db: Db, instance: Row, person: str, standin: str, why: roster.Why) -> None:
    """A stand-in takes over the live rows of a person."""
    me, at_ms = auth.account().id, now_ms()
    roster.replace(
        db, instance["id"], person, standin, why, by=me, now_ms=at_ms, random=token_bytes
    )


def person_asked(db: Db) -> Row:
    """The active person a form names: by id from a list, or by the employee number typed.

    :raises Problem: 422 `no_person`, `unknown_no`.
    """
    typed = request.form.get("no", "").strip()
    if typed:
        found = people.by_no(db, typed)
        if found is None:
            raise Problem(422, "unknown_no", "没有工号 %(no)s。", params={"no": typed})
        return found
    chosen = people.person(db, request.form.get("who", ""))
    if chosen is None or not chosen["active"]:
        raise Problem(422, "no_person", "选一个人，或者写工号。")
    return chosen


def colleagues(instance: Row, without: str) -> list[Row]:
    """Who is offered in a list: the crew of the instance, but not the person themself."""
    return [p for p in people.in_crew(store(), instance["crew"]) if p["id"] != without]


def _do(
    crew: str,
    date: str,
    code: str,
    person: str,
    what: str,
    change: Callable[[Db, Row], bool],
) -> Response | tuple[str, int]:
    """Make a change with its audit line and go back; refused, the page again as it was typed.

    `change` gives whether anything is otherwise now: pressed twice, there is one line.
    """
    instance = scope.acting_on(crew, date, code)
    _must_be_here(instance, person)
    asked = " ".join(request.form.get(name, "") for name in ("why", "row", "no", "who"))

    def write(db: Db) -> None:
        if not change(db, instance):
            return
        about, detail = f"person:{person}", f"instance {instance['id']} {asked}".strip()
        audit.note(db, now_ms(), auth.account().id, what, about, detail)

    try:
        store().write(write)
    except Problem as problem:
        return _page(instance, person, problem), problem.status
    return redirect(f"/board/{crew}/{date}/{code}", code=303)


def _page(instance: Row, person: str, problem: Problem | None = None) -> str:
    states = history.people_states(store(), instance, now_ms())
    found = next((one for one in states if one.person == person), None)
    arrived = next((a for a in _came(instance) if a["id"] == person), None)
    who = people.person(store(), person)
    if who is None or (found is None and arrived is None):
        raise Problem(404, "no_person", "没有这个人。")
    return render_template(
        "board/person.html",
        instance=instance,
        who=who,
        state=found,
        shown=seats.shown_state(found, now_ms()) if found else None,
        live=[row for row in found.rows if seats.is_live(row, now_ms())] if found else [],
        arrived=arrived,
        files=blobs.of_instance(store(), instance["id"]),
        doubts=_doubts(found.records if found else ()),
        unverified=history.doubted(found, now_ms()) if found else set(),
        leaves=leave.of_person(store(), person, instance["date"]),
        absence=absences.of_instance(store(), instance["id"]).get(person),
        base=f"/board/{instance['crew']}/{instance['date']}/{instance['code']}",
        may_act=scope.may_act(instance["crew"]),
        leads=scope.leads(instance["crew"], person),
        colleagues=colleagues(instance, person),
        problem=problem,
        typed=request.form,
        places={s["code"]: s for s in places.stations(store())},
        jobs={j["code"]: j for j in places.jobs(store())},
    )


def _doubts(records: Iterable[Row]) -> dict[str, list[str]]:
    """By record: its flags as they stand now."""
    return {one["id"]: flags_now(store(), one["id"], json.loads(one["flags"])) for one in records}


def _recorded_posts(db: Db, instance: Row, person: str) -> list[roster.Post]:
    """Where somebody recorded something in a shift: that is what they are put on the roster for."""
    found = [r for r in history.records_of(db, instance["id"]) if r["person"] == person]
    pairs = {(r["station"], r["job"]): None for r in found if r["counts"]}
    return [roster.Post(station, job) for station, job in pairs]


def _came(instance: Row) -> list[Row]:
    """Who recorded and is not on the roster; also where the station is out of scope."""
    return [*history.arrivals(store(), instance), *history.uncounted(store(), instance)]


def _must_be_here(instance: Row, person: str) -> None:
    """Somebody on the roster of a shift, ended rows too, or who arrived and recorded.

    :raises Problem: 404 `no_person`.
    """
    rows = roster.rows(store(), instance["id"])
    here = {row["person"] for row in rows} | {row["id"] for row in _came(instance)}
    if person not in here:
        raise Problem(404, "no_person", "没有这个人。")


def _one_of(allowed: tuple[str, ...]) -> str:
    """The reason chosen.

    :raises Problem: 422 `no_reason`.
    """
    chosen = request.form.get("why", "")
    if chosen not in allowed:
        raise Problem(422, "no_reason", "选一个原因。")
    return chosen
