"""Who comes in addition: overtime of our own people, contractors and visitors of the day."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from shiftapp.model import audit, guests, people, roster, roster_changes, roster_view
from shiftapp.problems import Problem
from shiftapp.store import Db, Row
from shiftapp.web import auth, scope
from shiftapp.web.board_people import person_asked
from shiftapp.web.board_roster import PATH, board_path, roster_page
from shiftapp.web.context import new_uuid, now_ms, store, token_bytes

bp = Blueprint("board_extra", __name__)


@bp.post(f"{PATH}/overtime")
@auth.needs(*scope.ACT)
def add_overtime(crew: str, date: str, code: str) -> Response | tuple[str, int]:
    """Somebody of the plant stays on, or comes in addition."""

    def write(db: Db, instance: Row) -> None:
        post, me = _post(db, instance), auth.account().id
        who = person_asked(db)
        if who["guest"]:
            raise Problem(422, "is_guest", "这是外来人员。用“加外来人员”。")
        if roster_changes.overtime(
            db, instance, who["id"], post, by=me, now_ms=now_ms(), random=token_bytes
        ):
            _note(db, "roster.overtime", who["id"], instance)

    return _do(crew, date, code, write)


@bp.post(f"{PATH}/guest")
@auth.needs(*scope.ACT)
def add_guest(crew: str, date: str, code: str) -> Response | tuple[str, int]:
    """A contractor or visitor of the day, vouched for by whoever adds them."""

    def write(db: Db, instance: Row) -> None:
        form = request.form
        said = guests.read(form.get("name", ""), form.get("employer", ""), form.get("tail", ""))
        post = _post(db, instance)
        id = guests.register(db, said, crew, id=new_uuid(), now_ms=now_ms())
        _welcome(db, instance, id, post)

    return _do(crew, date, code, write)


@bp.post(f"{PATH}/guest/<person>")
@auth.needs(*scope.ACT)
def confirm_guest(crew: str, date: str, code: str, person: str) -> Response | tuple[str, int]:
    """Somebody who registered themself and has recorded nothing yet: confirmed, and put to work."""

    def write(db: Db, instance: Row) -> None:
        who = people.person(db, person)
        if who is None or not who["guest"] or not who["active"] or who["crew"] != crew:
            raise Problem(404, "no_person", "没有这个人。")
        _welcome(db, instance, person, _post(db, instance))

    return _do(crew, date, code, write)


def _welcome(db: Db, instance: Row, person: str, post: roster.Post) -> None:
    """Vouch for a guest and put them on the roster."""
    me = auth.account().id
    if guests.vouch(db, person, by=me, now_ms=now_ms()):
        _note(db, "roster.vouch", person, instance)
    if roster_changes.put(
        db, instance, person, post, how="guest", by=me, now_ms=now_ms(), random=token_bytes
    ):
        _note(db, "roster.guest", person, instance)


def _post(db: Db, instance: Row) -> roster.Post:
    """Where the form puts somebody; a run is asked only where the job has a checklist.

    :raises Problem: 422 `no_post`.
    """
    asked = request.form.get("post", "")
    found = next(
        (one for one in roster_view.posts_offered(db, instance) if one["value"] == asked), None
    )
    if found is None:
        raise Problem(422, "no_post", "选一个工位和岗位。")
    run = bool(found["has_card"]) and request.form.get("only") != "commit"
    return roster.Post(found["station"], found["job"], run)


def _note(db: Db, what: str, person: str, instance: Row) -> None:
    about, detail = f"person:{person}", f"instance {instance['id']}"
    audit.note(db, now_ms(), auth.account().id, what, about, detail)


def _do(
    crew: str, date: str, code: str, change: Callable[[Db, Row], None]
) -> Response | tuple[str, int]:
    """Make a change and go back to the roster; refused, the page again as it was typed."""
    instance = scope.acting_on(crew, date, code)
    try:
        store().write(lambda db: change(db, instance))
    except Problem as problem:
        return roster_page(instance, problem), problem.status
    return redirect(f"{board_path(instance)}/roster", code=303)
