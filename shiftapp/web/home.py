"""Signing in at a desk, signing out, and the way from there to one's own work."""

from __future__ import annotations

import re

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from shiftapp.model import credentials, people, sessions, throttle
from shiftapp.problems import Problem
from shiftapp.web import auth
from shiftapp.web.context import keys, now_ms, store

bp = Blueprint("home", __name__)

# One slash and no sign that a browser drops or turns into another: a tab in between is `//` to it.
LOCAL = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f\\]*")
# The first role that fits says where a person's work is.
DOORS = (
    ("leader", "board.show_board"),
    ("signatory", "publish.show_publish"),
    ("manager", "manage.show_overview"),
    ("admin", "manage.show_overview"),
    ("inspector", "board.show_board"),
    ("operator", "worker.show_home"),
)


@bp.get("/login")
def login() -> str | Response:
    """The form, or straight on for somebody signed in.

    Who came in on a phone and is sent here by a page that asks for a password gets the form.
    """
    account = auth.signed_in()
    if account and (account.by_password or not request.args.get("next")):
        return redirect(_next(), code=303)
    return render_template("login.html", next=request.args.get("next", ""))


@bp.post("/login")
def start_session() -> tuple[str, int] | Response:
    """Check employee number and password; a wrong one keeps what was typed."""
    no = request.form.get("no", "").strip()
    try:
        person = _checked(no, request.form.get("password", ""))
    except Problem as problem:
        page = render_template(
            "login.html", next=request.form.get("next", ""), no=no, problem=problem
        )
        return page, problem.status
    response = redirect(_next(), code=303)
    auth.start_session(response, person, None, "password", sessions.DESK_MS)
    return response


@bp.post("/logout")
def end_session() -> Response:
    """Close the session. What waits on the device stays there."""
    response = redirect(url_for("public.show_current"), code=303)
    auth.end_session(response)
    return response


@bp.get("/home")
@auth.needs()
def home() -> Response:
    """On to the page where this person's work is, as far as the session opens it."""
    account = auth.account()
    doors = (view for role, view in DOORS if account.has(role) and auth.opens(view))
    door = next(doors, "worker.show_home")
    return redirect(url_for(door), code=303)


def _checked(no: str, password: str) -> str:
    """The id of the person whose number and password these are.

    A number waits by itself; an address, from where somebody may go through all numbers, until
    the day is over, but only after far more wrong tries than honest people make in a plant.

    :raises Problem: 429 `throttled`, 403 `wrong_password`.
    """
    key = f"password:{no[: throttle.MOST_NAMED]}:{request.remote_addr}"
    today = throttle.day("desk", f"ip {request.remote_addr}", now_ms())
    throttle.check(store(), key, now_ms())
    throttle.check(store(), today[0], now_ms())
    person = people.by_no(store(), no)
    stored = person["password_hash"] if person else None
    if not credentials.check_secret(stored, password, keys().pin_pepper) or person is None:
        limit = throttle.ADDRESS_DAILY_LIMIT
        store().write(lambda db: throttle.wrong(db, key, today, now_ms(), limit))
        raise Problem(403, "wrong_password", "工号或密码不对。再看一遍，或者找管理员重设。")
    store().write(lambda db: throttle.admit(db, key, now_ms()))
    return str(person["id"])


def _next() -> str:
    """Where to go after signing in: only a path of ours."""
    wanted = request.values.get("next", "")
    return wanted if LOCAL.fullmatch(wanted) else url_for("home.home")
