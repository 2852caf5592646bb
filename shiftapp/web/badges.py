"""A personal badge held to a phone: another way in beside the PIN, which is a test of memory.

What it says is 80 random bits: nobody guesses it. So a badge that was replaced and is scanned all
day must not keep its colleagues from their phone; only the tries of a device in a day are limited.
"""

from __future__ import annotations

import qr.code
from shiftapp.ledger import badge
from shiftapp.model import credentials, throttle
from shiftapp.problems import Problem
from shiftapp.store import Row
from shiftapp.web.context import now_ms, store

SHARED_ONLY = "工牌只在共用手机上用。"
WRONG = "这张工牌不能用，可能换过新的了。用工号和 PIN，或者找班长。"


def by_badge(typed: str, device: Row) -> Row:
    """`id` and `no` of the person whose badge says this, held to a shared device.

    :raises Problem: 403 `badge_shared_only` `wrong_badge`, 429 `throttled`.
    """
    if device["kind"] != "shared":  # there a session lasts for weeks, on somebody else's phone
        raise Problem(403, "badge_shared_only", SHARED_ONLY)
    return whose(typed, device["id"])


def whose(typed: str, where: str) -> Row:
    """`id` and `no` of the person whose badge says this, held up at a place (a device, an address).

    :raises Problem: 403 `wrong_badge`, 429 `throttled`.
    """
    key, ends_ms = throttle.day("badge", where, now_ms())
    throttle.check(store(), key, now_ms())
    try:
        secret = qr.code.parse_badge(typed)
    except qr.code.CodeError as error:  # no badge of ours says this: no guess
        raise Problem(403, "wrong_badge", WRONG) from error
    found = credentials.by_badge(store(), badge.key_of(secret))
    if found is None:
        limit = throttle.ADDRESS_DAILY_LIMIT
        store().write(lambda db: throttle.failed_today(db, key, now_ms(), ends_ms, limit))
        raise Problem(403, "wrong_badge", WRONG)
    return found
