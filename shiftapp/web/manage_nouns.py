"""How every thing on the manager's pages is shown, changed and added: one way for all nouns.

A noun says its fields, how it is read and how it is written; the flow is here: read what was sent,
check it, write it with its audit line in one transaction unless somebody else was faster, and come
back with all that was typed when something is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import flash, redirect, render_template
from flask_babel import gettext
from werkzeug.wrappers import Response

from shiftapp.exchange.columns import Column
from shiftapp.model import audit
from shiftapp.problems import Problem
from shiftapp.store import Db
from shiftapp.web import auth, manage_fields
from shiftapp.web.context import now_ms, store
from shiftapp.web.manage_fields import Content, Form

Answer = Response | tuple[str, int]


def _nothing(form: Form) -> None:
    """Nothing beside the single fields."""


@dataclass(frozen=True)
class Noun:
    """One kind of thing: `word` for the audit, `path` of its list, what it is made of."""

    word: str
    path: str
    template: str
    columns: tuple[Column, ...]
    content: Callable[[Db, str], Content | None]  # what is stored, None: there is none
    write: Callable[[Db, str, Form], None]  # key, form without faults
    page: Callable[[str, Form], dict[str, Any]]  # what the template needs more; key '' = new
    new_columns: tuple[Column, ...] = ()  # that only the form of a new one has
    make: Callable[[Db, Form], str] | None = None  # writes a new one, gives its key
    read: Callable[[Form], None] = _nothing  # parts that repeat, rules between fields
    fill: Callable[[Form, Content], None] | None = None  # parts that repeat, from what is stored


def show(noun: Noun, key: str, *, editable: bool) -> str:
    """The page of a thing."""
    return _page(noun, key, _shown(noun, key), editable=editable)


def save(noun: Noun, key: str) -> Answer:
    """Write what was typed, or say what is wrong with it.

    Where that is what is stored already (pressed twice) nothing is written.
    """
    stored(noun, key)
    form = manage_fields.sent(noun.columns)
    noun.read(form)
    if form.faults:
        return _page(noun, key, form, not_yet()), 422

    def write(db: Db) -> None:
        before = noun.content(db, key) or {}
        noun.write(db, key, form)
        after = noun.content(db, key) or {}
        differ = " ".join(name for name in after if after[name] != before.get(name))
        if not differ:
            return
        form.must_be_new(before)  # else all of this is taken back
        about, me = f"{noun.word}:{key}", auth.account().id
        audit.note(db, now_ms(), me, f"{noun.word}.save", about, differ)

    try:
        store().write(write)
    except Problem as problem:
        if problem.code == "changed_meanwhile":
            form.beside(_shown(noun, key))
        form.blame(problem)
        return _page(noun, key, form, problem), problem.status
    flash(gettext("存好了。"))
    return redirect(f"{noun.path}/{quote(key)}", code=303)


def show_new(noun: Noun, **typed: str) -> str:
    """The empty form."""
    form = manage_fields.blank(noun.new_columns + noun.columns, **typed)
    if noun.fill is not None:
        noun.fill(form, {})
    return _page(noun, "", form)


def add(noun: Noun) -> Answer:
    """Write a new thing, or say what is wrong with it."""
    assert noun.make is not None
    make = noun.make
    form = manage_fields.sent(noun.new_columns + noun.columns)
    noun.read(form)
    if form.faults:
        return _page(noun, "", form, not_yet()), 422

    def write(db: Db) -> str:
        key = make(db, form)
        audit.note(db, now_ms(), auth.account().id, f"{noun.word}.add", f"{noun.word}:{key}")
        return key

    try:
        key = store().write(write)
    except Problem as problem:
        form.blame(problem)
        return _page(noun, "", form, problem), problem.status
    flash(gettext("加好了。"))
    return redirect(f"{noun.path}/{quote(key)}", code=303)


def stored(noun: Noun, key: str) -> Content:
    """What is stored of a thing.

    :raises Problem: 404 `no_such_thing`.
    """
    found = noun.content(store(), key)
    if found is None:
        raise Problem(404, "no_such_thing", "没有这一项。可能打错了网址。")
    return found


def must_be_free(db: Db, noun: Noun, key: str) -> None:
    """No other thing has this code.

    :raises Problem: 409 `code_taken`.
    """
    if noun.content(db, key) is not None:
        raise Problem(409, "code_taken", "代码 %(code)s 已经有了。", params={"code": key})


def not_yet() -> Problem:
    """What the page says above fields that are wrong."""
    return Problem(422, "not_yet", "还没存，有几处要改。")


def _shown(noun: Noun, key: str) -> Form:
    """The form over what is stored."""
    content = stored(noun, key)
    form = manage_fields.shown(noun.columns, content)
    if noun.fill is not None:
        noun.fill(form, content)
    return form


def _page(
    noun: Noun, key: str, form: Form, problem: Problem | None = None, *, editable: bool = True
) -> str:
    return render_template(
        noun.template,
        noun=noun,
        key=key,
        form=form,
        problem=problem,
        editable=editable,
        action=f"{noun.path}/{quote(key)}" if key else f"/manage/new/{noun.word}",
        **noun.page(key, form),
    )
