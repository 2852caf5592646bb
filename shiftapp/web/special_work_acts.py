"""What is done with a work that is registered: a gas test, closing, cancelling."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from shiftapp.model import special_work_entry
from shiftapp.model.special_work_checks import Author
from shiftapp.model.special_works import Work
from shiftapp.problems import Problem
from shiftapp.store import Db
from shiftapp.web import auth, special_work, special_work_scope
from shiftapp.web.context import now_ms, store
from shiftapp.web.special_work_times import asked_ms

bp = Blueprint("special_work_acts", __name__)


@bp.post("/special-work/<int:id>/gas")
@auth.needs(*special_work_scope.TEND)
def test_gas(id: int) -> Response | tuple[str, int]:
    """A gas test, passed or not, with what was read; now unless a time is typed."""
    return _do(special_work_scope.tending_to(id), lambda db: enter_gas(db, id))


@bp.post("/special-work/<int:id>/close")
@auth.needs(*special_work_scope.TEND)
def close(id: int) -> Response | tuple[str, int]:
    """Finished and checked."""
    return _do(
        special_work_scope.tending_to(id),
        lambda db: special_work_entry.close(db, id, desk(), now_ms()),
    )


@bp.post("/special-work/<int:id>/cancel")
@auth.needs(*special_work_scope.WRITE)
def cancel(id: int) -> Response | tuple[str, int]:
    """It does not take place, or was stopped for good."""
    why = request.form.get("why", "")
    return _do(
        special_work_scope.writing_on(id),
        lambda db: special_work_entry.cancel(db, id, why, desk(), now_ms()),
    )


def enter_gas(db: Db, id: int) -> object:
    """Write the gas test that the form tells of.

    :raises Problem: 422 `no_passed`, `no_time`, and what the model raises.
    """
    said = request.form.get("passed", "")
    if said not in ("1", "0"):
        raise Problem(422, "no_passed", "选合格或者不合格。")
    tested_ms = now_ms()
    if request.form.get("time", ""):
        tested_ms = asked_ms(request.form.get("date", ""), request.form["time"])
    return special_work_entry.test_gas(
        db,
        id,
        passed=said == "1",
        result=request.form.get("result", ""),
        tested_ms=tested_ms,
        author=desk(),
        now_ms=now_ms(),
    )


def desk() -> Author:
    """The signed-in person as who enters something."""
    return Author("desk", auth.account().id)


def _do(work: Work, change: Callable[[Db], object]) -> Response | tuple[str, int]:
    try:
        store().write(change)
    except Problem as problem:
        again = special_work_scope.work_of(work.id)
        return special_work.work_page(again, problem), problem.status
    return redirect(f"/special-work/{work.id}", code=303)
