"""The leader's board: the shift of my crews as it stands, moving by itself.

The page holds its fragment; the fragment asks for itself every 3 s with the revision it shows and
gets 204 while nothing has changed (not 304: a browser turns that into a 200 and swaps each time,
pwa brief §2). Without script the page is the same and is loaded anew.
"""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, Response, render_template, request

from shiftapp.model import board, history, shifts, signoffs
from shiftapp.problems import Problem
from shiftapp.store import Row
from shiftapp.web import auth, board_handover, scope
from shiftapp.web.context import now_ms, store

bp = Blueprint("board", __name__)
POLL_S = 3


class CrewLine(NamedTuple):
    """A crew in the list: its current instance or its next one, and the figures of a current."""

    crew: Row
    instance: Row | None
    running: bool
    counts: board.Counts | None


@bp.get("/board")
@auth.needs(*scope.READ)
def show_board() -> str:
    """The board of my crew's current shift; of several crews the list; between shifts the next."""
    crews = scope.my_crews()
    if len(crews) != 1:
        return render_template(
            "board/crews.html",
            lines=[_line(crew) for crew in crews],
            acts=any(scope.may_act(crew["code"]) for crew in crews),
        )
    return _show_crew(crews[0])


@bp.get("/board/<crew>")
@auth.needs(*scope.READ)
def show_crew(crew: str) -> str:
    """The board of one of my crews as `/board` shows it.

    :raises Problem: 403 `wrong_scope`.
    """
    found = [one for one in scope.my_crews() if one["code"] == crew]
    if not found:
        raise Problem(403, "wrong_scope", "这个班组不归你管。")
    return _show_crew(found[0])


@bp.get("/board/<crew>/<string(length=10):date>/<code>")
@auth.needs(*scope.READ)
def show_instance(crew: str, date: str, code: str) -> str:
    """The board of any shift instance I may see."""
    return _show(scope.board_of(crew, date, code))


@bp.get("/board/<crew>/<string(length=10):date>/<code>/_board")
@auth.needs(*scope.READ)
def show_fragment(crew: str, date: str, code: str) -> Response:
    """The moving part of the page, or 204 when `rev` is what is shown already."""
    instance = scope.board_of(crew, date, code)
    if request.args.get("rev") == board.revision(store(), instance, now_ms()):
        response = Response(status=204)
    else:
        response = Response(render_template("board/_board.html", **_context(instance)))
    response.headers["Plant-Now-Ms"] = str(now_ms())  # board.js ticks from it
    return response


def _show_crew(crew: Row) -> str:
    instance = shifts.current(store(), crew["code"], now_ms())
    if instance is not None:
        return _show(instance)
    return render_template(
        "board/between.html",
        crew=crew,
        next=shifts.after(store(), crew["code"], now_ms()),
        previous=shifts.before(store(), crew["code"], now_ms()),
        crews=scope.my_crews(),
        now_ms=now_ms(),
    )


def _show(instance: Row) -> str:
    return render_template("board/board.html", **_context(instance))


def _context(instance: Row) -> dict[str, object]:
    crew = instance["crew"]
    current = shifts.current(store(), crew, now_ms())
    return {
        "instance": instance,
        "board": board.board(store(), instance, now_ms()),
        "base": f"/board/{crew}/{instance['date']}/{instance['code']}",
        "may_act": scope.may_act(crew),
        "may_take": board_handover.may_take(crew),
        "leads": scope.leads(crew),
        "by": "person" if request.args.get("by") == "person" else "station",
        "current": current,
        "is_current": current is not None and current["id"] == instance["id"],
        "previous": shifts.before(store(), crew, instance["opens_ms"]),
        "several": len(scope.my_crews()) > 1,
        "poll_s": POLL_S,
        "span": span,
        "is_open": lambda finding: signoffs.is_open(finding, now_ms()),
        "leads_todo": lambda todo: scope.leads(crew, todo["reporter"]),
    }


def span(ms: int) -> str:
    """A length of time as a board shows it, MM:SS or H:MM:SS; board.js writes the same."""
    minutes, seconds = divmod(max(ms, 0) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def _line(crew: Row) -> CrewLine:
    instance = shifts.current(store(), crew["code"], now_ms())
    if instance is None:
        return CrewLine(crew, shifts.after(store(), crew["code"], now_ms()), False, None)
    people = history.people_states(store(), instance, now_ms())
    return CrewLine(crew, instance, True, board.count(people))
