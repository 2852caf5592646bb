"""The list of process units, tank farms and warehouses: what is counted in the announcement.

Whoever takes something off this list changes what the plant tells, so it is kept by who manages
the whole plant. Their states of today are entered elsewhere (facilities.py).
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext

from shiftapp.exchange.forms_facilities import AT_A_DESK, FACILITIES
from shiftapp.model import facilities, places
from shiftapp.store import Db, Row
from shiftapp.web import auth, manage_nouns, manage_scope
from shiftapp.web.context import now_ms, store
from shiftapp.web.manage_fields import Content, Form, choices, named_options, some
from shiftapp.web.manage_nouns import Answer, Noun
from shiftapp.web.manage_scope import EDITORS, READERS

bp = Blueprint("manage_facilities", __name__)

KEPT = tuple(column.key for column in FACILITIES.columns)


@bp.get("/manage/facilities")
@auth.needs(*READERS)
def list_facilities() -> str:
    """The facilities I see: all, or those of my areas."""
    return render_template(
        "manage/facilities.html",
        facilities=[row for row in facilities.every(store()) if _reads(row)],
        states={one.row["code"]: one for one in facilities.now(store(), now_ms())},
        sites=places.sites(store()),
        editable=manage_scope.edits_all(),
    )


@bp.get("/manage/facilities/<code>")
@auth.needs(*READERS)
def show_facility(code: str) -> str:
    """One facility."""
    manage_scope.must(_reads(manage_nouns.stored(FACILITY, code)))
    return manage_nouns.show(FACILITY, code, editable=manage_scope.edits_all())


@bp.post("/manage/facilities/<code>")
@auth.needs(*EDITORS)
def save_facility(code: str) -> Answer:
    """Change a facility."""
    manage_scope.must_edit_all()
    return manage_nouns.save(FACILITY, code)


@bp.get("/manage/new/facility")
@auth.needs(*EDITORS)
def show_new_facility() -> str:
    """The empty form of a facility."""
    manage_scope.must_edit_all()
    sites = places.sites(store())
    return manage_nouns.show_new(FACILITY, site=sites[0]["code"] if len(sites) == 1 else "")


@bp.post("/manage/new/facility")
@auth.needs(*EDITORS)
def add_facility() -> Answer:
    """Add a facility."""
    manage_scope.must_edit_all()
    return manage_nouns.add(FACILITY)


def _reads(row: Row | Content) -> bool:
    if manage_scope.reads_all():
        return True
    return bool(row["area"]) and manage_scope.reads_area(str(row["area"]))


def _content(db: Db, code: str) -> Content | None:
    row = facilities.facility(db, code)
    return None if row is None else {key: row[key] for key in KEPT}


def _write(db: Db, code: str, form: Form) -> None:
    old = _content(db, code) or {}
    values: Any = {**old, **form.values, "code": code, "area": form.values["area"] or None}
    facilities.save(db, facilities.Facility(**values))


def _make(db: Db, form: Form) -> str:
    code = str(form.values["code"])
    manage_nouns.must_be_free(db, FACILITY, code)
    _write(db, code, form)
    return code


def _page(code: str, form: Form) -> dict[str, Any]:
    row = facilities.facility(store(), code) if code else None
    areas = [one for one in places.areas(store()) if row is None or one["site"] == row["site"]]
    known = {one.row["code"]: one for one in facilities.now(store(), now_ms())}
    return {
        "back": ("/manage/facilities", gettext("装置、罐区、仓库")),
        "title": row,
        "now": known.get(code),
        "options": {
            "site": named_options(places.sites(store())),
            "area": named_options(areas),
            **{key: choices(FACILITIES.by_key[key]) for key in ("kind", "hazard_rank", "active")},
        },
    }


FACILITY = Noun(
    word="facility",
    path="/manage/facilities",
    template="manage/facility.html",
    columns=some(
        FACILITIES, "name name_en kind area hazard_rank hazard_code process active", **AT_A_DESK
    ),
    content=_content,
    write=_write,
    page=_page,
    new_columns=some(FACILITIES, "code site", site={"need": True, "about": "", "about_en": ""}),
    make=_make,
)
