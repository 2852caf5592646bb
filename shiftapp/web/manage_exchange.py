"""The plant as a workbook, at the desk: send one, see what it would change, apply it; take one.

Only for who manages all of the plant. Nothing is applied unless the file is good, and only what
the preview showed: if somebody changed the plant meanwhile, the new preview comes back.
"""

from __future__ import annotations

import hashlib
import io
import json
from urllib.parse import quote

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from shiftapp.exchange import telling
from shiftapp.exchange.applying import apply
from shiftapp.exchange.archive import MOST_MB
from shiftapp.exchange.changes import Changes, changes
from shiftapp.exchange.faults import Fault
from shiftapp.exchange.plan import Plan
from shiftapp.exchange.reading import read_workbook
from shiftapp.exchange.writing import write_template, write_workbook
from shiftapp.model import audit, crews, everybody, places
from shiftapp.problems import Problem
from shiftapp.store import Db
from shiftapp.web import auth, manage_scope, manage_uploads
from shiftapp.web.context import now_ms, store, token_bytes
from shiftapp.web.language import language
from shiftapp.web.manage_scope import ABOVE, EDITORS

bp = Blueprint("manage_exchange", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_FAULTS = 200


@bp.get("/manage/exchange")
@auth.needs(*EDITORS)
def show_exchange() -> str:
    """What can be sent, taken and printed."""
    manage_scope.must_edit_all()
    return _page()


@bp.post("/manage/exchange")
@auth.needs(*EDITORS)
def send_workbook() -> str | tuple[str, int]:
    """Read a workbook: its faults, or what it would change. Nothing is changed yet.

    Answers with the page itself and no 303: what it shows was read from the file just sent.
    """
    manage_scope.must_edit_all()
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _page(problem=Problem(422, "no_file", "先选一个文件。")), 422
    with sent.stream as stream:  # a large one is a file that wants closing
        data = stream.read()
    plan = read_workbook(io.BytesIO(data))
    found = changes(store(), plan, now_ms())
    if found.faults:
        return _page(found=found, name=sent.filename), 422
    sha = manage_uploads.keep(auth.account().id, data) if found.total else ""
    return _page(found=found, name=sent.filename, sha=sha, problem=_above_you(found))


@bp.post("/manage/exchange/apply")
@auth.needs(*EDITORS)
def apply_workbook() -> BaseResponse | tuple[str, int]:
    """Write what the preview showed, all of it or nothing."""
    manage_scope.must_edit_all()
    me, sha = auth.account(), request.form.get("file", "")
    name = request.form.get("name", "")[:200]
    plan = read_workbook(io.BytesIO(manage_uploads.kept(me.id, sha)))
    seen = request.form.get("seen", "")
    try:
        total = store().write(lambda db: _apply(db, plan, seen, name))
    except Problem as problem:
        plan = read_workbook(io.BytesIO(manage_uploads.kept(me.id, sha)))
        found = changes(store(), plan, now_ms())
        return _page(found=found, name=name, sha=sha, problem=problem), problem.status
    manage_uploads.forget(me.id, sha)
    flash(gettext("写好了：%(n)s 条。", n=total))
    return redirect("/manage/exchange", code=303)


@bp.get("/manage/exchange/template.xlsx")
@auth.needs(*EDITORS)
def take_template() -> Response:
    """The empty form."""
    manage_scope.must_edit_all()
    return file_answer(write_template(), XLSX, gettext("模板.xlsx"))


@bp.get("/manage/exchange/plant.xlsx")
@auth.needs(*EDITORS)
def take_workbook() -> Response:
    """All that the install holds, in the same form; who took it is noted."""
    manage_scope.must_edit_all()
    data = write_workbook(store(), now_ms())
    store().write(lambda db: audit.note(db, now_ms(), auth.account().id, "export", "plant.xlsx"))
    return file_answer(data, XLSX, gettext("现有内容.xlsx"))


def above_me(db: Db) -> set[str]:
    """People (ids) whose access is not below the signed-in person's: no card is printed for them.

    A card of a signatory in a manager's hands would be the signature itself.
    """
    if manage_scope.is_admin():
        return set()
    high = {*ABOVE, "manager"}
    holders = everybody.roles(db)
    return {id for id, roles in holders.items() if high & {role[0] for role in roles}}


def file_answer(data: bytes, mimetype: str, name: str) -> Response:
    """A file to keep, under a name in whatever language."""
    response = Response(data, mimetype=mimetype)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _apply(db: Db, plan: Plan, seen: str, name: str) -> int:
    """Compare and write in one transaction: nobody changes anything in between.

    :raises Problem: 409 `changed_meanwhile`, 403 `above_you`.
    """
    found = changes(db, plan, now_ms())
    if found.faults or _mark(found) != seen:
        raise Problem(409, "changed_meanwhile", "内容刚才变了，什么也没写。再看一遍，再按一次。")
    if problem := _above_you(found):
        raise problem
    apply(db, found, now_ms(), token_bytes, by=auth.account().id, name=name)
    return found.total


def _above_you(found: Changes) -> Problem | None:
    """The refusal where high roles would change under the hand of somebody below them."""
    old = found.current.records["person"]
    wanted = found.wanted["person"].items()
    above = [no for no, new in wanted if _high(old.get(no)) != _high(new)]
    if not above or manage_scope.is_admin():
        return None
    return Problem(
        403,
        "above_you",
        "%(no)s 的签发人或管理员角色，要系统管理员来改。什么也没写。",
        params={"no": "、".join(above[:5])},
    )


def _high(content: dict[str, object] | None) -> set[tuple[str, ...]]:
    if content is None or not content["active"]:
        return set()
    return {role for role in content["roles"] if role[0] in ABOVE}  # type: ignore[attr-defined]


def _mark(found: Changes) -> str:
    """What a preview showed and what would be written, as one short text."""
    said = json.dumps([telling.as_dict(found)["nouns"], found.wanted], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _page(
    *,
    found: Changes | None = None,
    name: str = "",
    sha: str = "",
    problem: Problem | None = None,
) -> str:
    faults = found.faults if found else []
    waiting, above = everybody.for_cards(store(), now_ms(), "", False), above_me(store())
    return render_template(
        "manage/exchange.html",
        found=found,
        faults=[_said(one) for one in faults[:MOST_FAULTS]],
        fault_count=len(faults),
        notes=[_said(one) for one in found.notes] if found else [],
        nouns=telling.summaries(found) if found and not faults else [],
        mark=_mark(found) if found and not faults else "",
        name=name,
        sha=sha,
        problem=problem,
        most_mb=MOST_MB,
        stations=sum(1 for row in places.stations(store()) if row["active"]),
        crews=[row for row in crews.crews(store()) if row["active"]],
        waiting=sum(1 for row in waiting if row["id"] not in above),
    )


def _said(one: Fault) -> dict[str, object]:
    """A fault as a row of the page's table, in its language."""
    english = language() == "en"
    return {
        "sheet": one.sheet,
        "row": one.row or "",
        "cell": one.cell,
        "column": one.column_en if english else one.column,
        "text": one.en if english else one.zh,
    }
