"""What a leader entered for me, asked on my own phone: was that me?

The answer changes no record. "Not me" stands beside the state from then on, and comes to who stands
above the leader.
"""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from shiftapp.model import proxies
from shiftapp.problems import Problem
from shiftapp.web import auth
from shiftapp.web.context import now_ms, store
from shiftapp.web.worker_page import page

bp = Blueprint("worker_proxies", __name__)


@bp.get("/W/mine/proxies")
def show_proxies() -> str:
    """What was entered for whoever is signed in here, in the last 30 days."""
    return _page()


@bp.post("/W/mine/proxies/<record>")
def answer(record: str) -> Response | tuple[str, int]:
    """It was me, or it was not; once."""
    try:
        mine, me = _said(), auth.account().id
        store().write(lambda db: proxies.answer(db, record, me, mine=mine, now_ms=now_ms()))
    except Problem as problem:
        return _page(problem), problem.status
    return redirect("/W/mine/proxies", code=303)


def _said() -> bool:
    said = request.form.get("mine", "")
    if said not in ("yes", "no"):
        raise Problem(422, "no_answer", "选一个：是本人，还是不是。")
    return said == "yes"


def _page(problem: Problem | None = None) -> str:
    account = auth.signed_in()
    return page(
        "worker/proxies.html",
        "proxies",
        account=account,
        entries=proxies.of_person(store(), account.id, now_ms()) if account else [],
        problem=problem,
    )
