"""The plain form `/F/…`: the whole job without a script and without storage.

It lives outside the service worker's scope and works in any browser that sends a form: station,
who am I, shift and job, then the sheets of form_sheets.py, then the receipt. Cookies: the person's
session, and the language if somebody chose one. There are no tokens; a browser so old that it says
neither `Sec-Fetch-Site` nor `Origin` is refused like a foreign page (security.py).
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

import qr.code
from shiftapp.ledger import receipts
from shiftapp.model import findings, kept, log_proofs, pack, people, places, records, shifts
from shiftapp.problems import Problem
from shiftapp.store import Row
from shiftapp.web import auth
from shiftapp.web.context import now_ms, store
from shiftapp.web.form_sealing import Spot
from shiftapp.web.pin import by_pin
from shiftapp.web.scanned import must_be_ours, station_of

bp = Blueprint("form", __name__)

SESSION_MS = 60 * 60_000  # without a touch; a patrol is walked with the page open
DOORS = {
    "work": "form.show_commit",
    "cannot": "form.show_cannot",
    "hazard": "form.show_hazard",
}
PLACE = "/F/<code>"
SCANNED = "/F/<code>/<string(length=16):mac>"


@bp.errorhandler(Problem)
def show_problem(problem: Problem) -> tuple[str, int, dict[str, str]]:
    """A refusal on a page of the worker's hand."""
    wait = {"Retry-After": str(problem.retry_after_s)} if problem.retry_after_s else {}
    return render_template("form/lost.html", problem=problem), problem.status, wait


@bp.get("/F")
def find_station() -> str | Response | tuple[str, int]:
    """From the eight symbols under the QR code to the station's page."""
    typed = request.args.get("code", "")
    if not typed.strip():
        return render_template("form/find.html", typed="", problem=None)
    try:
        station = station_of(typed)
    except Problem as problem:
        return render_template("form/find.html", typed=typed, problem=problem), problem.status
    return redirect(url_for("form.show_station", code=station["code"]), code=303)


@bp.get(PLACE)
@bp.get(SCANNED)
def show_station(code: str, mac: str | None = None) -> str | Response | tuple[str, int]:
    """The place and its risks; then who I am, or which shift and job."""
    spot = spot_at(code, mac)
    if code != spot.station["code"]:
        return redirect(url_for("form.show_station", code=spot.station["code"], mac=mac), code=303)
    return _station_page(spot)


@bp.post(PLACE)
@bp.post(SCANNED)
def start_session(code: str, mac: str | None = None) -> Response | tuple[str, int]:
    """Number and PIN; a wrong one keeps the number."""
    spot = spot_at(code, mac)
    response = redirect(url_to("form.show_station", spot), code=303)
    try:
        sign_in(response)
    except Problem as problem:
        return _station_page(spot, no=request.form.get("no", ""), problem=problem), problem.status
    return response


@bp.post(f"{PLACE}/leave")
@bp.post(f"{SCANNED}/leave")
def end_session(code: str, mac: str | None = None) -> Response:
    """Somebody else's turn: the session ends."""
    spot = spot_at(code, mac)
    response = redirect(url_to("form.show_station", spot), code=303)
    auth.end_session(response)
    return response


@bp.get(f"{PLACE}/start")
@bp.get(f"{SCANNED}/start")
def start(code: str, mac: str | None = None) -> Response:
    """On to the sheet that comes next: the commitment, or the steps if that is made."""
    spot = spot_at(code, mac)
    door = DOORS.get(request.args.get("go", ""), DOORS["work"])
    account = auth.signed_in()
    if door == DOORS["work"] and account and spot.instance and _committed(spot, account.id):
        door = "form.show_run"
    return redirect(url_to(door, spot), code=303)


@bp.get("/F/receipt/<id>")
def show_receipt(id: str) -> str:
    """What was sealed, when it arrived, and who answers what was reported.

    :raises Problem: 404 `no_record`; 403 `not_yours`.
    """
    record = kept.record(store(), id)
    if record is None:
        raise Problem(404, "no_record", "没有这一份。从岗位页重新开始。")
    account = auth.signed_in()
    if record["person"] is not None and (account is None or account.id != record["person"]):
        raise Problem(403, "not_yours", "这一份只给交的人看。要交自己的，从岗位页重新开始。")
    body = records.body(store(), id)
    return render_template(
        "form/receipt.html",
        record=record,
        body=body,
        code=receipts.receipt_code(bytes(record["receipt_leaf"] or record["c"])),
        place=log_proofs.place(store(), record["entry_seq"]),
        proves=account is not None and not auth.is_weak(account.how, account.device),
        findings=findings.of_record(store(), id),
        again=request.args.get("again", ""),
        spot=_spot_of(body) if body else None,
        next_run=_next_run(record, body),
    )


def spot_at(code: str, mac: str | None) -> Spot:
    """The station of a URL with the shift and the job that its query names.

    :raises Problem: 404 for a code, MAC, shift or job that is not ours.
    """
    station = station_of(code)
    must_be_ours(station["code"], mac)
    return Spot(
        station,
        mac.upper() if mac else None,
        _instance(request.args.get("shift", "")),
        _job(request.args.get("job", "")),
    )


def url_to(endpoint: str, spot: Spot) -> str:
    """A page of the plain form for the same station, shift, job and language."""
    return url_for(
        endpoint,
        code=spot.station["code"],
        mac=spot.mac,
        shift=shift_name(spot.instance) if spot.instance else None,
        job=spot.job["code"] if spot.job else None,
        lang=request.args.get("lang"),
    )


def shift_name(instance: Row) -> str:
    """How the query names a shift instance."""
    return f"{instance['date']}|{instance['code']}|{instance['crew']}"


def sign_in(response: Response) -> tuple[str, bytes]:
    """Check the number and PIN of a form and open a session; gives person and session id.

    :raises Problem: 422 `no_pin_typed`; as `by_pin`.
    """
    no, pin = request.form.get("no", ""), request.form.get("pin", "")
    if not no.strip() or not pin:
        raise Problem(422, "no_pin_typed", "写上工号和 PIN。")
    device = auth.known_device()
    person = by_pin(no, pin, device)
    sid = auth.start_session(
        response, person["id"], device["id"] if device else None, "pin", SESSION_MS
    )
    return person["id"], sid


def _instance(name: str) -> Row | None:
    if not name:
        return None
    date, _, rest = name.partition("|")
    code, _, crew = rest.partition("|")
    found = shifts.instance(store(), crew, date, code)
    if found is None:
        raise Problem(404, "unknown_shift", "没有这个班次。从岗位页重新选。")
    return found


def _job(code: str) -> Row | None:
    if not code:
        return None
    found = places.job(store(), code)
    if found is None:
        raise Problem(404, "no_job", "没有这个岗位。")
    return found


def _station_page(spot: Spot, no: str = "", problem: Problem | None = None) -> str:
    account = auth.signed_in()
    mine = pack.shifts_of(store(), account.id, now_ms()) if account else []
    jobs = [pack.job_of(store(), row) for row in places.jobs_at(store(), spot.station["code"])]
    rows = [row for one in mine if one["mine"] for row in one["rows"]]
    here = [row["job"] for row in rows if row["station"] == spot.station["code"]]
    elsewhere = [] if here else [places.station(store(), row["station"]) for row in rows]
    wanted = next(iter(here), jobs[0]["code"] if len(jobs) == 1 else None)
    running = [one for one in mine if one["opens_ms"] <= now_ms()]
    names = [shift_name(one) for one in running]
    asked = shift_name(spot.instance) if spot.instance else ""
    return render_template(
        "form/station.html",
        spot=spot,
        open=running,
        chosen=asked if asked in names else next(iter(names), ""),
        later=[one for one in mine if one["opens_ms"] > now_ms()],
        jobs=jobs,
        wanted=wanted,
        card=next((job for job in jobs if job["code"] == wanted), next(iter(jobs), None)),
        elsewhere=elsewhere,
        leads=bool(account and people.crews_led(store(), account.id)),
        no=no,
        problem=problem,
    )


def _committed(spot: Spot, person: str) -> bool:
    assert spot.instance is not None  # asked only of a chosen shift
    mine = pack.shifts_of(store(), person, now_ms())
    name = shift_name(spot.instance)
    return any(one["commit"] for one in mine if shift_name(one) == name)


def _spot_of(body: dict[str, Any]) -> Spot | None:
    """The spot a body was made at; None when its station is gone."""
    code = qr.code.parse_code(body["station"]["code"])
    station, shift = places.station(store(), code), body["shift"]
    if station is None:
        return None
    instance = (
        shifts.instance(store(), shift["crew"], shift["date"], shift["code"]) if shift else None
    )
    return Spot(station, body["station"]["mac"], instance, places.job(store(), body["job"] or ""))


def _next_run(record: Row, body: dict[str, Any] | None) -> dict[str, Any] | None:
    """The checklist that comes after a commitment."""
    row = places.job(store(), record["job"]) if record["result"] == "committed" else None
    found: dict[str, Any] | None = pack.job_of(store(), row)["checklist"] if row and body else None
    return found
