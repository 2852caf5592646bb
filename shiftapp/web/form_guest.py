"""Guests at the plain form: a contractor or visitor says who they are, without a leader.

They get a person and a session of twelve hours that opens the plain form and nothing else. Nobody
has vouched for them yet: what they record is stored, and the leader sees them as somebody who came.
"""

from __future__ import annotations

import dataclasses

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from shiftapp.model import guests, sessions, shifts
from shiftapp.problems import Problem
from shiftapp.store import Row
from shiftapp.web import auth
from shiftapp.web.context import new_uuid, now_ms, store
from shiftapp.web.form import PLACE, SCANNED, shift_name, show_problem, spot_at, url_to
from shiftapp.web.form_sealing import Spot
from shiftapp.web.form_taking import count_address

GUESTS_AN_HOUR = 200  # from one address: a turnaround brings many, through one gate

bp = Blueprint("form_guest", __name__)
bp.register_error_handler(Problem, show_problem)


@bp.get(f"{PLACE}/guest")
@bp.get(f"{SCANNED}/guest")
def show_guest(code: str, mac: str | None = None) -> str:
    """Name, employer, the last digits of the phone, and which shift."""
    return _page(spot_at(code, mac))


@bp.post(f"{PLACE}/guest")
@bp.post(f"{SCANNED}/guest")
def register(code: str, mac: str | None = None) -> Response | tuple[str, int]:
    """Make the person and the session, and go on to the station with the shift chosen."""
    spot = spot_at(code, mac)
    try:
        said = _said()
        instance = _instance(spot)
        count_address("guest", GUESTS_AN_HOUR)
        id, crew, at_ms = new_uuid(), instance["crew"], now_ms()
        person = store().write(lambda db: guests.register(db, said, crew, id=id, now_ms=at_ms))
    except Problem as problem:
        return _page(spot, problem), problem.status
    chosen = dataclasses.replace(spot, instance=instance)
    response = redirect(url_to("form.show_station", chosen), code=303)
    before = auth.signed_in()
    if before is not None:
        store().write(lambda db: sessions.end(db, before.sid, at_ms))
    auth.start_session(response, person, None, "guest", guests.SESSION_MS)
    return response


def _said() -> guests.Guest:
    form = request.form
    return guests.read(form.get("name", ""), form.get("employer", ""), form.get("tail", ""))


def _instance(spot: Spot) -> Row:
    """The running shift that was chosen.

    :raises Problem: 422 `no_shift`.
    """
    asked = request.form.get("shift", "")
    found = next((one for one in _running(spot) if shift_name(one) == asked), None)
    if found is None:
        raise Problem(422, "no_shift", "选一个班次：跟哪个班干活就选哪个。")
    return found


def _running(spot: Spot) -> list[Row]:
    return shifts.running(store(), spot.station["site"], now_ms())


def _page(spot: Spot, problem: Problem | None = None) -> str:
    return render_template(
        "form/guest.html",
        spot=spot,
        running=[(shift_name(one), one) for one in _running(spot)],
        typed=request.form,
        problem=problem,
    )
