"""Enrolling a phone: from the QR code of a card, or a code typed by hand.

`GET /enrol/<code>` uses nothing up: a preview by a chat program must not burn a card. The form
works without a script; with one the phone makes a key pair first and uses `/api/v1/enrol`.
"""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)

import qr.code
from shiftapp.model import devices, people, sessions
from shiftapp.problems import Problem
from shiftapp.store import Row
from shiftapp.web import api, auth, shell
from shiftapp.web.context import now_ms, store

bp = Blueprint("enrol", __name__)


@bp.get("/enrol")
def ask_code() -> str:
    """The form for a typed code."""
    return _page(typed=request.args.get("code", ""))


@bp.get("/enrol/<code>")
def show_code(code: str) -> str | tuple[str, int]:
    """Whose phone this becomes; nothing happens before the button."""
    try:
        found = _usable(code)
    except Problem as problem:
        return _page(problem=problem), problem.status
    person = people.person(store(), found["person"]) if found["person"] else None
    return _page(typed=qr.code.format_code(qr.code.parse_code(code)), person=person, found=found)


@bp.post("/enrol")
def enrol() -> Response | tuple[str, int]:
    """Use the code up: this browser becomes a device, its owner is signed in."""
    typed = request.form.get("code", "")
    response = make_response(redirect(_next(), code=303))
    try:
        device, how = api.enrol_device(response, typed, None)
    except Problem as problem:
        return _page(typed=typed, problem=problem), problem.status
    if device["person"] is not None:
        auth.start_session(response, device["person"], device["id"], how, sessions.PERSONAL_MS)
    return response


def _usable(typed: str) -> Row:
    """The code, if it may be used now.

    :raises Problem: 403 `code_unknown`, `code_used`, `code_expired`.
    """
    try:
        code = qr.code.parse_code(typed)
    except qr.code.CodeError as error:
        raise Problem(403, "code_unknown", "登记码不对。对一下纸上的字，或者找班长。") from error
    return devices.code(store(), code, now_ms())


def _next() -> str:
    """Where to go after enrolling: only a page of the worker app or the plain form."""
    wanted = request.form.get("next", "")
    return wanted if wanted.startswith(("/W/", "/F/")) else url_for("worker.show_home")


def _page(
    typed: str = "",
    person: Row | None = None,
    found: Row | None = None,
    problem: Problem | None = None,
) -> str:
    return render_template(
        "worker/enrol.html",
        view="enrol",
        phone="",
        typed=typed,
        person=person,
        shared=found is not None and found["kind"] == "shared",
        problem=problem,
        **shell.addresses(),
    )
