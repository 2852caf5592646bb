"""A badge code for somebody who uses a shared phone: made anew each time, shown once, to print.

Of what it says only the key made from it is kept, so it cannot be shown again. The one before it
ends there and then, with what it had opened.
"""

from __future__ import annotations

from flask import Blueprint, render_template
from markupsafe import Markup

import qr.code
from shiftapp.ledger import badge
from shiftapp.model import audit, credentials, sessions
from shiftapp.problems import Problem
from shiftapp.store import Db
from shiftapp.web import auth
from shiftapp.web.context import now_ms, settings, store, token_bytes
from shiftapp.web.manage_people import person_to_change
from shiftapp.web.manage_scope import EDITORS

bp = Blueprint("manage_badges", __name__)


@bp.post("/manage/people/<person>/badge")
@auth.needs(*EDITORS)
def issue_badge(person: str) -> str:
    """A new badge code of a person, on a page to print.

    Answers with the page itself and no 303: it cannot be shown again; a reload asks first, and
    makes another.
    """
    who = person_to_change(person)
    if not who["active"]:
        raise Problem(409, "person_left", "这个人已离职，不发工牌码。")
    secret, me = qr.code.make_badge(token_bytes(10)), auth.account().id

    def write(db: Db) -> None:
        credentials.set_badge(db, who["id"], badge.key_of(secret))
        sessions.end_by_badge(db, who["id"], now_ms())
        audit.note(db, now_ms(), me, "badge.make", f"person:{who['id']}")

    store().write(write)
    url = qr.code.badge_url(settings().url, secret)
    # Drawn by us, nothing of a user's in it.
    return render_template("manage/badge.html", who=who, svg=Markup(qr.code.qr_svg(url, level="M")))
