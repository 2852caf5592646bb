"""Hazards: found → assigned → fixed → accepted. Who reported one neither answers nor accepts it.

Leaders, managers and the other desk roles see those of their scope; everybody sees what they
reported themselves or have to fix. To-dos of a leader are never here.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from shiftapp.model import audit, blobs, crews, findings, hazards, people, places
from shiftapp.problems import Problem
from shiftapp.store import Db, Row
from shiftapp.web import auth, scope
from shiftapp.web.context import now_ms, store
from shiftapp.web.plant_time import zone

bp = Blueprint("hazards", __name__)

STATES = ("open", *hazards.STATES, "all")
LEVELS = ("general", "major")
MAX_TEXT = 500


@bp.get("/hazards")
@auth.needs()
def list_hazards() -> str:
    """The hazards I may see, open ones first; by state, crew and area."""
    asked = {name: request.args.get(name, "") for name in ("state", "crew", "area")}
    asked["state"] = asked["state"] if asked["state"] in STATES else "open"
    seen = hazards.sight(store(), auth.account().id)
    return render_template(
        "hazards/list.html",
        hazards=hazards.listing(store(), seen, **asked),
        asked=asked,
        crews=[c for c in crews.crews(store()) if seen.everything or c["code"] in seen.crews],
        areas=places.areas(store()) if seen.everything or seen.areas else [],
        limit=hazards.PAGE,
        now_ms=now_ms(),
    )


@bp.get("/hazards/<int:id>")
@auth.needs()
def show_hazard(id: int) -> str:
    """One hazard, what was done to it, and what I may do."""
    return _page(_hazard(id))


@bp.post("/hazards/<int:id>/assign")
@auth.needs(*scope.ACT)
def assign(id: int) -> Response | tuple[str, int]:
    """Give it to somebody, to be done by a time."""

    def write(db: Db, hazard: Row) -> str | None:
        who, due_ms = _assignee(db), _due_ms()
        asked = ("assigned", who["id"], due_ms, _text())
        if asked == tuple(hazard[name] for name in ("state", "assignee", "due_ms", "answer")):
            return None
        me, more = auth.account().id, {"assignee": who["id"], "due_ms": due_ms}
        findings.answer(db, id, "assigned", by=me, now_ms=now_ms(), text=_text(), **more)
        return str(who["name"])

    return _do(id, "hazard.assigned", write)


@bp.post("/hazards/<int:id>/fix")
@auth.needs()
def fix(id: int) -> Response | tuple[str, int]:
    """Say that it is fixed, and how: who answers for the place, or who was given it."""

    def write(db: Db, hazard: Row) -> str | None:
        me = auth.account().id
        if hazard["state"] == "fixed" and hazard["answer"] == _text():
            return None
        findings.answer(db, id, "fixed", by=me, now_ms=now_ms(), text=_text())
        return _text()

    return _do(id, "hazard.fixed", write, assignee_too=True)


@bp.post("/hazards/<int:id>/accept")
@auth.needs(*scope.ACT)
def accept(id: int) -> Response | tuple[str, int]:
    """Somebody has looked and it is fixed: closed."""

    def write(db: Db, hazard: Row) -> str | None:
        if hazard["state"] == "accepted":
            return None
        findings.accept(db, id, by=auth.account().id, now_ms=now_ms())
        return ""

    return _do(id, "hazard.accepted", write)


@bp.post("/hazards/<int:id>/reopen")
@auth.needs(*scope.ACT)
def reopen(id: int) -> Response | tuple[str, int]:
    """It is back, or was not fixed: found again, with why."""

    def write(db: Db, hazard: Row) -> str | None:
        if not _text():
            raise Problem(422, "no_text", "写几个字：为什么重开。")
        done = [(one["what"], one["detail"]) for one in hazards.history(db, id)]
        if hazard["state"] == "found" and done[-1:] == [("hazard.reopened", _text())]:
            return None
        findings.reopen(db, id)
        return _text()

    return _do(id, "hazard.reopened", write)


@bp.post("/hazards/<int:id>/level")
@auth.needs(*scope.ACT)
def set_level(id: int) -> Response | tuple[str, int]:
    """Grade it general or major."""

    def write(db: Db, hazard: Row) -> str | None:
        level = request.form.get("level", "")
        if level not in LEVELS:
            raise Problem(422, "no_level", "选一般或者重大。")
        if hazard["level"] == level:
            return None
        findings.set_level(db, id, level)
        return level

    return _do(id, "hazard.level", write)


def _hazard(id: int) -> Row:
    """A hazard that the signed-in person may see.

    :raises Problem: 404 `no_finding`, also for a to-do and for one out of scope.
    """
    found = hazards.hazard(store(), id)
    if found is None or not hazards.sight(store(), auth.account().id).sees(found):
        raise Problem(404, "no_finding", "没有这一条。")
    return found


def _may_act(hazard: Row) -> bool:
    return hazards.sight(store(), auth.account().id, scope.ACT).covers(hazard)


def _is_mine_to_fix(hazard: Row) -> bool:
    return bool(hazard["state"] == "assigned" and hazard["assignee"] == auth.account().id)


def _fixed_it(hazard: Row) -> bool:
    """Whether the signed-in person was given it and has just said that it is fixed."""
    mine = hazard["assignee"] == auth.account().id
    return bool(mine and hazard["state"] == "fixed" and hazard["answer"] == _text())


def _do(
    id: int, what: str, change: Callable[[Db, Row], str | None], *, assignee_too: bool = False
) -> Response | tuple[str, int]:
    """Make a change with its audit line; refused, the page again with what was typed.

    `change` gives the line's detail; None: it is so already (pressed twice), and no line is due.
    """
    hazard = _hazard(id)
    if not (_may_act(hazard) or (assignee_too and (_is_mine_to_fix(hazard) or _fixed_it(hazard)))):
        raise Problem(403, "wrong_scope", "这一条不归你处理。")

    def write(db: Db) -> None:
        detail = change(db, findings.finding(db, id))
        if detail is not None:
            audit.note(db, now_ms(), auth.account().id, what, f"finding:{id}", detail)

    try:
        store().write(write)
    except Problem as problem:
        return _page(_hazard(id), problem), problem.status
    return redirect(_board_path(hazard) if _from_board() else f"/hazards/{id}", code=303)


def _page(hazard: Row, problem: Problem | None = None) -> str:
    crew = hazard["crew"]
    mates = people.in_crew(store(), crew) if crew else []
    due = datetime.datetime.fromtimestamp(now_ms() / 1000 + 3600, ZoneInfo(zone()))
    return render_template(
        "hazards/hazard.html",
        hazard=hazard,
        files=blobs.of_finding(store(), hazard),
        history=hazards.history(store(), hazard["id"]),
        may_act=_may_act(hazard),
        is_own=hazard["reporter"] == auth.account().id,
        mine_to_fix=_is_mine_to_fix(hazard),
        people=[p for p in mates if p["id"] != hazard["reporter"]],
        due={"date": due.strftime("%Y-%m-%d"), "time": f"{due:%H}:{due.minute // 30 * 30:02}"},
        board_path=_board_path(hazard),
        from_board=_from_board(),
        problem=problem,
        typed=request.form,
        now_ms=now_ms(),
    )


def _from_board() -> bool:
    return request.values.get("back") == "board"


def _board_path(hazard: Row) -> str:
    if hazard["instance"] is None:
        return "/board"
    return f"/board/{hazard['instance_crew']}/{hazard['date']}/{hazard['code']}"


def _assignee(db: Db) -> Row:
    """Who is to do it.

    :raises Problem: 422 `unknown_no`, `no_assignee`.
    """
    typed = request.form.get("no", "").strip()
    chosen = people.by_no(db, typed) if typed else people.person(db, request.form.get("who", ""))
    if typed and chosen is None:
        raise Problem(422, "unknown_no", "没有工号 %(no)s。", params={"no": typed})
    if chosen is None or not chosen["active"]:
        raise Problem(422, "no_assignee", "写明派给谁。")
    return chosen


def _due_ms() -> int:
    """Until when, ms, from the site's wall clock as typed.

    :raises Problem: 422 `no_due`, `due_past`.
    """
    text = f"{request.form.get('date', '')}T{request.form.get('time', '')}"
    try:
        due = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=ZoneInfo(zone()))
    except ValueError as error:
        raise Problem(422, "no_due", "写明几点前处理好。") from error
    due_ms = int(due.timestamp() * 1000)
    if due_ms <= now_ms():
        raise Problem(422, "due_past", "这个时间已经过了，写一个以后的时间。")
    return due_ms


def _text() -> str:
    return request.form.get("text", "").strip()[:MAX_TEXT]
