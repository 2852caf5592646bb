"""Keys for other systems of the plant: made with a name, shown once, stopped at any time."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from shiftapp.model import api_keys, audit
from shiftapp.problems import Problem
from shiftapp.store import Db
from shiftapp.web import auth, manage_scope
from shiftapp.web.context import now_ms, settings, store
from shiftapp.web.manage_scope import EDITORS

bp = Blueprint("manage_api_keys", __name__)

PREFIX = "sk_"  # so that whoever finds one lying about sees what it is


@bp.get("/manage/api-keys")
@auth.needs(*EDITORS)
def list_keys() -> str:
    """The keys, without what they say."""
    manage_scope.must_edit_all()
    return _page()


@bp.post("/manage/api-keys")
@auth.needs(*EDITORS)
def make_key() -> str | tuple[str, int]:
    """A new key, on the page itself and no 303: it cannot be shown again."""
    manage_scope.must_edit_all()
    secret, me = PREFIX + auth.new_secret(), auth.account().id
    name = request.form.get("name", "")

    def write(db: Db) -> None:
        id = api_keys.add(db, name, secret, by=me, now_ms=now_ms())
        audit.note(db, now_ms(), me, "key.make", f"key:{id}", name.strip())

    try:
        store().write(write)
    except Problem as problem:
        return _page(problem=problem), problem.status
    return _page(secret=secret)


@bp.post("/manage/api-keys/<int:id>/revoke")
@auth.needs(*EDITORS)
def revoke_key(id: int) -> Response:
    """Stop a key: what it sends from now on is refused."""
    manage_scope.must_edit_all()
    me = auth.account().id

    def write(db: Db) -> None:
        if api_keys.revoke(db, id, now_ms()):
            audit.note(db, now_ms(), me, "key.revoke", f"key:{id}")

    store().write(write)
    return redirect("/manage/api-keys", code=303)


def _page(secret: str = "", problem: Problem | None = None) -> str:
    return render_template(
        "manage/api_keys.html",
        keys=api_keys.keys(store()),
        secret=secret,
        url=settings().url,
        problem=problem,
        typed=request.form if problem else {},
    )
