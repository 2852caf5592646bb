"""Handover at the desk: what a shift leaves, and the next crew's leader saying that it is clear."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from shiftapp.model import audit, handover, people, places
from shiftapp.problems import Problem
from shiftapp.store import Db, Row
from shiftapp.web import auth, scope
from shiftapp.web.context import now_ms, store
from shiftapp.web.numbers import whole

bp = Blueprint("board_handover", __name__)

PATH = "/board/<crew>/<string(length=10):date>/<code>/handover"
TAKE = ("leader", "manager")


@bp.get(PATH)
@auth.needs(*scope.READ)
def show_handover(crew: str, date: str, code: str) -> str:
    """What earlier shifts left to this one, what this one leaves, and who took it over."""
    return _page(scope.board_of(crew, date, code))


@bp.post(PATH)
@auth.needs(*scope.ACT)
def leave(crew: str, date: str, code: str) -> Response | tuple[str, int]:
    """Leave words, the hazards ticked, or both."""

    def write(db: Db, instance: Row) -> bool:
        ticked = [whole(id) or 0 for id in request.form.getlist("finding")]  # no hazard is 0
        what, me = request.form.get("what", ""), auth.account().id
        new = False
        if ticked:
            new = bool(handover.leave_hazards(db, instance, ticked, by=me, now_ms=now_ms()))
        if what.strip() or not ticked:
            station = request.form.get("station") or None
            new = handover.leave(db, instance, what, station, by=me, now_ms=now_ms()) or new
        return new

    instance = scope.acting_on(crew, date, code)
    return _do(instance, "handover.leave", write)


@bp.post(f"{PATH}/<int:id>/back")
@auth.needs(*scope.ACT)
def take_back(crew: str, date: str, code: str, id: int) -> Response | tuple[str, int]:
    """Take back what I wrote, as long as nobody took it over."""

    def write(db: Db, instance: Row) -> bool:
        return handover.take_back(db, instance, id, by=auth.account().id, now_ms=now_ms())

    return _do(scope.acting_on(crew, date, code), "handover.back", write)


@bp.post(f"{PATH}/<int:id>/take")
@auth.needs(*TAKE)
def take_over(crew: str, date: str, code: str, id: int) -> Response | tuple[str, int]:
    """Say that an item left to this shift is clear; from the board in one tap, and back to it.

    :raises Problem: 403 `wrong_scope`, 404 `no_instance`.
    """
    instance = scope.board_of(crew, date, code)
    if not may_take(crew):
        raise Problem(403, "wrong_scope", "这个班组不归你管。")

    def write(db: Db, instance: Row) -> bool:
        note, me = request.form.get("note", ""), auth.account().id
        return handover.take(db, instance, id, note, by=me, now_ms=now_ms())

    return _do(instance, "handover.take", write)


def may_take(crew: str) -> bool:
    """Whether the signed-in person may take things over for a crew: its leader, or a manager."""
    return people.may(store(), auth.account().id, TAKE, crew=crew)


def _do(instance: Row, what: str, change: Callable[[Db, Row], bool]) -> Response | tuple[str, int]:
    """Make a change with its audit line and go on; refused, the page again as it was typed."""

    def write(db: Db) -> None:
        if change(db, instance):
            audit.note(db, now_ms(), auth.account().id, what, f"instance:{instance['id']}")

    try:
        store().write(write)
    except Problem as problem:
        return _page(instance, problem), problem.status
    base = _base(instance)
    from_board = request.form.get("from") == "board"
    return redirect(base if from_board else f"{base}/handover", code=303)


def _base(instance: Row) -> str:
    return f"/board/{instance['crew']}/{instance['date']}/{instance['code']}"


def _page(instance: Row, problem: Problem | None = None) -> str:
    return render_template(
        "board/handover.html",
        instance=instance,
        base=_base(instance),
        inherited=handover.inherited(store(), instance, now_ms()),
        left=handover.left(store(), instance["id"]),
        hazards=handover.hazards_to_leave(store(), instance["id"]),
        stations=[one for one in places.stations(store()) if one["site"] == instance["site"]],
        may_act=scope.may_act(instance["crew"]),
        may_take=may_take(instance["crew"]),
        most=handover.MAX_WHAT,
        most_note=handover.MAX_NOTE,
        me=auth.account().id,
        problem=problem,
        typed=request.form,
        ticked=request.form.getlist("finding"),
        open=instance["opens_ms"] <= now_ms() < instance["closed_ms"],
        writes=instance["opens_ms"] <= now_ms() < instance["closed_ms"] + handover.AFTERWARDS_MS,
    )
