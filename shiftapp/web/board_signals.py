"""What a leader has to look at: signals about records of their crews, with two kind answers.

Those of who leads the crew are for who stands above, never for themselves. It is no figure of the
board, and nothing else in the product asks whether a signal is open.
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from shiftapp.model import people, signals
from shiftapp.problems import Problem
from shiftapp.web import auth, scope
from shiftapp.web.context import now_ms, store

bp = Blueprint("board_signals", __name__)
MOST = 100  # of a list: the rest comes when these are answered


@bp.get("/board/signals")
@auth.needs(*scope.ACT)
def show_signals() -> str:
    """What waits for an answer, and below it what was answered in the last 30 days."""
    return _page()


@bp.post("/board/signals/<int:id>/look")
@auth.needs(*scope.ACT)
def look_at(id: int) -> Response | tuple[str, int]:
    """Answer one: looked at, fine; or talked about. The first answer stands."""
    me, how = auth.account().id, request.form.get("how", "")
    crews = _crews()
    try:
        store().write(lambda db: signals.look(db, id, how, crews=crews, by=me, now_ms=now_ms()))
    except Problem as problem:
        if problem.code != "no_answer":
            raise
        return _page(problem), problem.status
    return redirect("/board/signals", code=303)


def _crews() -> list[str]:
    """The crews for whom the signed-in person may act."""
    return [crew["code"] for crew in people.crews_covered(store(), auth.account().id, scope.ACT)]


def _page(problem: Problem | None = None) -> str:
    me, crews = auth.account().id, _crews()
    waiting = signals.open_of(store(), crews, me, now_ms())
    return render_template(
        "board/signals.html",
        waiting=waiting[:MOST],
        left=len(waiting[MOST:]),
        answered=signals.answered_of(store(), crews, me, now_ms())[:MOST],
        problem=problem,
    )
