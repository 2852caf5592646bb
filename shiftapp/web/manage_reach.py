"""Channels of reminders and alerts, a test message, and the log of what was sent.

For who manages the whole plant. Address and secret of a webhook are typed once and shown in part
from then on; a field left empty keeps what is stored.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from shiftapp.model import audit, channels, deliveries
from shiftapp.problems import Problem
from shiftapp.store import Db
from shiftapp.web import auth, manage_channel, manage_nouns, manage_scope, reach
from shiftapp.web.context import context, now_ms, store
from shiftapp.web.manage_nouns import Answer
from shiftapp.web.manage_scope import EDITORS

bp = Blueprint("manage_reach", __name__)

PAGE = 60


@bp.get("/manage/reach")
@auth.needs(*EDITORS)
def list_channels() -> str:
    """The channels with what the other side said last."""
    manage_scope.must_edit_all()
    rows = channels.channels(store())
    last = {row["id"]: deliveries.delivery(store(), row["last_id"] or 0) for row in rows}
    return render_template(
        "manage/reach.html",
        channels=rows,
        last=last,
        labels=manage_channel.labels(),
        in_part=channels.in_part,
        given_up=deliveries.given_up(store()),
        smtp=context().config.smtp,
    )


@bp.get("/manage/reach/<int:id>")
@auth.needs(*EDITORS)
def show_channel(id: int) -> str:
    """One channel."""
    manage_scope.must_edit_all()
    return manage_nouns.show(manage_channel.CHANNEL, str(id), editable=True)


@bp.post("/manage/reach/<int:id>")
@auth.needs(*EDITORS)
def save_channel(id: int) -> Answer:
    """Change or stop a channel."""
    manage_scope.must_edit_all()
    return manage_nouns.save(manage_channel.CHANNEL, str(id))


@bp.get("/manage/new/channel")
@auth.needs(*EDITORS)
def show_new_channel() -> str:
    """The empty form of a channel."""
    manage_scope.must_edit_all()
    return manage_nouns.show_new(manage_channel.CHANNEL, events=" ".join(manage_channel.codes()))


@bp.post("/manage/new/channel")
@auth.needs(*EDITORS)
def add_channel() -> Answer:
    """Add a channel."""
    manage_scope.must_edit_all()
    return manage_nouns.add(manage_channel.CHANNEL)


@bp.post("/manage/reach/<int:id>/test")
@auth.needs(*EDITORS)
def test_channel(id: int) -> Response:
    """Send a test message now; the page shows what came back."""
    manage_scope.must_edit_all()
    row = channels.channel(store(), id)
    me = auth.account().id
    store().write(lambda db: audit.note(db, now_ms(), me, "channel.test", f"channel:{id}"))
    reach.send_test(context(), row)
    return redirect(f"/manage/reach/{id}#sent", code=303)


@bp.get("/manage/reach/log")
@auth.needs(*EDITORS)
def list_deliveries() -> str:
    """What was sent, waits or was given up, newest first."""
    manage_scope.must_edit_all()
    text = request.args.get("before", "0")
    before = int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
    rows = deliveries.log(store(), before, PAGE + 1)
    return render_template(
        "manage/reach_log.html",
        rows=rows[:PAGE],
        events=manage_channel.events(),
        before=before,
        most=deliveries.MAX_TRIES,
        more=rows[PAGE - 1]["id"] if len(rows) > PAGE else 0,
    )


@bp.post("/manage/reach/log/<int:id>/again")
@auth.needs(*EDITORS)
def send_again(id: int) -> Response:
    """Try a message that was given up once more."""
    manage_scope.must_edit_all()
    me = auth.account().id

    def write(db: Db) -> None:
        if deliveries.again(db, id, now_ms()):
            audit.note(db, now_ms(), me, "delivery.again", f"delivery:{id}")
            return
        row = deliveries.delivery(db, id)
        if row is None or row["next_ms"] is None:  # else pressed twice
            raise Problem(409, "not_given_up", "这一条没有放弃，刷新后再看。")

    store().write(write)
    flash(gettext("排上了，几秒后再发。"))
    return redirect("/manage/reach/log", code=303)
