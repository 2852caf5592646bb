"""Rosters: the shifts of a crew from yesterday to eight days ahead, and who is on each by station.

What a leader changes there has modules of its own: leave (board_leave.py), swap (board_swap.py),
overtime and guests (board_extra.py). Each leads back to the roster.
"""

from __future__ import annotations

import datetime
from typing import Any

from flask import Blueprint, render_template, request

from shiftapp.model import crews, guests, history, leave, people, roster_view, shifts
from shiftapp.problems import Problem
from shiftapp.store import Row
from shiftapp.web import auth, scope
from shiftapp.web.context import now_ms, store
from shiftapp.web.plant_time import zone

bp = Blueprint("board_roster", __name__)

LIST = "/board/<crew>/roster"
PATH = "/board/<crew>/<string(length=10):date>/<code>/roster"


@bp.get(LIST)
@auth.needs(*scope.READ)
def list_rosters(crew: str) -> str:
    """The rosters of a crew, its leave, and the form for leave of some days."""
    return list_page(crew_seen(crew))


@bp.get(PATH)
@auth.needs(*scope.READ)
def show_roster(crew: str, date: str, code: str) -> str:
    """The roster of a shift with what can be done there."""
    return roster_page(scope.board_of(crew, date, code))


def crew_seen(code: str, *, to_change: bool = False) -> Row:
    """A crew that the signed-in person may look at, or change.

    :raises Problem: 403 `wrong_scope`, 404 `no_crew`.
    """
    roles = scope.ACT if to_change else scope.READ
    if not people.may(store(), auth.account().id, roles, crew=code):
        raise Problem(403, "wrong_scope", "这个班组不归你管。")
    found = crews.crew(store(), code)
    if found is None:
        raise Problem(404, "no_crew", "没有这个班组。")
    return found


def list_page(crew: Row, problem: Problem | None = None) -> str:
    """The list of rosters, with a refusal and what was typed."""
    today = shifts.site_day(zone(), now_ms())
    first, last = (today + datetime.timedelta(days=n) for n in (-1, shifts.DAYS_AHEAD))
    found = roster_view.instances(store(), crew["code"], first.isoformat(), last.isoformat())
    return render_template(
        "board/rosters.html",
        crew=crew,
        instances=found,
        leaves=leave.of_crew(store(), crew["code"], first.isoformat()),
        members=members(crew["code"]),
        may_act=scope.may_act(crew["code"]),
        now_ms=now_ms(),
        today=today.isoformat(),
        problem=problem,
        typed=request.form,
    )


def roster_page(instance: Row, problem: Problem | None = None) -> str:
    """The roster of a shift, with a refusal and what was typed."""
    may_act = scope.may_act(instance["crew"])
    return render_template(
        "board/roster.html",
        instance=instance,
        base=board_path(instance),
        places=roster_view.places(store(), instance),
        arrivals=history.arrivals(store(), instance),
        uncounted=history.uncounted(store(), instance),
        now_ms=now_ms(),
        problem=problem,
        typed=request.form,
        sent=request.path.rpartition("/")[2],  # which form came back, to be filled as it was
        may_act=may_act,
        **(_forms(instance) if may_act else {}),
    )


def board_path(instance: Row) -> str:
    """The address of a shift's board."""
    return f"/board/{instance['crew']}/{instance['date']}/{instance['code']}"


def members(crew: str) -> list[Row]:
    """The crew's own people: guests take no leave."""
    return [one for one in people.in_crew(store(), crew) if not one["guest"]]


def _forms(instance: Row) -> dict[str, Any]:
    """What the forms of a roster offer; one list of people a form, so that none is too long."""
    here = {row["id"] for row in history.arrivals(store(), instance)}
    waiting = guests.waiting(store(), instance["crew"])
    return {
        "members": members(instance["crew"]),
        "extra": roster_view.staying_on(store(), instance),
        "posts": roster_view.posts_offered(store(), instance),
        "guest_posts": roster_view.posts_offered(store(), instance, guests.CONTRACTOR_JOB),
        "waiting": [one for one in waiting if one["id"] not in here],
    }
