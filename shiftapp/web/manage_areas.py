"""Sites and areas: names, risk level, the emergency call on the posters, thresholds of signals."""

from __future__ import annotations

import zoneinfo
from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext

from shiftapp.exchange.forms_plant import AREAS, SITES
from shiftapp.model import crews, places, signals
from shiftapp.store import Db
from shiftapp.web import auth, manage_nouns, manage_scope, manage_signals
from shiftapp.web.context import store
from shiftapp.web.manage_fields import Content, Form, choices, named_options, some
from shiftapp.web.manage_nouns import Answer, Noun
from shiftapp.web.manage_scope import EDITORS, READERS

bp = Blueprint("manage_areas", __name__)


@bp.get("/manage/areas")
@auth.needs(*READERS)
def list_areas() -> str:
    """The areas I see with what is in them, and the sites."""
    stations = [row for row in places.stations(store()) if row["active"]]
    working = [row for row in crews.crews(store()) if row["active"]]
    found = manage_scope.areas()
    return render_template(
        "manage/areas.html",
        areas=found,
        sites=places.sites(store()) if manage_scope.reads_all() else [],
        stations={a["code"]: sum(s["area"] == a["code"] for s in stations) for a in found},
        crews={a["code"]: [c for c in working if c["area"] == a["code"]] for a in found},
        editable=manage_scope.edits_all(),
    )


@bp.get("/manage/areas/<code>")
@auth.needs(*READERS)
def show_area(code: str) -> str:
    """One area."""
    manage_nouns.stored(AREA, code)
    manage_scope.must(manage_scope.reads_area(code))
    return manage_nouns.show(AREA, code, editable=manage_scope.edits_area(code))


@bp.post("/manage/areas/<code>")
@auth.needs(*EDITORS)
def save_area(code: str) -> Answer:
    """Change an area."""
    manage_nouns.stored(AREA, code)
    manage_scope.must(manage_scope.edits_area(code))
    return manage_nouns.save(AREA, code)


@bp.get("/manage/new/area")
@auth.needs(*EDITORS)
def show_new_area() -> str:
    """The empty form of an area."""
    manage_scope.must_edit_all()
    sites = places.sites(store())
    return manage_nouns.show_new(AREA, site=sites[0]["code"] if len(sites) == 1 else "")


@bp.post("/manage/new/area")
@auth.needs(*EDITORS)
def add_area() -> Answer:
    """Add an area."""
    manage_scope.must_edit_all()
    return manage_nouns.add(AREA)


@bp.get("/manage/sites/<code>")
@auth.needs(*READERS)
def show_site(code: str) -> str:
    """One site."""
    manage_scope.must_read_all()
    return manage_nouns.show(SITE, code, editable=manage_scope.edits_all())


@bp.post("/manage/sites/<code>")
@auth.needs(*EDITORS)
def save_site(code: str) -> Answer:
    """Change a site."""
    manage_scope.must_edit_all()
    return manage_nouns.save(SITE, code)


@bp.get("/manage/new/site")
@auth.needs(*EDITORS)
def show_new_site() -> str:
    """The empty form of a site."""
    manage_scope.must_edit_all()
    return manage_nouns.show_new(SITE)


@bp.post("/manage/new/site")
@auth.needs(*EDITORS)
def add_site() -> Answer:
    """Add a site."""
    manage_scope.must_edit_all()
    return manage_nouns.add(SITE)


def _area(db: Db, code: str) -> Content | None:
    row = places.area(db, code)
    return None if row is None else dict(row)


def _write_area(db: Db, code: str, form: Form) -> None:
    old = _area(db, code)
    values: Any = {**form.values, "code": code}
    places.save_area(db, places.Area(**{"site": old["site"] if old else "", **values}))


def _make_area(db: Db, form: Form) -> str:
    code = str(form.values["code"])
    manage_nouns.must_be_free(db, AREA, code)
    _write_area(db, code, form)
    return code


def _area_page(code: str, form: Form) -> dict[str, Any]:
    stations = [row for row in places.stations(store()) if row["area"] == code and row["active"]]
    return {
        "back": ("/manage/areas", gettext("区域")),
        "title": places.area(store(), code) if code else None,
        "options": {
            "site": named_options(places.sites(store())),
            "risk": choices(AREAS.by_key["risk"]),
            "active": choices(AREAS.by_key["active"]),
        },
        "stations": stations,
    }


def _site(db: Db, code: str) -> Content | None:
    row = next((dict(row) for row in places.sites(db) if row["code"] == code), None)
    if row is None:
        return None
    own = manage_signals.content(row.pop("signals"))
    return {**row, **own}


def _write_site(db: Db, code: str, form: Form) -> None:
    own = {one.key for one in manage_signals.COLUMNS}
    values: Any = {key: value for key, value in form.values.items() if key not in own}
    places.save_site(db, places.Site(**{**values, "code": code}))
    signals.save_thresholds(db, code, manage_signals.stored(form))


def _make_site(db: Db, form: Form) -> str:
    code = str(form.values["code"])
    manage_nouns.must_be_free(db, SITE, code)
    _write_site(db, code, form)
    return code


def _read_site(form: Form) -> None:
    zone = str(form.values.get("zone", ""))
    if zone and zone not in zoneinfo.available_timezones():
        form.fault("zone", "bad_zone", value=zone)
    manage_signals.check(form)


def _site_page(code: str, form: Form) -> dict[str, Any]:
    return {
        "back": ("/manage/areas", gettext("区域")),
        "title": _site(store(), code) if code else None,
        "options": {},
        "thresholds": [one.key for one in manage_signals.COLUMNS],
    }


AREA = Noun(
    word="area",
    path="/manage/areas",
    template="manage/area.html",
    columns=some(AREAS, "name name_en risk active"),
    content=_area,
    write=_write_area,
    page=_area_page,
    new_columns=some(AREAS, "code site", site={"need": True, "about": "", "about_en": ""}),
    make=_make_area,
)
SITE = Noun(
    word="site",
    path="/manage/sites",
    template="manage/site.html",
    columns=some(SITES, "name name_en phone zone") + manage_signals.COLUMNS,
    content=_site,
    write=_write_site,
    page=_site_page,
    new_columns=some(SITES, "code"),
    make=_make_site,
    read=_read_site,
)
