"""The sheets of the plain form: commitment, "not today", the steps, a hazard.

Each is one page with everything on it, sent once. What is missing comes back as the same page with
all that was typed. A sheet sent again shows the first receipt, whatever it carries.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from shiftapp.ledger import encoding
from shiftapp.model import kept, pack, versions
from shiftapp.problems import Problem
from shiftapp.store import Row
from shiftapp.web import auth, form_answers
from shiftapp.web.context import now_ms, store
from shiftapp.web.form import PLACE, SCANNED, bp, spot_at
from shiftapp.web.form_answers import Missing
from shiftapp.web.form_sealing import Sheet, Spot, new_sheet, sheet_of
from shiftapp.web.form_taking import Own, take
from shiftapp.web.numbers import whole

__all__ = ["bp"]


@bp.get(f"{PLACE}/commit")
@bp.get(f"{SCANNED}/commit")
def show_commit(code: str, mac: str | None = None) -> str:
    """The commitment: every item, the oath, the rights."""
    return _commit_page(_chosen(code, mac), new_sheet())


@bp.post(f"{PLACE}/commit")
@bp.post(f"{SCANNED}/commit")
def commit(code: str, mac: str | None = None) -> Response | str | tuple[str, int]:
    """Seal a commitment. "Not today" goes by its own sheet, with nothing else asked."""
    spot, sheet = _chosen(code, mac), sheet_of(request.form)
    text = _text_shown()
    job = pack.job_of(store(), _must(spot.job))
    items = form_answers.shown_items(text["doc"], job["ppe"], job["card"])
    read = form_answers.read_commitment(request.form, items)
    if read.unfit and not kept.exists(store(), sheet.id):
        return _cannot_page(spot, sheet)
    own: Own = {
        "text": _version(text),
        "result": "committed",
        "answers": read.answers,
        "sign": {"how": "form", "blob": None},
    }
    return take(
        "commit", spot, sheet, own, read.missing, lambda **w: _commit_page(spot, sheet, **w)
    )


@bp.get(f"{PLACE}/cannot")
@bp.get(f"{SCANNED}/cannot")
def show_cannot(code: str, mac: str | None = None) -> str:
    """Not today: who will see it, and that nobody asks why."""
    return _cannot_page(_chosen(code, mac), new_sheet())


@bp.post(f"{PLACE}/cannot")
@bp.post(f"{SCANNED}/cannot")
def cannot(code: str, mac: str | None = None) -> Response | tuple[str, int]:
    """Seal "not today": it needs no other answer."""
    spot, sheet = _chosen(code, mac), sheet_of(request.form)
    text = _text_shown()
    fit = next(item for item in text["doc"]["items"] if item["type"] == "fit")
    option = next(option for option in fit["options"] if option["r"] == "unfit")
    own: Own = {
        "text": _version(text),
        "result": "cannot",
        "answers": [{"i": fit["id"], "r": "unfit", "a": [option["id"]]}],
        "sign": None,
    }
    return take("commit", spot, sheet, own, (), lambda **w: _cannot_page(spot, sheet, **w))


@bp.get(f"{PLACE}/run")
@bp.get(f"{SCANNED}/run")
def show_run(code: str, mac: str | None = None) -> str:
    """All the steps of the checklist."""
    return _run_page(_chosen(code, mac), new_sheet())


@bp.post(f"{PLACE}/run")
@bp.post(f"{SCANNED}/run")
def run(code: str, mac: str | None = None) -> Response | tuple[str, int]:
    """Seal a run; a failed veto step, or 停, ends it there."""
    spot, sheet = _chosen(code, mac), sheet_of(request.form)
    version = _checklist_shown(_must(spot.job))
    stop = whole(request.form.get("stop", ""))
    read = form_answers.read_run(request.form, version["doc"], stop)
    timed = {"from_ms": 0, "to_ms": now_ms() - sheet.shown_ms}
    own: Own = {
        "checklist": _version(version),
        "result": read.result,
        "steps": [{**step, **timed} for step in read.steps],
    }
    return take("run", spot, sheet, own, read.missing, lambda **w: _run_page(spot, sheet, **w))


@bp.get(f"{PLACE}/hazard")
@bp.get(f"{SCANNED}/hazard")
def show_hazard(code: str, mac: str | None = None) -> str:
    """What is wrong here, with or without a name."""
    return _hazard_page(spot_at(code, mac), new_sheet())


@bp.post(f"{PLACE}/hazard")
@bp.post(f"{SCANNED}/hazard")
def hazard(code: str, mac: str | None = None) -> Response | tuple[str, int]:
    """Seal a report."""
    spot, sheet, missing = spot_at(code, mac), sheet_of(request.form), list[Missing]()
    what = form_answers.read_text(request.form, "what", missing)
    if not what:
        missing.append(Missing("what", gettext("写一句：哪里，什么样。")))
    own: Own = {"what": what, "of": None}
    named = request.form.get("name") != "no"
    if not named:  # a shift and a job would tell who
        spot = Spot(spot.station, spot.mac, None, None)
    return take(
        "hazard",
        spot,
        sheet,
        own,
        missing,
        lambda **w: _hazard_page(spot, sheet, **w),
        named=named,
    )


def _commit_page(spot: Spot, sheet: Sheet, **faults: Any) -> str:
    text = _text_shown()
    job = pack.job_of(store(), _must(spot.job))
    account = auth.signed_in()
    mine = pack.shifts_of(store(), account.id, now_ms()) if account else []
    return _page(
        "form/commit.html",
        spot,
        sheet,
        version=text,
        card=job["card"],
        items=form_answers.shown_items(text["doc"], job["ppe"], job["card"]),
        leftovers=[one for shift in mine if shift["mine"] for one in shift["handover"]],
        **faults,
    )


def _cannot_page(spot: Spot, sheet: Sheet, **faults: Any) -> str:
    return _page("form/cannot.html", spot, sheet, version=_text_shown(), **faults)


def _run_page(spot: Spot, sheet: Sheet, **faults: Any) -> str:
    version = _checklist_shown(_must(spot.job))
    return _page("form/run.html", spot, sheet, version=version, **faults)


def _hazard_page(spot: Spot, sheet: Sheet, **faults: Any) -> str:
    return _page("form/hazard.html", spot, sheet, **faults)


def _page(
    template: str,
    spot: Spot,
    sheet: Sheet,
    *,
    missing: Sequence[Missing] = (),
    problem: Problem | None = None,
    **values: Any,
) -> str:
    """A sheet with all that was typed, and each fault at its place."""
    return render_template(
        template,
        spot=spot,
        sheet=sheet,
        typed=request.form,
        missing=missing,
        fault={one.at: one for one in missing},
        problem=problem,
        **values,
    )


def _chosen(code: str, mac: str | None) -> Spot:
    """A spot whose shift and job are chosen.

    :raises Problem: 404 as `spot_at`; 422 `not_chosen`.
    """
    spot = spot_at(code, mac)
    if spot.instance is None or spot.job is None:
        raise Problem(422, "not_chosen", "先选班次和岗位。回岗位页选好，再开始。")
    return spot


def _must(job: Row | None) -> Row:
    assert job is not None  # `_chosen` has looked
    return job


def _text_shown() -> Row:
    """The commitment text that the page showed, or (GET) the newest.

    :raises Problem: 404 `no_text`; 400 `bad_form`.
    """
    return _shown(versions.commitments(store()))


def _checklist_shown(job: Row) -> Row:
    return _shown(versions.checklists(store(), job["code"]))


def _shown(published: list[Row]) -> Row:
    if not published:
        raise Problem(404, "no_text", "还没有发布内容，做不了。告诉班长。")
    wanted = request.form.get("version")
    for version in published:
        if wanted is None or str(version["no"]) == wanted:
            return version
    raise Problem(400, "bad_form", "这一页不完整。从岗位页重新打开。")


def _version(row: Row) -> Own:
    return {"no": row["no"], "sha": encoding.b64u(row["sha"])}
