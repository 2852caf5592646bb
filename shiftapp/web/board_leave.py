"""Leave of some days: entered from the list of rosters, a roster or a person's page; taken back."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from shiftapp.model import audit, leave
from shiftapp.problems import Problem
from shiftapp.store import Db
from shiftapp.web import auth, scope
from shiftapp.web.board_people import person_asked
from shiftapp.web.board_roster import (
    LIST,
    PATH,
    board_path,
    crew_seen,
    list_page,
    roster_page,
)
from shiftapp.web.context import now_ms, store, token_bytes

bp = Blueprint("board_leave", __name__)


@bp.post(f"{LIST}/leave")
@auth.needs(*scope.ACT)
def take_leave(crew: str) -> Response | tuple[str, int]:
    """Leave of some days for one of the crew, from the list of its rosters."""
    found = crew_seen(crew, to_change=True)
    try:
        _take(crew)
    except Problem as problem:
        return list_page(found, problem), problem.status
    return redirect(f"/board/{crew}/roster", code=303)


@bp.post(f"{PATH}/leave")
@auth.needs(*scope.ACT)
def take_leave_here(crew: str, date: str, code: str) -> Response | tuple[str, int]:
    """The same from a roster, and back to it: there it says where people are missing now."""
    instance = scope.acting_on(crew, date, code)
    try:
        _take(crew)
    except Problem as problem:
        return roster_page(instance, problem), problem.status
    return redirect(f"{board_path(instance)}/roster", code=303)


@bp.post(f"{LIST}/leave/<int:id>/back")
@auth.needs(*scope.ACT)
def take_back(crew: str, id: int) -> Response | tuple[str, int]:
    """A leave taken back: the person is expected again."""
    found = crew_seen(crew, to_change=True)

    def write(db: Db) -> None:
        asked = leave.one(db, id)
        if asked is None or asked["crew"] != crew:
            raise Problem(404, "no_leave", "没有这个请假。")
        me = auth.account().id
        if leave.take_back(db, id, by=me, now_ms=now_ms(), random=token_bytes):
            detail = f"{asked['first']} {asked['last']}"
            audit.note(db, now_ms(), me, "roster.back", f"person:{asked['person']}", detail)

    try:
        store().write(write)
    except Problem as problem:
        return list_page(found, problem), problem.status
    return redirect(f"/board/{crew}/roster", code=303)


def _take(crew: str) -> None:
    """Enter the leave of the form.

    :raises Problem: as `person_asked` and `leave.take`; 422 `not_in_crew`.
    """
    first, last = request.form.get("first", ""), request.form.get("last", "")

    def write(db: Db) -> None:
        who, me = person_asked(db), auth.account().id
        if who["crew"] != crew or who["guest"]:
            text = "%(name)s 不是这个班组的人。在这个人自己的班组里记。"
            raise Problem(422, "not_in_crew", text, params={"name": who["name"]})
        if leave.take(db, who["id"], first, last, by=me, now_ms=now_ms()):
            detail = f"{first} {last}"
            audit.note(db, now_ms(), me, "roster.leave", f"person:{who['id']}", detail)

    store().write(write)
