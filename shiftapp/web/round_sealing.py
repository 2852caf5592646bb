"""Seals what is said in the crew round: by the person's PIN or badge, or by the leader's word.

The server is the device, as for a plain form (formats.md §5). A PIN or badge opens a session of the
person that ends where the record is sealed: nobody holds its secret, it is the evidence. The
leader's word is a proxy entry. What was answered is what was read out and agreed to: nothing is
picked, and no reading is there, that nobody gave.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from flask import request

import qr.code
from shiftapp.ledger import encoding
from shiftapp.model import audit, pack, places, proxies, rounds, sessions, versions
from shiftapp.model.rounds import Seat
from shiftapp.problems import Problem
from shiftapp.store import Db, Row
from shiftapp.web import auth, badges, form_answers, pin
from shiftapp.web.context import now_ms, store, token_bytes
from shiftapp.web.form_sealing import Body, Sheet, Spot, Who, seal_in
from shiftapp.web.numbers import whole

WHYS = ("no_phone", "paper", "other")
SESSION_MS = 60_000  # it ends in the same transaction; should that fail, it is over soon
How = Literal["pin", "badge"]


def text_read() -> Row:
    """The commitment text that was read out (`text` of the request), or the newest.

    :raises Problem: 404 `no_text`; 400 `bad_form`.
    """
    published = versions.commitments(store())
    if not published:
        raise Problem(404, "no_text", "还没有发布内容，做不了。告诉班长。")
    wanted = request.values.get("text", "")
    for version in published:
        if not wanted or version["no"] == whole(wanted):
            return version
    raise Problem(400, "bad_form", "这一页不完整。回点名第一页重新开始。")


def items_of(text: Row, row: Row) -> list[dict[str, Any]]:
    """The items of a text as the job of a roster row shows them."""
    job = pack.job_of(store(), _job(store(), row))
    return form_answers.shown_items(text["doc"], job["ppe"], job["card"])


def committed(text: Row, row: Row) -> Body:
    """A commitment with everything answered well."""
    answers = [{"i": item["id"], "r": "ok", "a": _said(item)} for item in items_of(text, row)]
    return _commitment(text, "committed", answers)


def with_fault(text: Row, row: Row, item: str, option: str, note: str) -> Body:
    """A commitment with one item answered badly; that of the fit: "not today", and nothing else."""
    items = items_of(text, row)
    asked = next((one for one in items if one["id"] == item), None)
    chosen = next((one for one in (asked or {}).get("options", []) if one["id"] == option), None)
    if asked is None or chosen is None or chosen["r"] == "ok":
        raise Problem(422, "no_fault_chosen", "选一样：哪里不对。")
    answer = {"i": item, "r": chosen["r"], "a": [option]}
    if chosen["r"] == "unfit":
        return _commitment(text, "cannot", [answer])
    answers = [
        {**answer, **({"note": note} if note else {})}
        if one["id"] == item
        else {"i": one["id"], "r": "ok", "a": _said(one)}
        for one in items
    ]
    return _commitment(text, "committed", answers)


def done(db: Db, row: Row, shown_ms: int) -> Body | None:
    """A run called out before the leader: each step agreed to, no reading; None: no checklist."""
    version = versions.current_checklist(db, row["job"])
    if version is None:
        return None
    timed = {"from_ms": 0, "to_ms": now_ms() - shown_ms}
    return {
        "checklist": {"no": version["no"], "sha": encoding.b64u(version["sha"])},
        "result": "done",
        "steps": [{"n": s["n"], "r": "ok", "e": "C", **timed} for s in version["doc"]["steps"]],
    }


def spot_of(db: Db, instance: Row, row: Row) -> Spot:
    """Where a roster row stands; picked by the server, so its evidence is that of a typed code."""
    station = places.station(db, row["station"])
    assert station is not None  # the roster references it
    return Spot(station, None, instance, _job(db, row))


def leaders_word(person: str, why: str, note: str = "") -> Body:
    """The `who` of a proxy entry by the signed-in leader.

    :raises Problem: 422 `no_reason`, `no_note`.
    """
    if why not in WHYS:
        raise Problem(422, "no_reason", "选一个原因。")
    note = note.strip()[: proxies.MAX_NOTE]
    if why == "other" and not note:
        raise Problem(422, "no_note", "写几个字：为什么由你代录。")
    me = auth.account()
    evidence = {"k": "leader", "person": me.id, "sid": me.sid_text, "why": why}
    return {"person": person, "ev": {**evidence, **({"note": note} if note else {})}}


def own_word(person: str) -> Body:
    """The `who` of the leader's own commitment: the session of this tablet is theirs.

    :raises Problem: 403 `not_yours`.
    """
    me = auth.account()
    if me.id != person:
        raise Problem(403, "not_yours", "这一份要本人用 PIN 或工牌。")
    return Who(me.id, me.sid_text).sealed


def shown_by(person: Row, typed: str) -> How:
    """Check that a PIN, or a badge's code, is this person's; gives which it was.

    :raises Problem: 422 `no_pin_typed`; 403 `wrong_pin`, `wrong_badge`, `other_badge`; 429.
    """
    said = unicodedata.normalize("NFKC", typed).strip()
    device = auth.known_device()
    if len(said) == 6 and said.isdecimal():
        pin.by_pin(person["no"], said, device)
        return "pin"
    said = said.rsplit("/", 1)[-1]  # a reader types the whole address of the badge
    try:
        qr.code.parse_badge(said)
    except qr.code.CodeError as error:
        raise Problem(422, "no_pin_typed", "输 6 位 PIN，或者扫工牌。") from error
    found = badges.whose(said, device["id"] if device else f"ip {request.remote_addr}")
    if found["id"] != person["person"]:
        raise Problem(403, "other_badge", "这是别人的工牌，不是%(name)s的。", params=_named(person))
    return "badge"


@contextmanager
def session_for(db: Db, person: str, how: How) -> Iterator[Body]:
    """The `who` of a person by a session that lasts as long as the sealing."""
    sid = token_bytes(16)
    sessions.start(
        db,
        sid=sid,
        secret=auth.new_secret(),
        person=person,
        device=None,  # the tablet stays the leader's
        how=how,
        lasts_ms=SESSION_MS,
        now_ms=now_ms(),
    )
    yield Who(person, encoding.b64u(sid)).sealed
    sessions.end(db, sid, now_ms())


def seal_once(
    db: Db, instance: Row, row: Row, part: Sheet, kind: str, who: Body, own: Body
) -> bool:
    """Seal a record at a roster row; False where this sheet was here before."""
    stored = seal_in(db, part, kind, spot_of(db, instance, row), who, own)
    return stored.status == "stored"


def seal_call(db: Db, instance: Row, seat: Seat, sheet: Sheet, who: Body, own: Body) -> bool:
    """Seal somebody's commitment; False where they have one, or this sheet was here before."""
    if rounds.has_committed(db, instance["id"], seat.person):
        return False
    part = sheet.part(f"commit {seat.person}")
    return seal_once(db, instance, seat.row, part, "commit", who, own)


def seal_runs(db: Db, instance: Row, seat: Seat, sheet: Sheet, who: Body) -> int:
    """Seal the runs that somebody's rows ask for and that are not there; gives how many."""
    sealed = 0
    for row in seat.unrun:
        own = done(db, row, sheet.shown_ms)
        if own is not None:
            part = sheet.part(f"run {row['id']}")
            sealed += seal_once(db, instance, row, part, "run", who, own)
    return sealed


def seal_proxy(
    db: Db, instance: Row, seat: Seat, sheet: Sheet, who: Body, own: Body, *, ran: bool
) -> int:
    """Seal what the leader enters for somebody, with its audit line; gives how many records."""
    sealed = int(seal_call(db, instance, seat, sheet, who, own))
    sealed += seal_runs(db, instance, seat, sheet, who) if ran else 0
    if sealed:
        about = f"person:{seat.person}"
        audit.note(db, now_ms(), auth.account().id, "round.proxy", about, who["ev"]["why"])
    return sealed


def _commitment(text: Row, result: str, answers: list[Body]) -> Body:
    return {
        "text": {"no": text["no"], "sha": encoding.b64u(text["sha"])},
        "result": result,
        "answers": answers,
        "sign": None if result == "cannot" else {"how": "form", "blob": None},
    }


def _said(item: dict[str, Any]) -> list[str]:
    """The options that a "yes" to an item means: all protection, the only good one, or none."""
    good = [option["id"] for option in item["options"] if option["r"] == "ok"]
    return good if item["type"] == "ppe" or len(good) == 1 else []


def _job(db: Db, row: Row) -> Row:
    found = places.job(db, row["job"])
    assert found is not None  # the roster references it
    return found


def _named(person: Row) -> dict[str, str]:
    return {"name": person["person_name"]}
