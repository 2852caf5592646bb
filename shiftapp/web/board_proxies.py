"""What leaders entered for others: the share by crew, and what the people themselves say of it.

"Not mine" is looked at by who stands above: nobody closes what they entered themselves.
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from shiftapp.model import audit, people, proxies
from shiftapp.model.proxies import Share
from shiftapp.problems import Problem
from shiftapp.store import Db, Row
from shiftapp.web import auth, scope
from shiftapp.web.context import now_ms, store

bp = Blueprint("board_proxies", __name__)

WEEK_MS = 7 * proxies.DAY_MS


@bp.get("/board/proxies")
@auth.needs(*scope.ACT)
def show_proxies() -> str:
    """The shares of my crews and every entry of the last 30 days with the person's answer."""
    crews = _mine()
    week = proxies.shares(store(), now_ms() - WEEK_MS, now_ms())
    month = proxies.shares(store(), now_ms() - proxies.ASKED_MS, now_ms())
    return render_template(
        "board/proxies.html",
        crews=crews,
        week=week,
        month=month,
        nothing=Share(),
        entries=proxies.of_crews(store(), [crew["code"] for crew in crews], now_ms()),
        most=proxies.LISTED,
        may_look=_may_look,
    )


@bp.post("/board/proxies/<record>/looked")
@auth.needs(*scope.ACT)
def look(record: str) -> Response:
    """Somebody above the leader has looked at a "not mine".

    :raises Problem: 404 `no_proxy`; 403 `wrong_scope`.
    """
    entry, me = proxies.proxy(store(), record), auth.account().id
    if entry is None or entry["mine"] != 0 or entry["crew"] not in _codes():
        raise Problem(404, "no_proxy", "没有这一条代录。")
    if not _may_look(entry):
        raise Problem(403, "wrong_scope", "自己代录的，由上一级来看。")

    def write(db: Db) -> None:
        if proxies.look(db, record, by=me, now_ms=now_ms()):
            audit.note(db, now_ms(), me, "proxy.looked", f"person:{entry['person']}")

    store().write(write)
    return redirect("/board/proxies", code=303)


def _mine() -> list[Row]:
    return people.crews_covered(store(), auth.account().id, scope.ACT)


def _codes() -> set[str]:
    return {crew["code"] for crew in _mine()}


def _may_look(entry: Row) -> bool:
    """Neither who entered it nor whom it is about: nobody answers for themselves."""
    return auth.account().id not in (entry["by"], entry["person"]) and scope.may_act(entry["crew"])
