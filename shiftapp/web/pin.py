"""Employee number and PIN: one check for phone, plain form and sealed records, throttled.

On an enrolled device a try counts against number and device, and twenty a day against the device
(pwa brief §9). A browser that nobody has enrolled is known by its address only, which a whole plant
may share: the same growing wait a number, but ten times the day's limit; and it is never told
whether a number exists.
"""

from __future__ import annotations

from typing import NamedTuple

from flask import request

from shiftapp.model import credentials, people, throttle
from shiftapp.problems import Problem
from shiftapp.store import Row
from shiftapp.web.context import keys, now_ms, store


class Try(NamedTuple):
    """A number tried at a place: the keys under which a wrong PIN counts, the limit of a day."""

    key: str
    today: tuple[str, int]
    limit: int

    def check(self, stored: str | None, pin: str) -> bool:
        """Whether `pin` is the one of the hash `stored` (None: there is none); wrong ones count.

        :raises Problem: 429 `throttled`, 503 `busy`.
        """
        self.must_wait()
        if not credentials.check_secret(stored, pin, keys().pin_pepper):
            store().write(lambda db: throttle.wrong(db, self.key, self.today, now_ms(), self.limit))
            return False
        store().write(lambda db: throttle.admit(db, self.key, now_ms()))
        return True

    def must_wait(self) -> None:
        """Pass when this number may be tried here now.

        :raises Problem: 429 `throttled`.
        """
        throttle.check(store(), self.key, now_ms())
        throttle.check(store(), self.today[0], now_ms())


def trying(no: str, where: str, limit: int = throttle.DAILY_LIMIT) -> Try:
    """A number about to be tried at a place (a device's id, an address)."""
    key = f"pin:{no[: throttle.MOST_NAMED]}:{where}"
    return Try(key, throttle.day("day", where, now_ms()), limit)


def by_pin(no: str, pin: str, device: Row | None) -> Row:
    """The person whose number and PIN these are, tried from a device, or (None) from any browser.

    :raises Problem: 429 `throttled`, 403 `wrong_pin`; 403 `no_pin` on an enrolled device only.
    """
    no, where = no.strip(), device["id"] if device else f"ip {request.remote_addr}"
    asked = trying(no, where, throttle.DAILY_LIMIT if device else throttle.ADDRESS_DAILY_LIMIT)
    asked.must_wait()
    person = people.by_no(store(), no)
    stored = person["pin_hash"] if person else None
    if device is not None and person is not None and stored is None:
        raise Problem(403, "no_pin", "还没有 PIN。请班长给你设一个。")
    if not asked.check(stored, pin) or person is None:
        raise Problem(403, "wrong_pin", "工号或 PIN 不对。再看一遍，或者找班长重设。")
    return person
