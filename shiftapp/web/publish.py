"""Publishing: the words, where every figure comes from, and the signature under them.

Manager, signatory and inspector read; only a signatory signs, with the password again. What the
form showed is what is signed: when a figure has changed since, the page comes back with the new
ones and a sentence.
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from shiftapp.ledger import note, receipts
from shiftapp.model import announcements, counts, credentials, figures, people, publishing, throttle
from shiftapp.model.counts import Part
from shiftapp.model.publishing import Order
from shiftapp.problems import Problem
from shiftapp.store import Row
from shiftapp.web import auth
from shiftapp.web.context import keys, new_uuid, now_ms, settings, store
from shiftapp.web.publish_rows import proof

bp = Blueprint("publish", __name__)

READERS = ("signatory", "manager", "inspector")
HISTORY = 60


@bp.get("/publish")
@auth.needs(*READERS)
def show_publish() -> str:
    """The draft of today, or of an earlier day that still holds (`?date=`)."""
    day = request.args.get("date") or figures.today(store(), now_ms())
    return _page(day)


@bp.post("/publish")
@auth.needs("signatory")
def publish() -> tuple[str, int] | Response:
    """Sign what was shown; whatever has changed since is shown anew, with what was typed."""
    order = _order()
    try:
        _check_password(request.form.get("password", ""))
        found = _publish(order)
    except Problem as problem:
        if problem.status == 404:
            raise
        return _page(order.date, problem), problem.status
    return redirect(f"/publish?date={found['date']}", code=303)


@bp.get("/publish/history")
@auth.needs(*READERS)
def show_history() -> str:
    """Every version of every day, with who signed it and why."""
    before = request.args.get("before") or "9999-12-31"
    found = announcements.versions(store(), HISTORY + 1, before)
    more = found[HISTORY - 1]["date"] if len(found) > HISTORY else None
    return render_template("publish/history.html", versions=found[:HISTORY], more=more)


@bp.get("/publish/sources")
@auth.needs(*READERS)
def show_sources() -> str:
    """Who is behind the figures of a day: for signed-in readers, never in public."""
    day = request.args.get("date") or figures.today(store(), now_ms())
    publishing.open_day(store(), settings(), day, now_ms())
    found = figures.gather(store(), settings(), day, now_ms())
    parts = [(part, _sources(part), counts.without_commitment(part)) for part in found.parts]
    return render_template("publish/sources.html", date=day, parts=parts)


def _sources(part: Part) -> list[Row]:
    """The commitments of a part, each with the code that its receipt shows."""
    rows = counts.sources(store(), part)
    return [
        {**row, "code": receipts.receipt_code(bytes(row["receipt_leaf"] or row["c"]))}
        for row in rows
    ]


def _page(day: str, problem: Problem | None = None) -> str:
    times = publishing.open_day(store(), settings(), day, now_ms())
    draft = announcements.derive(store(), settings(), day, now_ms())
    newest = announcements.newest_of(store(), day)
    account = auth.account()
    return render_template(
        "publish/publish.html",
        draft=draft,
        doc=draft.content,
        proof=proof(draft),
        times=times,
        early=publishing.too_early(draft, now_ms()),
        gaps=draft.figures.gaps,
        newest=newest,
        changes=publishing.changes(newest["doc"], draft.content) if newest else [],
        signs=people.may(store(), account.id, "signatory"),
        asks_password=_asks_password(),
        problem=problem,
        typed=request.form,
        id=new_uuid(),
        now=now_ms(),
    )


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
        date=form.get("date", ""),
        expect=form.get("expect", ""),
        base=int(base),
        override=form.get("override", ""),
        correction=form.get("correction", ""),
    )


def _is_uuid(text: str) -> bool:
    groups = text.split("-")
    return [len(group) for group in groups] == [8, 4, 4, 4, 12] and all(
        sign in "0123456789abcdef" for group in groups for sign in group
    )


def _asks_password() -> bool:
    """A visitor of the demo came in by one click and has none."""
    return not (settings().demo and auth.account().how == "demo")


def _check_password(password: str) -> None:
    """The signatory again, not somebody at a desk left open.

    :raises Problem: 429 `throttled`, 403 `wrong_password`.
    """
    if not _asks_password():
        return
    account, key = auth.account(), f"publish:{auth.account().id}:{request.remote_addr}"
    throttle.check(store(), key, now_ms())
    if credentials.check_secret(account.person["password_hash"], password, keys().pin_pepper):
        store().write(lambda db: throttle.admit(db, key, now_ms()))
        return
    store().write(lambda db: throttle.failed(db, key, now_ms()))
    raise Problem(403, "wrong_password", "密码不对。再输一遍。")


def _publish(order: Order) -> Row:
    by, now, facts, key = auth.account().id, now_ms(), settings(), keys().announcement
    name = publishing.signer_name(facts)
    return store().write(
        lambda db: publishing.publish(
            db, facts, order, lambda text: note.sign_note(text, name, key), by=by, now_ms=now
        )
    )
