"""Takes a sheet of the plain form: who it is, seal it, on to the receipt; or the page again.

A sheet sent again shows the first receipt, whatever it carries (formats.md §5 "Plain form").
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from shiftapp.ledger import encoding
from shiftapp.model import kept, records, throttle
from shiftapp.problems import Problem
from shiftapp.web import auth
from shiftapp.web.context import now_ms, store
from shiftapp.web.form import sign_in
from shiftapp.web.form_answers import Missing
from shiftapp.web.form_sealing import NOBODY, Sheet, Spot, Who, seal

HOUR_MS = 3_600_000
ANONYMOUS_AN_HOUR = 30  # from one address, which a whole plant may share
Own = dict[str, Any]  # what a kind of record adds to a body


def take(
    kind: str,
    spot: Spot,
    sheet: Sheet,
    own: Own,
    missing: Sequence[Missing],
    page: Callable[..., str],
    *,
    named: bool = True,
) -> Response | tuple[str, int]:
    """Seal what was read and go on to its receipt; or the page again with what is missing."""
    response = redirect(url_for("form.show_receipt", id=sheet.id), code=303)
    if kept.exists(store(), sheet.id):
        return _to_first(response, sheet, own)
    try:
        who = _who(response).sealed if named else _nobody()
        if missing:
            return page(missing=missing), 422
        stored = seal(sheet, kind, spot, who, own)
    except Problem as problem:
        return page(problem=problem, missing=missing), problem.status
    return _to_first(response, sheet, own) if stored.status == "duplicate" else response


def _to_first(response: Response, sheet: Sheet, own: Own) -> Response:
    """On to the receipt of what was sealed first, saying whether this was the same."""
    first = records.body(store(), sheet.id) or {}
    same = _said(first) == _said(own)
    response.location = url_for("form.show_receipt", id=sheet.id, again="same" if same else "other")
    return response


def _said(body: Own) -> Any:
    """What a person answered, without the times."""
    steps = [
        {name: value for name, value in step.items() if name not in ("from_ms", "to_ms")}
        for step in body.get("steps", [])
    ]
    return body.get("answers"), body.get("result"), steps, body.get("what")


def _who(response: Response) -> Who:
    """Whose answers these are: the session's, or the number and PIN on the sheet itself.

    :raises Problem: 409 `person_changed` when somebody else has signed in since the page was shown.
    """
    account = auth.signed_in()
    if account is None:
        person, sid = sign_in(response)
        return Who(person, encoding.b64u(sid))
    shown_to = request.form.get("person", "")
    if shown_to and shown_to != account.id:
        raise Problem(
            409,
            "person_changed",
            "登录的人换了，现在是%(name)s。是你本人，就再交一次。",
            params={"name": account.name},
        )
    return Who(account.id, account.sid_text)


def _nobody() -> Own:
    """A report without a name; counted by address, so that nobody floods the leaders.

    :raises Problem: 429 `throttled`.
    """
    count_address("hazard", ANONYMOUS_AN_HOUR)
    return NOBODY


def count_address(what: str, most: int) -> None:
    """Count one of what anybody may send, known only by their address; so many in an hour.

    :raises Problem: 429 `throttled`.
    """
    hour = now_ms() // HOUR_MS
    key, ends_ms = f"{what}:{request.remote_addr}:{hour}", (hour + 1) * HOUR_MS
    throttle.check(store(), key, now_ms())
    store().write(lambda db: throttle.failed_today(db, key, now_ms(), ends_ms, most))
