"""Who sits where in the browser of a demo's visitor: at the phone, at the desk, or at both.

The phone's pages and the desk's have a session cookie each (auth.cookie_name), so that one laptop
shows a worker and a leader side by side.
"""

from __future__ import annotations

from flask import Response, g, request

import qr.code
from shiftapp.model import devices, people, sessions
from shiftapp.store import Row
from shiftapp.web import auth
from shiftapp.web.api import enrol_device
from shiftapp.web.context import now_ms, store, token_bytes

SEATS = ("phone", "desk")


def take_phone(response: Response, person: Row) -> None:
    """This browser becomes a phone of that person's, by an enrolment card like any other."""
    card = qr.code.make_code(token_bytes(7))
    store().write(lambda db: devices.make_code(db, card, "card", person["id"], "demo", now_ms()))
    device, _ = enrol_device(response, card, None)
    g.seat = "phone"
    auth.start_session(response, person["id"], device["id"], "demo", sessions.PERSONAL_MS)


def take_desk(response: Response, person: Row) -> None:
    """Somebody signs in at this browser's desk."""
    g.seat = "desk"
    auth.start_session(response, person["id"], None, "demo", sessions.DESK_MS)


def seats() -> dict[str, Row | None]:
    """Who sits where in this browser now."""
    found: dict[str, Row | None] = {}
    for seat in SEATS:
        g.seat = seat
        secret = request.cookies.get(auth.cookie_name("sid"))
        session = sessions.find(store(), secret, now_ms())
        found[seat] = people.person(store(), session["person"]) if session else None
    g.pop("seat")
    return found


def leave(response: Response) -> None:
    """Take the browser's cookies away; its sessions are gone with the plant they belonged to."""
    for seat in SEATS:
        g.seat = seat
        auth.drop_cookie(response, "sid")
    auth.drop_cookie(response, "dev")
