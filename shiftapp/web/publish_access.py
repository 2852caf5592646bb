"""Who reads the publish pages, who signs there, and how they show once more who they are.

Signatory, manager and inspector read; so does somebody who has the principal's written leave for
that day. Before a signature the person shows again that it is them: the password, or the PIN where
an enrolled phone opened the session. Wrong ones count by account and by device.
"""

from __future__ import annotations

from typing import Literal

from flask import request

from shiftapp.model import announcement_due, days, people, publishing, throttle
from shiftapp.problems import Problem
from shiftapp.web import auth, pin, plant_time
from shiftapp.web.context import now_ms, settings, store
from shiftapp.web.dates import moment

READERS = ("signatory", "manager", "inspector")
Secret = Literal["none", "pin", "password"]


def must_read() -> None:
    """Pass for who may look.

    :raises Problem: 403 `wrong_role`.
    """
    if not (auth.account().has(*READERS) or signs_today()):
        raise Problem(403, "wrong_role", "你的账号没有这个权限。要用就找管理员。")


def must_be_signatory() -> None:
    """Pass for the principal: who gives leave and takes it back.

    :raises Problem: 403 `no_right`.
    """
    if not is_signatory():
        raise Problem(403, "no_right", "只有主要负责人能授权别人签发。")


def is_signatory() -> bool:
    """Whether the signed-in person signs in their own right."""
    return people.may(store(), auth.account().id, "signatory")


def signs(kind: str, date: str) -> bool:
    """Whether the signed-in person may sign a day or a period now."""
    try:
        publishing.right_of(store(), kind, date, auth.account().id, now_ms())
    except Problem:
        return False
    return True


def signs_today() -> bool:
    """Whether the signed-in person may sign today's, in their own right or by written leave."""
    return signs("daily", days.today(store(), now_ms()))


def due_to_sign() -> dict[str, object] | None:
    """The announcement that waits for the signed-in person: until when (`at`), `over`, `published`.

    None: somebody else signs, or this session does not open the page.
    """
    if not (auth.opens("publish.show_publish") and signs_today()):
        return None
    return due_now()


def due_now() -> dict[str, object]:
    """The announcement that is asked for now, as pages tell of it."""
    due = announcement_due.asked(store(), settings(), now_ms())
    at = plant_time.clock(due.due_ms) if due.kind == "daily" else moment(due.due_ms)
    return {"at": at, "over": due.over(now_ms()), "published": due.published}


def asks() -> Secret:
    """What somebody types before a signature. A visitor of the demo has nothing to type."""
    account = auth.account()
    if settings().demo and account.how == "demo":
        return "none"
    if account.by_phone and account.person["pin_hash"] is not None:
        return "pin"
    return "password"


def confirm(typed: str) -> None:
    """The person again, not somebody at a desk left open or with a phone left lying.

    :raises Problem: 429 `throttled`, 403 `wrong_pin`, `wrong_password`; 503 `busy`.
    """
    secret, account = asks(), auth.account()
    if secret == "none":
        return
    where = account.device or f"ip {request.remote_addr}"
    limit = throttle.DAILY_LIMIT if account.device else throttle.ADDRESS_DAILY_LIMIT
    if secret == "pin":
        if not pin.trying(account.person["no"], where, limit).check(
            account.person["pin_hash"], typed
        ):
            raise Problem(403, "wrong_pin", "PIN 不对。再输一遍，或者找管理员重设。")
        return
    today = throttle.day("publish", where, now_ms())
    asked = pin.Try(f"publish:{account.id}:{where}", today, limit)
    if not asked.check(account.person["password_hash"], typed):
        raise Problem(403, "wrong_password", "密码不对。再输一遍。")
