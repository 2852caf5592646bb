"""Facts of the install on a page of their own: shown to managers, changed by administrators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect
from flask_babel import gettext

from shiftapp.exchange.columns import Column
from shiftapp.model import settings as model_settings
from shiftapp.problems import Problem
from shiftapp.store import Db
from shiftapp.web import manage_fields, manage_scope
from shiftapp.web.context import store
from shiftapp.web.manage_fields import Content, Form
from shiftapp.web.manage_nouns import Answer


@dataclass(frozen=True)
class FactsPage:
    """Which facts, at which address.

    `check` finds the faults that no single cell shows; `write` saves what was sent, in a write
    function; `page` is the page of a form.
    """

    columns: tuple[Column, ...]
    address: str
    check: Callable[[Form], None]
    write: Callable[[Db, Form], None]
    page: Callable[[Form, Problem | None], str]

    def show(self) -> str:
        """The page as things stand."""
        manage_scope.must_read_all()
        return self.page(self._as_it_is(), None)

    def save(self) -> Answer:
        """Take what was sent, or show the page again with what is wrong."""
        manage_scope.must(manage_scope.is_admin())
        form = manage_fields.sent(self.columns)
        self.check(form)
        if form.faults:
            problem = Problem(422, "not_yet", "还没存，有几处要改。")
            return self.page(form, problem), 422
        try:
            store().write(lambda db: self.write(db, form))
        except Problem as problem:
            form.beside(self._as_it_is())
            return self.page(form, problem), problem.status
        flash(gettext("存好了。"))
        return redirect(self.address, code=303)

    def content(self, db: Db) -> Content:
        """The facts as the database has them."""
        now = model_settings.get(db)
        return {column.key: getattr(now, column.key) for column in self.columns}

    def _as_it_is(self) -> Form:
        return manage_fields.shown(self.columns, self.content(store()))
