"""The published rules of integrity signals: `/signals`, for everybody, without a script.

Only the rules and each site's thresholds. Which records signalled is told to nobody but the person
and who leads them.
"""

from __future__ import annotations

from flask import Response

from shiftapp.model import places, signal_rules
from shiftapp.web.context import store
from shiftapp.web.public import bp, public_page

__all__ = ["bp"]  # the public pages, with this one


@bp.get("/signals")
@bp.get("/en/signals")
def show_rules() -> Response:
    """What is looked at and from when on, what happens then, and what does not."""
    sites = [
        {**row, "limit": signal_rules.read_thresholds(row["signals"])}
        for row in places.sites(store())
    ]
    return public_page(
        "public/signals.html",
        "signals",
        sites=sites,
        signs=signal_rules.SIGNS_PER_S,
        quick=signal_rules.LEAST_QUICK,
        alike=signal_rules.LEAST_ALIKE,
    )
