"""People: found by name or number, changed with their roles and posts, added, marked as left.

Phones, enrolment codes and PINs are the business of access.py; here is only the way there. Nobody
gives or takes a role above their own, nor changes anybody who holds one.
"""

from __future__ import annotations

from typing import Any, cast, get_args

from flask import Blueprint, render_template, request
from flask_babel import gettext

from shiftapp.exchange.forms_people import PEOPLE
from shiftapp.model import devices, directory, people, roster, sessions
from shiftapp.model.directory import Lack
from shiftapp.model.people import Post, Role
from shiftapp.problems import Problem
from shiftapp.store import Db, Row
from shiftapp.web import auth, manage_nouns, manage_posts, manage_scope
from shiftapp.web.context import new_uuid, now_ms, store, token_bytes
from shiftapp.web.manage_fields import Content, Form, choices, named_options, some
from shiftapp.web.manage_nouns import Answer, Noun
from shiftapp.web.manage_scope import EDITORS, READERS

bp = Blueprint("manage_people", __name__)


@bp.get("/manage/people")
@auth.needs(*READERS)
def list_people() -> str:
    """The people of the crews I see, by name, number, crew or what they lack; fifty a page."""
    asked = request.args.get("crew", "")
    lack = request.args.get("lack", "")
    lacking = cast(Lack, lack if lack in get_args(Lack) else "")
    page = _page_no()
    found = directory.search(
        store(),
        now_ms(),
        words=request.args.get("q", "")[:60],
        crews=_crews_of(asked),
        lack=lacking,
        skip=(page - 1) * directory.PAGE,
    )
    return render_template(
        "manage/people.html",
        people=found.people,
        total=found.total,
        posts=directory.posts_of(store(), [row["id"] for row in found.people]),
        crews=manage_scope.crews_seen(),
        asked={"q": request.args.get("q", "")[:60], "crew": asked, "lack": lacking},
        page=page,
        pages=-(-found.total // directory.PAGE),
        editable=auth.account().has(*EDITORS),
    )


@bp.get("/manage/people/<person>")
@auth.needs(*READERS)
def show_person(person: str) -> str:
    """One person."""
    return manage_nouns.show(PERSON, person, editable=_editable(person_seen(person)))


@bp.post("/manage/people/<person>")
@auth.needs(*EDITORS)
def save_person(person: str) -> Answer:
    """Change a person with roles and posts."""
    person_to_change(person)
    return manage_nouns.save(PERSON, person)


@bp.get("/manage/new/person")
@auth.needs(*EDITORS)
def show_new_person() -> str:
    """The empty form of a person."""
    return manage_nouns.show_new(PERSON, crew=request.args.get("crew", ""))


@bp.post("/manage/new/person")
@auth.needs(*EDITORS)
def add_person() -> Answer:
    """Add a person."""
    return manage_nouns.add(PERSON)


def person_seen(person: str) -> Row:
    """A person of a crew that the signed-in person may look at; also one who has left.

    :raises Problem: 404 `no_person`, 403 `wrong_scope`.
    """
    found = people.person(store(), person)
    if found is None:
        raise Problem(404, "no_person", "没有这个人。")
    crew = found["crew"]
    manage_scope.must(manage_scope.reads_crew(crew) if crew else manage_scope.reads_all())
    return found


def person_to_change(person: str) -> Row:
    """A person that the signed-in person may change.

    :raises Problem: as `person_seen`; 403 `above_you`.
    """
    row = person_seen(person)
    manage_scope.must(manage_scope.edits_crew(row["crew"]))
    if not _editable(row):
        raise Problem(403, "above_you", "这个人的账号权限比你大，找管理员办。")
    return row


def _editable(row: Row) -> bool:
    """In my scope, and with no role that I could not give."""
    if not auth.account().has(*EDITORS) or not manage_scope.edits_crew(row["crew"]):
        return False
    return all(manage_scope.may_give(role) for role in people.roles(store(), row["id"]))


def _crews_of(asked: str) -> list[str] | None:
    """The crews to look in; None: all, and people in none."""
    if asked:
        return [asked] if manage_scope.reads_crew(asked) else []
    if manage_scope.reads_all():
        return None
    return [row["code"] for row in manage_scope.crews_seen()]


def _page_no() -> int:
    text = request.args.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


def _content(db: Db, person: str) -> Content | None:
    row = people.person(db, person)
    if row is None:
        return None
    names = "no name name_en title title_en employer phone lang active".split()
    return {
        **{name: row[name] for name in names},
        "crew": row["crew"] or "",
        "roles": [list(role) for role in people.roles(db, person)],
        "posts": [list(post) for post in people.posts(db, person)],
    }


def _read(form: Form) -> None:
    crew = str(form.values.get("crew", ""))
    if not manage_scope.edits_crew(crew or None):
        form.fail("crew", "选一个归你管的班组。", "Choose a crew of yours.")
    manage_posts.read(form)


def _write(db: Db, person: str, form: Form) -> None:
    values: Any = {**form.values, "crew": form.values["crew"] or None}
    roles: tuple[Role, ...] = form.parts["roles"]
    posts: tuple[Post, ...] = form.parts["posts"]
    before = set(people.roles(db, person))
    for role in before ^ set(roles):
        if not manage_scope.may_give(role):
            raise Problem(403, "above_you", "这个角色要管理员来给、来收。")
    me = auth.account().id
    if person == me and not values["active"]:
        raise Problem(409, "yourself", "不能把自己改成离职。")
    people.save_person(db, people.Person(id=person, roles=roles, posts=posts, **values), now_ms())
    if not directory.admins(db):
        raise Problem(409, "last_admin", "至少要留一个系统管理员。")
    if not values["active"]:
        sessions.end_all(db, person, now_ms())
    roster.fill_ahead(db, now_ms(), token_bytes)


def _make(db: Db, form: Form) -> str:
    person = new_uuid()
    _write(db, person, form)
    return person


def _page(person: str, form: Form) -> dict[str, Any]:
    row = people.person(store(), person) if person else None
    return {
        "back": ("/manage/people", gettext("人员")),
        "title": row,
        "options": {
            "crew": named_options(manage_scope.crews_seen(to_edit=True)),
            "lang": choices(PEOPLE.by_key["lang"]),
            "active": choices(PEOPLE.by_key["active"]),
        },
        "above": row is not None and not _editable(row) and auth.account().has(*EDITORS),
        "phones": [d for d in devices.owned(store(), person) if d["revoked_ms"] is None],
        "roles": people.roles(store(), person) if person else [],
        **manage_posts.options(form),
    }


PLAIN = {"about": "", "about_en": ""}
PERSON = Noun(
    word="person",
    path="/manage/people",
    template="manage/person.html",
    columns=some(
        PEOPLE,
        "no crew name name_en title title_en employer phone lang active",
        no={"about": "在册的人里不重复", "about_en": "Unique among the employed"},
        crew={"about": "不倒班的可以不选", "about_en": "None for office staff"},
        employer={
            "about": "承包商写单位；空：本厂",
            "about_en": "A contractor's company; empty: ours",
        },
    ),
    content=_content,
    write=_write,
    page=_page,
    make=_make,
    read=_read,
    fill=manage_posts.fill,
)
