"""The crew's signature: what is open, a reason for what may stay open, and the name under it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from shiftapp.model import absences, audit, board, signoffs
from shiftapp.problems import Problem
from shiftapp.store import Db, Row
from shiftapp.web import auth, scope
from shiftapp.web.context import now_ms, store
from shiftapp.web.numbers import whole

bp = Blueprint("board_sign", __name__)


@bp.get("/board/<crew>/<string(length=10):date>/<code>/sign")
@auth.needs("leader")
def show_sign(crew: str, date: str, code: str) -> str:
    """What is signed, and a field for every gap that needs a reason."""
    instance = _led(crew, date, code)
    return _page(instance, _absence_reasons(instance))


@bp.post("/board/<crew>/<string(length=10):date>/<code>/sign")
@auth.needs("leader")
def sign(crew: str, date: str, code: str) -> Response | tuple[str, int]:
    """Sign; with something missing the page comes again with what was written."""
    instance = _led(crew, date, code)
    reasons = {
        name.removeprefix("reason-"): text.strip()
        for name, text in request.form.items()
        if name.startswith("reason-")
    }
    me, over = auth.account().id, whole(request.form.get("over", "")) or 0

    def write(db: Db) -> None:
        signoffs.sign(db, instance, reasons, by=me, now_ms=now_ms(), over=over)
        audit.note(db, now_ms(), me, "board.sign", f"instance:{instance['id']}")

    try:
        store().write(write)
    except Problem as problem:
        return _page(instance, reasons, problem), problem.status
    return redirect(f"/board/{crew}/{date}/{code}", code=303)


def _led(crew: str, date: str, code: str) -> Row:
    """An instance of a crew that the signed-in person leads: the signature is the leader's own.

    :raises Problem: 403 `wrong_scope`, 404 `no_instance`.
    """
    instance = scope.board_of(crew, date, code)
    if not scope.leads(crew):
        raise Problem(403, "wrong_scope", "这个班组不归你管。")
    return instance


def _page(instance: Row, reasons: dict[str, str], problem: Problem | None = None) -> str:
    return render_template(
        "board/sign.html",
        instance=instance,
        board=board.board(store(), instance, now_ms()),
        base=f"/board/{instance['crew']}/{instance['date']}/{instance['code']}",
        reasons=reasons,
        problem=problem,
    )


def _absence_reasons(instance: Row) -> dict[str, str]:
    """What the leader already wrote about somebody stands in the field."""
    return {
        f"p{person}": row["note"]
        for person, row in absences.of_instance(store(), instance["id"]).items()
        if row["note"]
    }
