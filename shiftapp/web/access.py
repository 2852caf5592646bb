"""What a leader can do about somebody's way in: phones, the 5-minute code, PIN, sessions.

A lost phone is: stop the phone, give a code to the new one. Nobody hands out access above their
own: a code or PIN of a signatory in a leader's hands would be the signature itself.
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

import qr.code
from shiftapp.model import (
    audit,
    credentials,
    devices,
    heard,
    history,
    people,
    seats,
    sessions,
    shifts,
)
from shiftapp.problems import Problem
from shiftapp.store import Db, Row
from shiftapp.web import auth, scope
from shiftapp.web.context import keys, now_ms, settings, store, token_bytes

bp = Blueprint("access", __name__)

RANKS = {"operator": 0, "leader": 1, "inspector": 1, "manager": 2, "signatory": 3, "admin": 4}


@bp.get("/board/people/<person>")
@auth.needs(*scope.ACT)
def show_access(person: str) -> str:
    """Today's state, phones, PIN and sessions of somebody."""
    return _page(_person(person))


@bp.post("/board/people/<person>/code")
@auth.needs(*scope.ACT)
def make_code(person: str) -> str:
    """A code for one phone, good for five minutes, shown once.

    Answers with the page itself and no 303: only the code's hash is kept, so it cannot be shown
    again; a reload asks first, and makes another.
    """
    who = _person(person, to_change=True)
    code, me = qr.code.make_code(token_bytes(7)), auth.account().id

    def write(db: Db) -> int:
        audit.note(db, now_ms(), me, "device.code", f"person:{who['id']}")
        return devices.make_code(db, code, "leader", who["id"], me, now_ms())

    return _code_page(code, store().write(write), who)


@bp.post("/board/people/<person>/pin")
@auth.needs(*scope.ACT)
def set_pin(person: str) -> Response | tuple[str, int]:
    """Set the PIN that the person typed twice; the old one and its sessions end."""
    who = _person(person, to_change=True)
    me = auth.account()
    try:
        pin = _pin_typed()
        hashed = credentials.hash_secret(pin, keys().pin_pepper)  # slow: not in the write
    except Problem as problem:
        return _page(who, problem), problem.status

    tag = credentials.tag_of(pin, token_bytes(16))

    def write(db: Db) -> None:
        credentials.set_pin(db, who["id"], hashed, tag)
        if who["pin_hash"] is not None and who["id"] != me.id:
            sessions.end_all(db, who["id"], now_ms())
        audit.note(db, now_ms(), me.id, "pin.set", f"person:{who['id']}")

    store().write(write)
    return redirect(f"/board/people/{who['id']}", code=303)


@bp.post("/board/people/<person>/sessions/end")
@auth.needs(*scope.ACT)
def end_sessions(person: str) -> Response:
    """Sign somebody out everywhere; their phones stay enrolled."""
    who = _person(person, to_change=True)

    def write(db: Db) -> None:
        if sessions.end_all(db, who["id"], now_ms()):
            audit.note(db, now_ms(), auth.account().id, "session.end", f"person:{who['id']}")

    store().write(write)
    return redirect(f"/board/people/{who['id']}", code=303)


@bp.post("/board/people/<person>/phones/<device>/revoke")
@auth.needs(*scope.ACT)
def revoke_phone(person: str, device: str) -> Response:
    """Stop a phone of somebody (lost, sold): what it holds stays on it, it sends no more."""
    who = _person(person)
    if device not in {one["id"] for one in devices.owned(store(), who["id"])}:
        raise Problem(404, "no_device", "没有这台设备。")
    _revoke(device)
    return redirect(f"/board/people/{who['id']}", code=303)


@bp.get("/board/phones")
@auth.needs(*scope.ACT)
def show_phones() -> str:
    """The phones of my crews, longest silent first, and the shared tablets."""
    found = {d["id"]: d for crew in _acted_on() for d in devices.of_crew(store(), crew["code"])}
    phones = [one for one in found.values() if one["revoked_ms"] is None]
    return render_template(
        "access/phones.html",
        personal=sorted((d for d in phones if d["kind"] == "personal"), key=_last_sent),
        shared=[d for d in phones if d["kind"] == "shared"],
        now_ms=now_ms(),
        silent_ms=heard.SILENT_MS,
        last_sent=_last_sent,
    )


@bp.post("/board/phones/shared-code")
@auth.needs(*scope.ACT)
def make_shared_code() -> str:
    """A code that makes one device a shared one: a tablet at the gate. Shown once, as above."""
    code, me = qr.code.make_code(token_bytes(7)), auth.account().id

    def write(db: Db) -> int:
        audit.note(db, now_ms(), me, "device.code", "shared")
        return devices.make_code(db, code, "shared", None, me, now_ms())

    return _code_page(code, store().write(write), None)


@bp.post("/board/phones/<device>/revoke")
@auth.needs(*scope.ACT)
def revoke_shared(device: str) -> Response:
    """Stop a shared device."""
    if devices.device_row(store(), device)["kind"] != "shared":
        raise Problem(404, "no_device", "没有这台设备。")
    _revoke(device)
    return redirect("/board/phones", code=303)


def _person(person: str, *, to_change: bool = False) -> Row:
    """Somebody whose phones are the signed-in person's business; `to_change`: and whose access.

    :raises Problem: 404 `no_person`; 403 `wrong_scope`, `above_you`.
    """
    found = people.person(store(), person)
    if found is None or not found["active"]:
        raise Problem(404, "no_person", "没有这个人。")
    if not _covered(found):
        raise Problem(403, "wrong_scope", "这个人不归你管。")
    if to_change and not _may_hand_out(found):
        raise Problem(403, "above_you", "这个人的账号权限比你大，找管理员办。")
    return found


def _covered(person: Row) -> bool:
    """By crew; somebody in no crew only by a role over everything."""
    if person["crew"] is not None:
        return scope.may_act(person["crew"])
    return any(r.role in scope.ACT and r.scope_kind == "all" for r in auth.account().roles)


def _may_hand_out(person: Row) -> bool:
    """A leader for operators, a manager for leaders, an admin for all; everybody for themselves."""
    me, crew = auth.account(), person["crew"]
    # What I am over somebody else's crew counts for nothing here.
    over = [role for role in scope.ACT if people.may(store(), me.id, role, crew=crew)]
    mine = max((RANKS[role] for role in over), default=0)
    theirs = max([RANKS[r.role] for r in people.roles(store(), person["id"])], default=0)
    return person["id"] == me.id or mine > theirs or mine == RANKS["admin"]


def _acted_on() -> list[Row]:
    return people.crews_covered(store(), auth.account().id, scope.ACT)


def _revoke(device: str) -> None:
    me = auth.account().id

    def write(db: Db) -> None:
        if devices.revoke(db, device, me, now_ms()):
            audit.note(db, now_ms(), me, "device.revoke", f"device:{device}")

    store().write(write)


def _pin_typed() -> str:
    """The PIN, typed twice by the person.

    :raises Problem: 422 `weak_pin`, `pins_differ`.
    """
    pin = credentials.check_pin_form(request.form.get("pin", ""))
    if request.form.get("again", "") != pin:
        raise Problem(422, "pins_differ", "两次不一样。再按一遍。")
    return pin


def _last_sent(device: Row) -> int:
    sent_ms: int = device["synced_ms"] or device["enrolled_ms"]
    return sent_ms


def _code_page(code: str, expires_ms: int, who: Row | None) -> str:
    url = f"{settings().url}/enrol/{code}"
    return render_template(
        "access/code.html",
        who=who,
        code=qr.code.format_code(code),
        url=url,
        svg=Markup(qr.code.qr_svg(url, level="M")),  # drawn by us, nothing of a user's in it
        expires_ms=expires_ms,
        now_ms=now_ms(),
        back=f"/board/people/{who['id']}" if who else "/board/phones",
    )


def _page(who: Row, problem: Problem | None = None) -> str:
    instance = shifts.current(store(), who["crew"], now_ms()) if who["crew"] else None
    states = history.people_states(store(), instance, now_ms()) if instance else []
    state = next((one for one in states if one.person == who["id"]), None)
    return render_template(
        "access/person.html",
        who=who,
        instance=instance,
        shown=seats.shown_state(state, now_ms()) if state else None,
        phones=devices.owned(store(), who["id"]),
        may_change=_may_hand_out(who),
        last_sent=_last_sent,
        silent_ms=heard.SILENT_MS,
        problem=problem,
        now_ms=now_ms(),
    )
