"""Employee number and PIN: one check for the phone and for the plain form, throttled.

On an enrolled device a try counts against number and device, and twenty a day against the device
(pwa brief §9). A browser that nobody has enrolled is known by its address only, which a whole plant
may share: the same growing wait a number, but ten times the day's limit; and it is never told
whether a number exists.
"""

from __future__ import annotations

from flask import request

from shiftapp.model import credentials, people, throttle
from shiftapp.problems import Problem
from shiftapp.store import Row
from shiftapp.web.context import keys, now_ms, store


def by_pin(no: str, pin: str, device: Row | None) -> Row:
    """The person whose number and PIN these are, tried from a device, or (None) from any browser.

    :raises Problem: 429 `throttled`, 403 `wrong_pin`; 403 `no_pin` on an enrolled device only.
    """
    no, where = no.strip(), device["id"] if device else f"ip {request.remote_addr}"
    key = f"pin:{no[: throttle.MOST_NAMED]}:{where}"
    today = throttle.day("day", where, now_ms())
    throttle.check(store(), key, now_ms())
    throttle.check(store(), today[0], now_ms())
    person = people.by_no(store(), no)
    stored = person["pin_hash"] if person else None
    if device is not None and person is not None and stored is None:
        raise Problem(403, "no_pin", "还没有 PIN。请班长给你设一个。")
    if not credentials.check_secret(stored, pin, keys().pin_pepper) or person is None:
        limit = throttle.DAILY_LIMIT if device else throttle.ADDRESS_DAILY_LIMIT
        store().write(lambda db: throttle.wrong(db, key, today, now_ms(), limit))
        raise Problem(403, "wrong_pin", "工号或 PIN 不对。再看一遍，或者找班长重设。")
    store().write(lambda db: throttle.admit(db, key, now_ms()))
    return person
