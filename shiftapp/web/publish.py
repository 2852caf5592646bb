"""Publishing: the words, where every figure comes from, and the signature under them.

Signing is two steps. The form collects the reasons; `check` shows, letter by letter, the text that
will be signed, and what a signature proves; the second press asks once more who is there and signs
what was shown. When a figure has changed meanwhile, the page comes back with the new ones and a
sentence. The same on a desk and on an enrolled phone.
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from shiftapp.ledger import note
from shiftapp.model import (
    announcement_due,
    announcement_text,
    announcements,
    periods,
    publishing,
)
from shiftapp.model.announcement_tail import How
from shiftapp.model.periods import Kind
from shiftapp.model.publishing import Order
from shiftapp.problems import Problem
from shiftapp.store import Row
from shiftapp.web import auth, publish_access, publish_sealing
from shiftapp.web.context import keys, new_uuid, now_ms, settings, store
from shiftapp.web.publish_points import points
from shiftapp.web.publish_rows import proof

bp = Blueprint("publish", __name__)

AGAIN = ("wrong_pin", "wrong_password", "throttled", "busy")  # who it is was not shown yet
HOWS: tuple[How, ...] = ("update", "correction")
Page = str | tuple[str, int]


@bp.get("/publish")
@auth.needs()
def show_publish() -> str:
    """The draft of what is due, or of another day or period that still holds (`?date=&kind=`)."""
    publish_access.must_read()
    return _page(*asked_for())


@bp.post("/publish/check")
@auth.needs()
def check() -> Page:
    """The text as it will be signed; what cannot be signed comes back with what was typed."""
    publish_access.must_read()
    order = _order()
    try:
        return _check_page(order)
    except Problem as problem:
        return _refused(order, problem)


@bp.post("/publish")
@auth.needs()
def publish() -> Page | Response:
    """Sign what was shown; whatever has changed since is shown anew, with what was typed."""
    publish_access.must_read()
    order = _order()
    try:
        publish_access.confirm(request.form.get("secret", ""))
        found = _publish(order)
    except Problem as problem:
        if problem.code in AGAIN:
            return _asked_again(order, problem)
        return _refused(order, problem)
    return redirect(f"/publish?kind={found['kind']}&date={found['date']}", code=303)


def asked_for() -> tuple[str, str]:
    """Kind and date of the address; without them what is due now."""
    due = announcement_due.asked(store(), settings(), now_ms())
    return request.args.get("kind") or due.kind, request.args.get("date") or due.date


def _page(kind: str, date: str, problem: Problem | None = None) -> str:
    now, facts = now_ms(), settings()
    times = publishing.open_day(store(), facts, kind, date, now)
    draft = announcements.derive(store(), facts, date, now, periods.kind_of(kind))
    newest = announcements.newest_of(store(), date, draft.figures.kind)
    before = announcement_due.before(store(), draft.figures.period)
    return render_template(
        "publish/publish.html",
        draft=draft,
        doc=draft.content,
        kind=kind,
        proof=proof(draft),
        points=points(draft),
        times=times,
        early=publishing.too_early(draft, now),
        over=newest is None and now >= times.due_ms,
        newest=newest,
        changes=announcements.differences(newest["doc"], draft.content) if newest else [],
        before=before,
        news=announcements.differences(before["doc"], draft.content) if before else [],
        signs=publish_access.signs(kind, date),
        problem=problem,
        typed=request.form,
        id=new_uuid(),
        now=now,
    )


def _check_page(order: Order, problem: Problem | None = None) -> str:
    """What will be signed, and who is asked to show once more who they are."""
    by, now = auth.account().id, publish_sealing.instant(order.kind)
    doc, draft = publishing.prepare(store(), settings(), order, by=by, now_ms=now)
    return render_template(
        "publish/check.html",
        order=order,
        doc=doc,
        chinese=announcement_text.lines_in(doc, "zh"),
        english=announcement_text.lines_in(doc, "en"),
        shown=publishing.shown(doc),
        unsealed=publish_sealing.unsealed(draft),
        asks=publish_access.asks(),
        problem=problem,
    )


def _asked_again(order: Order, problem: Problem) -> Page:
    """The same text once more, beside why it is not signed yet."""
    try:
        return _check_page(order, problem), problem.status
    except Problem as other:
        return _refused(order, other)


def _refused(order: Order, problem: Problem) -> Page:
    if problem.status == 404:
        raise problem
    return _page(order.kind, order.date, problem), problem.status


def _order() -> Order:
    """What the form asks for.

    :raises Problem: 400 `bad_form` when a hidden field is not as we wrote it.
    """
    form = request.form
    base, id = form.get("base", ""), form.get("id", "")
    if not (base.isascii() and base.isdigit() and len(base) < 6) or not _is_uuid(id):
        raise Problem(400, "bad_form", "看不懂这个请求。回上一页再试。")
    return Order(
        id=id,
        kind=_kind(form.get("kind", "")),
        date=form.get("date", ""),
        expect=form.get("expect", ""),
        base=int(base),
        override=form.get("override", ""),
        change=_how(form.get("change", "")),
        reason=form.get("reason", ""),
        shown=form.get("shown", ""),
    )


def _kind(text: str) -> Kind:
    """A kind of announcement as we wrote it into the form.

    :raises Problem: 400 `bad_form`.
    """
    if text not in periods.KINDS:
        raise Problem(400, "bad_form", "看不懂这个请求。回上一页再试。")
    return periods.kind_of(text)


def _how(text: str) -> How:
    """Update or correction; anything else is neither, and the model says so."""
    return next((how for how in HOWS if how == text), "")


def _is_uuid(text: str) -> bool:
    groups = text.split("-")
    return [len(group) for group in groups] == [8, 4, 4, 4, 12] and all(
        sign in "0123456789abcdef" for group in groups for sign in group
    )


def _publish(order: Order) -> Row:
    """Sign and store; a text that nobody was shown is not signed here.

    :raises Problem: 409 `not_shown`; as `publishing.publish`.
    """
    if not order.shown:
        raise Problem(409, "not_shown", "先看要签的原文，再签。")
    by, facts, key = auth.account().id, settings(), keys().announcement
    now = publish_sealing.instant(order.kind)
    name = publishing.signer_name(facts)
    if order.kind != "daily":
        store().write(lambda db: None)  # what was received before `now` and still waited is stored
    ahead = publishing.derive_ahead(store(), facts, order, now)

    def sign(text: str) -> str:
        return note.sign_note(text, name, key)

    return store().write(
        lambda db: publishing.publish(db, facts, order, sign, by=by, now_ms=now, ahead=ahead)
    )
