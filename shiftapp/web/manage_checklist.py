"""The checklist of a job: its draft as a form that reads like the card, and its versions.

Whatever button is pressed, what was typed is kept first: the draft is right or wrong, and stays
until it is published or thrown away. A published version never changes.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from shiftapp.exchange import drafting
from shiftapp.exchange.drafting import Drafted
from shiftapp.model import drafts, places, versions
from shiftapp.problems import Problem
from shiftapp.store import Db, Row
from shiftapp.web import auth, manage_drafts, manage_rows
from shiftapp.web.context import now_ms, store
from shiftapp.web.manage_scope import EDITORS, READERS, edits_all, must_edit_all

bp = Blueprint("manage_checklist", __name__)

PATH = "/manage/jobs/<code>/checklist"
BLANK = dict.fromkeys(drafting.STEP_KEYS, "") | {"ev": "C", "fail": "stop", "dwell_s": "3"}


@bp.get(PATH)
@auth.needs(*READERS)
def show_checklist(code: str) -> str:
    """The draft of a job's checklist; for who may only read, the version in force."""
    job = job_row(code)
    newest = versions.current_checklist(store(), code)
    if not edits_all():
        return _page(job, _of_version(newest), editable=False, no=newest["no"] if newest else 0)
    draft = drafts.draft(store(), _about(code))
    return _page(job, draft["typed"] if draft else _of_version(newest), draft=draft)


@bp.get(f"{PATH}/<int:no>")
@auth.needs(*READERS)
def show_version(code: str, no: int) -> str:
    """A published version, as it is for good."""
    job = job_row(code)
    found = next((row for row in versions.checklists(store(), code) if row["no"] == no), None)
    if found is None:
        raise Problem(404, "no_version", "没有这一版。")
    return _page(job, _of_version(found), editable=False, no=no)


@bp.post(PATH)
@auth.needs(*EDITORS)
def write_checklist(code: str) -> Response | tuple[str, int]:
    """Keep what was typed, then do what the button says."""
    must_edit_all()
    job = job_row(code)
    word, at = manage_rows.action()
    rows = manage_rows.typed_rows(drafting.STEP_KEYS, ticked=("also",))
    rows, at = manage_rows.moved(rows, word, at if at >= 0 else _step() - 1, BLANK)
    typed = {
        "base": manage_drafts.number("base"),
        "title": request.form.get("title", ""),
        "title_en": request.form.get("title_en", ""),
        "rows": rows,
    }
    try:
        if word == "discard":
            store().write(lambda db: manage_drafts.throw_away(db, _about(code)))
            return redirect(_path(code), code=303)
        store().write(lambda db: manage_drafts.keep(db, _about(code), typed))
        if word == "publish":
            return _publish(code, typed)
    except Problem as problem:
        draft = drafts.draft(store(), _about(code))
        return _page(job, typed, draft=draft, problem=problem, step=at + 1), problem.status
    return redirect(f"{_path(code)}?step={at + 1}#step-{at + 1}", code=303)


def job_row(code: str) -> Row:
    """A job by its code.

    :raises Problem: 404 `no_job`.
    """
    found = places.job(store(), code)
    if found is None:
        raise Problem(404, "no_job", "没有这个岗位。")
    return found


def _publish(code: str, typed: drafts.Typed) -> Response:
    found = _read(typed, versions.current_checklist(store(), code))
    if found.faults or found.doc is None:
        raise manage_drafts.not_yet(found.faults)
    doc, me = found.doc, auth.account().id

    def write(db: Db) -> int:
        manage_drafts.must_be_newest(versions.current_checklist(db, code), typed["base"])
        no = versions.publish_checklist(db, code, doc, now_ms(), me)
        manage_drafts.published(db, _about(code), no)
        return no

    no = store().write(write)
    flash(gettext("第 %(no)s 版在用了，手机下次联网就拿到。", no=no))
    return redirect(f"{_path(code)}/{no}", code=303)


def _about(code: str) -> str:
    return f"checklist:{code}"


def _path(code: str) -> str:
    return PATH.replace("<code>", code)


def _step() -> int:
    return manage_drafts.number("step") or 1


def _of_version(version: Row | None) -> drafts.Typed:
    """What a version would be as a draft."""
    if version is None:
        return {"base": 0, "title": "", "title_en": "", "rows": [dict(BLANK)]}
    doc = version["doc"]
    titles = {"title": doc["title"], "title_en": doc.get("title_en", "")}
    return {"base": version["no"], **titles, "rows": drafting.typed_steps(doc)}


def _read(typed: drafts.Typed, newest: Row | None) -> Drafted:
    base = newest["doc"] if newest else None
    return drafting.read_checklist(typed["title"], typed["title_en"], typed["rows"], base)


def _page(
    job: Row,
    typed: drafts.Typed,
    *,
    draft: Row | None = None,
    editable: bool = True,
    no: int = 0,
    problem: Problem | None = None,
    step: int = 0,
) -> str:
    listed = versions.checklists(store(), job["code"])
    newest = listed[0] if listed else None
    found = _read(typed, newest) if draft or problem or not newest else Drafted()
    rows = typed["rows"]
    live = drafting.typed_steps(newest["doc"]) if newest else []
    return render_template(
        "manage/checklist.html",
        job=job,
        typed=typed,
        rows=rows,
        at=min(max(step or _step(), 1), max(len(rows), 1)) - 1,
        draft=draft,
        editable=editable,
        no=no,
        newest_no=newest["no"] if newest else 0,
        changed=sum(1 for row in rows if row not in live),
        versions=manage_drafts.version_list(listed),
        faults=manage_drafts.by_row(found.faults),
        hints=manage_drafts.by_row(found.hints),
        problem=problem,
        stations=places.stations_of(store(), job["code"]),
    )
