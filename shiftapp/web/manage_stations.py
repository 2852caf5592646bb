"""Stations: where a QR code hangs, what is done there, and its code, poster and label.

The code of a station is made once and never changes: it is printed. A station out of use keeps
its code, and a scan says so.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext
from markupsafe import Markup

import qr.code
from shiftapp.exchange.forms_plant import STATIONS
from shiftapp.exchange.said_plant import MOST_STAFF
from shiftapp.model import places, roster
from shiftapp.problems import Problem
from shiftapp.store import Db, Row
from shiftapp.web import auth, manage_nouns, manage_scope
from shiftapp.web.context import keys, now_ms, settings, store, token_bytes
from shiftapp.web.manage_fields import Content, Form, choices, named_options, some
from shiftapp.web.manage_nouns import Answer, Noun

bp = Blueprint("manage_stations", __name__)

READERS = manage_scope.READERS
EDITORS = manage_scope.EDITORS


@bp.get("/manage/stations")
@auth.needs(*READERS)
def list_stations() -> str:
    """The stations of the areas I see, of one area where asked."""
    areas, all_of_it = manage_scope.areas(), manage_scope.edits_all()
    asked = request.args.get("area", "")
    wanted = {row["code"] for row in areas if not asked or row["code"] == asked}
    jobs = {row["code"]: row for row in places.jobs(store())}
    return render_template(
        "manage/stations.html",
        stations=[row for row in places.stations(store()) if row["area"] in wanted],
        jobs_at={
            code: [jobs[job] for job in done] for code, done in places.station_jobs(store()).items()
        },
        areas=areas,
        area=asked,
        code=qr.code.format_code,
        editable=all_of_it or any(manage_scope.edits_area(row["code"]) for row in areas),
        all_of_it=all_of_it,
    )


@bp.get("/manage/stations/<code>")
@auth.needs(*READERS)
def show_station(code: str) -> str:
    """One station with its code."""
    station = station_seen(code)
    editable = manage_scope.edits_area(station["area"])
    return manage_nouns.show(STATION, code, editable=editable)


@bp.post("/manage/stations/<code>")
@auth.needs(*EDITORS)
def save_station(code: str) -> Answer:
    """Change a station; into an area of mine only."""
    manage_scope.must(manage_scope.edits_area(station_seen(code)["area"]))
    return manage_nouns.save(STATION, code)


@bp.get("/manage/new/station")
@auth.needs(*EDITORS)
def show_new_station() -> str:
    """The empty form of a station."""
    return manage_nouns.show_new(STATION, area=request.args.get("area", ""))


@bp.post("/manage/new/station")
@auth.needs(*EDITORS)
def add_station() -> Answer:
    """Add a station; its code is made now."""
    return manage_nouns.add(STATION)


def station_seen(code: str) -> Row:
    """A station of an area that the signed-in person may look at.

    :raises Problem: 404 `no_station`, 403 `wrong_scope`.
    """
    found = places.station(store(), code)
    if found is None:
        raise Problem(404, "no_station", "没有这个工位。对一下海报上的码。")
    manage_scope.must(manage_scope.reads_area(found["area"]))
    return found


def _content(db: Db, code: str) -> Content | None:
    row = places.station(db, code)
    if row is None:
        return None
    names = "label name name_en area place place_en risk phone_free scoped staff active".split()
    done = places.station_jobs(db).get(code, ())
    return {**{name: row[name] for name in names}, "jobs": list(done)}


def _read(form: Form) -> None:
    area = str(form.values.get("area", ""))
    if area and not manage_scope.edits_area(area):
        form.fail("area", "这个区域不归你管。", "This area is not yours.")
    if not 0 <= int(str(form.values.get("staff", 0))) <= MOST_STAFF:
        form.fault("staff", "bad_staff", most=MOST_STAFF)


def _write(db: Db, code: str, form: Form) -> None:
    values: Any = form.values
    places.save_station(db, places.Station(**{**values, "code": code}))
    roster.fill_ahead(db, now_ms(), token_bytes)  # a station in or out of use


def _make(db: Db, form: Form) -> str:
    code = qr.code.make_code(token_bytes(7))
    while places.station(db, code) is not None:
        code = qr.code.make_code(token_bytes(7))
    _write(db, code, form)
    return code


def _page(code: str, form: Form) -> dict[str, Any]:
    url = qr.code.station_url(settings().url, code, _mac(code)) if code else ""
    return {
        "back": ("/manage/stations", gettext("工位")),
        "title": places.station(store(), code) if code else None,
        "options": {
            "area": named_options(manage_scope.areas(to_edit=True)),
            "jobs": named_options(places.jobs(store())),
            "risk": choices(STATIONS.by_key["risk"]),
            "phone_free": choices(STATIONS.by_key["phone_free"]),
            "scoped": choices(STATIONS.by_key["scoped"]),
            "active": choices(STATIONS.by_key["active"]),
        },
        "url": url,
        "svg": _drawn(url) if url else "",
        "printed": qr.code.format_code(code) if code else "",
        "jobs": places.jobs_at(store(), code) if code else [],
    }


def _drawn(url: str) -> Markup:
    """The code; what is around it says what it is. Drawn by us, nothing of a user's in it."""
    return Markup(qr.code.qr_svg(url).replace('role="img"', 'aria-hidden="true"'))


def _mac(code: str) -> str:
    return qr.code.mac(keys().station_secret, code)


STATION = Noun(
    word="station",
    path="/manage/stations",
    template="manage/station.html",
    columns=some(
        STATIONS,
        "label area name name_en place place_en risk phone_free scoped staff active jobs",
        label={"about": "工厂自己的叫法，如 P-201", "about_en": "The plant's own name, e.g. P-201"},
        area={"about": "", "about_en": ""},
        risk={"about": "", "about_en": "", "need": True, "default": "D"},
        scoped={"zh": "这里的人算应到", "en": "People here are expected"},
        staff={"zh": "每班要几人", "en": "People needed in a shift"},
        jobs={"about": "扫码以后可以选的", "about_en": "What a scan offers"},
    ),
    content=_content,
    write=_write,
    page=_page,
    make=_make,
    read=_read,
)
