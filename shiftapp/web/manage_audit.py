"""Who changed what at a desk, newest first."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from shiftapp.model import audit
from shiftapp.web import auth, manage_scope
from shiftapp.web.context import store
from shiftapp.web.manage_scope import READERS

bp = Blueprint("manage_audit", __name__)

PAGE = 60


@bp.get("/manage/audit")
@auth.needs(*READERS)
def show_audit() -> str:
    """The lines, all or about one thing."""
    manage_scope.must_read_all()
    text = request.args.get("before", "0")
    before = int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
    about = request.args.get("about", "")[:80]
    lines = audit.lines(store(), before, PAGE + 1, about)
    return render_template(
        "manage/audit.html",
        lines=lines[:PAGE],
        about=about,
        before=before,
        more=lines[PAGE - 1]["seq"] if len(lines) > PAGE else 0,
    )
