"""The leader's to-dos: a negative answer that wants a word, and "not today".

Private to who leads the crew (ui.md §6): on the board both look like any other 异常. No reason is
asked, the answer is a stand-in, or a mistake.
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from shiftapp.model import audit, findings, roster, shifts
from shiftapp.problems import Problem
from shiftapp.store import Db, Row
from shiftapp.web import auth, board_people, scope
from shiftapp.web.context import now_ms, store

bp = Blueprint("board_todos", __name__)


@bp.get("/board/todos/<int:id>")
@auth.needs(*scope.ACT)
def show_todo(id: int) -> str:
    """What somebody asks of their leader, and how it can be answered."""
    return _page(_todo(id))


@bp.post("/board/todos/<int:id>/answer")
@auth.needs(*scope.ACT)
def answer_todo(id: int) -> Response | tuple[str, int]:
    """Answer it: briefed, replaced (by somebody or by nobody), or a mistake."""
    todo = _todo(id)
    outcome = request.form.get("outcome", "")
    text = request.form.get("text", "").strip()[:500]
    me = auth.account().id

    def write(db: Db) -> None:
        if outcome not in findings.OUTCOMES[todo["kind"]]:
            raise Problem(422, "no_outcome", "选一个答复。")
        findings.answer(db, id, outcome, by=me, now_ms=now_ms(), text=text)
        if outcome == "replaced":
            _replace(db, todo)
        audit.note(db, now_ms(), me, f"todo.{outcome}", f"finding:{id}")

    try:
        store().write(write)
    except Problem as problem:
        return _page(todo, problem), problem.status
    return redirect(_board_path(todo), code=303)


def _todo(id: int) -> Row:
    """A to-do that is the signed-in person's to answer.

    :raises Problem: 404 `no_finding`, also for one that is somebody else's: it is not told.
    """
    found = findings.finding(store(), id)
    crew = found["crew"]
    if found["kind"] == "hazard" or crew is None or not scope.leads(crew, found["reporter"]):
        raise Problem(404, "no_finding", "没有这一条。")
    return found


def _replace(db: Db, todo: Row) -> None:
    """The stand-in chosen takes over; with 'nobody' the place stays empty."""
    instance = shifts.by_id(db, todo["instance"]) if todo["instance"] else None
    if instance is None or not roster.posts(db, instance["id"], todo["reporter"]):
        return  # not on the roster, or already off it: nothing to hand over
    if request.form.get("who") == "nobody" and not request.form.get("no", "").strip():
        me, at_ms = auth.account().id, now_ms()
        roster.end(db, instance["id"], todo["reporter"], "replaced", by=me, now_ms=at_ms)
        return
    standin = board_people.person_asked(db)
    board_people.replace(db, instance, todo["reporter"], standin["id"], "replaced")


def _board_path(todo: Row) -> str:
    instance = shifts.by_id(store(), todo["instance"]) if todo["instance"] else None
    if instance is None:
        return "/board"
    return f"/board/{instance['crew']}/{instance['date']}/{instance['code']}"


def _page(todo: Row, problem: Problem | None = None) -> str:
    instance = shifts.by_id(store(), todo["instance"]) if todo["instance"] else None
    return render_template(
        "board/todo.html",
        todo=todo,
        instance=instance,
        board_path=_board_path(todo),
        colleagues=board_people.colleagues(instance, todo["reporter"]) if instance else [],
        problem=problem,
        typed=request.form,
    )
