"""The form of a permit: to register one, and to put one right or extend it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from shiftapp.model import facilities, special_work_entry, special_work_rows, special_works
from shiftapp.model.special_work_checks import Entry
from shiftapp.model.special_works import Work
from shiftapp.problems import Problem
from shiftapp.store import Db, Row
from shiftapp.web import auth, special_work_scope
from shiftapp.web.context import now_ms, store
from shiftapp.web.numbers import whole
from shiftapp.web.plant_time import clock, day
from shiftapp.web.special_work_acts import desk
from shiftapp.web.special_work_times import asked_ms

bp = Blueprint("special_work_form", __name__)

HOUR_MS = 3_600_000
TEXTS = ("no", "place", "what", "contractor", "area", "facility", "guardians", "workers")


@bp.get("/special-work/new")
@auth.needs(*special_work_scope.WRITE)
def show_new() -> str:
    """The empty form of a permit."""
    begin_ms = now_ms() // HOUR_MS * HOUR_MS + HOUR_MS
    times = {"starts": begin_ms, "ends": begin_ms + 8 * HOUR_MS}
    typed = {f"{name}_date": day(ms) for name, ms in times.items()}
    return _page(None, typed | {f"{name}_time": clock(ms) for name, ms in times.items()})


@bp.post("/special-work")
@auth.needs(*special_work_scope.WRITE)
def register() -> Response | tuple[str, int]:
    """Enter a permit that somebody has issued."""

    def write(db: Db) -> int:
        said = _entry()
        _must_be_mine(said)
        return _registered_already(db, said) or special_work_entry.register(
            db, said, desk(), now_ms()
        )

    try:
        id = store().write(write)
    except Problem as problem:
        return _page(None, request.form, problem), problem.status
    return redirect(f"/special-work/{id}", code=303)


@bp.get("/special-work/<int:id>/change")
@auth.needs(*special_work_scope.WRITE)
def show_change(id: int) -> str:
    """The form of a permit that is there."""
    work = special_work_scope.writing_on(id)
    return _page(work, _typed(special_work_rows.by_id(store(), id)))


@bp.post("/special-work/<int:id>/change")
@auth.needs(*special_work_scope.WRITE)
def change(id: int) -> Response | tuple[str, int]:
    """Put it right before it starts; afterwards extend it, or change guardian and gas interval."""
    work = special_work_scope.writing_on(id)

    def write(db: Db) -> None:
        said = _entry(work)
        _must_be_mine(said)
        special_work_entry.change(db, id, said, desk(), now_ms())

    try:
        store().write(write)
    except Problem as problem:
        typed = _typed(special_work_rows.by_id(store(), id)) | request.form.to_dict()
        return _page(work, typed, problem), problem.status
    return redirect(f"/special-work/{id}", code=303)


def _must_be_mine(said: Entry) -> None:
    """Nobody registers, or moves, a work into somebody else's area.

    :raises Problem: 403 `wrong_scope`, 422 `no_area`.
    """
    if special_work_scope.writes_at(said.area):
        return
    if said.area is None:
        raise Problem(422, "no_area", "选一个区域。你只管这些区域的作业。")
    raise Problem(403, "wrong_scope", "这个区域不归你管。")


def _registered_already(db: Db, said: Entry) -> int | None:
    """The work that the same press has made a moment ago."""
    found = special_work_entry.stands(db, said)
    if found is None or found["made_by"] != auth.account().id:
        return None
    recent = now_ms() - found["made_ms"] <= special_work_rows.SAME_MS
    return int(found["id"]) if recent else None


def _entry(work: Work | None = None) -> Entry:
    """The permit as typed. Of a work that has started only what may change is asked.

    :raises Problem: 422 `no_time`, `bad_gas`.
    """
    form: Mapping[str, str] = request.form
    if work is not None and work.row["starts_ms"] <= now_ms():
        form = _typed(special_work_rows.by_id(store(), work.id)) | request.form.to_dict()
    texts = {name: form.get(name, "").strip() for name in TEXTS}
    kind, _, level = form.get("kind", "").partition(".")
    return Entry(
        no=work.row["no"] if work else texts["no"],
        kind=kind,
        level=level,
        place=texts["place"],
        what=texts["what"],
        contractor=texts["contractor"],
        area=texts["area"] or None,
        facility=texts["facility"] or None,
        site=work.row["site"] if work and not texts["area"] else "",
        changed=int(form.get("changed", "") == "1"),
        starts_ms=asked_ms(form.get("starts_date", ""), form.get("starts_time", "")),
        ends_ms=asked_ms(form.get("ends_date", ""), form.get("ends_time", "")),
        gas_every_min=_gas(form.get("gas", "").strip()),
        guardians=_numbers(texts["guardians"]),
        workers=_numbers(texts["workers"]),
    )


def _gas(text: str) -> int | None:
    """Minutes as typed; nothing typed: as the kind has it."""
    minutes = whole(text)
    if text and minutes is None:
        raise Problem(422, "bad_gas", "气体检测间隔写 0 到 %(most)s 分钟。", params={"most": 1440})
    return minutes


def _numbers(text: str) -> tuple[str, ...]:
    """Employee numbers as typed: blanks, commas or semicolons between them, of any width."""
    return tuple(one for one in re.split(r"[\s,;\u3001\uff0c\uff1b]+", text) if one)


def _typed(row: Row) -> dict[str, str]:
    """The fields of the form as a permit has them."""
    texts = {name: str(row[name] or "") for name in ("no", "place", "what", "contractor")}
    chosen = {name: str(row[name] or "") for name in ("area", "facility")}
    return {
        **texts,
        **chosen,
        "kind": f"{row['kind']}.{row['level']}" if row["level"] else row["kind"],
        "changed": str(row["changed"]),
        "gas": str(row["gas_every_min"]),
        "guardians": " ".join(row["guardians"]),
        "workers": " ".join(row["workers"]),
        "starts_date": day(row["starts_ms"]),
        "starts_time": clock(row["starts_ms"]),
        "ends_date": day(row["ends_ms"]),
        "ends_time": clock(row["ends_ms"]),
    }


def _page(work: Work | None, typed: Mapping[str, str], problem: Problem | None = None) -> str:
    started = work is not None and work.row["starts_ms"] <= now_ms()
    return render_template(
        "special_work/form.html",
        work=work,
        started=started,
        kinds=special_works.kinds(),
        note=special_works.note(),
        areas=special_work_scope.areas(),
        facilities=facilities.facilities(store()),
        writes_all=special_work_scope.writes_all(),
        typed=typed,
        problem=problem,
    )
