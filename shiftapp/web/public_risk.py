"""By which rules a day has its risk grade: `/risk`, for everybody, without a script.

The rules are data that ship with the product: whoever has an announcement works its grade out.
"""

from __future__ import annotations

from flask import Response
from flask_babel import gettext

from shiftapp.model import day_risk
from shiftapp.web.public import bp, public_page
from shiftapp.web.public_figures import GRADES

__all__ = ["bp"]  # the public pages, with this one


@bp.get("/risk")
@bp.get("/en/risk")
def show_risk_rules() -> Response:
    """Each rule under the grade that it gives, the highest first."""
    words = {no: (sign, gettext(word)) for no, (sign, word) in GRADES.items()}
    return public_page("public/risk.html", "risk", table=day_risk.rules(), grades=words)
