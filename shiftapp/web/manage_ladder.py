"""The ladder of sign-offs as data: its levels, the units on them, their crews and who signs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from shiftapp.exchange.columns import Column
from shiftapp.model import audit, crews, people, places, placing, units
from shiftapp.model.units import MOST_LEVELS, Unit
from shiftapp.problems import Problem
from shiftapp.store import Db
from shiftapp.web import auth, manage_nouns, manage_scope
from shiftapp.web.context import now_ms, store
from shiftapp.web.manage_fields import Content, Form, named_options
from shiftapp.web.manage_nouns import Answer, Noun
from shiftapp.web.manage_scope import EDITORS, READERS

bp = Blueprint("manage_ladder", __name__)

FIELDS = (
    Column("name", "名称", "Name", need=True, most=40),
    Column("name_en", "英文名称", "English name", most=120),
    Column("level", "级别", "Level", "code", need=True),
    Column(
        "parent", "报给谁", "Reports to", "code", "空：最高一级", "Empty: the top of its site"
    ),
    Column(
        "area", "区域", "Area", "code", "没写谁签，就由管这个区域的人签",
        "Where nobody is named, who manages this area signs",
    ),
    Column("crews", "班组", "Crews", "codes"),
    Column(
        "signers", "谁签（工号）", "Who signs (numbers)", "text",
        "几个人用空格隔开。空：按角色，最高一级是签发人",
        "Several with spaces between. Empty: by role, the top by the signatories", most=120,
    ),
)  # fmt: skip
UNKNOWN = {"noun": "工号", "noun_en": "number", "guess": "", "guess_en": ""}
CODE = Column("code", "代码", "Code", "code", need=True, most=16)
SITE = Column("site", "厂区", "Site", "code", need=True)


@bp.get("/manage/ladder")
@auth.needs(*READERS)
def show_ladder() -> str:
    """The levels, and the units from the top down."""
    manage_scope.must_read_all()
    return _page()


@bp.post("/manage/ladder/levels")
@auth.needs(*EDITORS)
def save_levels() -> Answer:
    """Name the levels; an empty name ends them."""
    manage_scope.must_edit_all()
    typed = [
        (request.form.get(f"name.{n}", "").strip(), request.form.get(f"name_en.{n}", "").strip())
        for n in range(1, MOST_LEVELS + 1)
    ]
    named = typed
    while named and named[-1] == ("", ""):
        named = named[:-1]
    before = [(row["name"], row["name_en"]) for row in units.levels(store())]

    def write(db: Db) -> None:
        units.set_levels(db, named)
        audit.note(db, now_ms(), auth.account().id, "ladder.save", f"level:{len(named)}")

    try:
        if named != before:
            store().write(write)
    except Problem as problem:
        return _page(typed, problem), problem.status
    flash(gettext("存好了。"))
    return redirect("/manage/ladder", code=303)


@bp.post("/manage/ladder/place")
@auth.needs(*EDITORS)
def place_crews() -> Response:
    """Put crews that answer to nobody under the workshop of their area."""
    manage_scope.must_edit_all()

    def write(db: Db) -> None:
        if placing.place(db):
            audit.note(db, now_ms(), auth.account().id, "ladder.save", "unit:", "place")

    store().write(write)
    return redirect("/manage/ladder", code=303)


@bp.get("/manage/units/<code>")
@auth.needs(*READERS)
def show_unit(code: str) -> str:
    """One unit."""
    manage_scope.must_read_all()
    return manage_nouns.show(UNIT, code, editable=manage_scope.edits_all())


@bp.post("/manage/units/<code>")
@auth.needs(*EDITORS)
def save_unit(code: str) -> Answer:
    """Change a unit, its crews, and who signs it."""
    manage_scope.must_edit_all()
    return manage_nouns.save(UNIT, code)


@bp.get("/manage/new/unit")
@auth.needs(*EDITORS)
def show_new_unit() -> str:
    """The empty form of a unit."""
    manage_scope.must_edit_all()
    sites = places.sites(store())
    return manage_nouns.show_new(UNIT, site=sites[0]["code"] if len(sites) == 1 else "", level="2")


@bp.post("/manage/new/unit")
@auth.needs(*EDITORS)
def add_unit() -> Answer:
    """Add a unit."""
    manage_scope.must_edit_all()
    return manage_nouns.add(UNIT)


def _page(typed: list[tuple[str, str]] | None = None, problem: Problem | None = None) -> str:
    rows = units.levels(store())
    names = typed or [(row["name"], row["name_en"]) for row in rows]
    everybody = [crew for crew in crews.crews(store()) if crew["active"]]
    found = units.units(store())
    return render_template(
        "manage/ladder.html",
        names=[*names, *[("", "")] * (MOST_LEVELS - len(names))],
        units=found,
        crews={unit["code"]: [c for c in everybody if c["unit"] == unit["code"]] for unit in found},
        signers={unit["code"]: units.signers(store(), unit) for unit in found},
        nowhere=[crew for crew in everybody if crew["unit"] is None],
        editable=manage_scope.edits_all(),
        problem=problem,
    )


def _content(db: Db, code: str) -> Content | None:
    row = units.unit(db, code)
    if row is None:
        return None
    numbers = [people.person(db, one) for one in units.named_signers(db, code)]
    return {
        **{key: row[key] for key in ("name", "name_en", "site")},
        "level": str(row["level"]),
        "parent": row["parent"] or "",
        "area": row["area"] or "",
        "crews": [c["code"] for c in crews.crews(db) if c["unit"] == code and c["active"]],
        "signers": " ".join(sorted(one["no"] for one in numbers if one is not None)),
    }


def _read(form: Form) -> None:
    found = []
    for no in str(form.values.get("signers", "")).replace("，", " ").replace(",", " ").split():
        person = people.by_no(store(), no)
        if person is None:
            form.fault("signers", "unknown", **UNKNOWN, value=no)
        else:
            found.append(person["id"])
    form.parts["signers"] = found
    form.parts["crews"] = form.values.get("crews", ())


def _write(db: Db, code: str, form: Form) -> None:
    stored, values = units.unit(db, code), form.values
    site = str(values.get("site") or (stored or {}).get("site", ""))
    names = str(values["name"]), str(values["name_en"])
    parent, area = (str(values[key]) or None for key in ("parent", "area"))
    units.save_unit(db, Unit(code, _level(values["level"]), site, *names, parent, area))
    units.set_signers(db, code, form.parts["signers"])
    units.set_crews(db, code, form.parts["crews"])


def _level(value: object) -> int:
    text = str(value)
    return int(text) if text.isdecimal() else 0


def _make(db: Db, form: Form) -> str:
    code = str(form.values["code"])
    manage_nouns.must_be_free(db, UNIT, code)
    _write(db, code, form)
    return code


def _unit_page(code: str, form: Form) -> dict[str, Any]:
    row = units.unit(store(), code) if code else None
    levels = [one for one in units.levels(store()) if one["no"] > 1]
    others = [one for one in units.units(store()) if one["code"] != code]
    return {
        "back": ("/manage/ladder", gettext("层层签字")),
        "title": row,
        "options": {
            "site": named_options(places.sites(store())),
            "level": [(str(one["no"]), one) for one in levels],
            "parent": named_options(others),
            "area": named_options(places.areas(store())),
            "crews": named_options(crews.crews(store())),
        },
        "by_role": units.signers(store(), row) if row else [],
    }


UNIT = Noun(
    word="unit",
    path="/manage/units",
    template="manage/unit.html",
    columns=FIELDS,
    content=_content,
    write=_write,
    page=_unit_page,
    new_columns=(CODE, SITE),
    make=_make,
    read=_read,
)
