"""The special work I am named on, on my own phone: until when, and when gas is tested next.

Who guards a work may enter its gas tests here. A badge, or a PIN at a browser that nobody enrolled,
is too little for that: a test has a name to it.
"""

from __future__ import annotations

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from shiftapp.model import special_works
from shiftapp.model.special_works import Work
from shiftapp.problems import Problem
from shiftapp.web import auth
from shiftapp.web.context import now_ms, store
from shiftapp.web.special_work_acts import enter_gas
from shiftapp.web.worker_page import page

bp = Blueprint("worker_work", __name__)


@bp.get("/W/mine/work")
def show_mine() -> str:
    """My permits that run, are over and not closed, or start within a day."""
    return _page()


@bp.post("/W/mine/work/<int:id>/gas")
@auth.needs()
def test_gas(id: int) -> Response | tuple[str, int]:
    """A gas test of a work that I guard; now.

    :raises Problem: 403 `weak_session`, `no_guardian`.
    """
    me = auth.account()
    if auth.is_weak(me.how, me.device):
        raise Problem(403, "weak_session", "用自己的手机记，或者在公用手机上输工号和 PIN 再记。")
    work = special_works.work(store(), id, now_ms())
    if work is None or not guards(work, me.id):
        raise Problem(403, "no_guardian", "这张票的监护人不是你。请监护人来记。")
    try:
        store().write(lambda db: enter_gas(db, id))
    except Problem as problem:
        return _page(problem, id), problem.status
    return redirect("/W/mine/work", code=303)


def guards(work: Work, person: str) -> bool:
    """Whether somebody is a guardian of a work."""
    return any(one["id"] == person for one in work.guardians)


def _page(problem: Problem | None = None, about: int = 0) -> str:
    account = auth.signed_in()
    if account is not None and auth.is_weak(account.how, account.device):
        account = None
    return page(
        "worker/work.html",
        "work",
        known=account is not None,
        me=account.id if account else "",
        works=special_works.of_person(store(), account.id, now_ms()) if account else [],
        guards=guards,
        label=special_works.label,
        problem=problem,
        about=about,
        now_ms=now_ms(),
    )
