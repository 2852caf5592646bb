"""The state of units, tank farms and warehouses: seen by all who lead, entered by who manages them.

Another state is one tap from the list; a reason and an earlier time are entered on the page of the
one thing, where its history stands. "Nothing has changed" speaks for all of a site, so it is for
who manages all of it, and for the states that this person has seen.
"""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from shiftapp.model import facilities, people, places
from shiftapp.model.facilities import Now
from shiftapp.problems import Problem
from shiftapp.store import Db, Row
from shiftapp.web import auth, manage_fields
from shiftapp.web.context import now_ms, store
from shiftapp.web.language import named
from shiftapp.web.plant_time import clock, zone
from shiftapp.web.scope import READ

bp = Blueprint("facilities", __name__)

WRITERS = ("manager",)
DAYS = {"today": 0, "yesterday": 1}
STALE_MS = 24 * 3_600_000


@dataclass(frozen=True)
class Place:
    """The facilities of one site as a page shows them."""

    site: Row
    here: list[Now]
    seen: str  # of the states: what "nothing has changed" is said of
    may_look: bool

    @property
    def counts(self) -> Counter[str]:
        """How many count as what, `unit` and `storage`: how many there are."""
        kinds = ("unit" if one.row["kind"] == "unit" else "storage" for one in self.here)
        return Counter([*(one.counts_as for one in self.here), *kinds])

    @property
    def seen_ms(self) -> int | None:
        """Since when all of it has been looked at; None: something was never entered."""
        times = [one.seen_ms for one in self.here if one.seen_ms is not None]
        return min(times) if len(times) == len(self.here) else None


@bp.get("/facilities")
@auth.needs(*READ)
def list_facilities() -> str:
    """Every facility with its state, since when, and the others it may have."""
    return _list()


@bp.post("/facilities/sites/<site>/look")
@auth.needs(*WRITERS)
def look(site: str) -> Response | tuple[str, int]:
    """Nothing has changed at a site."""
    known = [place for place in _places() if place.site["code"] == site]
    if known and not known[0].may_look:
        raise Problem(403, "wrong_scope", "这里管全厂，你只管一部分。")

    def write(db: Db) -> None:
        facilities.look(db, site, by=auth.account().id, now_ms=now_ms())
        here = [one for one in facilities.now(db, now_ms()) if one.row["site"] == site]
        if request.form.get("seen") != _seen(here):  # else the look is taken back
            raise Problem(409, "states_changed", "别人刚改过状态。看一眼，再点“都没有变”。")

    try:
        store().write(write)
    except Problem as problem:
        return _list(problem), problem.status
    flash(gettext("记下了：%(t)s 看过，都没有变。", t=clock(now_ms())))
    return redirect("/facilities", code=303)


@bp.get("/facilities/<code>")
@auth.needs(*READ)
def show_facility(code: str) -> str:
    """One facility: its state, the form of who enters it, and everything it has been."""
    return _page(_facility(code))


@bp.post("/facilities/<code>/state")
@auth.needs(*WRITERS)
def set_state(code: str) -> Response | tuple[str, int]:
    """Enter another state."""
    row = _facility(code)
    if not _may_write(row):
        raise Problem(403, "wrong_scope", "这个不归你管。")
    try:
        since_ms, new = _enter(code)
    except Problem as problem:
        return _page(row, problem), problem.status
    if new:
        flash(gettext("记下了：%(name)s，%(t)s 起。", name=named(row), t=clock(since_ms)))
    else:
        flash(gettext("%(name)s 已经是这个状态，没有再记。", name=named(row)))
    return redirect("/facilities" if _from_list() else f"/facilities/{row['code']}", code=303)


def _enter(code: str) -> tuple[int, bool]:
    """Write what the form says: since when it is so, and whether that is news."""
    since_ms, me, now = _since_ms(), auth.account().id, now_ms()
    state, note = request.form.get("state", ""), request.form.get("note", "")

    def write(db: Db) -> bool:
        return facilities.set_state(
            db, code, state, since_ms=since_ms, note=note, by=me, now_ms=now
        )

    return since_ms, store().write(write)


def _list(problem: Problem | None = None) -> str:
    found = _places()
    mine = {one.row["code"] for place in found for one in place.here if _may_write(one.row)}
    return render_template(
        "facilities/list.html",
        places=found,
        mine=mine,
        states=facilities.STATES,
        need_note=facilities.NEED_NOTE,
        stale_ms=now_ms() - STALE_MS,
        now_ms=now_ms(),
        problem=problem,
        may_manage=auth.account().has("manager", "admin", "inspector"),
    )


def _page(row: Row, problem: Problem | None = None) -> str:
    past = facilities.history(store(), row["code"])
    asked = {name: request.values.get(name, "") for name in ("state", "note", "day", "time")}
    return render_template(
        "facilities/facility.html",
        row=row,
        now=next(
            (o for o in facilities.now(store(), now_ms()) if o.row["code"] == row["code"]), None
        ),
        past=past,
        states=facilities.STATES[row["kind"]],
        need_note=facilities.NEED_NOTE,
        may_write=bool(row["active"]) and _may_write(row),
        stale_ms=now_ms() - STALE_MS,
        typed=asked,
        problem=problem,
    )


def _places() -> list[Place]:
    """Every site that has facilities."""
    known = facilities.now(store(), now_ms())
    found = []
    for site in places.sites(store()):
        here = [one for one in known if one.row["site"] == site["code"]]
        if here:
            found.append(Place(site, here, _seen(here), all(_may_write(one.row) for one in here)))
    return found


def _seen(here: list[Now]) -> str:
    return manage_fields.mark({one.row["code"]: [one.state, one.since_ms] for one in here})


def _facility(code: str) -> Row:
    """A facility.

    :raises Problem: 404 `no_facility`.
    """
    found = facilities.facility(store(), code)
    if found is None:
        raise Problem(404, "no_facility", "没有这个装置、罐区或仓库。")
    return found


def _may_write(row: Row) -> bool:
    """Whether the signed-in person manages a facility: its area, or all of the plant."""
    if any(one.role in WRITERS and one.scope_kind == "all" for one in auth.account().roles):
        return True
    me, area = auth.account().id, row["area"]
    return area is not None and people.may(store(), me, WRITERS, area=area)


def _since_ms() -> int:
    """Since when, from the wall clock as typed; without a time: now.

    :raises Problem: 422 `bad_time`.
    """
    text, days = request.form.get("time", ""), DAYS.get(request.form.get("day", ""), 0)
    if not text:
        return now_ms()
    now = datetime.datetime.fromtimestamp(now_ms() / 1000, ZoneInfo(zone()))
    try:
        at = datetime.time.fromisoformat(text)
    except ValueError as error:
        raise Problem(422, "bad_time", "时间写成 08:00 这样。") from error
    day = now.date() - datetime.timedelta(days=days)
    return int(datetime.datetime.combine(day, at.replace(tzinfo=now.tzinfo)).timestamp() * 1000)


def _from_list() -> bool:
    return request.form.get("back") == "list"
