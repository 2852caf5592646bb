"""Crews and the reporting groups they are counted in.

A crew that gets another pattern, offset or group is planned anew from the first shift whose window
is not open yet and that nobody has touched.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext

from shiftapp.exchange.forms_people import CREWS, GROUPS
from shiftapp.ledger.entries import MIN_SLOTS
from shiftapp.model import crews, directory, people, places, replan
from shiftapp.store import Db
from shiftapp.web import auth, manage_cover, manage_nouns, manage_scope, manage_strip
from shiftapp.web.context import now_ms, settings, store, token_bytes
from shiftapp.web.manage_fields import Content, Form, choices, named_options, some
from shiftapp.web.manage_nouns import Answer, Noun
from shiftapp.web.manage_scope import EDITORS, READERS

bp = Blueprint("manage_crews", __name__)

PLANNED = ("pattern", "offset", "group", "active")  # what decides over shifts and their series


@bp.get("/manage/crews")
@auth.needs(*READERS)
def list_crews() -> str:
    """The crews I see with their leaders, and the reporting groups."""
    found = manage_scope.crews_seen()
    groups = crews.groups(store()) if manage_scope.reads_all() else []
    everybody = crews.crews(store())
    return render_template(
        "manage/crews.html",
        crews=found,
        leaders=directory.leaders_of(store(), found),
        groups=[
            {**group, "crews": [c for c in everybody if c["grp"] == group["code"] and c["active"]]}
            for group in groups
        ],
        least=MIN_SLOTS,
        editable=manage_scope.edits_all(),
        patterns=crews.patterns(store()),
        sites=places.sites(store()),
    )


@bp.get("/manage/crews/<code>")
@auth.needs(*READERS)
def show_crew(code: str) -> str:
    """One crew with its next four weeks."""
    manage_nouns.stored(CREW, code)
    manage_scope.must(manage_scope.reads_crew(code))
    return manage_nouns.show(CREW, code, editable=manage_scope.edits_crew(code))


@bp.post("/manage/crews/<code>")
@auth.needs(*EDITORS)
def save_crew(code: str) -> Answer:
    """Change a crew."""
    manage_nouns.stored(CREW, code)
    manage_scope.must(manage_scope.edits_crew(code))
    return manage_nouns.save(CREW, code)


@bp.get("/manage/new/crew")
@auth.needs(*EDITORS)
def show_new_crew() -> str:
    """The empty form of a crew."""
    manage_scope.must_edit_all()
    return manage_nouns.show_new(CREW, pattern=request.args.get("pattern", ""))


@bp.post("/manage/new/crew")
@auth.needs(*EDITORS)
def add_crew() -> Answer:
    """Add a crew."""
    manage_scope.must_edit_all()
    return manage_nouns.add(CREW)


@bp.get("/manage/groups/<code>")
@auth.needs(*READERS)
def show_group(code: str) -> str:
    """One reporting group."""
    manage_scope.must_read_all()
    return manage_nouns.show(GROUP, code, editable=manage_scope.edits_all())


@bp.post("/manage/groups/<code>")
@auth.needs(*EDITORS)
def save_group(code: str) -> Answer:
    """Change the names of a reporting group."""
    manage_scope.must_edit_all()
    return manage_nouns.save(GROUP, code)


@bp.get("/manage/new/group")
@auth.needs(*EDITORS)
def show_new_group() -> str:
    """The empty form of a reporting group."""
    manage_scope.must_edit_all()
    sites = places.sites(store())
    return manage_nouns.show_new(GROUP, site=sites[0]["code"] if len(sites) == 1 else "")


@bp.post("/manage/new/group")
@auth.needs(*EDITORS)
def add_group() -> Answer:
    """Add a reporting group."""
    manage_scope.must_edit_all()
    return manage_nouns.add(GROUP)


def _crew(db: Db, code: str) -> Content | None:
    row = crews.crew(db, code)
    if row is None:
        return None
    said = {key: row[key] for key in ("name", "name_en", "pattern", "active")}
    return {**said, "group": row["grp"], "area": row["area"] or "", "offset": row["day_offset"]}


def _read_crew(form: Form) -> None:
    group, area = (str(form.values.get(key, "")) for key in ("group", "area"))
    sites = {row["code"]: row["site"] for row in crews.groups(store())}
    there = places.area(store(), area)
    if group and group not in sites:
        form.fail("group", f"没有这个统计组：{group}。", f"There is no group {group}.")
    if group and there and sites.get(group, there["site"]) != there["site"]:
        form.fault("area", "other_site", site=sites[group])
    if not manage_scope.edits_all() and not (area and manage_scope.edits_area(area)):
        form.fail("area", "这个区域不归你管。", "This area is not yours.")


def _write_crew(db: Db, code: str, form: Form) -> None:
    before, values = _crew(db, code), form.values
    sites = {row["code"]: row["site"] for row in crews.groups(db)}
    made: Any = {key: values[key] for key in ("name", "name_en", "pattern", "active")}
    made |= {"grp": values["group"], "site": sites.get(str(values["group"]), "")}
    made |= {"area": values["area"] or None, "day_offset": values["offset"]}
    crew = crews.Crew(code=code, **made)
    manage_cover.check_crew(db, crew, form)
    crews.save_crew(db, crew)
    if before is None or any(before[key] != values[key] for key in PLANNED):
        replan.plan_again(db, settings(), [code], now_ms(), token_bytes)


def _make_crew(db: Db, form: Form) -> str:
    code = str(form.values["code"])
    manage_nouns.must_be_free(db, CREW, code)
    _write_crew(db, code, form)
    return code


def _crew_page(code: str, form: Form) -> dict[str, Any]:
    row = crews.crew(store(), code) if code else None
    return {
        "back": ("/manage/crews", gettext("班组")),
        "title": row,
        "options": {
            "group": named_options(crews.groups(store())),
            "area": named_options(places.areas(store())),
            "pattern": named_options(crews.patterns(store())),
            "active": choices(CREWS.by_key["active"]),
        },
        "strip": manage_strip.crew_strip(code, form.values or _crew(store(), code) or {}),
        "members": people.in_crew(store(), code) if code else [],
    }


def _group(db: Db, code: str) -> Content | None:
    return next((dict(row) for row in crews.groups(db) if row["code"] == code), None)


def _write_group(db: Db, code: str, form: Form) -> None:
    old = _group(db, code)
    values: Any = {"site": old["site"] if old else "", **form.values}
    crews.save_reporting_group(db, crews.Group(**{**values, "code": code}))


def _make_group(db: Db, form: Form) -> str:
    code = str(form.values["code"])
    manage_nouns.must_be_free(db, GROUP, code)
    _write_group(db, code, form)
    return code


def _group_page(code: str, form: Form) -> dict[str, Any]:
    counted = [row for row in crews.crews(store()) if row["grp"] == code and row["active"]]
    return {
        "back": ("/manage/crews", gettext("班组")),
        "title": _group(store(), code) if code else None,
        "options": {"site": named_options(places.sites(store()))},
        "counted": counted,
        "least": MIN_SLOTS,
    }


PLAIN = {"about": "", "about_en": ""}
CREW = Noun(
    word="crew",
    path="/manage/crews",
    template="manage/crew.html",
    columns=some(
        CREWS,
        "name name_en group area pattern offset active",
        group=PLAIN,
        area={"about": "空：整个厂区", "about_en": "Empty: the whole site"},
        pattern=PLAIN,
    ),
    content=_crew,
    write=_write_crew,
    page=_crew_page,
    new_columns=some(CREWS, "code"),
    make=_make_crew,
    read=_read_crew,
)
GROUP = Noun(
    word="group",
    path="/manage/groups",
    template="manage/group.html",
    columns=some(GROUPS, "name name_en"),
    content=_group,
    write=_write_group,
    page=_group_page,
    new_columns=some(GROUPS, "code site", site={**PLAIN, "need": True}),
    make=_make_group,
)
