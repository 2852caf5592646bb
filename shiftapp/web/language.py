"""Which language a page speaks, and how a row's name is picked in it.

Signed-in pages: the person's setting. Public pages: `/en/…`. Worker shell, plain form and sign-in:
`?lang=`, kept in a cookie that says nothing about a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, g, request
from flask_babel import Babel
from flask_babel import get_locale as babel_locale

from shiftapp.web.auth import signed_in
from shiftapp.web.context import settings

LANGUAGES = ("zh", "en")
LOCALES = {"zh": "zh_Hans_CN", "en": "en"}
YEAR_S = 365 * 24 * 3600


def install(app: Flask) -> None:
    """Set Babel up with Chinese as the source language, and the template helpers."""
    app.config["BABEL_DEFAULT_LOCALE"] = LOCALES["zh"]
    Babel(  # type: ignore[no-untyped-call]  # flask-babel is untyped
        app, locale_selector=lambda: LOCALES[language()]
    )
    app.add_template_filter(named)
    app.add_template_global(language)
    app.after_request(_keep_choice)


def language() -> str:
    """'zh' or 'en', for this request."""
    if "language" not in g:
        g.language = _language()
    return str(g.language)


def _language() -> str:
    if request.path == "/en" or request.path.startswith("/en/"):
        return "en"
    if _room() == "public":
        return "zh"
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        return asked
    kept = request.cookies.get("lang", "")
    chosen_here = _room() in ("worker", "form") or settings().demo
    if chosen_here and kept in LANGUAGES:
        return kept  # on this very phone; in a demo, by the visitor who sits at every desk
    account = signed_in()
    if account is not None:
        return account.lang
    return kept if kept in LANGUAGES else _of_plant()


def _room() -> str:
    """The first word of the blueprint: `public`, also of the log."""
    return (request.blueprint or "").partition("_")[0]


def _of_plant() -> str:
    """A demo in English greets in English; everybody else speaks Chinese until told."""
    plant = settings()
    return "en" if plant.demo and plant.name == plant.name_en else "zh"


def named(row: Mapping[str, Any], key: str = "name") -> str:
    """A value of a row in the page's language: `key`, or `key_en` where that is filled in."""
    locale = babel_locale()
    if locale is not None and locale.language == "en" and row.get(f"{key}_en"):
        return str(row[f"{key}_en"])
    return str(row.get(key) or "")


def _keep_choice(response: Response) -> Response:
    asked = request.args.get("lang", "")
    if asked in LANGUAGES and _room() != "public":
        response.set_cookie("lang", asked, max_age=YEAR_S, samesite="Lax")
    return response
