"""The checklist of a job: its draft as a form that reads like the card, and its versions.

Whatever button is pressed, what was typed is kept first: the draft is right or wrong, and stays
until it is published or thrown away. A published version never changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from shiftapp.exchange import drafting
from shiftapp.exchange.drafting import Drafted, Said
from shiftapp.model import audit, drafts, people, places, versions
from shiftapp.problems import Problem
from shiftapp.store import Db, Row
from shiftapp.web import auth, manage_rows
from shiftapp.web.context import now_ms, store

bp = Blueprint("manage_checklist", __name__)

READERS = ("manager", "admin", "inspector")
EDITORS = ("manager", "admin")
PATH = "/manage/jobs/<code>/checklist"
BLANK = {key: "" for key in drafting.STEP_KEYS} | {"ev": "C", "fail": "stop", "dwell_s": "3"}


@bp.get(PATH)
@auth.needs(*READERS)
def show_checklist(code: str) -> str:
    """The draft of a job's checklist; for who may only read, the version in force."""
    job = job_row(code)
    newest = versions.current_checklist(store(), code)
    if not may_edit():
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
    must_edit()
    job = job_row(code)
    word, at = manage_rows.action()
    rows = manage_rows.typed_rows(drafting.STEP_KEYS, ticked=("also",))
    rows, at = manage_rows.moved(rows, word, at if at >= 0 else _step() - 1, BLANK)
    typed = {
        "base": _number("base"),
        "title": request.form.get("title", ""),
        "title_en": request.form.get("title_en", ""),
        "rows": rows,
    }
    try:
        if word == "discard":
            store().write(lambda db: _discard(db, code))
            return redirect(_path(code), code=303)
        store().write(lambda db: _save(db, code, typed))
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


def may_edit() -> bool:
    """Whether the signed-in person may change what holds for the whole plant."""
    return any(one.role in EDITORS and one.scope_kind == "all" for one in auth.account().roles)


def must_edit() -> None:
    """Only for who manages the whole plant.

    :raises Problem: 403 `wrong_scope`.
    """
    if not may_edit():
        raise Problem(403, "wrong_scope", "岗位、手指口述卡和承诺书是全厂的，你只管一部分。")


def version_list(rows: Sequence[Row]) -> list[Row]:
    """Versions with the name of who published each."""
    names = {row["published_by"]: people.person(store(), row["published_by"]) for row in rows}
    return [{**row, "person": names[row["published_by"]]} for row in rows]


def _publish(code: str, typed: drafts.Typed) -> Response:
    newest = versions.current_checklist(store(), code)
    found = _read(typed, newest)
    if found.faults or found.doc is None:
        n = len(found.faults)
        raise Problem(422, "not_yet", "还有 %(n)s 处要改，标在步骤上。", params={"n": n})
    doc, me = found.doc, auth.account().id

    def write(db: Db) -> int:
        there = versions.current_checklist(db, code)
        if there is not None and there["no"] != typed["base"]:
            raise Problem(
                409,
                "newer_version",
                "第 %(no)s 版刚由别人发布。先看一眼再发布：再按一次，就发布你的。",
                params={"no": there["no"]},
            )
        no = versions.publish_checklist(db, code, doc, now_ms(), me)
        drafts.drop(db, _about(code), _mark(db, code))
        audit.note(db, now_ms(), me, "checklist.publish", f"job:{code}", str(no))
        return no

    no = store().write(write)
    flash(gettext("第 %(no)s 版在用了，手机下次联网就拿到。", no=no))
    return redirect(f"{_path(code)}/{no}", code=303)


def _save(db: Db, code: str, typed: drafts.Typed) -> None:
    me, seen = auth.account().id, request.form.get("seen", "")
    if drafts.draft(db, _about(code)) is None:
        audit.note(db, now_ms(), me, "checklist.draft", f"job:{code}")
    drafts.save(db, _about(code), typed, seen, me, now_ms())


def _discard(db: Db, code: str) -> None:
    drafts.drop(db, _about(code), request.form.get("seen", ""))
    audit.note(db, now_ms(), auth.account().id, "checklist.discard", f"job:{code}")


def _mark(db: Db, code: str) -> str:
    draft = drafts.draft(db, _about(code))
    return str(draft["mark"]) if draft else ""


def _about(code: str) -> str:
    return f"checklist:{code}"


def _path(code: str) -> str:
    return PATH.replace("<code>", code)


def _step() -> int:
    return _number("step") or 1


def _number(name: str) -> int:
    text = request.values.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0


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
        versions=version_list(listed),
        faults=_by_row(found.faults),
        hints=_by_row(found.hints),
        problem=problem,
        stations=places.stations_of(store(), job["code"]),
    )


def _by_row(said: Sequence[Said]) -> dict[int, list[dict[str, Any]]]:
    """Sentences by row, −1: of the whole; as rows that `named` picks the language of."""
    found: dict[int, list[dict[str, Any]]] = {}
    for one in said:
        row = -1 if one.row is None else one.row
        found.setdefault(row, []).append({**asdict(one), "text": one.zh, "text_en": one.en})
    return found
