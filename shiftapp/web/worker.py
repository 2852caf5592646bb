"""The worker app's pages: home, station, typed code, trouble, self-check.

Each is a server page first: it says what must be said without a script and to a phone nobody has
enrolled, and leads to the plain form. The modules under `static/js/worker` then take the page
over. A GET changes nothing and signs nobody in.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

import qr.code
from shiftapp.model import mine, pack, people, places, proxies, signals, special_works
from shiftapp.problems import Problem
from shiftapp.store import Row
from shiftapp.web import auth, plant_time, publish_access, scope
from shiftapp.web.context import now_ms, store
from shiftapp.web.scanned import must_be_ours, station_of
from shiftapp.web.worker_page import page

bp = Blueprint("worker", __name__)

Shift = dict[str, Any]  # as `pack.shifts_of` gives it


@bp.get("/W/")
def show_home() -> str:
    """My shift, the time left, two equal doors and my own records."""
    account = auth.signed_in()
    mine = _my_shift()
    return page(
        "worker/home.html",
        "home",
        account=account,
        shift=mine,
        count=_count(mine, now_ms()) if mine else None,
        posts=_posts(mine),
        history=pack.history_of(store(), account.id) if account else [],
        known=auth.known_device() is not None,
        asks=_asks(account.id) if account else {},
        due=publish_access.due_to_sign() if account else None,
    )


@bp.get("/W/go")
def find_station() -> str | BaseResponse | tuple[str, int]:
    """From the eight symbols under the QR code to the station's page."""
    typed = request.args.get("code", "")
    if not typed.strip():
        return page("worker/go.html", "go", posts=_posts(_my_shift()))
    try:
        station = station_of(typed)
    except Problem as problem:
        posts = _posts(_my_shift())
        shown = page("worker/go.html", "go", posts=posts, typed=typed, problem=problem)
        return shown, problem.status
    return redirect(url_for("worker.show_station", code=station["code"]), code=303)


@bp.get("/W/trouble")
def show_trouble() -> str:
    """The other door: not today, or something is wrong. The telephone comes first."""
    return page("worker/trouble.html", "trouble")


@bp.get("/W/mine")
def show_mine() -> str:
    """What is stored about me, who may see it and how long: for who is signed in on this phone."""
    account = auth.signed_in()
    if account is None:
        return page("worker/mine.html", "mine", me=None)
    me = people.person(store(), account.id)
    assert me is not None
    stored, seers = mine.about(store(), me["id"]), mine.seers(store(), me["crew"], scope.READ)
    return page("worker/mine.html", "mine", me=me, stored=stored, seers=seers)


@bp.get("/W/selfcheck")
def show_selfcheck() -> str:
    """What this browser has, in plain words; its script looks, and sends when told to."""
    return page("worker/selfcheck.html", "selfcheck", known=auth.known_device() is not None)


@bp.get("/W/ME/<secret>")
@bp.get("/W/me/<secret>")
def show_badge(secret: str) -> str:
    """What a personal badge is for; it is read by the app on a shared phone, never here."""
    return page("worker/badge.html", "badge")


@bp.get("/W/<code>")
@bp.get("/W/<code>/<mac>")
def show_station(code: str, mac: str | None = None) -> str | BaseResponse | tuple[str, int]:
    """The place, its risks with their defence, the emergency call, and the start of the job."""
    try:
        station = station_of(code)
        must_be_ours(station["code"], mac)
    except Problem as problem:
        return page("worker/lost.html", "lost", problem=problem), problem.status
    if code != station["code"]:
        return redirect(url_for("worker.show_station", code=station["code"], mac=mac), code=303)
    return _station_page(station, mac.upper() if mac else None)


@bp.get("/W/receipt/<code>.svg")
def show_receipt_code(code: str) -> Response:
    """A receipt code as a QR code, for a colleague's or an inspector's phone.

    :raises Problem: 404 `not_found`.
    """
    symbols = code.replace("-", "").upper()
    if len(symbols) != qr.code.CODE_LENGTH or set(symbols) - set(qr.code.ALPHABET):
        raise Problem(404, "not_found", "没有这个回执码。")
    response = Response(qr.code.qr_svg(symbols, level="M"), content_type="image/svg+xml")
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response


def _station_page(station: Row, mac: str | None) -> str:
    """The page of a known station; `mac` None: typed or picked (evidence level L0)."""
    here = [pack.job_of(store(), row) for row in places.jobs_at(store(), station["code"])]
    job = _job_here(station["code"], here)
    return page("worker/station.html", "station", station=station, mac=mac, jobs=here, job=job)


def _job_here(station: str, here: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The job asked for, else mine there today, else the first."""
    rows = (_my_shift() or {"rows": []})["rows"]
    wanted = [request.args.get("job", ""), *(r["job"] for r in rows if r["station"] == station)]
    for code in wanted:
        for job in here:
            if job["code"] == code:
                return job
    return here[0] if here else None


def _my_shift() -> Shift | None:
    """My shift, running or next; None: nobody signed in, or no shift."""
    account = auth.signed_in()
    found = pack.shifts_of(store(), account.id, now_ms()) if account else []
    return next((one for one in found if one["mine"]), None)


def _posts(mine: Shift | None) -> list[dict[str, Any]]:
    """Where I am expected: `station` and `job` as the pack tells them."""
    found = []
    for row in mine["rows"] if mine else []:
        station, job = places.station(store(), row["station"]), places.job(store(), row["job"])
        if station is not None and job is not None:
            asks = row["run_required"]
            found.append({"station": station, "job": pack.job_of(store(), job), "run": asks})
    return found


def _count(shift: Shift, now: int) -> dict[str, str]:
    """The largest text of the home page, and the small one beside it."""
    if now < shift["opens_ms"]:
        opens = plant_time.clock(shift["opens_ms"])
        return {"big": gettext("%(t)s 开始", t=opens), "small": gettext("到时候再来做")}
    due_ms = shift["starts_ms"]
    if now < due_ms:
        due = plant_time.clock(due_ms)
        big = gettext("还有 %(n)s 分", n=-(-(due_ms - now) // 60_000))
        return {"big": big, "small": gettext("%(t)s 前做完", t=due)}
    big = gettext("已接班 %(n)s 分", n=(now - due_ms) // 60_000)
    return {"big": big, "small": gettext("现在做也算数")}


def _asks(person: str) -> dict[str, int]:
    """How many things wait for the person: works they are named on, entered for them, noticed."""
    entered = proxies.of_person(store(), person, now_ms())
    noticed = signals.of_person(store(), person)
    return {
        "works": len(special_works.of_person(store(), person, now_ms())),
        "proxies": sum(one["mine"] is None for one in entered),
        "signals": sum(one["shown_ms"] is None for one in noticed),
    }
