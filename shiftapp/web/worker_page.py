"""A page of the worker app with what all of them need: the emergency call, script, style, shell."""

from __future__ import annotations

from typing import Any

from flask import render_template

from shiftapp.model import device_sites
from shiftapp.web import auth, shell
from shiftapp.web.context import store


def page(template: str, view: str, **values: Any) -> str:
    """Render a page; `phone` is the emergency call of the site where one works, or the phone is."""
    account, device = auth.signed_in(), auth.known_device()
    remembered = device["site"] if device else None
    site = device_sites.site_of(store(), account.id if account else None, remembered)
    return render_template(
        template, view=view, phone=site["phone"] if site else "", **shell.addresses(), **values
    )
