"""All rooms of the web application in one list, for `create_app`."""

from __future__ import annotations

from flask import Blueprint

from shiftapp.web import (
    access,
    access_log,
    api,
    assets,
    auth,
    board,
    board_people,
    board_sign,
    board_todos,
    compression,
    dates,
    demo,
    enrol,
    errors,
    form_sheets,
    hazards,
    health,
    home,
    language,
    manage,
    manage_checklist,
    manage_exchange,
    plant_time,
    public,
    publish,
    security,
    worker,
)

# Each has `install(app)`. Hooks after a request run in reverse: compressed, then logged last.
HOOKS = (
    access_log,
    compression,
    security,
    auth,
    language,
    assets,
    plant_time,
    dates,
    errors,
    demo,
)
PAGES: tuple[Blueprint, ...] = (
    home.bp,
    public.bp,
    worker.bp,
    enrol.bp,
    api.bp,
    form_sheets.bp,
    board.bp,
    board_people.bp,
    board_sign.bp,
    board_todos.bp,
    access.bp,
    hazards.bp,
    publish.bp,
    manage.bp,
    manage_checklist.bp,
    manage_exchange.bp,
    health.bp,
    demo.bp,
)
