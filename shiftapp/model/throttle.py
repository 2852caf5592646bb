"""Failed tries: five are free, then each costs more waiting (pwa brief §9).

A key names who tries what from where, never a person alone: colleagues must not be able to lock
somebody out. `daily` keys count to a limit within a day.
"""

from __future__ import annotations

from shiftapp.problems import Problem
from shiftapp.store import Db

FREE_TRIES = 5
FIRST_WAIT_MS = 30_000
LONGEST_WAIT_MS = 30 * 60_000
FORGET_MS = 24 * 3_600_000
DAY_MS = 86_400_000
DAILY_LIMIT = 20
ADDRESS_DAILY_LIMIT = 10 * DAILY_LIMIT  # a whole plant may share one address
MOST_NAMED = 64  # characters of what somebody typed that go into a key: a row is not for novels


def check(db: Db, key: str, now_ms: int) -> None:
    """Pass when this key may try now.

    :raises Problem: 429 `throttled` with the seconds to wait.
    """
    until = db.value("SELECT until_ms FROM attempt WHERE key = :key", key=key)
    if until is not None and until > now_ms:
        wait_s = -(-(until - now_ms) // 1000)
        raise Problem(
            429,
            "throttled",
            "试错太多次，等 %(s)s 秒再试，或者找班长。",
            params={"s": wait_s},
            retry_after_s=wait_s,
        )


def failed(db: Db, key: str, now_ms: int) -> int:
    """Count one failure; gives how many there are now."""
    failures = _count(db, key)
    _hold(db, key, now_ms + _wait_ms(failures))
    return failures


def day(what: str, where: str, now_ms: int) -> tuple[str, int]:
    """The key under which a day's failures of a place count, and when that day ends."""
    number = now_ms // DAY_MS
    return f"{what}:{where}:{number}", (number + 1) * DAY_MS


def failed_today(db: Db, key: str, now_ms: int, day_ends_ms: int, limit: int = DAILY_LIMIT) -> None:
    """Count one failure of a day (the key names the day); at the limit it waits until its end."""
    _hold(db, key, day_ends_ms if _count(db, key) >= limit else now_ms)


def wrong(db: Db, key: str, today: tuple[str, int], now_ms: int, limit: int) -> None:
    """Count a wrong secret under its own key and under its place's of the day (`day`)."""
    failed(db, key, now_ms)
    failed_today(db, today[0], now_ms, today[1], limit)


def count(db: Db, key: str, now_ms: int, window_ms: int, most: int) -> None:
    """Count one of what may be done so often in a window of time.

    :raises Problem: 429 `throttled` with the seconds to wait.
    """
    number = now_ms // window_ms
    ends_ms = (number + 1) * window_ms
    if _count(db, f"{key}:{number}") > most:
        wait_s = -(-(ends_ms - now_ms) // 1000)
        raise Problem(
            429,
            "throttled",
            "现在发的人太多，等 %(s)s 秒再按。",
            params={"s": wait_s},
            retry_after_s=wait_s,
        )
    _hold(db, f"{key}:{number}", ends_ms)


def passed(db: Db, key: str) -> None:
    """Forget the failures of a key."""
    db.run("DELETE FROM attempt WHERE key = :key", key=key)


def admit(db: Db, key: str, now_ms: int) -> None:
    """Let a right answer in and forget the failures before it.

    Looked at again here, where failures are counted: of a hundred guesses sent at one moment all
    pass `check`, and without this the right one among them would get in.

    :raises Problem: as `check`.
    """
    check(db, key, now_ms)
    passed(db, key)


def forget_old(db: Db, now_ms: int) -> int:
    """Drop keys whose waiting ended a day ago; gives how many."""
    return db.run("DELETE FROM attempt WHERE until_ms < :then", then=now_ms - FORGET_MS)


def _count(db: Db, key: str) -> int:
    failures = db.value(
        "INSERT INTO attempt (key, failures, until_ms) VALUES (:key, 1, 0)"
        " ON CONFLICT (key) DO UPDATE SET failures = attempt.failures + 1 RETURNING failures",
        key=key,
    )
    return int(failures)


def _hold(db: Db, key: str, until_ms: int) -> None:
    db.run("UPDATE attempt SET until_ms = :u WHERE key = :key", u=until_ms, key=key)


def _wait_ms(failures: int) -> int:
    if failures < FREE_TRIES:
        return 0
    return int(min(FIRST_WAIT_MS * 2 ** (failures - FREE_TRIES), LONGEST_WAIT_MS))
