"""The register of special work of a day, for tablets and desks: what runs, until when, gas.

The list holds its fragment, which asks for itself every few seconds as a board does; the countdown
is the server's text. Without script the page is the same and is loaded anew.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request

from shiftapp.model import audit, places, shifts, special_works
from shiftapp.model.special_works import Work
from shiftapp.problems import Problem
from shiftapp.store import Row
from shiftapp.web import auth, scope, special_work_scope
from shiftapp.web.context import now_ms, store
from shiftapp.web.plant_time import zone

bp = Blueprint("special_work", __name__)

POLL_S = 15
LINES = 200  # of the history of one work


@bp.get("/special-work")
@auth.needs(*scope.READ)
def list_works() -> str:
    """The works of a day, today's unless `date` says; of one area or ('') all."""
    return render_template("special_work/list.html", **_day_context())


@bp.get("/special-work/_list")
@auth.needs(*scope.READ)
def show_fragment() -> str:
    """The moving part of the list."""
    return render_template("special_work/_list.html", **_day_context())


@bp.get("/special-work/<int:id>")
@auth.needs(*scope.READ)
def show_work(id: int) -> str:
    """One work: who is named and has committed, gas tests, what was done, and what I may do."""
    return work_page(special_work_scope.work_of(id))


def work_page(work: Work, problem: Problem | None = None) -> str:
    """The page of a work; refused, with what was typed."""
    return render_template(
        "special_work/work.html",
        work=work,
        named=special_works.people_of(store(), work, now_ms()),
        tests=special_works.gas_tests(store(), work.id, now_ms()),
        history=_history(work),
        shows=special_work_scope.shows,
        may_write=special_work_scope.writes_at(work.row["area"]),
        may_tend=special_work_scope.tends(work),
        label=special_works.label,
        problem=problem,
        typed=request.form if problem else {},
        now_ms=now_ms(),
    )


def _history(work: Work) -> Sequence[Row]:
    """What was done to it, oldest first."""
    return audit.lines(store(), 0, LINES, about=f"work:{work.id}")[::-1]


def _day_context() -> dict[str, object]:
    today = shifts.site_day(zone(), now_ms())
    day = _asked_day(today)
    found = special_works.of_day(store(), _midnight(day), _midnight(day, 1), now_ms())
    if day == today:
        found = _left_over(found) + found
    area = request.args.get("area", "")
    shown = [one for one in found if area in ("", one.row["area"])]
    return {
        "works": shown,
        "total": len(found),
        "day": day.isoformat(),
        "today": today.isoformat(),
        "before": (day - datetime.timedelta(days=1)).isoformat(),
        "after": (day + datetime.timedelta(days=1)).isoformat(),
        "area": area,
        "areas": [one for one in places.areas(store()) if one["active"]],
        "may_write": bool(special_work_scope.writes_all() or special_work_scope.areas()),
        "label": special_works.label,
        "now_ms": now_ms(),
        "poll_s": POLL_S,
    }


def _left_over(found: list[Work]) -> list[Work]:
    """What is past its end since another day and nobody has closed."""
    shown = {one.id for one in found}
    still = special_works.open_now(store(), now_ms())
    return [one for one in still if one.id not in shown and one.over(now_ms())]


def _asked_day(today: datetime.date) -> datetime.date:
    try:
        asked = datetime.datetime.strptime(request.args.get("date", ""), "%Y-%m-%d").date()
    except ValueError:
        return today
    return asked if 2000 <= asked.year <= 2200 else today


def _midnight(day: datetime.date, later: int = 0) -> int:
    """The first ms of a day at the first site."""
    date = day + datetime.timedelta(days=later)
    wall = datetime.datetime.combine(date, datetime.time(), ZoneInfo(zone()))
    return int(wall.timestamp() * 1000)
