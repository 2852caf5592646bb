"""Shift patterns: a cycle of letters with the times of each, taken from the library or changed.

Crews of a changed pattern are planned anew from the first shift whose window is not open yet.
"""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from shiftapp.exchange import taking
from shiftapp.exchange.current import end_of, minutes_of
from shiftapp.exchange.forms_people import PATTERNS, SHIFTS
from shiftapp.model import audit, cover, crews, replan
from shiftapp.model.shifts import site_day
from shiftapp.store import Db, Row
from shiftapp.web import (
    auth,
    manage_cover,
    manage_fields,
    manage_nouns,
    manage_rows,
    manage_scope,
    manage_strip,
)
from shiftapp.web.context import now_ms, settings, store, token_bytes
from shiftapp.web.manage_fields import Content, Form, some
from shiftapp.web.manage_nouns import Answer, Noun
from shiftapp.web.manage_scope import EDITORS, READERS
from shiftapp.web.manage_strip import Strip
from shiftapp.web.plant_time import zone

bp = Blueprint("manage_patterns", __name__)

REST = "R"
NEW_ROWS = 3
TIMES = some(SHIFTS, "code name name_en start end")
KEYS = tuple(column.key for column in TIMES)
HEAD = ("name", "name_en", "cycle", "anchor", "gaps_ok", "double_ok")


@bp.get("/manage/patterns")
@auth.needs(*READERS)
def list_patterns() -> str:
    """The patterns with the next four weeks of the crews I see."""
    rows = crews.patterns(store())
    seen = [row for row in manage_scope.crews_seen() if row["active"]]
    strips = {}
    for row in rows:
        shown = [crew for crew in seen if crew["pattern"] == row["code"]]
        stored = crews.stored_pattern(store(), row["code"])
        if shown and stored:
            strips[row["code"]] = manage_strip.strip(stored, shown)
    return render_template(
        "manage/patterns.html",
        patterns=rows,
        shifts={row["code"]: _times_of(store(), row["code"]) for row in rows},
        strips=strips,
        all_of_it=manage_scope.reads_all(),
        editable=manage_scope.edits_all(),
    )


@bp.get("/manage/patterns/<code>")
@auth.needs(*READERS)
def show_pattern(code: str) -> str:
    """One pattern."""
    return manage_nouns.show(PATTERN, code, editable=manage_scope.edits_all())


@bp.post("/manage/patterns/<code>")
@auth.needs(*EDITORS)
def save_pattern(code: str) -> Answer:
    """Change a pattern; its crews are planned anew."""
    manage_scope.must_edit_all()
    return manage_nouns.save(PATTERN, code)


@bp.get("/manage/new/pattern")
@auth.needs(*EDITORS)
def show_new_pattern() -> str:
    """What the library offers, and the empty form of a pattern of one's own."""
    manage_scope.must_edit_all()
    return manage_nouns.show_new(PATTERN, anchor=site_day(zone(), now_ms()).isoformat())


@bp.post("/manage/new/pattern")
@auth.needs(*EDITORS)
def add_pattern() -> Answer:
    """Add a pattern of one's own."""
    manage_scope.must_edit_all()
    return manage_nouns.add(PATTERN)


@bp.post("/manage/new/pattern/library")
@auth.needs(*EDITORS)
def take_pattern() -> Response:
    """Take a pattern of the library."""
    manage_scope.must_edit_all()
    code = request.form.get("code", "")

    def write(db: Db) -> None:
        taking.take_pattern(db, code, site_day(zone(), now_ms()))
        audit.note(db, now_ms(), auth.account().id, "pattern.add", f"pattern:{code}", "library")

    store().write(write)
    flash(gettext("加好了。起点日和时间按本厂的改。"))
    return redirect(f"/manage/patterns/{code}", code=303)


def _content(db: Db, code: str) -> Content | None:
    row = crews.pattern(db, code)
    if row is None:
        return None
    said = {key: row[key] for key in HEAD}
    return {**said, "shifts": _times_of(db, code)}


def _times_of(db: Db, code: str) -> list[Row]:
    """The shifts of a pattern as the form has them: with an end instead of minutes."""
    return [
        {
            **{key: row[key] for key in ("code", "name", "name_en", "start")},
            "end": end_of(row["start"], row["minutes"]),
        }
        for row in crews.pattern_shifts(db, code)
    ]


def _fill(form: Form, content: Content) -> None:
    rows = [manage_fields.typed_of(TIMES, row) for row in content.get("shifts", ())]
    more = 1 if rows else NEW_ROWS
    form.rows["shifts"] = [*rows, *(dict.fromkeys(KEYS, "") for _ in range(more))]


def _read(form: Form) -> None:
    typed = manage_rows.typed_rows(KEYS)
    cycle = re.sub(r"\s", "", form.typed["cycle"]).upper()
    form.rows["shifts"] = _with_room(typed, cycle)
    form.values["cycle"] = cycle
    if not re.fullmatch("[A-Z]{1,60}", cycle) or not set(cycle) - {REST}:
        form.fault("cycle", "bad_cycle", value=cycle)
        return
    found = [_shift(form, n, row, cycle) for n, row in enumerate(typed) if any(row.values())]
    told = {row["code"].strip().upper() for row in typed}
    if lacking := " ".join(sorted(set(cycle) - {REST} - told)):
        zh, en = f"{lacking} 还没写时间，在下面写。", f"Write the times of {lacking} below."
        form.fail("cycle", zh, en)
    form.parts["shifts"] = tuple(one for one in found if one is not None)


def _with_room(typed: manage_rows.Rows, cycle: str) -> manage_rows.Rows:
    """The rows as typed, one for each letter that has none yet, and an empty one."""
    last = max((n for n, row in enumerate(typed, 1) if any(row.values())), default=0)
    told = {row["code"].strip().upper() for row in typed}
    lacking = [letter for letter in cover.letters(cycle) if letter not in told][:26]
    return [*typed[:last], *({**dict.fromkeys(KEYS, ""), "code": one} for one in (*lacking, ""))]


def _shift(form: Form, n: int, typed: dict[str, str], cycle: str) -> crews.Shift | None:
    """One shift as typed in row `n`; None where it has a fault."""
    before = len(form.faults)
    found = manage_fields.read_row(TIMES, typed, form, n)
    if len(form.faults) > before:
        return None
    name, name_en, start, end = (str(found[key]) for key in KEYS[1:])
    letter = str(found["code"]).upper()
    if letter == REST or letter not in cycle:
        form.fault(f"code.{n}", "stray_shift", value=form.typed["name"], letter=letter)
    elif minutes_of(start, end) < cover.LEAST_MIN:
        form.fault(f"end.{n}", "short_shift")
    return crews.Shift(letter, name, name_en, start, minutes_of(start, end))


def _write(db: Db, code: str, form: Form) -> None:
    made = _typed(code, form)
    assert made is not None  # a form without faults
    manage_cover.check_pattern(db, made, form)
    crews.save_pattern(db, made)
    working = [row["code"] for row in crews.crews(db) if row["pattern"] == code]
    if working:
        replan.plan_again(db, settings(), working, now_ms(), token_bytes)


def _make(db: Db, form: Form) -> str:
    code = str(form.values["code"])
    manage_nouns.must_be_free(db, PATTERN, code)
    _write(db, code, form)
    return code


def _typed(code: str, form: Form) -> crews.Pattern | None:
    """The pattern as typed; None where its cycle cannot be drawn yet."""
    times = form.parts.get("shifts", ())
    values: Any = {key: form.values.get(key, "") for key in HEAD}
    wanted = set(cover.letters(values["cycle"])) if times and values["anchor"] else set()
    if not wanted or wanted - {one.code for one in times}:
        return None
    return crews.Pattern(**{**values, "code": code, "name": values["name"] or code}, shifts=times)


def _strip(code: str, form: Form) -> Strip | None:
    """Four weeks of what was typed, else of what is stored; of the crews I see, or of examples."""
    working = [row for row in crews.crews(store()) if row["pattern"] == code and row["active"]]
    seen = {row["code"] for row in manage_scope.crews_seen()}
    shown = [row for row in working if row["code"] in seen]
    drawn = _typed(code, form) if form.values else crews.stored_pattern(store(), code)
    if drawn is None or (working and not shown):
        return None
    return manage_strip.strip(drawn, shown, working)


def _page(code: str, form: Form) -> dict[str, Any]:
    return {
        "back": ("/manage/patterns", gettext("班制")),
        "title": crews.pattern(store(), code) if code else None,
        "options": {},
        "times": TIMES,
        "strip": _strip(code, form),
        "offered": taking.offered_patterns(store()) if not code else [],
    }


PATTERN = Noun(
    word="pattern",
    path="/manage/patterns",
    template="manage/pattern.html",
    columns=some(
        PATTERNS,
        "name name_en cycle anchor gaps_ok double_ok",
        anchor={"need": True},
        cycle={"need": True},
        gaps_ok=manage_cover.GAPS,
        double_ok=manage_cover.DOUBLE,
    ),
    content=_content,
    write=_write,
    page=_page,
    new_columns=some(PATTERNS, "code"),
    make=_make,
    read=_read,
    fill=_fill,
)
