"""What was noticed about my own records: told to me first, with the rule and its figures.

Opening the page is what "shown" means: from then on the leader may see it too. A stranger is asked
who they are and nothing is written; so is who came by a badge, which lies where it was dropped, or
by a PIN at a browser that nobody enrolled: what they read would count as shown to the person.
"""

from __future__ import annotations

from flask import Blueprint

from shiftapp.model import signals
from shiftapp.store import Row
from shiftapp.web import auth
from shiftapp.web.context import now_ms, store
from shiftapp.web.worker_page import page

bp = Blueprint("worker_signals", __name__)


@bp.get("/W/mine/signals")
def show_mine() -> str:
    """My signals of the last 90 days, what the leader said to them, and what does not follow."""
    account = auth.signed_in()
    if account is not None and auth.is_weak(account.how, account.device):
        account = None
    return page(
        "worker/signals.html",
        "signals",
        known=account is not None,
        signals=_shown_to(account.id) if account else [],
    )


def _shown_to(person: str) -> list[Row]:
    """Somebody's signals; marked first and then read, so that none is marked that is not shown."""
    if any(one["shown_ms"] is None for one in signals.of_person(store(), person)):
        store().write(lambda db: signals.show_to(db, person, now_ms()))
    return signals.of_person(store(), person)
