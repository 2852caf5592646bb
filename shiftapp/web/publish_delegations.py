"""Written leave to sign in the principal's place (书面授权): who has it, for which days, by what
paper. The principal gives it, showing once more who they are, and takes it back with one press.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from shiftapp.model import days, delegations, people
from shiftapp.model.delegations import Leave
from shiftapp.problems import Problem
from shiftapp.store import Db
from shiftapp.web import auth, publish_access
from shiftapp.web.context import now_ms, store

bp = Blueprint("publish_delegations", __name__)

LISTED = 60


@bp.get("/publish/delegations")
@auth.needs()
def show_delegations() -> str:
    """Every delegation, newest first; for the principal the form as well."""
    publish_access.must_read()
    return _page()


@bp.post("/publish/delegations")
@auth.needs()
def give() -> Response | tuple[str, int]:
    """Give leave; refused, the page comes again with what was typed."""
    publish_access.must_be_signatory()
    try:
        leave = _leave()
        publish_access.confirm(request.form.get("secret", ""))
        store().write(lambda db: _give(db, leave))
    except Problem as problem:
        return _page(problem), problem.status
    flash(gettext("授权记下了。"))
    return redirect("/publish/delegations", code=303)


@bp.post("/publish/delegations/<int:id>/end")
@auth.needs()
def end(id: int) -> Response:
    """Take leave back; pressed twice it stays taken back."""
    publish_access.must_be_signatory()
    me = auth.account().id
    store().write(lambda db: delegations.end(db, id, by=me, now_ms=now_ms()))
    flash(gettext("授权收回了。"))
    return redirect("/publish/delegations", code=303)


def _leave() -> Leave:
    """What was typed; the delegate by employee number.

    :raises Problem: 404 `no_person`.
    """
    form = request.form
    person = people.by_no(store(), form.get("no", "").strip())
    if person is None:
        raise Problem(404, "no_person", "没有这个工号。对一下再填。")
    typed = {key: form.get(key, "").strip() for key in ("first", "last", "document")}
    return Leave(delegate=person["id"], **typed)


def _give(db: Db, leave: Leave) -> int:
    me, now = auth.account().id, now_ms()
    return delegations.give(db, leave, by=me, today=days.today(db, now), now_ms=now)


def _page(problem: Problem | None = None) -> str:
    return render_template(
        "publish/delegations.html",
        rows=delegations.listed(store(), LISTED),
        today=days.today(store(), now_ms()),
        most=delegations.MAX_DAYS,
        gives=publish_access.is_signatory(),
        asks=publish_access.asks(),
        typed=request.form,
        problem=problem,
    )
