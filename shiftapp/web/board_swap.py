"""Swap: two people change places between two shifts. First the other shift is chosen, then who.

Whoever acts for one of the two crews may swap: as many people are expected in both as before, and
both rosters show it with the name. A place left empty is no swap but leave.
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from shiftapp.model import audit, roster_changes, roster_view, shifts
from shiftapp.model.roster_changes import Side
from shiftapp.problems import Problem
from shiftapp.store import Db, Row
from shiftapp.web import auth, scope
from shiftapp.web.board_roster import PATH, board_path
from shiftapp.web.context import now_ms, store, token_bytes

bp = Blueprint("board_swap", __name__)


@bp.get(f"{PATH}/swap")
@auth.needs(*scope.ACT)
def show_swap(crew: str, date: str, code: str) -> str:
    """The other shifts to choose from; one chosen, the people of both."""
    instance = scope.acting_on(crew, date, code)
    chosen = request.args.get("with", "")
    return _page(instance, _other(instance, chosen) if chosen else None)


@bp.post(f"{PATH}/swap")
@auth.needs(*scope.ACT)
def swap(crew: str, date: str, code: str) -> Response | tuple[str, int]:
    """Each takes the rows of the other; both rosters change, or none."""
    instance = scope.acting_on(crew, date, code)
    other = _other(instance, request.form.get("with", ""))
    try:
        mine, theirs = _sides(instance, other)
        store().write(lambda db: _swap(db, mine, theirs))
    except Problem as problem:
        return _page(instance, other, problem), problem.status
    return redirect(f"{board_path(instance)}/roster", code=303)


def shift_key(instance: Row) -> str:
    """How a form names a shift."""
    return f"{instance['crew']}|{instance['date']}|{instance['code']}"


def _swap(db: Db, mine: Side, theirs: Side) -> None:
    me = auth.account().id
    if roster_changes.swap(db, mine, theirs, by=me, now_ms=now_ms(), random=token_bytes):
        for side, mate in ((mine, theirs), (theirs, mine)):
            detail = f"instance {side.instance['id']} with {mate.person}"
            audit.note(db, now_ms(), me, "roster.swap", f"person:{side.person}", detail)


def _sides(instance: Row, other: Row) -> tuple[Side, Side]:
    """The two people of the form, in their shifts.

    :raises Problem: 422 `swap_needs_two`.
    """
    who, mate = request.form.get("who", ""), request.form.get("mate", "")
    if not who or not mate:
        raise Problem(422, "swap_needs_two", "换班要写谁来上；没人上就记请假。")
    return Side(instance, who), Side(other, mate)


def _other(instance: Row, key: str) -> Row:
    """The shift that a form names, at the same site.

    :raises Problem: 404 `no_instance`.
    """
    crew, _, rest = key.partition("|")
    date, _, code = rest.partition("|")
    found = shifts.instance(store(), crew, date, code)
    if found is None or found["site"] != instance["site"]:
        raise Problem(404, "no_instance", "没有这个班次。")
    return found


def _page(instance: Row, other: Row | None, problem: Problem | None = None) -> str:
    return render_template(
        "board/swap.html",
        instance=instance,
        other=other,
        key=shift_key(other) if other else "",
        shifts=[
            (shift_key(row), row) for row in roster_view.swappable(store(), instance, now_ms())
        ],
        mine=roster_view.on_it(store(), instance["id"]),
        theirs=roster_view.on_it(store(), other["id"]) if other else [],
        base=board_path(instance),
        asked=request.args.get("who", ""),
        problem=problem,
        typed=request.form,
    )


def _others(instance: Row) -> list[Row]:
    return roster_view.swappable(store(), instance, now_ms())
