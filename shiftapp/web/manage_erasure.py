"""Erasing records on somebody's request or a duty: found, looked at in numbers, and confirmed.

Only who manages the whole plant. Nobody reads a record here: what is shown is how many there are,
of which kind and year, what would go and what stays.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.utils import redirect

from shiftapp.model import days, erasing, erasure_view, people, retention
from shiftapp.model.erasing import Order
from shiftapp.model.erasure_view import Plan
from shiftapp.problems import Problem
from shiftapp.store import Row
from shiftapp.web import auth, manage_scope
from shiftapp.web.context import now_ms, settings, store, traces
from shiftapp.web.manage_nouns import Answer
from shiftapp.web.manage_scope import EDITORS

bp = Blueprint("manage_erasure", __name__)

MOST_WORDS = 60


@bp.get("/manage/erasure")
@auth.needs(*EDITORS)
def find_records() -> str:
    """Find a person, also one who has left, or a record by the code of its receipt."""
    manage_scope.must_edit_all()
    words = request.args.get("q", "").strip()[:MOST_WORDS]
    cards = [erasure_view.card(store(), one) for one in erasure_view.by_code(store(), words)]
    return render_template(
        "manage/erasure.html",
        words=words,
        cards=cards,
        people=erasure_view.people(store(), words) if words else [],
        most=erasure_view.PEOPLE,
    )


@bp.get("/manage/erasure/people/<person>")
@auth.needs(*EDITORS)
def show_records(person: str) -> str:
    """What there is of a person, and what of it would go."""
    return _of_person(_person(person))


@bp.post("/manage/erasure/people/<person>")
@auth.needs(*EDITORS)
def erase_records(person: str) -> Answer:
    """Erase a person's records of some kinds before a date."""
    row = _person(person)
    try:
        return _erase(_plan(row))
    except Problem as problem:
        return _of_person(row, problem), problem.status


@bp.get("/manage/erasure/records/<record>")
@auth.needs(*EDITORS)
def show_record(record: str) -> str:
    """One record, and whether it would go."""
    manage_scope.must_edit_all()
    return _of_record(record)


@bp.post("/manage/erasure/records/<record>")
@auth.needs(*EDITORS)
def erase_record(record: str) -> Answer:
    """Erase one record."""
    manage_scope.must_edit_all()
    plan = erasure_view.plan_of(store(), [record], settings(), now_ms())
    try:
        return _erase(plan)
    except Problem as problem:
        return _of_record(record, problem), problem.status


@bp.get("/manage/erasure/done/<int:at>")
@auth.needs(*EDITORS)
def show_done(at: int) -> str:
    """What I had erased at an instant: codes, and where the log says so."""
    manage_scope.must_edit_all()
    cards = erasure_view.done_at(store(), at, auth.account().id) if at < 1 << 62 else []
    if not cards:
        raise Problem(404, "no_erasure", "这里没有你删除过的记录。")
    return render_template("manage/erasure_done.html", cards=cards)


def _person(person: str) -> Row:
    manage_scope.must_edit_all()
    row = people.person(store(), person)
    if row is None:
        raise Problem(404, "no_person", "没有这个人。")
    return row


def _kinds() -> list[str]:
    return [kind for kind in retention.KINDS if kind in request.values.getlist("kind")]


def _before() -> str:
    return request.values.get("before", "").strip()


def _plan(row: Row) -> Plan:
    """What of a person's records is asked for.

    :raises Problem: 422 `no_kind`, `no_date`.
    """
    if not _kinds():
        raise Problem(422, "no_kind", "选上删哪几种。")
    try:
        before_ms, _ = days.calendar(store(), _before())
    except ValueError:
        raise Problem(422, "no_date", "写明删哪天以前的。") from None
    return erasure_view.plan(store(), row["id"], _kinds(), before_ms, settings(), now_ms())


def _erase(plan: Plan) -> Answer:
    """Erase what a plan says goes now, the oldest first, and lead to what was done.

    :raises Problem: 422 as `erasing.check_reason`, `not_sure`; 409 of what stays.
    """
    early = request.form.get("early") == "1"
    ids = plan.ids(early=early)
    erasing.check_reason(store(), _reason())
    if not ids:
        raise _why_none(plan)
    if request.form.get("sure") != "1":
        raise Problem(422, "not_sure", "删了就找不回来。看清楚了，勾上再按。")
    order = Order(auth.account().id, _reason(), early)
    done = erasing.erase(store(), ids, order, settings(), now_ms(), traces())
    if not done.erased:
        raise next(iter(done.refused.values()))
    return redirect(f"/manage/erasure/done/{now_ms()}", code=303)


def _why_none(plan: Plan) -> Problem:
    if plan.early:
        return Problem(
            409, "still_kept", "保存期还没到。有法律理由提前删的，勾上“期限未到也删”并写明理由。"
        )
    if plan.stays:
        return next(iter(plan.stays.values()))[0]
    return Problem(409, "nothing_to_erase", "没有可删的记录，或者已经删过了。")


def _reason() -> str:
    return request.form.get("reason", "")


def _of_person(row: Row, problem: Problem | None = None) -> str:
    plan = None
    if _kinds() and (problem is None or problem.code not in ("no_kind", "no_date")):
        try:
            plan = _plan(row)
        except Problem as wrong:
            problem = problem or wrong
    today = datetime.date.fromisoformat(days.today(store(), now_ms()))
    return _page(
        "manage/erasure_person.html",
        problem,
        plan,
        person=row,
        years=erasure_view.years(store(), row["id"], days.zone(store())),
        kinds=_kinds(),
        before=_before() or today.isoformat(),
        hidden_kinds=[("kind", kind) for kind in _kinds()],
    )


def _of_record(record: str, problem: Problem | None = None) -> str:
    card = erasure_view.card(store(), record)
    plan = erasure_view.plan_of(store(), [record], settings(), now_ms())
    return _page("manage/erasure_record.html", problem, plan, card=card)


def _page(template: str, problem: Problem | None, plan: Plan | None, **values: Any) -> str:
    """`Any`: what a template is given."""
    stays: Sequence[tuple[Problem, int]] = list(plan.stays.values()) if plan else []
    typed = {name: request.form.get(name, "") for name in ("reason", "early")}
    return render_template(
        template,
        problem=problem,
        plan=plan,
        stays=stays,
        most=erasing.MOST,
        most_reason=erasing.MAX_REASON,
        typed=typed,
        **values,
    )
